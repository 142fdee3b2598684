"""Finding a person, and reading what is on file."""

import json
from dataclasses import asdict
from datetime import date
from typing import get_args

import click

from teacherreg.cli.frame import Group, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import table_of
from teacherreg.cli.person_shown import show_person
from teacherreg.codes import code_table
from teacherreg.codes.columns import Audience
from teacherreg.locale import t
from teacherreg.registry import Registry

form_option = option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format"
)


@click.group("teacher", cls=Group, help="cli.teacher")
def teacher() -> None:
    """Find a person and read the file."""


@teacher.command("find", help="cli.teacher.find")
@click.argument("text")
@form_option
@pass_registry
def find(registry: Registry, text: str, form: str) -> None:
    """Find persons by name, pinyin, initials or staff number."""
    found = registry.find_teachers(text)
    if form == "json":
        click.echo(json.dumps([asdict(person) for person in found], ensure_ascii=False))
        return
    if not found:
        click.echo(t("cli.teacher.nobody", text=text))
        return
    headings = ("number", "name", "staff-no", "school", "stage", "subject")
    rows = [
        (
            str(person.id),
            person.name,
            person.staff_no or "",
            person.school or "",
            _label("stages", person.stage),
            _label("subjects", person.subject),
        )
        for person in found
    ]
    on_screen().print(table_of([t(f"cli.teacher.{heading}") for heading in headings], rows))
    click.echo(t("cli.teacher.found", count=len(found)), err=True)


@teacher.command("show", help="cli.teacher.show")
@click.argument("teacher", metavar="TEACHER")
@option("--audience", type=click.Choice(get_args(Audience)), help="person.audience")
@on_option
@form_option
@pass_registry
def show(
    registry: Registry, teacher: str, audience: Audience | None, on: date | None, form: str
) -> None:
    """Show what is on file about a person."""
    person = registry.teacher(teacher, on=on, audience=audience)
    if form == "json":
        click.echo(json.dumps(person.to_document(), ensure_ascii=False))
    else:
        show_person(person, on_screen())


def _label(table: str, code: str | None) -> str:
    return code_table(table).label(code) if code else ""
