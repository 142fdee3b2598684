"""Who may log in to a published site."""

import sys
from pathlib import Path

import click

from teacherreg.cli.frame import Group, can_ask, option
from teacherreg.errors import PublishError, UsageError
from teacherreg.locale import t
from teacherreg.publish.accounts import ROLES, Accounts
from teacherreg.publish.serve import roles_of

name_argument = click.argument("name", metavar="NAME")
stdin_option = option("--password-stdin", "from_stdin", is_flag=True, help="site.accounts.stdin")


@click.group("accounts", cls=Group, help="site.accounts")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def accounts(ctx: click.Context, folder: Path) -> None:
    """Manage the accounts of a site."""
    if not (folder / "site.json").is_file():
        raise PublishError("not-a-site" if folder.is_dir() else "site-missing", folder=folder)
    ctx.obj = Accounts(folder)


@accounts.command("list", help="site.accounts.list")
@click.pass_obj
def list_accounts(kept: Accounts) -> None:
    """List who may log in."""
    found = kept.all()
    for account in found:
        click.echo(t("site.serving-account", name=account.name, roles=roles_of(account)).strip())
    if not found:
        click.echo(t("site.account-none"))


@accounts.command("add", help="site.accounts.add")
@name_argument
@option(
    "--role",
    "roles",
    type=click.Choice(ROLES),
    multiple=True,
    required=True,
    help="site.accounts.role",
)
@stdin_option
@click.pass_obj
def add(kept: Accounts, name: str, roles: tuple[str, ...], from_stdin: bool) -> None:
    """Add an account."""
    account = kept.add(name, roles, _password(from_stdin))
    click.echo(t("site.account-added", name=account.name, roles=roles_of(account)))


@accounts.command("remove", help="site.accounts.remove")
@name_argument
@click.pass_obj
def remove(kept: Accounts, name: str) -> None:
    """Remove an account."""
    kept.remove(name)
    click.echo(t("site.account-removed", name=name))


@accounts.command("password", help="site.accounts.password")
@name_argument
@stdin_option
@click.pass_obj
def password(kept: Accounts, name: str, from_stdin: bool) -> None:
    """Change a password."""
    kept.known(name)
    kept.change_password(name, _password(from_stdin))
    click.echo(t("site.account-changed", name=name))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not can_ask():
        raise UsageError("password-not-asked")
    first = str(click.prompt(t("site.ask-password"), hide_input=True, err=True))
    if first != click.prompt(t("site.ask-again"), hide_input=True, err=True):
        raise UsageError("passwords-differ")
    return first
