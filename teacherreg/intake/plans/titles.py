"""Titles: each award a row, known by person, kind, level, subject and day of award."""

from datetime import date
from typing import Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.codes.periods import term_end
from teacherreg.intake.context import Context
from teacherreg.intake.plans.records import plan_records
from teacherreg.intake.plans.references import find_people
from teacherreg.intake.tables import TITLE_AWARD
from teacherreg.models import Level
from teacherreg.settings import Settings

KEY: Final = ("teacher_id", "title_kind", "level", "subject", "awarded_on")
FACTS: Final = ("term_ends_on", "is_term_by_rule", "revoked_on", "issuer", "document_no")
_DECIDES_TERM: Final = ["title_kind", "level", "awarded_on"]
_HIGH_LEVELS: Final = (Level.NATIONAL.value, Level.PROVINCE.value)


def plan_titles(context: Context) -> None:
    """Plan a list of titles."""
    rows, _ = find_people(context)
    if rows.is_empty():
        return
    said = pl.col("term_ends_on").is_not_null()
    ends = _ends_by_rule(rows, context.settings)
    plan_records(
        context,
        rows.with_columns(is_term_by_rule=pl.when(said).then(pl.lit(False))).join(
            ends, on=_DECIDES_TERM, how="left", nulls_equal=True, maintain_order="left"
        ),
        TITLE_AWARD,
        key=KEY,
        facts=FACTS,
        also=("rule_ends_on",),
        when_new={
            "term_ends_on": pl.coalesce("term_ends_on", "rule_ends_on"),
            "is_term_by_rule": ~said & pl.col("rule_ends_on").is_not_null(),
        },
    )


def _ends_by_rule(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Work out the last day of terms from the county's settings or the kind's usual term."""
    awards = rows.select(_DECIDES_TERM).unique()
    ends = [
        _end_by_rule(kind, level, awarded_on, settings)
        for kind, level, awarded_on in awards.iter_rows()
    ]
    return awards.with_columns(rule_ends_on=pl.Series(ends, dtype=pl.String()))


def _end_by_rule(
    kind: str, level: str | None, awarded_on: str | None, settings: Settings
) -> str | None:
    kinds = code_table("title_kinds")
    if awarded_on is None or kind not in kinds or kinds.value(kind, "has_term") != "1":
        return None
    column = "term_years_province" if level in _HIGH_LEVELS else "term_years"
    years = settings.number(f"titles.{column}") or int(kinds.value(kind, column) or 0)
    return term_end(date.fromisoformat(awarded_on), years).isoformat() if years else None
