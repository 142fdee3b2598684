"""Titles: whose terms end soon, and what is short by then."""

import json
import sys
from collections.abc import Sequence
from datetime import date

import click
import polars as pl
from rich.markup import escape

from teacherreg.cli.frame import Group, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import print_line, table_of
from teacherreg.cli.title_kinds import kinds
from teacherreg.codes import code_table
from teacherreg.development.hours import written
from teacherreg.export import labelled, write_csv
from teacherreg.locale import t
from teacherreg.registry import Registry
from teacherreg.titles.due import LONGEST_MONTHS, Due, last_day

TEXT, JSON, CSV = FORMS = ("text", "json", "csv")


@click.group("title", cls=Group, help="title.title")
def title() -> None:
    """Titles, their terms and their kinds."""


title.add_command(kinds)


@title.command("due", help="title.due")
@option(
    "--within",
    "within",
    type=click.IntRange(0, LONGEST_MONTHS),
    required=True,
    metavar="MONTHS",
    help="title.due.within",
)
@option("--all", "everything", is_flag=True, help="title.due.all")
@on_option
@option("--format", "form", type=click.Choice(FORMS), default=TEXT, show_default=True,
        help="cli.format")  # fmt: skip
@pass_registry
def due(registry: Registry, within: int, everything: bool, on: date | None, form: str) -> None:
    """List the titles whose term ends soon, and for which something is short."""
    day = on or date.today()  # noqa: DTZ011 - a day on the officer's calendar
    found = registry.titles_due(within, on=day, also_in_order=everything)
    if form == JSON:
        document = {"on": day.isoformat(), "within_months": within,
                    "titles": [one.to_document() for one in found]}  # fmt: skip
        click.echo(json.dumps(document, ensure_ascii=False))
    elif form == CSV:
        write_csv(_as_table(found), sys.stdout.buffer)
    else:
        _show(found, day, within)


def _show(found: Sequence[Due], day: date, within: int) -> None:
    screen, until = on_screen(), last_day(day, within)
    if not found:
        print_line(screen, t("title.due.none", on=day, until=until))
        return
    print_line(
        screen,
        t("title.due.found", count=len(found), on=day, until=until),
        style="bold",
    )
    headings = [t(f"title.due.{name}") for name in ("ends", "name", "school", "which", "short")]
    rows = [
        (one.term_ends_on.isoformat(), one.name, one.school, _which(one), "\n".join(_short(one)))
        for one in found
    ]
    screen.print(table_of(headings, rows))
    ended = [one.name for one in found if one.is_to_be_cancelled]
    if ended:
        names = escape(t("imports.list-comma").join(ended))
        print_line(screen, t("title.due.cancel", people=names))


def _which(one: Due) -> str:
    """Name the title as its certificate does: 县级 语文 骨干教师."""
    parts = (
        code_table("levels").label(one.level) if one.level else "",
        code_table("subjects").label(one.subject) if one.subject else "",
        code_table("title_kinds").label(one.title_kind),
    )
    name = " ".join(part for part in parts if part)
    state = code_table("title_states").label(one.state)
    return name if one.state == "in_force" else t("title.due.with-state", title=name, state=state)


def _short(one: Due) -> list[str]:
    """Say what is short: a line for each year of the term, one for hours, one for reviews."""
    years: dict[tuple[date, date], list[str]] = {}
    for count in one.duties_short:
        owed = t(f"title.duty.{count.owed}")
        said = t("title.due.duty", duty=owed, done=count.done, needed=count.needed)
        years.setdefault((count.first, count.last), []).append(said)
    lines = [
        t("title.due.year", first=first, last=last, duties=t("imports.list-comma").join(duties))
        for (first, last), duties in years.items()
    ]
    if one.short_tenths:
        lines.append(t("title.due.hours", hours=written(one.short_tenths)))
    if one.unqualified_years:
        listed = t("imports.list-comma").join(map(str, one.unqualified_years))
        lines.append(t("title.due.unqualified", years=listed))
    return lines or [t("title.due.in-order")]


def _as_table(found: Sequence[Due]) -> pl.DataFrame:
    """Give the titles in words, a row each, for a file."""
    columns = ("name", "staff_no", "school", "title_kind", "level", "subject", "state",
               "term_began_on", "term_ends_on")  # fmt: skip
    rows = [
        {name: _cell(getattr(one, name)) for name in columns}
        | {"short": t("imports.list-semicolon").join(_short(one))}
        for one in found
    ]
    schema = dict.fromkeys((*columns, "short"), pl.String())
    names = {"term_began_on": t("title.due.began"), "short": t("title.due.short")}
    return labelled(pl.DataFrame(rows, schema=schema), "staff.titles", names)


def _cell(value: object) -> str | None:
    return None if value is None else str(value)
