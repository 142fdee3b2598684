"""Asking where title holders are missing, and by which standards."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from teacherreg.cli.answers import (
    JSON,
    TABLE,
    form_option,
    give,
    in_words,
    out_option,
    standard_option,
    table_of,
)
from teacherreg.cli.equity import equity
from teacherreg.cli.frame import Group, on_option, option, pass_registry
from teacherreg.codes import code_table
from teacherreg.coverage import Gaps, Standard
from teacherreg.coverage.cells import school_year_of
from teacherreg.coverage.standards import shipped_standards
from teacherreg.coverage.units import NO_ENROLMENT
from teacherreg.locale import language, t
from teacherreg.registry import Registry

_ROOMY: Final = 100  # columns of a screen that takes everything but what is for files

# What a screen has no room for; files have it.
_FOR_FILES: Final = frozenset(
    {"school_code", "school_type", "locality", "missing_to_floor", "outside"}
)


@click.group("coverage", cls=Group, help="coverage.coverage")
def coverage() -> None:
    """Find the gaps."""


@coverage.command("gaps", help="coverage.gaps")
@standard_option
@option("--by", default="school,stage", show_default=True, metavar="DIM[,DIM]", help="coverage.by")
@on_option
@form_option
@out_option
@pass_registry
def gaps(
    registry: Registry, standard: str, by: str, on: date | None, form: str | None, out: Path | None
) -> None:
    """List how many title holders are missing where."""
    answer = registry.coverage.gaps(standard, by=by, on=on)
    give(answer, form, out, sheet=t("coverage.sheet.gaps"), show=lambda to: _show_gaps(answer, to))


coverage.add_command(equity)


@coverage.command("standards", help="coverage.standards")
@option(
    "--format",
    "form",
    type=click.Choice([TABLE, JSON]),
    default=TABLE,
    show_default=True,
    help="coverage.format-standards",
)
def standards(form: str) -> None:
    """List the standards and explain them."""
    known = shipped_standards().values()
    if form == JSON:
        click.echo(json.dumps([one.to_document() for one in known], ensure_ascii=False))
        return
    for standard in known:
        click.echo(standard.id)
        for line in _explained(standard):
            click.echo(f"  {line}")


def _show_gaps(answer: Gaps, to: Console) -> None:
    """Show the gaps as a table, with what a reader must know under it."""
    if not answer.cells:
        to.print(t("coverage.gaps.none"))
        return
    to.print(
        _table(
            answer,
            t(
                "coverage.gaps.title",
                standard=answer.standard.name,
                document=answer.standard.document,
                on=answer.on,
            ),
            to.width,
        )
    )
    total = answer.totals
    to.print(
        t(
            "coverage.gaps.total",
            required=total.required,
            holders=total.holders,
            missing=total.missing,
            schools=total.schools,
            short=total.schools_short,
        )
    )
    for note in _notes(answer):
        to.print(note)


def _notes(answer: Gaps) -> Iterable[str]:
    by_subject = "subject" in answer.by
    yield t("coverage.gaps.no-subject-figure" if by_subject else "coverage.gaps.no-netting")
    unplaced = answer.unplaced
    if unplaced.teachers or unplaced.holders:
        yield t("coverage.gaps.unplaced", teachers=unplaced.teachers, holders=unplaced.holders)
    unknown = {cell.school for cell in answer.cells if cell.outside == NO_ENROLMENT}
    if unknown:
        year = school_year_of(answer.on)
        yield t("coverage.gaps.no-enrolment", schools=len(unknown), year=year)


def _table(answer: Gaps, title: str, width: int) -> Table:
    """Draw the answer's table; who is not judged neither meets nor misses."""
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    if "outside" in frame.columns:
        words = words.with_columns(meets=pl.coalesce("outside", "meets"))
    return table_of(frame, title, _on_screen(answer, width), words)


def _on_screen(answer: Gaps, width: int) -> list[str]:
    """Choose columns: what was asked for, and of the rest what the screen has room for."""
    left_out = _FOR_FILES if width >= _ROOMY else _FOR_FILES | {"township", "teachers"}
    return [name for name in answer.columns if name in answer.by or name not in left_out]


def _explained(standard: Standard) -> Iterable[str]:
    """Explain a standard, a line for each thing that it says."""
    stages = _listed("stages", standard.stages)
    types = _listed("school_types", sorted(standard.school_types_outside))
    least = standard.teaching_points_under_students
    limits = _joined(
        f"{code_table('stages').label(stage)} {float(limit):g}"
        for stage, limit in standard.cv_limits.items()
    )
    yield standard.name
    yield t(
        "coverage.standards.source",
        document=standard.document,
        title=standard.document_title,
        article=standard.article,
        date=standard.date,
    )
    yield t(
        "coverage.standards.figure", stages=stages, figure=f"{float(standard.per_100_students):g}"
    )
    yield t("coverage.standards.floor", floor=f"{float(100 * standard.floor):g}")
    yield t(
        "coverage.standards.holders",
        kinds=_listed("title_kinds", standard.title_kinds),
        levels=_listed("levels", standard.levels),
    )
    if types:
        yield t("coverage.standards.outside", types=types, least=least)
    elif least:
        yield t("coverage.standards.outside-points", least=least)
    if limits:
        yield t("coverage.standards.limits", limits=limits)
    if standard.settings:
        yield t("coverage.standards.settings", keys=_joined(standard.settings))


def _listed(table: str, codes: Iterable[str]) -> str:
    return _joined(code_table(table).label(code) for code in codes)


def _joined(words: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)
