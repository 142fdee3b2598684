"""Asking what in the registry contradicts itself."""

import json
from datetime import date
from typing import Final

import click
from rich.console import Console
from rich.markup import escape

from teacherreg.cli.frame import (
    EXIT_ATTENTION,
    EXIT_DONE,
    Command,
    on_option,
    on_screen,
    option,
    pass_registry,
)
from teacherreg.cli.lines import print_line
from teacherreg.contradictions import CODES, Contradiction, Contradictions
from teacherreg.locale import t
from teacherreg.registry import Registry

_SHOWN: Final = 20  # of one code on a screen, unless it is asked for alone


@click.command("check", cls=Command, help="contradictions.check")
@on_option
@option("--code", "codes", multiple=True, metavar="CODE", help="contradictions.help.code")
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format")
@pass_registry
def check(registry: Registry, on: date | None, codes: tuple[str, ...], form: str) -> int:
    """List contradictions, each with its cure."""
    answer = registry.check(on=on, codes=codes or CODES)
    if form == "json":
        click.echo(json.dumps(answer.to_document(), ensure_ascii=False))
    else:
        _show(answer, on_screen(), most=len(answer.found) if codes else _SHOWN)
    return EXIT_ATTENTION if answer.found else EXIT_DONE


def _show(answer: Contradictions, to: Console, most: int) -> None:
    """Show them by code: what is wrong with whom, and once for all what to do."""
    if not answer.found:
        print_line(to, escape(t("contradictions.none", on=answer.on)))
        return
    total = len(answer.found)
    print_line(to, escape(t("contradictions.total", on=answer.on, count=total)))
    for code, count in answer.totals.items():
        of_code = [one for one in answer.found if one.code == code]
        heading = t("contradictions.heading", code=code, count=count)
        print_line(to, f"\n[bold]{escape(heading)}[/bold]")
        print_line(to, escape(of_code[0].cure), style="cyan")
        for one in of_code[:most]:
            print_line(to, escape(f"  {_who(one)}{one.message}"))
        if count > most:
            print_line(to, escape(f"  {t('contradictions.more', count=count - most, code=code)}"))


def _who(one: Contradiction) -> str:
    place = t("eligibility.at", school=one.school) if one.school else ""
    return t("contradictions.who", name=one.name, place=place, number=one.found.teacher_id)
