"""Asking how the gaps move if nobody acts, and how they moved up to now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from teacherreg.cli.answers import (
    TitledTable,
    chart_option,
    form_option,
    give,
    headed,
    in_words,
    out_option,
    standard_option,
    table_of,
)
from teacherreg.cli.coverage import coverage
from teacherreg.cli.frame import on_option, option, pass_registry
from teacherreg.cli.standard_explained import document_of, unit_of
from teacherreg.cli.table_files import read_table
from teacherreg.coverage import Forecast, Trend
from teacherreg.coverage.figures import OF_PERSONS, OF_STUDENTS
from teacherreg.coverage.forecast import Growth
from teacherreg.coverage.standard import SCHOOL_AND_STAGE
from teacherreg.development.retirement import Leave
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

_YEARS: Final = 10

years_option = option(
    "--years", type=int, default=_YEARS, show_default=True, metavar="N", help="ahead.years"
)


@coverage.command("forecast", help="ahead.forecast")
@years_option
@option("--target-year", type=int, metavar="YEAR", help="ahead.target-year")
@standard_option
@option(
    "--pupils",
    type=click.Path(path_type=Path),
    metavar="FILE.csv|xlsx",
    help="ahead.pupils",
)
@option(
    "--leave",
    type=click.Choice([leave.value for leave in Leave]),
    default=Leave.STATUTORY.value,
    show_default=True,
    help="ahead.leave",
)
@option("--by", metavar="DIM[,DIM]", help="ahead.by")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def forecast(
    registry: Registry,
    years: int,
    target_year: int | None,
    standard: str,
    pupils: Path | None,
    leave: str,
    by: str | None,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Show how the gaps move if nobody acts."""
    answer = registry.coverage.forecast(
        standard,
        years=years,
        by=by,
        on=on,
        target_year=target_year,
        leave=leave,
        pupils=None if pupils is None else read_table(pupils),
    )
    give(
        _Headed(answer),
        form,
        out,
        sheet=t("ahead.sheet"),
        show=lambda to: _show_forecast(answer, to, pupils),
        title=_title(answer),
        chart=chart,
        picture=lambda: _picture(answer),
    )


@coverage.command("trend", help="ahead.trend")
@years_option
@standard_option
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def trend(
    registry: Registry,
    years: int,
    standard: str,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Show the figure of each past year."""
    answer = registry.coverage.trend(standard, years=years, on=on)
    give(
        _Headed(answer),
        form,
        out,
        sheet=t("ahead.sheet-trend"),
        show=lambda to: _show_trend(answer, to),
        title=_title(answer),
        chart=chart,
        picture=lambda: _picture(answer),
    )


def _title(answer: Forecast | Trend) -> str:
    standard = answer.standard
    named = {"standard": standard.name, "document": document_of(standard)}
    if isinstance(answer, Forecast):
        return t("ahead.title", **named, years=len(answer.years) - 1)
    return t("ahead.trend-rotation" if standard.is_about_rotation else "ahead.trend-title", **named)


def _picture(answer: Forecast | Trend) -> "Picture":
    from teacherreg.charts import coverage as pictures  # takes a second to load

    if isinstance(answer, Trend):
        return pictures.trend(answer.to_polars())
    return pictures.forecast(replace(answer, is_by_cell=False).to_polars())


@dataclass(frozen=True)
class _Headed:
    """An answer whose columns are called after what its standard counts, and what a year is."""

    answer: Forecast | Trend

    def to_polars(self) -> pl.DataFrame:
        frame = self.answer.to_polars().rename({"year": "years_ahead"}, strict=False)
        return headed(frame, self.answer.standard)

    def to_document(self) -> dict[str, Any]:
        return self.answer.to_document()


def _show_forecast(answer: Forecast, to: Console, pupils: Path | None) -> None:
    """Show the years, or the cells year by year, with what a leader takes from them."""
    title = _title(answer)
    if not any(answer.cells):
        to.print(t("coverage.gaps.none"))
        return
    if not answer.schools:
        to.print(t("plan.reason.no-places"))
        return
    if answer.is_by_cell:
        to.print(_cells_by_year(answer, title))
    else:
        frame = _Headed(answer).to_polars()
        to.print(table_of(frame, title, _on_screen(answer, frame)))
    for line in (*_results(answer), *_assumptions(answer, pupils)):
        to.print(line)


def _on_screen(answer: Forecast, frame: pl.DataFrame) -> list[str]:
    """Choose columns: what never happens is left out."""
    columns = ["on", "students", "holders", "counted", "retiring"]
    columns += ["terms_ending"] if answer.standard.title_kinds else []
    columns += [name for name in ("other", "leaving") if (frame[name] != 0).any()]
    columns += ["required", "asked", "missing"]
    if answer.standard.title_kinds:
        columns.append("missing_renewed")
    if (frame["missing_early"] != frame["missing_late"]).any():
        columns += ["missing_early", "missing_late"]
    return [name for name in columns if name in frame.columns]


def _cells_by_year(answer: Forecast, title: str) -> Table:
    """Draw what each cell lacks, a column for each day; the neediest of the last day first."""
    table = TitledTable(title)
    names: dict[tuple[object, ...], list[str]] = {}
    missing: dict[tuple[object, ...], dict[int, int]] = {}
    shown = list(answer.by)
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    for row, said in zip(frame.iter_rows(named=True), words.iter_rows(named=True), strict=True):
        key = tuple(row[name] for name in answer.columns)
        names[key] = [t("coverage.unknown") if said[name] is None else said[name] for name in shown]
        missing.setdefault(key, {})[row["year"]] = row["missing"]
    for name in shown:
        table.add_column(t(f"coverage.short.{name}"), overflow="fold")
    for year in answer.years:
        table.add_column(str(year.on.year) if year.year else t("ahead.today"), justify="right")
    last = len(answer.years) - 1
    for key in sorted(missing, key=lambda key: -missing[key].get(last, 0)):
        if any(missing[key].values()):
            cells = [str(missing[key].get(year.year, "")) for year in answer.years]
            table.add_row(*names[key], *cells)
    return table


def _results(answer: Forecast) -> Iterator[str]:
    """Say what the figures come to."""
    first, last = answer.years[0], answer.years[-1]
    yield from _moves(answer)
    going = answer.years[1:]
    yield t(
        "ahead.going" if answer.standard.title_kinds else "ahead.retiring",
        retiring=sum(year.retiring for year in going),
        ending=sum(year.terms_ending for year in going),
        holders=first.holders,
        left=last.holders,
    )
    if last.missing != last.missing_renewed:
        yield t(
            "ahead.renewed",
            on=last.on,
            missing=last.missing_renewed,
            fewer=last.missing - last.missing_renewed,
        )
    if last.missing_early != last.missing_late:
        yield t(
            "ahead.band",
            on=last.on,
            leave=t(f"ahead.leaving-{answer.leave}"),
            early=last.missing_early,
            late=last.missing_late,
        )
    yield from _to_grow(answer)


def _moves(answer: Forecast) -> Iterator[str]:
    first, last = answer.years[0], answer.years[-1]
    if not any(year.missing for year in answer.years):
        yield t("ahead.no-gap", on=last.on)
        return
    yield t("ahead.moves", first=first.missing, on=last.on, missing=last.missing)
    rises = {after: after.missing - before.missing for before, after in pairwise(answer.years)}
    worst = max(rises, key=lambda year: rises[year])
    if len(rises) > 1 and rises[worst] > 0:
        yield t("ahead.worst-year", on=worst.on, more=rises[worst])


def _to_grow(answer: Forecast) -> Iterator[str]:
    """Say how many must become holders, and how many if all terms are renewed."""
    growth, renewed = answer.growth, answer.growth_renewed
    if not growth.missing:
        yield t("ahead.nobody-to-grow", on=growth.on)
        return
    yield t("ahead.grow", **_spread(growth))
    if renewed.missing != growth.missing:
        yield t("ahead.grow-renewed", **_spread(renewed))
    standard = answer.standard
    if standard.unit == SCHOOL_AND_STAGE:
        yield t("coverage.gaps.no-netting")
    else:
        yield t("standards.no-netting", unit=unit_of(standard))


def _spread(growth: Growth) -> dict[str, object]:
    most, least = max(growth.each_year), min(growth.each_year)
    first = growth.each_year.count(most)
    key = "ahead.evenly" if most == least else "ahead.unevenly"
    if most != least and first == 1:
        key = "ahead.unevenly-one"
    return {
        "on": growth.on,
        "missing": growth.missing,
        "each": t(key, most=most, least=least, first=first),
    }


def _assumptions(answer: Forecast, pupils: Path | None) -> Iterator[str]:
    """Say what was taken for granted, and who could not be foreseen."""
    standard = answer.standard
    if pupils is not None:
        yield t("ahead.pupils-of-file", file=pupils.name)
    elif standard.figure.kind in OF_STUDENTS:
        yield t("ahead.pupils-stay")
    if answer.unused_pupils:
        yield t("ahead.pupils-unused", rows=answer.unused_pupils)
    if standard.figure.kind in OF_PERSONS:
        yield t("ahead.posts-filled")
    if answer.leave_percent:
        yield t("ahead.leaving", percent=answer.leave_percent)
    else:
        yield t("ahead.nobody-leaves")
    if answer.undated:
        yield t("ahead.undated", holders=answer.undated)
    if answer.overdue:
        leave = t(f"ahead.leaving-{answer.leave}")
        yield t("ahead.overdue", holders=answer.overdue, leave=leave)
    if any(year.other for year in answer.years):
        yield t("ahead.other")


def _show_trend(answer: Trend, to: Console) -> None:
    frame = _Headed(answer).to_polars().drop("school_year")
    to.print(table_of(frame, _title(answer)))
    for line in _of_trend(answer):
        to.print(line)


def _of_trend(answer: Trend) -> Iterator[str]:
    known = [year for year in answer.years if year.missing is not None]
    if len(known) > 1:
        first, last = known[0], known[-1]
        yield t(
            "ahead.trend-moves",
            first=first.on,
            last=last.on,
            before=first.missing,
            after=last.missing,
            held=first.holders,
            hold=last.holders,
        )
    unknown = len(answer.years) - len(known)
    if unknown:
        yield t("ahead.trend-unknown", years=unknown)
    yield t("ahead.trend-rows")
