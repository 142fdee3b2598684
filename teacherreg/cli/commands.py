"""All commands, in the order in which one meets them.

A command's module is loaded when the command is used: charts, Datasette and Polars take a
second to load, and `teacherreg backup` needs none of them.
"""

from importlib import import_module

import click

from teacherreg.cli.frame import Group, translated

# Each command's module and name there, and the key of its help.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "demo", "demo.demo"),
    "init": ("keeping", "init", "cli.init"),
    "template": ("exporting", "template", "imports.help.template"),
    "import": ("imports", "import_", "imports.help.import"),
    "imports": ("imports", "imports", "imports.help.imports"),
    "problems": ("problems", "problems", "imports.help.problems"),
    "export": ("exporting", "export", "imports.help.export"),
    "teacher": ("teacher", "teacher", "cli.teacher"),
    "title": ("titles", "title", "title.title"),
    "coverage": ("coverage", "coverage", "coverage.coverage"),
    "eligibility": ("eligibility", "eligibility", "eligibility.eligibility"),
    "check": ("check", "check", "contradictions.check"),
    "conduct": ("conduct", "conduct", "conduct.conduct"),
    "development": ("development", "development", "development.development"),
    "publish": ("publish", "publish", "publish.publish"),
    "serve": ("serve", "serve", "site.serve"),
    "accounts": ("accounts", "accounts", "site.accounts"),
    "backup": ("keeping", "backup", "cli.backup"),
    "restore": ("keeping", "restore", "cli.restore"),
    "settings": ("keeping", "settings", "cli.settings"),
}

# Modules whose commands hang themselves on the group of another.
MORE: dict[str, tuple[str, ...]] = {
    "coverage": ("standards", "verdict", "forecast", "reach", "pipeline", "plan"),
}


class Program(Group):
    """The program itself: a group that loads a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        for more in MORE.get(cmd_name, ()):
            import_module(f"teacherreg.cli.{more}")
        command = getattr(import_module(f"teacherreg.cli.{module}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 - held by a test
        return command

    def short_help_of(self, name: str) -> str:
        """Say what a command does, without loading it."""
        return translated(COMMANDS[name][2]).split("\n")[0]
