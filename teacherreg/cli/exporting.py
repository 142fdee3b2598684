"""Workbooks for officers: templates to fill in, and what the registry knows to correct."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from teacherreg.cli.frame import Command, Day, Session, option, pass_registry, say_waiting
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.template import write_template
from teacherreg.locale import t
from teacherreg.registry import Registry

kind_argument = click.argument("kind", metavar="KIND", type=click.Choice(tuple(KINDS)))

_ON_CONDUCT = frozenset({"conduct", "reviews", "cases"})


@click.command("template", cls=Command, help="imports.help.template")
@kind_argument
@click.argument("out", metavar="OUT.xlsx", type=click.Path(path_type=Path))
@option("--with-schools", is_flag=True, help="imports.help.with-schools")
@click.pass_obj
def template(session: Session, kind: str, out: Path, with_schools: bool) -> None:
    """Write a workbook to fill in."""
    with (
        nullcontext()
        if not with_schools
        else Registry.open(session.target, on_wait=say_waiting) as registry
    ):
        schools = registry.school_names() if registry else ()
    write_template(kind, out, schools=schools)
    click.echo(t("imports.template.written", file=out))


@click.command("export", cls=Command, help="imports.help.export")
@kind_argument
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@option("--on", "on", type=Day(), default=None, help="imports.help.export-on")
@option("--school", "schools", multiple=True, metavar="NAME", help="imports.help.export-school")
@option("--township", metavar="NAME", help="imports.help.export-township")
@pass_registry
def export(
    registry: Registry,
    kind: str,
    out: Path,
    on: date | None,
    schools: tuple[str, ...],
    township: str | None,
) -> None:
    """Write the registry's records of a kind to a workbook that imports again."""
    done = registry.export(kind, out, on=on, schools=schools, township=township)
    label = t(f"imports.kind.{kind}")
    click.echo(t("imports.export.written", kind=label, rows=done.rows, on=done.on, file=out))
    click.echo(t("imports.export.again", kind=kind, file=out), err=True)
    if "id_number" in KINDS[kind].names:
        click.echo(t("imports.export.private"), err=True)
    if kind in _ON_CONDUCT:
        click.echo(t("imports.export.conduct"), err=True)
    if out.suffix.lower() == ".csv":
        click.echo(t("imports.export.csv"), err=True)
