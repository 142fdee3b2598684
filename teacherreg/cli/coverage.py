"""Asking where title holders are missing, and by which standards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from teacherreg.cli.answers import (
    chart_option,
    form_option,
    give,
    headed,
    in_words,
    out_option,
    standard_option,
    table_of,
)
from teacherreg.cli.equity import equity
from teacherreg.cli.frame import Group, on_option, option, pass_registry
from teacherreg.cli.standard_explained import document_of, unit_of
from teacherreg.coverage import Gaps
from teacherreg.coverage.asked import TITLE_DIMENSIONS
from teacherreg.coverage.cells import school_year_of
from teacherreg.coverage.standard import SCHOOL_AND_STAGE
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

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
@option("--by", metavar="DIM[,DIM]", help="coverage.by")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def gaps(
    registry: Registry,
    standard: str,
    by: str | None,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """List how many persons are missing where."""
    answer = registry.coverage.gaps(standard, by=by, on=on)
    give(
        _Headed(answer),
        form,
        out,
        sheet=t("coverage.sheet.gaps"),
        show=lambda to: _show_gaps(answer, to),
        title=_title(answer),
        chart=chart,
        picture=lambda: _picture(answer),
    )


coverage.add_command(equity)


def _title(answer: Gaps) -> str:
    standard = answer.standard
    return t(
        "coverage.gaps.title",
        standard=standard.name,
        document=document_of(standard),
        on=answer.on,
    )


def _picture(answer: Gaps) -> "Picture":
    from teacherreg.charts.coverage import gaps  # takes a second to load

    return gaps(answer.to_polars(), answer.by)


def _show_gaps(answer: Gaps, to: Console) -> None:
    """Show the gaps as a table, with what a reader must know under it."""
    if not answer.cells:
        to.print(t("coverage.gaps.none"))
        return
    to.print(
        _table(
            answer,
            _title(answer),
            to.width,
        )
    )
    total = answer.totals
    is_by_school = "school" in answer.standard.unit
    to.print(
        t(
            "coverage.gaps.total" if is_by_school else "standards.total",
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
    standard, unplaced = answer.standard, answer.unplaced
    if answer.has_requirement:
        if standard.unit == SCHOOL_AND_STAGE:
            yield t("coverage.gaps.no-netting")
        else:
            yield t("standards.no-netting", unit=unit_of(standard))
    elif set(answer.by) & set(TITLE_DIMENSIONS):
        yield t("standards.several-titles")
    else:
        is_by_subject = "subject" in answer.by and "subject" not in standard.unit
        yield t("coverage.gaps.no-subject-figure" if is_by_subject else "standards.persons-only")
    if answer.holders_outside:
        yield t("standards.holders-outside", holders=answer.holders_outside)
    if unplaced.teachers or unplaced.holders:
        yield t(
            "coverage.gaps.unplaced" if standard.title_kinds else "standards.unplaced",
            teachers=unplaced.teachers,
            holders=unplaced.holders,
        )
    if answer.without_enrolment:
        year = school_year_of(answer.on)
        yield t("coverage.gaps.no-enrolment", schools=answer.without_enrolment, year=year)
    if answer.merged_points:
        yield t("standards.points-merged", points=answer.merged_points)


def _table(answer: Gaps, title: str, width: int) -> Table:
    """Draw the answer's table; who is not judged neither meets nor misses."""
    frame = _Headed(answer).to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    if "outside" in frame.columns:
        words = words.with_columns(meets=pl.coalesce("outside", "meets"))
    titles = [name for name in TITLE_DIMENSIONS if name in frame.columns]
    words = words.with_columns(pl.col(titles).fill_null(t("standards.no-title")))
    return table_of(frame, title, _on_screen(answer, frame.columns, width), words)


def _on_screen(answer: Gaps, columns: Sequence[str], width: int) -> list[str]:
    """Choose columns: what was asked for, and of the rest what the screen has room for."""
    left_out = _FOR_FILES if width >= _ROOMY else _FOR_FILES | {"township", "teachers"}
    if answer.standard.is_about_rotation:
        left_out |= {"students"}
    return [name for name in columns if name in answer.by or name not in left_out]


@dataclass(frozen=True)
class _Headed:
    """An answer whose columns are called after what its standard counts."""

    answer: Gaps

    def to_polars(self) -> pl.DataFrame:
        frame, standard = self.answer.to_polars(), self.answer.standard
        if standard.is_about_rotation:
            frame = frame.rename({"teachers": standard.figure.kind.removeprefix("share_")})
        return headed(frame, standard)

    def to_document(self) -> dict[str, Any]:
        return self.answer.to_document()
