"""Asking what would help: who should move where, and where new honours do most."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from teacherreg.cli.answers import (
    chart_option,
    form_option,
    give,
    in_words,
    out_option,
    standard_option,
    table_of,
)
from teacherreg.cli.coverage import coverage
from teacherreg.cli.frame import on_option, option, pass_registry
from teacherreg.cli.table_files import read_table
from teacherreg.codes import code_table
from teacherreg.coverage import Honours, Plan
from teacherreg.coverage.plan import Bound, StageLimits
from teacherreg.coverage.standard import SCHOOL_AND_STAGE
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

_MOVES: Final = ("name", "from_school", "to_school", "stage", "subject", "distance")
_PLACES: Final = (
    *("school", "stage", "required", "holders_before", "holders_after"),
    *("missing_before", "missing_after"),
)


@coverage.command("plan", help="plan.plan")
@standard_option
@option(
    "--distances",
    type=click.Path(path_type=Path),
    metavar="FILE.csv|xlsx",
    help="plan.distances",
)
@option("--most-moves", type=click.IntRange(min=1), metavar="N", help="plan.most-moves")
@option(
    "--seconds",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    metavar="S",
    help="plan.seconds",
)
@option("--by-school", is_flag=True, help="plan.by-school")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def plan(
    registry: Registry,
    standard: str,
    distances: Path | None,
    most_moves: int | None,
    seconds: int,
    by_school: bool,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Plan which moves of whom close most of the gap."""
    answer = registry.coverage.plan(
        standard,
        on=on,
        distances=None if distances is None else read_table(distances),
        most_moves=most_moves,
        seconds=seconds,
    )
    give(
        answer.schools if by_school else answer,
        form,
        out,
        sheet=t("plan.sheet-schools" if by_school else "plan.sheet"),
        show=lambda to: _show_plan(answer, to, by_school=by_school),
        title=_title(answer, "plan.title"),
        chart=chart,
        picture=lambda: _picture(answer.schools.to_polars(), SCHOOL_AND_STAGE),
        names_people=not by_school,
    )


@coverage.command("honours", help="plan.honours")
@option("--count", type=click.IntRange(min=1), required=True, metavar="N", help="plan.count")
@standard_option
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def honours(
    registry: Registry,
    count: int,
    standard: str,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Tell where new honours would close most of the gap."""
    answer = registry.coverage.honours(count, standard, on=on)
    give(
        answer,
        form,
        out,
        sheet=t("plan.sheet-honours"),
        show=lambda to: _show_honours(answer, to),
        title=_title(answer, "plan.honours-title"),
        chart=chart,
        picture=lambda: _picture(answer.to_polars(), answer.standard.unit),
    )


def _picture(frame: pl.DataFrame, by: Sequence[str]) -> "Picture":
    from teacherreg.charts.coverage import before_and_after  # takes a second to load

    return before_and_after(frame, by)


def _show_plan(answer: Plan, to: Console, *, by_school: bool) -> None:
    if answer.reason is not None:
        to.print(_why_nobody(answer, answer.reason))
    elif by_school:
        to.print(table_of(answer.schools.to_polars(), _title(answer, "plan.title"), _PLACES))
    else:
        to.print(_table_of_moves(answer))
    for line in _notes(answer) if answer.places else ():
        to.print(line)


def _table_of_moves(answer: Plan) -> Table:
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    ways = [f"{way:g}" for way in frame["distance"]]
    words = words.with_columns(pl.Series("distance", ways))
    return table_of(frame, _title(answer, "plan.title"), _MOVES, words)


def _title(answer: Plan | Honours, key: str) -> str:
    standard = answer.standard
    return t(key, standard=standard.name, document=standard.document, on=answer.on)


def _why_nobody(answer: Plan, reason: str) -> str:
    return t(f"plan.reason.{reason}", **answer.standings)


def _notes(answer: Plan) -> Iterator[str]:
    """Say what the moves do to the gap, how good they are, and what they leave open."""
    totals = answer.totals
    if answer.moves:
        yield t("plan.total", moves=len(answer.moves), **totals)
        yield _how_good(answer)
        if totals["missing_after"]:
            for limit in answer.limits:
                yield from _left(answer, limit)
    year = answer.year
    if year.moved.whole:
        yield t(
            "plan.year-more" if year.more else "plan.year",
            whole=year.moved.whole,
            percent=year.moved.percent,
            needed=year.moved.needed,
            already=year.already,
            planned=len(answer.moves),
            more=year.more,
        )
    if year.backbone.whole:
        yield t(
            "plan.backbone" if year.backbone.meets else "plan.backbone-short",
            whole=year.backbone.whole,
            part=year.backbone.part,
            needed=year.backbone.needed,
            percent=year.backbone.percent,
        )
    if year.unknown:
        yield t("plan.unknown", unknown=year.unknown)


def _how_good(answer: Plan) -> str:
    bound: Bound = answer.bound
    unit = "km" if answer.has_kilometres else "ways"
    if bound.is_proved:
        return t(f"plan.proved-{unit}", distance=f"{bound.distance:g}")
    return t(
        f"plan.not-proved-{unit}",
        closed=len(answer.moves),
        most=bound.most_closed,
        distance=f"{bound.distance:g}",
        least=f"{bound.least_distance:g}",
    )


def _left(answer: Plan, limit: StageLimits) -> Iterator[str]:
    """Say of a stage why some of its gap stays open."""
    if limit.missing > limit.moves:
        is_spent = limit.moves == limit.movable
        yield t(
            "plan.left-spent" if is_spent else "plan.left",
            stage=code_table("stages").label(limit.stage),
            left=limit.missing - limit.moves,
            surplus=limit.surplus,
            movable=limit.movable,
        )


def _show_honours(answer: Honours, to: Console) -> None:
    if not answer.missing_before:
        to.print(t("plan.reason.nothing-missing"))
        return
    frame = answer.to_polars()
    if answer.places:
        to.print(table_of(frame, _title(answer, "plan.honours-title")))
    to.print(
        t(
            "plan.honours-total",
            placed=answer.placed,
            before=answer.missing_before,
            after=answer.missing_after,
            short_before=answer.short_before,
            short_after=answer.short_after,
        )
    )
    if answer.placed < answer.count:
        to.print(t("plan.honours-over", over=answer.count - answer.placed))
    if answer.without:
        to.print(t("plan.honours-nobody", missing=answer.without))
