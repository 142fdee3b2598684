"""Serving a published site."""

from pathlib import Path

import click

from teacherreg.cli.frame import Command, option
from teacherreg.publish import serve as site


@click.command("serve", cls=Command, help="site.serve")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@option("--host", default=site.DEFAULT_HOST, show_default=True, help="site.serve.host")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=site.DEFAULT_PORT,
    show_default=True,
    help="site.serve.port",
)
def serve(folder: Path, host: str, port: int) -> None:
    """Serve a published site until Ctrl-C."""
    site.serve(folder, host, port, say=_say)


def _say(line: str) -> None:
    click.echo(line)
