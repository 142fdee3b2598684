"""The whole main job on a synthetic county: workbooks, import, site, server."""

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from teacherreg.cli.frame import Command, on_option, option
from teacherreg.demo import make_county
from teacherreg.errors import RegistryError
from teacherreg.locale import t
from teacherreg.publish import serve as site
from teacherreg.publish.accounts import Accounts
from teacherreg.registry import Registry

DEFAULT_TEACHERS = 3000
LEAST_TEACHERS, MOST_TEACHERS = 200, 20_000
ACCOUNTS = {"leader": ("leader",), "officer": ("discipline",)}


@dataclass(frozen=True)
class DemoFolder:
    """Where the parts of a demo county stand."""

    top: Path

    @property
    def workbooks(self) -> Path:
        """What the schools handed in."""
        return self.top / "workbooks"

    @property
    def registry(self) -> Path:
        """The registry that they were imported into."""
        return self.top / "registry.db"

    @property
    def site(self) -> Path:
        """The site that was published from it."""
        return self.top / "site"


@click.command("demo", cls=Command, help="demo.demo")
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@option(
    "--teachers",
    type=click.IntRange(LEAST_TEACHERS, MOST_TEACHERS),
    default=DEFAULT_TEACHERS,
    show_default=True,
    help="demo.teachers",
)
@option("--seed", type=int, default=1, show_default=True, help="demo.seed")
@option("--no-serve", is_flag=True, help="demo.no-serve")
@option("--host", default=site.DEFAULT_HOST, show_default=True, help="site.serve.host")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=site.DEFAULT_PORT,
    show_default=True,
    help="site.serve.port",
)
@on_option
def demo(
    folder: Path, teachers: int, seed: int, no_serve: bool, host: str, port: int, on: date | None
) -> None:
    """Make, import, publish and serve a synthetic county."""
    day = on or date.today()  # noqa: DTZ011 - a day on the officer's calendar
    place = DemoFolder(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RegistryError("demo-folder-taken", folder=folder)
    if not no_serve:
        site.listening(host, port).close()  # a taken port is better told now than at the end
    fill(place, teachers, seed, day)
    passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
    for name, roles in ACCOUNTS.items():
        Accounts(place.site).add(name, roles, passwords[name])
    click.echo(t("demo.accounts"))
    for name, password in passwords.items():
        click.echo(t(f"demo.account-{name}", name=name, password=password))
    if no_serve:
        click.echo(t("demo.serve-later", folder=place.site))
    else:
        site.serve(place.site, host, port, say=click.echo)


def fill(place: DemoFolder, teachers: int, seed: int, on: date) -> None:
    """Make the workbooks, import them through the real importer, publish the site."""
    place.workbooks.mkdir(parents=True)
    county = make_county(place.workbooks, teachers=teachers, seed=seed, on=on)
    count = sum(len(paths) for _, paths in county.workbooks)
    click.echo(t("demo.made", name=county.name, count=count, folder=place.workbooks))
    made = Registry.create(place.registry, county_code=county.code, county_name=county.name)
    with made as registry:
        for kind, paths in county.workbooks:
            plan = registry.plan_import(kind, *paths, on=on)
            registry.apply(plan, by="demo")
            rows = plan.to_document()["rows"]
            click.echo(t("demo.imported", kind=t(f"imports.kind.{kind}"), **rows))
        registry.publish(place.site, on=on)
    click.echo(t("demo.published", folder=place.site))
