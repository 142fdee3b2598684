"""Asking who may be nominated for a title."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click
import polars as pl
from rich.console import Console
from rich.markup import escape

from teacherreg.cli.frame import Command, OutFile, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import print_line, table_of
from teacherreg.eligibility import Answer, Answers, Reason
from teacherreg.eligibility.answer import COLUMNS, Asked
from teacherreg.errors import UsageError
from teacherreg.export import labelled, write_csv
from teacherreg.locale import has, t
from teacherreg.registry import Registry

TEXT, JSON, CSV = FORMS = ("text", "json", "csv")


@click.command("eligibility", cls=Command, help="eligibility.eligibility")
@click.argument("words", metavar="[TEACHER] TITLE_KIND", nargs=-1, required=True)
@option("--level", metavar="LEVEL", help="eligibility.help.level")
@option("--all", "is_for_all", is_flag=True, help="eligibility.help.all")
@on_option
@option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE.toml", help="eligibility.help.rules"
)
@option("--format", "form", type=click.Choice(FORMS), default=TEXT, help="eligibility.help.format")
@option("--out", type=OutFile(), metavar="FILE", help="eligibility.help.out")
@pass_registry
def eligibility(
    registry: Registry,
    words: tuple[str, ...],
    level: str | None,
    is_for_all: bool,
    on: date | None,
    rules: Path | None,
    form: str,
    out: Path | None,
) -> None:
    """Tell whether a person, or who, may be nominated."""
    if len(words) != (1 if is_for_all else 2):
        raise UsageError("eligibility-words-all" if is_for_all else "eligibility-words")
    if not is_for_all and (form == CSV or out):
        raise UsageError("eligibility-only-all")
    if is_for_all:
        answers = registry.eligibility_of_all(words[0], level=level, on=on, rules=rules)
        _give(answers, form, out)
        return
    answer = registry.eligibility(words[0], words[1], level=level, on=on, rules=rules)
    if form == JSON:
        click.echo(json.dumps(answer.to_document(), ensure_ascii=False))
    else:
        _show(answer, on_screen())


def _give(answers: Answers, form: str, out: Path | None) -> None:
    """Give everybody's answers on stdout or to a file that only its owner may read."""
    if out is not None:
        form = CSV
    if form == JSON:
        click.echo(json.dumps(answers.to_document(), ensure_ascii=False))
    elif form == CSV:
        write_csv(_for_people(answers), out or sys.stdout.buffer, only_owner=out is not None)
        if out is not None:
            click.echo(t("eligibility.written", file=out, count=len(answers.people)))
    else:
        _show_all(answers, on_screen())


def _for_people(answers: Answers) -> pl.DataFrame:
    names = {name: t(f"eligibility.column.{name}") for name in COLUMNS}
    return labelled(answers.to_polars(), "eligibility", names)


def _show(answer: Answer, to: Console) -> None:
    """Show one person's answer: the verdict first, then each reason with its source."""
    place = t("eligibility.at", school=answer.school) if answer.school else ""
    asked = answer.asked
    heading = t(
        "eligibility.heading", name=answer.name, place=place, title=asked.title, on=asked.on
    )
    print_line(to, f"[bold]{escape(heading)}[/bold]")
    print_line(to, escape(_verdict(answer)), style="green" if answer.eligible else "red")
    for words, reasons in (
        (t("eligibility.reasons"), [one for one in answer.reasons if not one.missing]),
        (t("eligibility.missing"), [one for one in answer.reasons if one.missing]),
    ):
        _list(to, words, map(_with_source, reasons))
    _list(to, t("eligibility.notes"), (note.message for note in answer.notes))
    _say_rules(to, asked)


def _verdict(answer: Answer) -> str:
    if answer.eligible:
        return t("eligibility.may")
    if answer.eligible_from is None:
        return t("eligibility.may-not")
    return t("eligibility.may-not-until", day=answer.eligible_from)


def _with_source(reason: Reason) -> str:
    source = t("eligibility.source", source=reason.source)
    if reason.until is None:
        return f"{reason.message}{source}"
    return f"{reason.message}{t('eligibility.until', day=reason.until)}{source}"


def _list(to: Console, heading: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines, 1):
        if number == 1:
            print_line(to, escape(heading))
        print_line(to, escape(f"  {number}. {line}"))


def _say_rules(to: Console, asked: Asked) -> None:
    print_line(to, escape(t("eligibility.version", version=asked.version)), style="dim")
    if asked.changed:
        changed = t("imports.list-comma").join(asked.changed)
        print_line(to, escape(t("eligibility.changed", settings=changed)), style="dim")


def _show_all(answers: Answers, to: Console) -> None:
    """List who may be nominated, and count the others by what stands against them."""
    asked = answers.asked
    print_line(
        to, f"[bold]{escape(t('eligibility.heading-all', title=asked.title, on=asked.on))}[/]"
    )
    headings = [t(f"eligibility.column.{name}") for name in ("school", "name", "staff_no", "notes")]
    rows = [
        (one.school or "", one.name, one.staff_no or "", " ".join(n.message for n in one.notes))
        for one in answers.people
        if one.eligible
    ]
    if rows:
        has_notes = any(row[-1] for row in rows)
        shown = len(headings) if has_notes else len(headings) - 1
        to.print(table_of(headings[:shown], [row[:shown] for row in rows]))
    total = len(answers.people)
    print_line(to, escape(t("eligibility.total", total=total, eligible=answers.eligible)))
    against = Counter(
        word for one in answers.people for word in dict.fromkeys(map(_word, one.reasons))
    )
    counted = [
        t("eligibility.counted", reason=t(f"eligibility.rule.{word}"), count=count)
        for word, count in against.most_common()
    ]
    if counted:
        between = t("imports.list-comma")
        print_line(to, escape(t("eligibility.against", reasons=between.join(counted))))
        print_line(to, escape(t("eligibility.in-file")))
    _say_rules(to, asked)


def _word(reason: Reason) -> str:
    """Name a rule of ours in a word; one of the county's own file by what it looks at."""
    return reason.rule if has(f"eligibility.rule.{reason.rule}") else "own"
