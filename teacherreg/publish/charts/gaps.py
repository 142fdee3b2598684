"""How many title holders are missing: by township, and in the neediest schools."""

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.theme import (
    AMBER,
    BLUE,
    BROAD,
    DEEP,
    GREEN,
    ORANGE,
    RUST,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    short_names,
    shown,
    stages_in,
)
from teacherreg.codes import code_table
from teacherreg.locale import t
from teacherreg.publish.charts.heatmap import Need, neediest

MOST_SCHOOLS: Final = 25
_LINE: Final = 26  # pixels for each bar


def gap_by_township(townships: Iterable[Row]) -> Picture:
    """Draw what each township misses, and write what it should have.

    Args:
        townships: Rows of ``township_gaps``.
    """
    rows = sorted(townships, key=lambda row: (-row["missing"], row["township"] or ""))
    bars = [_township(row) for row in rows]
    if not bars:
        return nothing()
    base = alt.Chart(inline(bars)).encode(
        x=_count((row["missing"] for row in bars), room=0.4),
        y=across("place", [row["place"] for row in bars]),
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.township")),
            alt.Tooltip("missing:Q", title=t("publish.missing")),
            alt.Tooltip("required:Q", title=t("publish.required")),
            alt.Tooltip("holders:Q", title=t("publish.holders")),
        ],
    )
    picture = base.mark_bar(color=ORANGE, height={"band": 0.68}) + _label(base)
    return finished(picture, height=60 + _LINE * len(bars))


def gap_by_school(gaps: Iterable[Row], county: str) -> Picture:
    """Draw what the neediest schools miss, stage by stage.

    Args:
        gaps: Rows of ``school_gaps``.
        county: Name of the county, left out of its schools' names.
    """
    known = list(gaps)
    needs = dict(list(neediest(known).items())[:MOST_SCHOOLS])
    if not needs:
        return nothing()
    names = short_names(needs, county)
    parts = [
        _part(row, names[row["school"]])
        for row in known
        if row["school"] in names and row["missing"]
    ]
    sums = [_sum(names[school], school, need) for school, need in needs.items()]
    stages = stages_in(parts)
    x = _count((row["missing"] for row in sums), room=0.15)
    y = across("place", names.values())
    colour = alt.Color("stage:N").scale(domain=stages, range=[DEEP, AMBER, BLUE][: len(stages)])
    bars = (
        alt.Chart(inline(parts))
        .mark_bar(height={"band": 0.68})
        .encode(
            x=x.stack("zero"),
            y=y,
            href="href:N",
            description="say:N",
            color=colour,
            order="order:Q",
            tooltip=[
                alt.Tooltip("place:N", title=t("publish.school")),
                alt.Tooltip("stage:N", title=t("publish.stage")),
                alt.Tooltip("missing:Q", title=t("publish.missing")),
                alt.Tooltip("required:Q", title=t("publish.required")),
                alt.Tooltip("holders:Q", title=t("publish.holders")),
            ],
        )
    )
    total = alt.Chart(inline(sums)).encode(x=x, y=y, href="href:N", description="say:N")
    height = 90 + _LINE * len(sums)
    return finished(bars + _label(total), width=BROAD, height=height)


def _count(numbers: Iterable[int], *, room: float) -> alt.X:
    """Count persons from nought, in whole numbers, with room for the words at the end."""
    most = max(numbers, default=0) or 1
    scale = alt.Scale(domain=[0, most * (1 + room)], nice=False)
    axis = alt.Axis(format="d", tickCount=min(most, 6), tickMinStep=1)
    return alt.X("missing:Q").scale(scale).axis(axis).title(t("publish.persons"))


def _label(base: alt.Chart) -> alt.Chart:
    """Write beside each bar; a place that misses nobody says so in a colour of its own."""
    colour = alt.condition("datum.missing > 0", alt.value(RUST), alt.value(GREEN))
    words = base.mark_text(align="left", dx=6, fontWeight="bold")
    chart: alt.Chart = words.encode(text="words:N", color=colour)
    return chart


def _township(row: Row) -> dict[str, Any]:
    place = row["township"] or t("publish.no-township")
    return {
        "place": place,
        "missing": row["missing"],
        "required": row["required"],
        "holders": row["holders"],
        "words": t("publish.missing-of", missing=row["missing"], required=row["required"]),
        "say": t("publish.say-missing", place=place, missing=row["missing"]),
        "href": rows_behind("school_gaps", township=row["township"]),
    }


def _part(row: Row, name: str) -> dict[str, Any]:
    stage = shown("stages", row["stage"])
    stages = code_table("stages")
    return {
        "place": name,
        "stage": stage,
        "order": stages.codes.index(stages.resolve(row["stage"]).code or stages.codes[0]),
        "missing": row["missing"],
        "required": row["required"],
        "holders": row["holders"],
        "say": t("publish.say-missing", place=f"{name} {stage}", missing=row["missing"]),
        "href": rows_behind("school_gaps", school=row["school"], stage=row["stage"]),
    }


def _sum(name: str, school: str, need: Need) -> dict[str, Any]:
    missing = need.missing
    return {
        "place": name,
        "missing": missing,
        "words": t("publish.missing-of", missing=missing, required=need.required),
        "say": t("publish.say-missing", place=name, missing=missing),
        "href": rows_behind("school_gaps", school=school),
    }
