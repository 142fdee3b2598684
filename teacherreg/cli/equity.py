"""Asking how evenly title holders are spread, what makes the difference, and what lowers it."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from teacherreg.cli.answers import chart_option, form_option, give, in_words, out_option, table_of
from teacherreg.cli.frame import Command, on_option, option, pass_registry
from teacherreg.codes import code_table
from teacherreg.coverage import Equity
from teacherreg.coverage.equity import Listing
from teacherreg.coverage.equity_rows import BestMove, Contribution, Group
from teacherreg.coverage.spread import GROUPINGS, Spread
from teacherreg.coverage.standards import DEFAULT_STANDARD
from teacherreg.errors import UsageError
from teacherreg.locale import has, language, t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

SCHOOL: Final = "school"
MOVE: Final = "move"
LABELS: Final = "coverage.equity"  # table of the catalogue of columns
MOST: Final = 3  # schools named in a sentence

# What a screen shows; files have every column.
_SHOWN: Final = {
    None: "stage indicator schools students holders mean cv limit meets gini theil reason",
    SCHOOL: "stage indicator school students holders value above_mean share",
    "locality": "stage indicator locality schools students holders mean cv ratio reason",
    "township": "stage indicator township schools students holders mean cv ratio_to_county reason",
    MOVE: "stage indicator from_school to_school cv_before cv_after meets reason",
}
_ROOMY: Final = 100  # columns of a screen that takes them all
_FOR_ROOMY: Final = frozenset(
    {("township", "students"), (SCHOOL, "students"), (SCHOOL, "above_mean"), (MOVE, "meets")}
)
_FORMS: Final = {
    **dict.fromkeys(("cv", "limit", "gini", "theil", "cv_before", "cv_after"), ".3f"),
    "share": ".1%",
}


@click.command("equity", cls=Command, help="coverage.equity")
@option(
    "--standard",
    "standards",
    multiple=True,
    default=(DEFAULT_STANDARD,),
    show_default=True,
    metavar="ID|FILE.toml|all",
    help="equity.standard",
)
@option("--by", type=click.Choice([SCHOOL, *GROUPINGS]), help="equity.by")
@option("--best-move", is_flag=True, help="equity.best-move")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def equity(
    registry: Registry,
    standards: tuple[str, ...],
    by: str | None,
    best_move: bool,
    on: date | None,
    form: str | None,
    out: Path | None,
    chart: Path | None,
) -> None:
    """List the coefficient of variation of each stage, or what explains it."""
    if by and best_move:
        raise UsageError("equity-one-list")
    kind = MOVE if best_move else by
    answer = registry.coverage.equity(standards, on=on)
    listing = _listing(answer, kind)
    give(
        listing or answer,
        form,
        out,
        sheet=t(f"equity.sheet.{kind}" if kind else "coverage.sheet.equity"),
        show=lambda to: _show(answer, listing, kind, to),
        labels=LABELS,
        title=_title(answer, kind),
        chart=chart,
        picture=lambda: _picture((listing or answer).to_polars(), kind),
    )


def _title(answer: Equity, kind: str | None) -> str:
    documents = ", ".join(dict.fromkeys(standard.document for standard in answer.standards))
    key = f"equity.title.{kind}" if kind else "coverage.equity.title"
    return t(key, document=documents, on=answer.on)


def _picture(frame: pl.DataFrame, kind: str | None) -> "Picture":
    from teacherreg.charts import coverage as pictures  # takes a second to load

    if kind is None:
        return pictures.equity(frame)
    if kind == SCHOOL:
        return pictures.contributions(frame)
    return pictures.best_moves(frame) if kind == MOVE else pictures.groups(frame, kind)


def _listing(answer: Equity, kind: str | None) -> Listing | None:
    if kind is None:
        return None
    if kind == SCHOOL:
        return answer.contributions()
    return answer.best_moves() if kind == MOVE else answer.groups(kind)


def _show(answer: Equity, listing: Listing | None, kind: str | None, to: Console) -> None:
    """Show a table, with what it means in sentences under it."""
    frame = (listing or answer).to_polars()
    if not frame.is_empty():
        to.print(_table(frame, _title(answer, kind), _columns(answer, kind, to.width)))
    for spread in answer.spreads:
        for sentence in _sentences(spread, kind):
            to.print(sentence)
    to.print(t("equity.legend"))


def _columns(answer: Equity, kind: str | None, width: int) -> list[str]:
    """Choose the columns; the indicator needs none of its own where there is but one."""
    left_out = {name for of, name in _FOR_ROOMY if of == kind and width < _ROOMY}
    if len({standard.indicator for standard in answer.standards}) == 1:
        left_out.add("indicator")
    return [name for name in _SHOWN[kind].split() if name not in left_out]


def _table(frame: pl.DataFrame, title: str, columns: list[str]) -> Table:
    words = in_words(frame, LABELS)
    words.columns = frame.columns
    words = words.with_columns(
        pl.Series(name, [_said(value, form) for value in frame[name]], dtype=pl.String)
        for name, form in _FORMS.items()
        if name in columns
    )
    names = {"holders": "counted"}  # holders of a title, under most standards
    shown = [names.get(name, name) for name in columns]
    return table_of(
        frame.rename(names, strict=False), title, shown, words.rename(names, strict=False)
    )


def _sentences(spread: Spread, kind: str | None) -> Iterator[str]:
    """Say in sentences what the table holds, or, under the coefficients, all of it in short."""
    named = _named(spread)
    if spread.reason:
        yield t("equity.unknown", **named, reason=t(f"coverage.reason.{spread.reason}"))
        return
    if not spread.square:
        yield t("equity.alike", **named)
    elif kind in {None, SCHOOL}:
        yield _worst(spread, spread.contributions()[:MOST])
    # nobody is told to move teachers where the limit is kept, unless that is the question
    if kind == MOVE or (kind is None and not spread.is_within_limit(spread.square)):
        yield _move(spread, spread.best_move())
    if kind in {None, "locality"}:
        yield _localities(spread, spread.groups("locality"))
    for grouping in GROUPINGS:
        parts = spread.indicator.parts[grouping]
        if kind in {None, grouping} and parts and spread.square:
            between = parts["theil_between"] / (parts["theil_between"] + parts["theil_within"])
            shares = {"between": f"{between:.0%}", "within": f"{1 - between:.0%}"}
            yield t(f"equity.parts-{grouping}", **named, **shares)


def _named(spread: Spread) -> dict[str, str]:
    """Name the stage, and those who are counted there."""
    person = f"equity.person.{spread.standard.indicator}"
    return {
        "stage": code_table("stages").label(spread.stage),
        "person": t(person) if has(person) else t("equity.person.other"),
    }


def _worst(spread: Spread, worst: list[Contribution]) -> str:
    schools = [
        t(
            "equity.school",
            school=row.school,
            value=f"{row.value:.2f}",
            side=t("equity.above") if row.above_mean else t("equity.below"),
            share=f"{float(row.share or 0):.1%}",
        )
        for row in worst
    ]
    return t("equity.worst", **_named(spread), count=len(schools), schools=_joined(schools))


def _move(spread: Spread, move: BestMove) -> str:
    """Say what the best move would do, and how many would do."""
    said = []
    if move.reason:
        said.append(t("equity.move-none", **_named(spread)))
    else:
        before, after = _told_apart(move.cv_before or 0, move.cv_after or 0)
        schools = {"giver": move.from_school, "taker": move.to_school}
        said.append(t("equity.move", **_named(spread), **schools, before=before, after=after))
        key = "equity.giver-meets" if move.giver_meets else "equity.giver-short"
        said.append(t(key, giver=move.from_school))
    if move.limit is not None:
        limit = f"{move.limit:.2f}"
        if move.moves_to_limit is None:
            said.append(t("equity.limit-out-of-reach", limit=limit))
        elif move.moves_to_limit == 0:
            said.append(t("equity.within-limit", limit=limit))
        else:
            said.append(t("equity.moves-to-limit", limit=limit, count=move.moves_to_limit))
    return _run_on(said)


def _localities(spread: Spread, groups: list[Group]) -> str:
    """Say what city, town and country have, and the ratio of country to city or town."""
    localities = code_table("localities")
    means = [
        t(
            "equity.mean",
            locality=localities.label(row.locality) if row.locality else t("coverage.unknown"),
            mean=f"{row.mean:.2f}",
        )
        for row in groups
    ]
    rural = next((row for row in groups if row.locality == "rural"), None)
    if rural is None or rural.compared_with is None:
        ratio = t("equity.ratio-unknown")
    else:
        urban = localities.label(rural.compared_with)
        if rural.ratio is None:
            ratio = t("equity.ratio-none", urban=urban, person=_named(spread)["person"])
        else:
            ratio = t("equity.ratio", urban=urban, ratio=f"{rural.ratio:.0%}")
    return _run_on([t("equity.localities", **_named(spread), means=_joined(means)), ratio])


def _told_apart(before: float, after: float) -> tuple[str, str]:
    """Round two coefficients to three places, or to as many as tell them apart."""
    places = next((n for n in range(3, 12) if f"{before:.{n}f}" != f"{after:.{n}f}"), 12)
    return f"{before:.{places}f}", f"{after:.{places}f}"


def _said(value: float | None, form: str) -> str | None:
    return None if value is None else format(value, form)


def _joined(words: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)


def _run_on(sentences: Iterable[str]) -> str:
    return ("" if language() == "zh" else " ").join(sentences)
