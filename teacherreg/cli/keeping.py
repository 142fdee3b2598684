"""Making, copying and restoring a registry, and its settings."""

import json
from pathlib import Path

import click

from teacherreg import database
from teacherreg.cli.frame import (
    EXIT_DONE,
    EXIT_REFUSED,
    Command,
    Group,
    Session,
    can_ask,
    on_screen,
    option,
    pass_registry,
    say_waiting,
)
from teacherreg.cli.lines import table_of
from teacherreg.errors import RegistryError
from teacherreg.locale import t
from teacherreg.registry import Registry
from teacherreg.settings import known


@click.command("init", cls=Command, help="cli.init")
@option("--county", "code", required=True, metavar="CODE", help="cli.init.county")
@option("--name", required=True, metavar="NAME", help="cli.init.name")
@click.pass_obj
def init(session: Session, code: str, name: str) -> None:
    """Make an empty registry."""
    with Registry.create(session.target, county_code=code, county_name=name) as registry:
        where = database.name_of(registry.engine.url)
    click.echo(t("cli.init.done", name=name, code=code, registry=where))
    click.echo(t("cli.init.next"), err=True)


@click.command("backup", cls=Command, help="cli.backup")
@click.argument("file", type=click.Path(path_type=Path))
@pass_registry
def backup(registry: Registry, file: Path) -> None:
    """Copy the registry."""
    click.echo(t("cli.backup.done", backup=registry.backup(file)))


@click.command("restore", cls=Command, help="cli.restore")
@click.argument("file", type=click.Path(path_type=Path))
@option("--yes", is_flag=True, help="cli.restore.yes")
@click.pass_obj
def restore(session: Session, file: Path, yes: bool) -> int:
    """Put a backup in the registry's place."""
    target = database.file_of(database.url_of(session.target))
    if target is None:
        raise RegistryError("backup-sqlite-only")
    if target.exists() and not yes:
        if not can_ask():
            click.echo(t("cli.restore.not-asked"), err=True)
            return EXIT_REFUSED
        click.confirm(t("cli.restore.ask", backup=file, registry=target), abort=True, err=True)
    kept = database.restore(file, target, say_waiting)
    click.echo(t("cli.restore.done", registry=target))
    if kept is not None:
        click.echo(t("cli.restore.kept", kept=kept))
    return EXIT_DONE


@click.group("settings", cls=Group, help="cli.settings")
def settings() -> None:
    """See and change what a county may set."""


@settings.command("list", help="cli.settings.list")
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format")
@pass_registry
def list_settings(registry: Registry, form: str) -> None:
    """List every setting."""
    values = registry.settings
    if form == "json":
        click.echo(json.dumps(dict(values), ensure_ascii=False))
        return
    headings = [t(f"cli.settings.{name}") for name in ("key", "value", "changed", "meaning")]
    rows = [
        (key, _shown(values[key]), t("cli.yes") if key in values.changed else "", setting.meaning)
        for key, setting in known().items()
    ]
    on_screen().print(table_of(headings, rows))


@settings.command("set", help="cli.settings.set")
@click.argument("key")
@click.argument("value")
@pass_registry
def set_setting(registry: Registry, key: str, value: str) -> None:
    """Change a setting."""
    click.echo(t("cli.settings.done", key=key, value=_shown(registry.change_setting(key, value))))


@settings.command("reset", help="cli.settings.reset")
@click.argument("key")
@pass_registry
def reset_setting(registry: Registry, key: str) -> None:
    """Put a setting back to its default."""
    click.echo(t("cli.settings.done", key=key, value=_shown(registry.reset_setting(key))))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return t("cli.yes") if value else t("cli.no")
    return str(value)
