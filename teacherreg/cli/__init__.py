"""The command line: a module per noun, bodies of a few lines."""

import click

from teacherreg.cli import frame
from teacherreg.cli.commands import Program
from teacherreg.cli.frame import option


@click.group(cls=Program, help="cli.teacherreg")
@option(
    "--registry",
    envvar="TEACHERREG_REGISTRY",
    default="registry.db",
    show_default=True,
    metavar="PATH_OR_URL",
    help="cli.registry",
)
@option(
    "--lang",
    envvar="TEACHERREG_LANG",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=lambda _ctx, _param, code: frame.set_language(code),
    help="cli.lang",
)
@click.version_option(
    package_name="teacherreg", message="%(prog)s %(version)s", cls=frame.Option, help="cli.version"
)
@click.pass_context
def teacherreg(ctx: click.Context, registry: str) -> None:
    """Teachers, titles and gaps of a county."""
    ctx.obj = frame.Session(registry)


def main() -> None:
    """Run the program (entry point of the ``teacherreg`` command)."""
    frame.run(teacherreg)
