"""All commands, in the order in which one meets them."""

import click

from teacherreg.cli.accounts import accounts
from teacherreg.cli.coverage import coverage
from teacherreg.cli.demo import demo
from teacherreg.cli.imports import import_, imports, template
from teacherreg.cli.keeping import backup, init, restore, settings
from teacherreg.cli.publish import publish
from teacherreg.cli.serve import serve
from teacherreg.cli.teacher import teacher


def register(group: click.Group) -> None:
    """Add every command to the program's group."""
    for command in (
        demo,
        init,
        template,
        import_,
        imports,
        teacher,
        coverage,
        publish,
        serve,
        accounts,
        backup,
        restore,
        settings,
    ):
        group.add_command(command)
