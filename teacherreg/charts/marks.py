"""Kinds of picture that several answers share: bars with parts, bars with a limit, years.

Every number that a mark stands for is written beside it, so that nothing is told by colour
or by length alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

import altair as alt

from teacherreg.charts.theme import (
    BLUE,
    BROAD,
    CONFIG,
    INK,
    ORANGE,
    RUST,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
)
from teacherreg.locale import t

MOST_BARS: Final = 30
WIDTH: Final = 900
_LINE: Final = 26  # pixels for each bar
_LONGEST: Final = 420  # pixels of a name
_MARGIN: Final = 24  # pixels around words
_NARROW_SIGN: Final = 7.5  # pixels; a Chinese one is twice as wide
_CLOSE: Final = 0.09  # of an axis: numbers nearer than that would lie on each other
_AXES: Final = 120  # pixels for axes, legend and title


def bars(
    rows: Sequence[Row],
    parts: Mapping[str, tuple[str, str]],
    unit: str,
    words: Callable[[Row], str],
    axis_format: str = ".6~g",
) -> Picture:
    """Draw a bar for each row, of several parts laid end to end, with words behind it.

    Args:
        rows: Each with ``place``, what the bar is about, and a number for each part; the
            first `MOST_BARS` are drawn, and the axis says how many there are.
        parts: By column: what the part is called, and its colour.
        unit: What is counted.
        words: Gives what is written behind a bar.
        axis_format: How the axis writes a number.
    """
    drawn = rows[:MOST_BARS]
    if not drawn:
        return nothing()
    has_legend = len(parts) > 1
    parts = {name: part for name, part in parts.items() if any(row[name] for row in drawn)} or parts
    if len(rows) > len(drawn):
        unit = t("coverage.chart.first", unit=unit, drawn=len(drawn), all=len(rows))
    ends = [
        {
            "place": row["place"],
            "value": sum(row[column] or 0 for column in parts),
            "words": words(row),
        }
        for row in drawn
    ]
    most = room_for_words([(end["place"], end["value"], end["words"]) for end in ends])
    y = _places(drawn)
    x = (
        alt.X("value:Q")
        .scale(alt.Scale(domain=[0, most], nice=False))
        .axis(tickCount=6, format=axis_format)
        .title(unit)
    )
    shapes = _pieces(drawn, parts).encode(x=x.stack("zero"), y=y)
    if not has_legend:
        shapes = shapes.encode(color=alt.value(next(iter(parts.values()))[1]))
    said = alt.Chart(inline(ends)).mark_text(align="left", dx=6, fontWeight="bold")
    said = said.encode(x=x, y=y, text="words:N")
    return finished(shapes + said, width=WIDTH, height=_AXES + _LINE * len(drawn))


def _pieces(rows: Sequence[Row], parts: Mapping[str, tuple[str, str]]) -> alt.Chart:
    """Lay the parts of each row end to end, parted by white for those who see no colour."""
    pieces = [
        {"place": row["place"], "part": name, "value": row[column] or 0, "order": order}
        for row in rows
        for order, (column, (name, _)) in enumerate(parts.items())
    ]
    names, colours = zip(*parts.values(), strict=True)
    colour = alt.Color("part:N").scale(domain=list(names), range=list(colours))
    shapes = alt.Chart(inline(pieces)).mark_bar(
        stroke="white", strokeWidth=0.6, height={"band": 0.68}
    )
    chart: alt.Chart = shapes.encode(color=colour, order="order:Q")
    return chart


def room_for_words(bars_drawn: Sequence[tuple[str, float, str]], width: int = WIDTH) -> float:
    """Give the end of an axis that leaves room for the words behind every bar.

    Args:
        bars_drawn: Place, length and words of each.
        width: Of the whole picture, in pixels.
    """
    names = max(min(_pixels(place), _LONGEST) for place, _, _ in bars_drawn)
    wide = width - names - _MARGIN
    return (
        max(
            length * wide / max(wide - _pixels(words) - _MARGIN, wide / 4)
            for _, length, words in bars_drawn
        )
        or 1
    )


def _pixels(words: str) -> float:
    """Tell how wide words are about, a little more rather than less."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words) * _NARROW_SIGN


def bars_with_limit(rows: Sequence[Row], unit: str) -> Picture:
    """Draw a bar for each row against the limit that it must not pass.

    Args:
        rows: Each with ``place``, ``value`` (None where unknown), ``limit`` (or None),
            ``is_over`` and ``words``.
        unit: What the length of a bar is.
    """
    if not rows:
        return nothing()
    marks = [
        {
            **row,
            "length": row["value"] or 0,
            "end": max(row["value"] or 0, row["limit"] or 0),
            "colour": ORANGE if row["is_over"] else BLUE,
            "ink": RUST if row["is_over"] else INK,
        }
        for row in rows
    ]
    most = room_for_words([(mark["place"], mark["end"], mark["words"]) for mark in marks])
    x = (
        alt.X("length:Q")
        .scale(alt.Scale(domain=[0, most], nice=False))
        .axis(tickCount=6, format=".1f")
        .title(unit)
    )
    base = alt.Chart(inline(marks)).encode(y=_places(marks))
    bar = base.mark_bar(height={"band": 0.6}).encode(x=x, color=alt.Color("colour:N").scale(None))
    limit = base.mark_tick(color=INK, thickness=3, size=30).encode(x=alt.X("limit:Q"))
    words = base.mark_text(align="left", dx=8, fontWeight="bold").encode(
        x=alt.X("end:Q"), text="words:N", color=alt.Color("ink:N").scale(None)
    )
    return finished(bar + limit + words, width=WIDTH, height=_AXES + 44 * len(marks))


def _places(rows: Sequence[Row]) -> alt.Y:
    """Lay a line across the picture for each row, with room for long names."""
    return across("place", [row["place"] for row in rows]).axis(labelLimit=_LONGEST)


def years(
    rows: Sequence[Row],
    lines: Mapping[str, tuple[str, str]],
    parts: Mapping[str, tuple[str, str]],
    unit: str,
) -> Picture:
    """Draw figures of several years: lines, and bars of several parts below them.

    Args:
        rows: Each with ``when``, and a number or None for each line and part.
        lines: By column: what the line is called, and its colour.
        parts: The same of the bars.
        unit: What is counted.
    """
    if not rows:
        return nothing()
    order = [row["when"] for row in rows]
    x = alt.X("when:N").sort(order).title(None).axis(labelAngle=0)
    top = _lines(rows, lines, x, unit)
    if not parts:
        return finished(top, width=BROAD, height=420)
    both = alt.vconcat(
        top.properties(width=WIDTH, height=300), _stack(rows, parts, x, unit)
    ).resolve_scale(color="independent", x="shared")
    return _plain(both)


def _lines(
    rows: Sequence[Row], lines: Mapping[str, tuple[str, str]], x: alt.X, unit: str
) -> alt.LayerChart:
    points: list[dict[str, Any]] = [
        {"when": row["when"], "line": name, "value": row[column], "text": f"{row[column]:.6g}"}
        for column, (name, _) in lines.items()
        for row in rows
        if row[column] is not None
    ]
    names, colours = zip(*lines.values(), strict=True)
    most = max((point["value"] for point in points), default=0) or 1
    for row in rows:
        keep_apart([point for point in points if point["when"] == row["when"]], most)
    base = alt.Chart(inline(points)).encode(
        x=x,
        y=_upright(alt.Y("value:Q").scale(domain=[0, most * 1.15], nice=False), unit),
        color=alt.Color("line:N").scale(domain=list(names), range=list(colours)),
    )
    dash = (
        alt.StrokeDash("line:N")
        .legend(None)
        .scale(domain=list(names), range=[[1, 0], [6, 4], [2, 3]][: len(names)])
    )
    line = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45)).encode(
        strokeDash=dash
    )
    words = base.mark_text(fontWeight="bold").encode(text="text:N", color=alt.value(INK))
    above = words.mark_text(dy=-11, fontWeight="bold").transform_filter("!datum.is_below")
    below = words.mark_text(dy=13, fontWeight="bold").transform_filter("datum.is_below")
    # without this, leaving out the legend of dashes leaves out that of colours
    layered: alt.LayerChart = (line + above + below).resolve_scale(color="independent")
    return layered


def _upright(y: alt.Y, unit: str) -> alt.Y:
    """Write the unit above the axis as one reads, not turned on its side."""
    return y.title(unit).axis(
        titleAngle=0, titleAlign="right", titleBaseline="bottom", titleX=-6, titleY=-14
    )


def keep_apart(points: list[dict[str, Any]], most: float) -> None:
    """Write the lower of two close numbers of a year under its point, and equal ones once."""
    higher: float | None = None
    for point in sorted(points, key=lambda point: -point["value"]):
        value = point["value"]
        point["is_below"] = higher is not None and higher - value < _CLOSE * most
        if value == higher:
            point["text"] = ""
        higher = value


def _stack(
    rows: Sequence[Row], parts: Mapping[str, tuple[str, str]], x: alt.X, unit: str
) -> alt.LayerChart:
    pieces = [
        {"when": row["when"], "part": name, "value": row[column] or 0, "order": order}
        for row in rows
        for order, (column, (name, _)) in enumerate(parts.items())
    ]
    ends = [
        {
            "when": row["when"],
            "value": sum(row[column] or 0 for column in parts),
            "words": " + ".join(str(row[column] or 0) for column in parts),
        }
        for row in rows
    ]
    names, colours = zip(*parts.values(), strict=True)
    most = max(end["value"] for end in ends) or 1
    y = _upright(alt.Y("value:Q").scale(domain=[0, most * 1.2], nice=False), unit)
    shapes = alt.Chart(inline(pieces)).mark_bar(size=26, stroke="white", strokeWidth=0.6)
    shapes = shapes.encode(
        x=x,
        y=y.stack("zero"),
        color=alt.Color("part:N").scale(domain=list(names), range=list(colours)),
        order="order:Q",
    )
    said = alt.Chart(inline(ends)).mark_text(dy=-9, fontWeight="bold")
    said = said.transform_filter("datum.value > 0").encode(x=x, y=y, text="words:N")
    chart: alt.LayerChart = (shapes + said).properties(width=WIDTH, height=150)
    return chart


def _plain(picture: Any) -> Picture:
    """Give a picture of several views the look of all; its size is theirs."""
    looking: Picture = picture.configure(**CONFIG)
    return looking
