"""Listing and explaining standards: those that ship, and a county's own."""

import json

import click

from teacherreg.cli.answers import JSON, TABLE
from teacherreg.cli.coverage import coverage
from teacherreg.cli.frame import option
from teacherreg.cli.standard_explained import explained
from teacherreg.coverage.standards import standards_of


@coverage.command("standards", help="coverage.standards")
@click.argument("name", required=False, metavar="[ID|FILE.toml|FOLDER]")
@option(
    "--format",
    "form",
    type=click.Choice([TABLE, JSON]),
    default=TABLE,
    show_default=True,
    help="coverage.format-standards",
)
def standards(name: str | None, form: str) -> None:
    """List standards and explain them."""
    known = standards_of(name)
    if form == JSON:
        click.echo(json.dumps([one.to_document() for one in known], ensure_ascii=False))
        return
    for standard in known:
        click.echo(standard.id)
        for line in explained(standard):
            click.echo(f"  {line}")
