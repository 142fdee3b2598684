"""How evenly title holders are spread: city, town and country, and school against school."""

from collections.abc import Iterable
from typing import Any

import altair as alt

from teacherreg.charts.theme import (
    AMBER,
    BLUE,
    DEEP,
    GREEN,
    INK,
    NARROW,
    ORANGE,
    RUST,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    shown,
    stages_in,
)
from teacherreg.codes import code_table
from teacherreg.locale import t
from teacherreg.publish.charts.unevenness import short_indicator


def locality_comparison(localities: Iterable[Row], per_100_students: float) -> Picture:
    """Draw holders for each 100 students by locality and stage, with the standard's line.

    Args:
        localities: Rows of ``locality_gaps``.
        per_100_students: What the standard asks for.
    """
    bars = [_locality(row, per_100_students) for row in localities if row["students"]]
    if not bars:
        return nothing()
    stages = stages_in(bars)
    most = max([per_100_students, *(bar["value"] for bar in bars)])
    y = alt.Y("value:Q").scale(domain=[0, most * 1.15], nice=False)
    y = y.title(None).axis(tickCount=5, format=".1f")
    x = alt.X("locality:N").sort(_order("localities")).title(None)
    base = alt.Chart(inline(bars)).encode(
        x=x.axis(labelAngle=0),
        xOffset=alt.XOffset("stage:N").sort(stages),
        y=y,
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("locality:N", title=t("publish.locality")),
            alt.Tooltip("stage:N", title=t("publish.stage")),
            alt.Tooltip("value:Q", title=t("publish.per-100"), format=".2f"),
            alt.Tooltip("holders:Q", title=t("publish.holders")),
            alt.Tooltip("students:Q", title=t("publish.students")),
        ],
    )
    colour = alt.Color("stage:N").scale(domain=stages, range=[DEEP, AMBER, BLUE][: len(stages)])
    said = base.encode(text="text:N")
    # A figure just under the line stays readable on a white edge of its own.
    edges = said.mark_text(
        dy=-9, fontWeight="bold", stroke="white", strokeWidth=4, strokeJoin="round"
    )
    figures = said.mark_text(dy=-9, fontWeight="bold").encode(color=alt.Color("ink:N").scale(None))
    line = _standard_line(per_100_students, y)
    picture = base.mark_bar().encode(color=colour) + line + edges + figures
    return finished(picture, width=NARROW, height=340)


def _standard_line(wanted: float, y: alt.Y) -> Picture:
    """Draw what the standard asks for across the chart, and write it at the end."""
    line = alt.Chart(inline([{"value": wanted, "text": _standard(wanted)}]))
    rule = line.mark_rule(color=RUST, strokeDash=[6, 4], strokeWidth=1.5).encode(y=y)
    words = line.mark_text(align="right", dx=-2, dy=-11, color=RUST)
    both: Picture = rule + words.encode(x=alt.value("width"), y=y, text="text:N")
    return both


def _standard(wanted: float) -> str:
    return t("publish.standard-line", per_100=f"{wanted:g}")


def equity(indicators: Iterable[Row]) -> Picture:
    """Draw each coefficient of variation against its limit.

    Args:
        indicators: Rows of ``equity``.
    """
    known = list(indicators)
    is_one = len({row["indicator"] for row in known}) < 2
    bars = [_indicator(row, is_one=is_one) for row in known]
    if not bars:
        return nothing()
    most = max([0.5, *(bar["cv"] or 0 for bar in bars), *(bar["limit"] or 0 for bar in bars)])
    scale = alt.Scale(domain=[0, most * 1.45], nice=False)
    x = alt.X("cv:Q").scale(scale).axis(tickCount=6, format=".1f").title(t("publish.cv"))
    base = alt.Chart(inline(bars)).encode(
        y=across("place", [bar["place"] for bar in bars]),
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.stage")),
            alt.Tooltip("shown:N", title=t("publish.cv")),
            alt.Tooltip("limit:Q", title=t("publish.limit"), format=".2f"),
            alt.Tooltip("schools:Q", title=t("publish.schools")),
        ],
    )
    colour = alt.Color("colour:N").scale(None)
    bar = base.mark_bar(height={"band": 0.42}).encode(x=x, color=colour)
    limit = base.mark_tick(color=INK, thickness=3, size=36).encode(x=alt.X("limit:Q"))
    words = base.mark_text(align="left", dx=6, fontWeight="bold").encode(
        x=alt.X("end:Q"), text="text:N", color=alt.Color("ink:N").scale(None)
    )
    named = base.mark_text(dy=-25, color=INK, fontSize=12).encode(
        x=alt.X("limit:Q"), text="limit_text:N"
    )
    return finished(bar + limit + words + named, height=80 + 68 * len(bars))


def _order(codes: str) -> list[str]:
    table = code_table(codes)
    return [*map(table.label, table.codes), "—"]


def _locality(row: Row, wanted: float) -> dict[str, Any]:
    value = row["per_100_students"] or 0
    locality, stage = shown("localities", row["locality"]), shown("stages", row["stage"])
    return {
        "locality": locality,
        "stage": stage,
        "value": value,
        "text": f"{value:.2f}",
        "ink": RUST if value < wanted else INK,
        "holders": row["holders"],
        "students": row["students"],
        "say": t("publish.say-locality", locality=locality, stage=stage, value=f"{value:.2f}"),
        "href": rows_behind("school_gaps", locality=row["locality"], stage=row["stage"]),
    }


def _indicator(row: Row, *, is_one: bool) -> dict[str, Any]:
    stage, cv, limit = shown("stages", row["stage"]), row["cv"], row["limit_value"]
    shown_cv = t("publish.cv-unknown") if cv is None else f"{cv:.3f}"
    verdict = "unknown" if row["meets"] is None else "meets" if row["meets"] else "fails"
    colours = {"unknown": (INK, INK), "meets": (BLUE, GREEN), "fails": (ORANGE, RUST)}
    text = t(f"publish.cv-{verdict}", cv=shown_cv)
    place = stage if is_one else f"{stage} · {short_indicator(row['indicator'])}"
    return {
        "place": place,
        "cv": cv,
        "shown": shown_cv,
        "limit": limit,
        "limit_text": "" if limit is None else t("publish.limit-of", limit=f"{limit:.2f}"),
        "end": max(cv or 0, limit or 0),
        "text": text,
        "colour": colours[verdict][0],
        "ink": colours[verdict][1],
        "schools": row["schools"],
        "say": t("publish.say-equity", stage=place, text=text),
        "href": rows_behind("equity", stage=row["stage"], indicator=row["indicator"]),
    }
