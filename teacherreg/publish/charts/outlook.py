"""Years past and years to come: who is there, who is asked for, who goes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import altair as alt

from teacherreg.charts.theme import (
    BLUE,
    INK,
    NARROW,
    ORANGE,
    RUST,
    Picture,
    Row,
    finished,
    inline,
    nothing,
    rows_behind,
)
from teacherreg.locale import t

_HEIGHT: Final = 340
_BAR: Final = 44  # pixels


def trend(years: Iterable[Row]) -> Picture:
    """Draw who was there and who was missing on the 1 September of past years.

    Args:
        years: Rows of ``trend``.
    """
    rows = list(years)
    parts = {"holders": (t("publish.holders"), BLUE), "missing": (t("publish.missing"), ORANGE)}
    pieces = [
        _piece("trend", row, row["day"][:4], {column: part}, order)
        for row in rows
        for order, (column, part) in enumerate(parts.items())
    ]
    return _years(pieces, [part for part, _ in parts.values()], [of for _, of in parts.values()])


def forecast(years: Iterable[Row]) -> Picture:
    """Draw who will be missing if nobody acts, and how much of it age alone takes away.

    Args:
        years: Rows of ``forecast``.
    """
    rows = [
        row
        | {
            "renewed": row["missing_renewed"],
            "terms": max(0, row["missing"] - row["missing_renewed"]),
        }
        for row in map(dict, years)
    ]
    parts = {
        "renewed": (t("publish.missing-renewed"), RUST),
        "terms": (t("publish.missing-terms"), ORANGE),
    }
    pieces = [
        _piece("forecast", row, _when(row), {column: part}, order)
        for row in rows
        for order, (column, part) in enumerate(parts.items())
    ]
    return _years(pieces, [part for part, _ in parts.values()], [of for _, of in parts.values()])


def _when(row: Row) -> str:
    return t("publish.today") if row["id"] == 0 else str(row["day"])[:4]


def _piece(
    table: str, row: Row, when: str, part: Mapping[str, tuple[str, str]], order: int
) -> dict[str, Any]:
    ((column, (name, _)),) = part.items()
    say = t("publish.say-year", when=when, part=name, count=row[column])
    return {
        "when": when,
        "part": name,
        "value": row[column],
        "order": order,
        "words": str(row[column]) if row[column] else "",
        "say": say,
        "href": rows_behind(table, id=str(row["id"])),
    }


def _years(pieces: list[dict[str, Any]], names: list[str], colours: list[str]) -> Picture:
    """Stack the parts of each year, every part with its number on it."""
    if not pieces:
        return nothing()
    order = list(dict.fromkeys(piece["when"] for piece in pieces))
    base = alt.Chart(inline(pieces)).encode(
        x=alt.X("when:N").sort(order).title(None).axis(labelAngle=0),
        y=alt.Y("value:Q").stack("zero").title(None).axis(tickCount=6, format="d"),
        order="order:Q",
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("when:N", title=t("publish.year")),
            alt.Tooltip("part:N", title=t("publish.part")),
            alt.Tooltip("value:Q", title=t("publish.persons")),
        ],
    )
    colour = alt.Color("part:N").scale(domain=names, range=colours)
    bars = base.mark_bar(size=_BAR).encode(color=colour)
    middle = alt.Y("value:Q").stack("zero").bandPosition(0.5)
    # a white edge keeps the number readable on every colour
    edges = base.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", fontSize=12)
    words = base.mark_text(color=INK, fontSize=12)
    layers = bars + edges.encode(y=middle, text="words:N") + words.encode(y=middle, text="words:N")
    return finished(layers, width=NARROW, height=_HEIGHT)
