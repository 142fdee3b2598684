"""Asking who could soon hold a title where holders are missing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

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
from teacherreg.coverage import Candidates, Pipeline
from teacherreg.eligibility.answer import Title
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

_FOR_FILES: Final = frozenset({"staff_no", "locality", "units", "nobody"})
_ROOMY: Final = 100


@coverage.command("pipeline", help="pipeline.pipeline")
@standard_option
@option("--by", metavar="DIM[,DIM]", help="pipeline.by")
@option("--title-kind", metavar="KIND", help="pipeline.title-kind")
@option("--level", metavar="LEVEL", help="pipeline.level")
@option("--people", "is_by_person", is_flag=True, help="pipeline.people")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def pipeline(
    registry: Registry,
    standard: str,
    by: str | None,
    title_kind: str | None,
    level: str | None,
    is_by_person: bool,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Tell who is coming, and where nobody is."""
    answer = registry.coverage.pipeline(standard, by=by, title_kind=title_kind, level=level, on=on)
    if is_by_person:
        people = answer.people
        give(people, form, out, sheet=t("pipeline.sheet-people"),
             show=lambda to: _show_people(people, to), chart=chart, names_people=True)  # fmt: skip
    else:
        give(answer, form, out, sheet=t("pipeline.sheet"),
             show=lambda to: _show(answer, to),
             title=_title(answer), chart=chart, picture=lambda: _picture(answer))  # fmt: skip


def _title(answer: Pipeline) -> str:
    return t("pipeline.title", title=Title(answer.title_kind, answer.level), on=answer.on)


def _picture(answer: Pipeline) -> "Picture":
    from teacherreg.charts.coverage import pipeline  # takes a second to load

    return pipeline(answer.to_polars(), answer.by)


def _show(answer: Pipeline, to: Console) -> None:
    if not answer.schools:
        to.print(t("plan.reason.no-places"))
        return
    if not answer.cells:
        to.print(t("pipeline.no-gap", standard=answer.standard.name, on=answer.on))
        return
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    title = _title(answer)
    is_added_up = any(cell.units > 1 for cell in answer.cells)
    columns = _fitting(answer, frame.columns, to, is_added_up=is_added_up)
    to.print(table_of(frame, title, columns, words))
    for line in _lines(answer):
        to.print(line)


def _fitting(answer: Pipeline, columns: list[str], to: Console, *, is_added_up: bool) -> list[str]:
    left_out = set(_FOR_FILES if to.width >= _ROOMY else _FOR_FILES | {"township"})
    if is_added_up:
        left_out -= {"units", "nobody"}
    left_out |= {"school", "stage", "subject"} - set(answer.by)
    return [name for name in columns if name in answer.by or name not in left_out]


def _lines(answer: Pipeline) -> Iterator[str]:
    total = answer.totals
    yield t(
        "pipeline.total",
        units=total.units,
        missing=total.missing,
        ready=total.ready,
        close=total.close,
        titled=total.titled,
        nobody=total.nobody,
    )
    if "subject" in answer.by and "subject" not in answer.standard.unit:
        alone = sum(cell.nobody for cell in answer.cells)
        yield t("pipeline.subjects", nobody=alone)
    if answer.not_asked:
        between = t("imports.list-comma")
        yield t("pipeline.not-asked", settings=between.join(answer.not_asked))
    yield t("pipeline.close")
    yield t("pipeline.others")


def _show_people(answer: Candidates, to: Console) -> None:
    asked = answer.pipeline
    title = Title(asked.title_kind, asked.level)
    if not answer.people:
        to.print(t("pipeline.nobody", title=title, on=asked.on))
        return
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    # two of a school may share a name
    left_out = {"township"} if to.width >= _ROOMY else {"staff_no", "township"}
    columns = [name for name in frame.columns if name not in left_out]
    to.print(table_of(frame, t("pipeline.title-people", title=title, on=asked.on), columns, words))
    to.print(t("pipeline.close"))
    to.print(t("pipeline.others"))
