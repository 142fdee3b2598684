"""Asking which schools can pass the quality-balance evaluation, and whether the county can."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from rich.console import Console

from teacherreg.cli.answers import chart_option, form_option, give, in_words, out_option, table_of
from teacherreg.cli.coverage import coverage
from teacherreg.cli.frame import on_option, pass_registry
from teacherreg.codes import code_table
from teacherreg.coverage import Verdict
from teacherreg.coverage.equity_rows import Indicator
from teacherreg.locale import t
from teacherreg.registry import Registry

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

_FOR_FILES = ("school_code", "school_type", "township", "locality", "outside")


@coverage.command("verdict", help="verdict.verdict")
@on_option
@form_option
@out_option
@chart_option
@pass_registry
def verdict(
    registry: Registry, on: date | None, form: str | None, out: Path | None, chart: Path | None
) -> None:
    """Judge schools and the county by the pass rule."""
    answer = registry.coverage.verdict(on=on)
    give(
        answer,
        form,
        out,
        sheet=t("verdict.sheet"),
        show=lambda to: _show(answer, to),
        title=_title(answer),
        chart=chart,
        picture=lambda: _picture(answer),
    )


def _title(answer: Verdict) -> str:
    rule = answer.evaluation
    return t("verdict.title", name=rule.name, document=rule.document, on=answer.on)


def _picture(answer: Verdict) -> "Picture":
    from teacherreg.charts import coverage as pictures  # takes a second to load

    return pictures.verdict(answer.to_polars())


def _show(answer: Verdict, to: Console) -> None:
    if not answer.schools:
        to.print(t("coverage.gaps.none"))
        return
    frame = answer.to_polars()
    words = in_words(frame)
    words.columns = frame.columns
    words = words.with_columns(can_pass=pl.coalesce("outside", "can_pass"))
    left_out = {name for name in frame.columns if name.endswith("_meets")}.union(_FOR_FILES)
    columns = [name for name in frame.columns if name not in left_out]
    rule = answer.evaluation
    to.print(table_of(frame, _title(answer), columns, words))
    to.print(t("verdict.total", **answer.totals))
    computed = len(rule.standards)
    to.print(
        t(
            "verdict.rule",
            indicators=rule.indicators,
            computed=computed,
            others=rule.indicators - computed,
            least=rule.indicators - rule.may_be_below,
            floor=f"{float(100 * answer.floor):g}",
        )
    )
    for line in _county(answer):
        to.print(line)


def _county(answer: Verdict) -> Iterator[str]:
    words = {True: "verdict.county-meets", False: "verdict.county-fails"}
    yield t(words[answer.meets] if answer.meets is not None else "verdict.county-unknown")
    for row in answer.indicators:
        yield "  " + _coefficient(row)


def _coefficient(row: Indicator) -> str:
    """Tell one coefficient; it is compared unrounded."""
    name = code_table("indicators").label(row.indicator)
    stage = code_table("stages").label(row.stage)
    if row.cv is None:
        return t("verdict.no-cv", stage=stage, name=name, why=t(f"coverage.reason.{row.reason}"))
    return t(
        "verdict.cv-meets" if row.meets else "verdict.cv-fails",
        stage=stage,
        name=name,
        cv=f"{row.cv:.3f}",
        limit=f"{row.limit:.2f}",
    )
