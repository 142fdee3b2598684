"""Finding a person, and reading what is on file."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from teacherreg.cli.frame import Group, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import print_line, table_of
from teacherreg.codes import code_table
from teacherreg.locale import t
from teacherreg.masks import mask_id_number, mask_phone
from teacherreg.models import Attachment
from teacherreg.people import PersonFile
from teacherreg.registry import Registry
from teacherreg.titles.held import IN_FORCE

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
@on_option
@form_option
@pass_registry
def show(registry: Registry, teacher: str, on: date | None, form: str) -> None:
    """Show what is on file about a person."""
    day = on or date.today()  # noqa: DTZ011 - a day on the officer's calendar
    person = registry.teacher(teacher, on=day)
    if form == "json":
        click.echo(json.dumps(_document(person, day), ensure_ascii=False, default=str))
        return
    screen = on_screen()
    name = f"[bold]{escape(person.teacher.name)}[/bold]"
    print_line(screen, f"{name}  {_line(_facts(person))}")
    screen.print(_posts(person))
    if person.titles:
        screen.print(_titles(person))
    else:
        screen.print(t("cli.teacher.no-titles"))


def _posts(person: PersonFile) -> Table:
    headings = ("from", "to", "school", "stage", "subject", "rank", "status")
    visiting = code_table("attachments").label(Attachment.VISITING.value)
    rows = [
        (
            _day(post.starts_on, "cli.teacher.before-records"),
            _day(post.ends_on, "cli.teacher.until-now"),
            school if post.attachment == Attachment.HOME.value else f"{school} · {visiting}",
            _label("stages", post.stage),
            _label("subjects", post.subject),
            _label("professional_rank", post.professional_rank),
            _label("person_status", post.status),
        )
        for post, school in person.posts
    ]
    named = [t(f"cli.teacher.{heading}") for heading in headings]
    return table_of(named, rows, title=t("cli.teacher.posts"))


def _titles(person: PersonFile) -> Table:
    headings = ("awarded", "title", "level", "subject", "term-ends", "state", "document")
    rows = [
        (
            _day(award.awarded_on, "cli.teacher.unknown"),
            _label("title_kinds", award.title_kind),
            _label("levels", award.level),
            _label("subjects", award.subject),
            _day(award.term_ends_on, "cli.teacher.no-term"),
            _label("title_states", person.states[award.id]),
            " ".join(part for part in (award.issuer, award.document_no) if part),
        )
        for award in person.titles
    ]
    named = [t(f"cli.teacher.{heading}") for heading in headings]
    return table_of(named, rows, title=t("cli.teacher.titles"))


def _facts(person: PersonFile) -> dict[str, str]:
    """Give what is true of the person everywhere, as labels, numbers masked."""
    known = person.teacher
    return {
        "number": str(known.id),
        "staff-no": known.staff_no or "",
        "id-number": mask_id_number(known.id_number) or "",
        "sex": _label("sex", known.sex),
        "birth-date": known.birth_date or "",
        "ethnicity": _label("ethnicity", known.ethnicity),
        "political-status": _label("political_status", known.political_status),
        "education": _label("education", known.education),
        "phone": mask_phone(known.phone) or "",
    }


def _line(facts: dict[str, str]) -> str:
    return "  ".join(
        f"[dim]{t(f'cli.teacher.{name}')}[/dim] {escape(value)}"
        for name, value in facts.items()
        if value
    )


def _document(person: PersonFile, day: date) -> dict[str, Any]:
    known = person.teacher.model_dump(exclude={"unmapped"})
    known["id_number"] = mask_id_number(known["id_number"])
    known["phone"] = mask_phone(known["phone"])
    return known | {
        "on": day,
        "posts": [post.model_dump() | {"school": school} for post, school in person.posts],
        "titles": [award.model_dump() | _state(person.states[award.id]) for award in person.titles],
    }


def _state(state: str) -> dict[str, Any]:
    return {"state": state, "is_held": state == IN_FORCE}


def _label(table: str, code: str | None) -> str:
    return code_table(table).label(code) if code else ""


def _day(day: date | None, otherwise: str) -> str:
    return day.isoformat() if day else t(otherwise)
