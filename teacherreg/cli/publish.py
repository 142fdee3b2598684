"""Publishing the site that leaders browse."""

import json
from datetime import date
from pathlib import Path

import click

from teacherreg.cli.frame import Command, on_option, option, pass_registry
from teacherreg.locale import t
from teacherreg.publish.build import Published
from teacherreg.registry import Registry


@click.command("publish", cls=Command, help="publish.publish")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@on_option
@option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="publish.format"
)
@pass_registry
def publish(registry: Registry, folder: Path, on: date | None, form: str) -> None:
    """Build or refresh a site."""
    click.echo(t("publish.working", folder=folder), err=True)
    done = registry.publish(folder, on=on)
    if form == "json":
        click.echo(json.dumps(done.to_document(), ensure_ascii=False))
        return
    for line in summary(done):
        click.echo(line)


def summary(done: Published) -> list[str]:
    """Say what was written, who may read it, and how to serve it."""
    lines = [t("publish.done", folder=done.folder, on=done.on.isoformat())]
    for audience, tables in done.rows.items():
        rows = f"{sum(tables.values()):,}"
        lines.append(t(f"publish.file-{audience}", file=f"{audience}.db", rows=rows))
    lines.append(t("publish.charts", drawn=done.charts_drawn, total=done.charts))
    lines.append(t("publish.serve", folder=done.folder))
    return lines
