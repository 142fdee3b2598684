"""Bars of several parts laid end to end, each part leading to its rows.

The number of every part stands in it where there is room, and behind the bar in words, so
nothing is told by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from teacherreg.charts.marks import room_for_words
from teacherreg.charts.theme import (
    BROAD,
    DEEP,
    GREEN,
    INK,
    RUST,
    Picture,
    across,
    finished,
    inline,
    nothing,
)
from teacherreg.locale import t

_LINE: Final = 26  # pixels for each bar
_AXES: Final = 90  # pixels for axes and legend
_ROOM: Final = 0.03  # of the axis of a broad chart: a narrower part has no room for its number

Parts = Mapping[str, tuple[str, str]]  # by key: what the part is called, and its colour


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes:
        place: What it is about.
        numbers: How long each part is.
        words: What is written behind it.
        href: Where it leads.
        ink: Colour of the words.
        label: What a part's number is written as; the number itself if not given.
    """

    place: str
    numbers: Mapping[str, float]
    words: str
    href: str
    ink: str = RUST
    label: str | None = None


def stacked(
    bars: Sequence[Bar], parts: Parts, unit: str, *, most: int = 15, width: int = BROAD
) -> Picture:
    """Draw the bars in their order; a part that is nowhere is left out of the legend.

    Args:
        bars: What there is to draw; the axis says so where they are not all drawn.
        parts: The parts of every bar, from the axis outwards.
        unit: What is counted.
        most: Of how many bars one can read.
        width: Pixels.
    """
    if not bars:
        return nothing()
    if len(bars) > most:
        unit = t("coverage.chart.first", unit=unit, all=len(bars), drawn=most)
        bars = bars[:most]
    used = {key: part for key, part in parts.items() if any(bar.numbers.get(key) for bar in bars)}
    used = used or dict(parts)
    ends = [_end(bar, used) for bar in bars]
    end = room_for_words([(one["place"], one["value"], one["words"]) for one in ends], width)
    x = alt.X("value:Q").scale(domain=[0, end], nice=False).title(unit)
    x = x.axis(format="d", tickCount=6, tickMinStep=1)
    y = across("place", [bar.place for bar in bars])
    least = _ROOM * end * BROAD / width
    pieces = [
        _piece(bar, key, name, order, least)
        for bar in bars
        for order, (key, (name, _)) in enumerate(used.items())
        if bar.numbers.get(key)
    ]
    said = alt.Chart(inline(ends)).mark_text(align="left", dx=6, fontWeight="bold")
    said = said.encode(
        x=x,
        y=y,
        text="words:N",
        href="href:N",
        description="say:N",
        color=alt.Color("ink:N").scale(None),
    )
    layers = _pieces(pieces, used, x, y, unit) + said if pieces else said
    return finished(layers, width=width, height=_AXES + _LINE * len(bars))


def _pieces(
    pieces: Sequence[dict[str, Any]], parts: Parts, x: alt.X, y: alt.Y, unit: str
) -> alt.LayerChart:
    colours = dict(parts.values())
    base = alt.Chart(inline({**piece, "ink": _on(colours[piece["part"]])} for piece in pieces))
    base = base.encode(
        y=y,
        order="order:Q",
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.place")),
            alt.Tooltip("part:N", title=t("publish.part")),
            alt.Tooltip("shown:N", title=unit),
        ],
    )
    shapes = base.mark_bar(stroke="white", strokeWidth=1, height={"band": 0.7})
    shapes = shapes.encode(
        x=x.stack("zero"),
        color=alt.Color("part:N").scale(domain=list(colours), range=list(colours.values())),
    )
    # none is left out: each stands where those before it end
    counts = base.mark_text().encode(
        x=x.stack("zero").bandPosition(0.5),
        text="words:N",
        color=alt.Color("ink:N").scale(None),
    )
    layers: alt.LayerChart = shapes + counts
    return layers


def _on(colour: str) -> str:
    return "white" if colour in {DEEP, GREEN, RUST} else INK


def _piece(bar: Bar, key: str, name: str, order: int, least: float) -> dict[str, Any]:
    value = bar.numbers[key]
    shown = bar.label or f"{value:g}"
    return {
        "place": bar.place,
        "part": name,
        "value": value,
        "order": order,
        "shown": shown,
        "words": shown if value >= least else "",
        "say": t("publish.say-part", place=bar.place, part=name, value=shown),
        "href": bar.href,
    }


def _end(bar: Bar, parts: Parts) -> dict[str, Any]:
    return {
        "place": bar.place,
        "value": sum(bar.numbers.get(key, 0) for key in parts),
        "words": bar.words,
        "ink": bar.ink,
        "say": f"{bar.place} {bar.words}",
        "href": bar.href,
    }
