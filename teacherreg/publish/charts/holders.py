"""Who holds what: titles by kind and level. Commendations are in the table, not here."""

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.theme import (
    INK,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    shown,
)
from teacherreg.codes import code_table
from teacherreg.locale import t

MOST_KINDS: Final = 15
# National to school, from deep to pale; what is written on them; level not known.
_COLOURS: Final = ("#12374b", "#1f5673", "#4a8fb0", "#97c1d5", "#d3e5ee", "#e6ebef", "#c9ced4")
_WORDS: Final = ("white", "white", "white", INK, INK, INK, INK)
_ROOM: Final = 0.06  # of the axis: a narrower piece has no room for its number


def holders_by_kind(holders: Iterable[Row]) -> Picture:
    """Draw persons by the title that they hold, the levels in one bar.

    Args:
        holders: Rows of ``holders_by_kind``.
    """
    titles = [row for row in holders if _is_title(row["title_kind"])]
    if not titles:
        return nothing()
    totals: dict[str, int] = {}
    for row in titles:
        kind = shown("title_kinds", row["title_kind"])
        totals[kind] = totals.get(kind, 0) + row["holders"]
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))[:MOST_KINDS]
    most = max(totals.values())
    pieces = [piece for row in titles if (piece := _piece(row, most))["kind"] in kinds]
    ends = [{"kind": kind, "holders": totals[kind]} for kind in kinds]
    base = alt.Chart(inline(pieces)).encode(
        x=_persons(most).stack("zero"),
        y=across("kind", kinds),
        order="order:Q",
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("kind:N", title=t("publish.title")),
            alt.Tooltip("level:N", title=t("publish.level")),
            alt.Tooltip("holders:Q", title=t("publish.persons-holding")),
        ],
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1, height={"band": 0.7}).encode(
        color=_colours(pieces)
    )
    middle = _persons(most).stack("zero").bandPosition(0.5)
    counts = base.mark_text().encode(x=middle, text="count:N", color=alt.Color("ink:N").scale(None))
    sums = (
        alt.Chart(inline(ends))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(x=_persons(most), y=across("kind", kinds), text="holders:Q")
    )
    return finished(bars + counts + sums, height=90 + 30 * len(kinds))


def _is_title(label: str) -> bool:
    table = code_table("title_kinds")
    code = table.resolve(label).code
    return code is None or table.value(code, "category") != "commendation"


def _persons(most: int) -> alt.X:
    scale = alt.Scale(domain=[0, most * 1.12], nice=False)
    axis = alt.Axis(format="d", tickCount=min(most, 6), tickMinStep=1)
    return alt.X("holders:Q").scale(scale).axis(axis).title(t("publish.persons"))


def _place(label: str | None) -> int:
    levels = code_table("levels")
    code = levels.resolve(label).code if label else None
    return levels.codes.index(code) if code else len(levels)


def _colours(pieces: Iterable[Row]) -> alt.Color:
    used = {row["order"]: row["level"] for row in pieces}
    order = sorted(used)
    return alt.Color("level:N").scale(
        domain=[used[place] for place in order], range=[_COLOURS[place] for place in order]
    )


def _piece(row: Row, most: int) -> dict[str, Any]:
    kind, level = shown("title_kinds", row["title_kind"]), shown("levels", row["level"])
    count, place = row["holders"], _place(row["level"])
    return {
        "kind": kind,
        "level": level if row["level"] else t("publish.no-level"),
        "order": place,
        "holders": count,
        "count": str(count) if count >= _ROOM * most else "",
        "ink": _WORDS[place],
        "say": t("publish.say-kind", kind=kind, level=level, holders=count),
        "href": rows_behind("holders_by_kind", title_kind=row["title_kind"], level=row["level"]),
    }
