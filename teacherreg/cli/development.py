"""Asking for hours of training, rotations, mentors and mentees."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import click
import polars as pl
from rich.console import Console

from teacherreg.cli.frame import Group, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import print_line, table_of
from teacherreg.codes import code_table
from teacherreg.development.hours import MEAN_TENTHS, YEARLY_TENTHS, written
from teacherreg.development.questions import Hours, Mentors, Rotations
from teacherreg.development.rotations import Share, Standing
from teacherreg.export import labelled, write_csv
from teacherreg.locale import has, t
from teacherreg.registry import Registry

TEXT, JSON, CSV = FORMS = ("text", "json", "csv")

form_option = option(
    "--format", "form", type=click.Choice(FORMS), default=TEXT, show_default=True, help="cli.format"
)
school_option = option("--school", metavar="SCHOOL", help="development.school")


@click.group("development", cls=Group, help="development.development")
def development() -> None:
    """Training, rotations, mentors."""


@development.command("hours", help="development.hours")
@on_option
@school_option
@form_option
@pass_registry
def hours(registry: Registry, on: date | None, school: str | None, form: str) -> None:
    """Count the hours of training of five years."""
    answer = registry.development.hours(on=on, school=school)
    _give(answer, form, "staff.training", lambda to: _show_hours(answer, to))


@development.command("rotations", help="development.rotations")
@on_option
@school_option
@form_option
@pass_registry
def rotations(registry: Registry, on: date | None, school: str | None, form: str) -> None:
    """Tell who is to move, and whether enough did."""
    answer = registry.development.rotations(on=on, school=school)
    _give(answer, form, "staff.rotations", lambda to: _show_rotations(answer, to))


@development.command("mentoring", help="development.mentoring")
@on_option
@school_option
@form_option
@pass_registry
def mentoring(registry: Registry, on: date | None, school: str | None, form: str) -> None:
    """List mentors with their mentees, and studios."""
    answer = registry.development.mentoring(on=on, school=school)
    _give(answer, form, "staff.mentoring", lambda to: _show_mentoring(answer, to))


def _give(
    answer: Hours | Rotations | Mentors, form: str, table: str, show: Callable[[Console], None]
) -> None:
    """Give an answer on stdout in the form asked for."""
    if form == JSON:
        click.echo(json.dumps(answer.to_document(), ensure_ascii=False))
    elif form == CSV:
        write_csv(_for_people(answer.to_polars(), table), sys.stdout.buffer)
    else:
        show(on_screen())


def _for_people(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Give a table in words, for a file."""
    if "standing" in frame.columns:
        words = [_standing(code) for code in frame["standing"]]
        frame = frame.with_columns(pl.Series("standing", words, dtype=pl.String))
    hours = [name for name in frame.columns if name.endswith("hours")]
    frame = frame.with_columns(
        pl.Series(name, [written(round(10 * value)) for value in frame[name]], dtype=pl.String)
        for name in hours
    )
    names = {name: _heading(name) for name in frame.columns if has(_key(name))}
    return labelled(frame.select(pl.exclude("teacher_id", "mentee_id")), table, names)


def _show_hours(answer: Hours, to: Console) -> None:
    """Show how many have enough, and who has not, the shortest first."""
    reached = answer.reached
    print_line(
        to, t(f"development.hours.title-{answer.rule}", first=answer.first, on=answer.on), "bold"
    )
    if not reached.whole:
        print_line(to, t("development.nobody"))
        return
    numbers = {"teachers": reached.whole, "reached": reached.part, "percent": _percent(reached)}
    print_line(to, t("development.hours.total", **numbers))
    print_line(
        to,
        t(
            "development.hours.this-year",
            year=answer.on.year,
            mean=answer.reached_this_year(MEAN_TENTHS),
            yearly=answer.reached_this_year(YEARLY_TENTHS),
        ),
    )
    short = answer.people.filter(pl.col("short_tenths") > 0).sort(
        "short_tenths", descending=True, maintain_order=True
    )
    rows = [
        (
            *(row["name"], row["staff_no"] or "", row["school"]),
            *(written(row[name]) for name in ("tenths", "short_tenths", "year_tenths")),
        )
        for row in short.iter_rows(named=True)
    ]
    _show_table(to, ("name", "staff_no", "school", "hours", "short_hours", "year_hours"), rows)


def _show_rotations(answer: Rotations, to: Console) -> None:
    """Show the two shares, and who is to move, the longest at a school first."""
    moved, backbone = answer.year.moved, answer.year.backbone
    print_line(to, t("development.rotations.title", since=answer.year.since, on=answer.on), "bold")
    print_line(to, t("development.rotations.moved", **_figures(moved)))
    print_line(to, t("development.rotations.backbone", **_figures(backbone)))
    if answer.year.unknown:
        print_line(to, t("development.rotations.unknown", count=answer.year.unknown))
    listed = answer.people.filter(pl.col("standing") == Standing.ELIGIBLE.value)
    print_line(to, t("development.rotations.listed", on=answer.on, count=listed.height))
    rows = [
        (
            *(row["name"], row["staff_no"] or "", row["school"], _day(row["since"])),
            *(str(row["years"]), _day(row["retires_on"])),
        )
        for row in listed.sort("since", nulls_last=True, maintain_order=True).iter_rows(named=True)
    ]
    _show_table(to, ("name", "staff_no", "school", "since", "years", "retires_on"), rows)


def _show_mentoring(answer: Mentors, to: Console) -> None:
    """Show the pairs, and then the studios."""
    print_line(to, t("development.mentoring.title", on=answer.on), "bold")
    people = answer.pairs
    print_line(
        to,
        t(
            "development.mentoring.total",
            mentors=people["teacher_id"].n_unique(),
            mentees=people["mentee_id"].n_unique(),
        ),
    )
    names = ("mentor", "mentor_school", "mentee", "mentee_school", "studio", "subject")
    rows = [
        (
            *(row[name] or "" for name in names[:-1]),
            code_table("subjects").label(row["subject"]) if row["subject"] else "",
            _day(row["starts_on"]),
            _day(row["ends_on"]),
            row["aim"] or "",
        )
        for row in people.iter_rows(named=True)
    ]
    _show_table(to, (*names, "starts_on", "ends_on", "aim"), rows)
    for studio in answer.studios:
        print_line(
            to,
            t(
                "development.mentoring.studio",
                studio=_plain(studio.name),
                leaders=_listed(studio.leaders),
                count=studio.members,
                schools=len(studio.schools),
                names=_listed(studio.schools),
            ),
        )


def _show_table(to: Console, names: Iterable[str], rows: Sequence[tuple[str, ...]]) -> None:
    if rows:
        to.print(table_of([_heading(name) for name in names], rows))


def _figures(share: Share) -> dict[str, object]:
    verdict = {None: "nobody", True: "meets", False: "fails"}[share.meets]
    return {
        "whole": share.whole,
        "part": share.part,
        "percent": _percent(share),
        "needed": share.needed,
        "verdict": t(f"development.verdict.{verdict}"),
    }


def _percent(share: Share) -> str:
    """Write a share for reading, cut and not rounded: 9.99 % is not 10 %."""
    if not share.whole:
        return "—"
    hundredths = share.part * 10_000 // share.whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _standing(code: str) -> str:
    return t(f"development.standing.{code}")


def _key(name: str) -> str:
    return f"development.column.{name}"


def _heading(name: str) -> str:
    return t(f"development.column.{name}")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _listed(names: Iterable[str]) -> str:
    return t("development.comma").join(map(_plain, names))
