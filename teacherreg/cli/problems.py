"""The codes by which the importer complains, explained."""

import json

import click
from rich.markup import escape

from teacherreg.cli.frame import Command, on_screen, option
from teacherreg.cli.lines import print_line
from teacherreg.intake.problem_codes import all_codes, as_markdown, find_code
from teacherreg.locale import t


@click.command("problems", cls=Command, help="imports.help.problems")
@click.argument("code", metavar="CODE", required=False)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="cli.format",
)
def problems(code: str | None, form: str) -> None:
    """List the codes, or explain one."""
    listed = [find_code(code)] if code else all_codes()
    if form == "json":
        click.echo(json.dumps([one.to_document() for one in listed], ensure_ascii=False))
        return
    if form == "markdown":
        click.echo(as_markdown(listed), nl=False)
        return
    screen = on_screen()
    for one in listed:
        print_line(screen, escape(one.code), style="bold")
        for name, text in (("meaning", one.meaning), ("cure", one.cure)):
            print_line(screen, f"  {t(f'imports.codes.{name}')}{t('imports.colon')}{escape(text)}")
