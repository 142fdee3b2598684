"""Whom the title holders reach: in the schools where most teachers have nobody."""

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.coverage import REACHED
from teacherreg.charts.theme import (
    BROAD,
    DEEP,
    INK,
    RUST,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    short_names,
)
from teacherreg.locale import t

MOST_SCHOOLS: Final = 20
_LINE: Final = 26  # pixels for each bar
_ROOM: Final = 0.03  # of the axis: a narrower piece has no room for its number


def reach(schools: Iterable[Row], county: str) -> Picture:
    """Draw how each school's teachers are reached; ways that nobody goes are left out.

    Args:
        schools: Rows of ``reach``.
        county: Name of the county, left out of its schools' names.
    """
    neediest = sorted(schools, key=lambda row: (-row["none"], row["school"]))[:MOST_SCHOOLS]
    if not neediest:
        return nothing()
    ways = [way for way in REACHED if any(row[way] for row in neediest)]
    names = short_names([row["school"] for row in neediest], county)
    most = max(row["teachers"] for row in neediest)
    x = alt.X("value:Q").scale(domain=[0, most * 1.25], nice=False).title(t("publish.persons"))
    x = x.axis(format="d", tickCount=6, tickMinStep=1)
    y = across("place", names.values())
    pieces = [
        _piece(row, names[row["school"]], way, order, most)
        for row in neediest
        for order, way in enumerate(ways)
        if row[way]
    ]
    ends = [_end(row, names[row["school"]]) for row in neediest]
    base = alt.Chart(inline(pieces)).encode(
        y=y,
        order="order:Q",
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.school")),
            alt.Tooltip("way:N", title=t("publish.part")),
            alt.Tooltip("value:Q", title=t("publish.persons")),
        ],
    )
    colour = alt.Color("way:N").scale(
        domain=[t(f"coverage.short.{way}") for way in ways], range=[REACHED[way] for way in ways]
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1, height={"band": 0.7})
    counts = base.transform_filter("datum.words").mark_text()
    counts = counts.encode(
        x=x.stack("zero").bandPosition(0.5),
        text="words:N",
        color=alt.Color("ink:N").scale(None),
    )
    said = alt.Chart(inline(ends)).mark_text(align="left", dx=6, fontWeight="bold", color=RUST)
    said = said.encode(x=x, y=y, text="words:N", href="href:N", description="say:N")
    layers = bars.encode(x=x.stack("zero"), color=colour) + counts + said
    return finished(layers, width=BROAD, height=90 + _LINE * len(neediest))


def _piece(row: Row, name: str, way: str, order: int, most: int) -> dict[str, Any]:
    value, words = row[way], t(f"coverage.short.{way}")
    return {
        "place": name,
        "way": words,
        "value": value,
        "order": order,
        "words": str(value) if value >= _ROOM * most else "",
        "ink": "white" if REACHED[way] == DEEP else INK,
        "say": t("publish.say-year", when=name, part=words, count=value),
        "href": rows_behind("reach", school=row["school"]),
    }


def _end(row: Row, name: str) -> dict[str, Any]:
    words = t("coverage.chart.none-of", none=row["none"], teachers=row["teachers"])
    return {
        "place": name,
        "value": row["teachers"],
        "words": words,
        "say": f"{name} {words}",
        "href": rows_behind("reach", school=row["school"]),
    }
