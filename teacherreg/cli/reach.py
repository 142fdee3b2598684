"""Asking whom the master teachers reach, and how."""

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
from teacherreg.codes import code_table
from teacherreg.coverage import Masters, Reach
from teacherreg.coverage.reach import DEFAULT_BY
from teacherreg.coverage.standard import Standard
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

_FOR_FILES: Final = frozenset({"staff_no", "locality", "school_names"})
_ROOMY: Final = 100


@coverage.command("reach", help="reach.reach")
@standard_option
@option("--by", default=",".join(DEFAULT_BY), metavar="DIM[,DIM]", help="reach.by")
@option("--title-kinds", metavar="KIND[,KIND]", help="reach.title-kinds")
@option("--levels", metavar="LEVEL[,LEVEL]", help="reach.levels")
@option("--per-master", is_flag=True, help="reach.per-master")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def reach(
    registry: Registry,
    standard: str,
    by: str,
    title_kinds: str | None,
    levels: str | None,
    per_master: bool,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """Tell how many teachers are reached, by which way."""
    answer = registry.coverage.reach(
        standard, by=by, title_kinds=_listed(title_kinds), levels=_listed(levels), on=on
    )
    if per_master:
        masters = answer.masters
        give(masters, form, out, sheet=t("reach.sheet-masters"),
             show=lambda to: _show_masters(masters, to),
             title=t("reach.title-masters", on=answer.on),
             chart=chart, picture=lambda: _picture_of(masters), names_people=True)  # fmt: skip
    else:
        give(answer, form, out, sheet=t("reach.sheet"),
             show=lambda to: _show(answer, to), title=t("reach.title", on=answer.on),
             chart=chart, picture=lambda: _picture(answer))  # fmt: skip


def _picture(answer: Reach) -> "Picture":
    from teacherreg.charts.coverage import reach  # takes a second to load

    return reach(answer.to_polars(), answer.by)


def _picture_of(answer: Masters) -> "Picture":
    from teacherreg.charts.coverage import masters  # takes a second to load

    return masters(answer.to_polars())


def _listed(words: str | None) -> list[str] | None:
    return None if words is None else words.replace("，", ",").replace("、", ",").split(",")


def _show(answer: Reach, to: Console) -> None:
    if not answer.cells:
        to.print(t("reach.nobody"))
        return
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    to.print(table_of(frame, t("reach.title", on=answer.on), _fitting(frame.columns, to), words))
    for line in _lines(answer):
        to.print(line)


def _lines(answer: Reach) -> Iterator[str]:
    """Say what the numbers mean, and what a reader must know of them."""
    total = answer.totals.numbers
    learners = total["teachers"] - total["holders"]
    taught = learners - total["none"]
    yield t(
        "reach.total",
        **total,
        learners=learners,
        reached=taught,
        percent=_percent(taught, learners),
    )
    yield t("reach.once")
    yield t("reach.titles", titles=_titles(answer.standard))
    if answer.without_subject:
        yield t("reach.without-subject", count=answer.without_subject)
    idle = sum(1 for one in answer.masters.people if not one.reached)
    if idle:
        yield t("reach.idle", masters=len(answer.masters.people), count=idle)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0"


def _titles(standard: Standard) -> str:
    between = t("imports.list-comma")
    kinds, levels = code_table("title_kinds"), code_table("levels")
    return t(
        "reach.titles-named",
        kinds=between.join(map(kinds.label, standard.title_kinds)),
        levels=between.join(map(levels.label, standard.levels)),
    )


def _show_masters(answer: Masters, to: Console) -> None:
    if not answer.people:
        to.print(t("reach.no-masters"))
        return
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    title = t("reach.title-masters", on=answer.on)
    to.print(table_of(frame, title, _fitting(frame.columns, to), words))
    to.print(t("reach.overlap"))
    to.print(t("reach.titles", titles=_titles(answer.standard)))


def _fitting(columns: list[str], to: Console) -> list[str]:
    left_out = _FOR_FILES if to.width >= _ROOMY else _FOR_FILES | {"township"}
    return [name for name in columns if name not in left_out or _is_all(columns, name)]


def _is_all(columns: list[str], name: str) -> bool:
    """Tell whether a column is what the rows are told apart by, not the place of a school."""
    return name in {"township", "locality"} and "school" not in columns
