"""Years past and years to come: who is there, who is asked for, who goes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import altair as alt

from teacherreg.charts.marks import keep_apart
from teacherreg.charts.theme import (
    BLUE,
    INK,
    NARROW,
    ORANGE,
    RUST,
    SOFT,
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
    lines = {
        "required": (t("publish.required"), SOFT),
        "holders": (t("publish.holders"), BLUE),
        "missing": (t("publish.missing"), RUST),
    }
    rows = list(years)
    if not rows:
        return nothing()
    points = [
        _piece("trend", row, row["day"][:4], {column: line}, order)
        for row in rows
        for order, (column, line) in enumerate(lines.items())
    ]
    most = max(point["value"] for point in points) * 1.15 or 1
    for row in rows:
        keep_apart([point for point in points if point["when"] == row["day"][:4]], most)
    names, colours = zip(*lines.values(), strict=True)
    base = alt.Chart(inline(points)).encode(
        x=alt.X("when:N").title(None).axis(labelAngle=0),
        y=alt.Y("value:Q").scale(domain=[0, most], nice=False).title(t("publish.persons")),
        color=alt.Color("part:N").scale(domain=list(names), range=list(colours)),
    )
    dash = alt.StrokeDash("part:N").scale(domain=list(names), range=[[2, 3], [1, 0], [6, 4]])
    shapes = ["circle", "square", "triangle-up"]
    shape = alt.Shape("part:N").scale(domain=list(names), range=shapes)
    leading = base.encode(href="href:N", description="say:N", tooltip=_tooltip())
    said = leading.encode(text="text:N", color=alt.value(INK))
    above = said.mark_text(dy=-12, fontWeight="bold").transform_filter("!datum.is_below")
    below = said.mark_text(dy=15, fontWeight="bold").transform_filter("datum.is_below")
    layers = (
        base.mark_line(strokeWidth=2.5).encode(strokeDash=dash)
        + leading.mark_point(size=90, filled=True, opacity=1).encode(shape=shape)
        + above
        + below
    )
    return finished(layers, width=NARROW, height=_HEIGHT)


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
        "text": str(row[column]),
        "say": say,
        "href": rows_behind(table, id=str(row["id"])),
    }


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title=t("publish.year")),
        alt.Tooltip("part:N", title=t("publish.part")),
        alt.Tooltip("value:Q", title=t("publish.persons")),
    ]


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
        tooltip=_tooltip(),
    )
    colour = alt.Color("part:N").scale(domain=names, range=colours)
    bars = base.mark_bar(size=_BAR).encode(color=colour)
    middle = alt.Y("value:Q").stack("zero").bandPosition(0.5)
    # a white edge keeps the number readable on every colour
    edges = base.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", fontSize=12)
    words = base.mark_text(color=INK, fontSize=12)
    layers = bars + edges.encode(y=middle, text="words:N") + words.encode(y=middle, text="words:N")
    return finished(layers, width=NARROW, height=_HEIGHT)
