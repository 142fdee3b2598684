"""What would close the gap: who could follow, who moves, where new honours help."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.theme import (
    BLUE,
    BLUES,
    DEEP,
    GREEN,
    INK,
    LINE,
    NARROW,
    ORANGE,
    RUST,
    SOFT,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    short_names,
    shown,
)
from teacherreg.locale import t
from teacherreg.publish.charts.stacked import Bar, stacked

MOST_NARROW: Final = 12
_LINE: Final = 30  # pixels for each township


def pipeline(places: Iterable[Row], county: str) -> Picture:
    """Draw how much of each gap those could fill who may be nominated, now or soon.

    Args:
        places: Rows of ``pipeline``.
        county: Name of the county, left out of its schools' names.
    """
    rows = sorted(places, key=lambda row: (-(row["nobody"] or 0), -row["missing"], row["school"]))
    names = _place_names(rows, county)
    return stacked(
        [
            Bar(
                place=name,
                numbers=_coming(row, row["missing"]),
                words=_gap_words(row),
                href=rows_behind("pipeline", school=row["school"], stage=row["stage"]),
                ink=RUST if row["nobody"] else INK,
            )
            for name, row in zip(names, rows, strict=True)
        ],
        {
            "ready": (t("publish.fill-ready"), BLUE),
            "close": (t("publish.fill-close"), BLUES[1]),
            "nobody": (t("publish.fill-nobody"), ORANGE),
            "untold": (t("publish.fill-untold"), LINE),
        },
        t("publish.persons-missing"),
    )


def pipeline_subjects(subjects: Iterable[Row]) -> Picture:
    """Draw at how many schools a subject has no holder, and whether anybody could follow.

    Args:
        subjects: Rows of ``pipeline_subjects``.
    """
    rows = sorted(subjects, key=lambda row: (-(row["nobody"] or 0), -row["places"], row["id"]))
    return stacked(
        [
            Bar(
                place=f"{shown('stages', row['stage'])} · {shown('subjects', row['subject'])}",
                numbers=_coming(row, row["places"]),
                words=_subject_words(row),
                href=rows_behind("pipeline_subjects", stage=row["stage"], subject=row["subject"]),
                ink=RUST if row["nobody"] else INK,
            )
            for row in rows
        ],
        {
            "ready": (t("publish.some-ready"), BLUE),
            "close": (t("publish.some-close"), BLUES[1]),
            "nobody": (t("publish.some-nobody"), ORANGE),
            "untold": (t("publish.fill-untold"), LINE),
        },
        t("publish.schools"),
        most=MOST_NARROW,
        width=NARROW,
    )


def _coming(row: Row, whole: int) -> dict[str, float]:
    """Give the parts of a bar; all of it is untold where the row does not tell."""
    if row["ready"] is None:
        return {"untold": whole}
    return {name: row[name] for name in ("ready", "close", "nobody")}


def _gap_words(row: Row) -> str:
    if row["ready"] is None:
        return t("publish.gap-untold", missing=row["missing"])
    parts = [
        t("publish.part-of", part=t(f"publish.fill-{name}"), count=row[name])
        for name in ("ready", "close", "nobody")
        if row[name]
    ]
    return t("publish.gap-of", missing=row["missing"], parts=t("publish.comma").join(parts))


def _subject_words(row: Row) -> str:
    if row["ready"] is None:
        return t("publish.places-untold", places=row["places"])
    parts = [
        t(f"publish.places-{name}", count=row[name])
        for name in ("ready", "close", "nobody")
        if row[name]
    ]
    return t("publish.places-of", places=row["places"], parts=t("publish.comma").join(parts))


def plan(places: Iterable[Row], county: str) -> Picture:
    """Draw the gap of each school's stage before and after the year's moves.

    Args:
        places: Rows of ``plan``.
        county: Name of the county, left out of its schools' names.
    """
    rows = [row for row in places if row["missing_before"]]
    rows.sort(key=lambda row: (-row["missing_before"], -row["received"], row["school"]))
    names = _place_names(rows, county)
    return stacked(
        [
            Bar(
                place=name,
                numbers={"filled": row["received"], "left": row["missing_after"]},
                words=_fall(row),
                href=rows_behind("plan", school=row["school"], stage=row["stage"]),
                ink=RUST if row["missing_after"] else GREEN,
            )
            for name, row in zip(names, rows, strict=True)
        ],
        {
            "filled": (t("publish.moving-in"), DEEP),
            "left": (t("coverage.chart.missing-after"), ORANGE),
        },
        t("publish.persons"),
    )


def honours(places: Iterable[Row], county: str) -> Picture:
    """Draw where new honours help most.

    Args:
        places: Rows of ``honours``.
        county: Name of the county, left out of its schools' names.
    """
    rows = sorted(places, key=lambda row: (-row["honours"], -row["missing_before"], row["school"]))
    names = _place_names(rows, county)
    return stacked(
        [
            Bar(
                place=name,
                numbers={"new": row["honours"], "left": row["missing_after"]},
                words=_fall(row),
                href=rows_behind("honours", school=row["school"], stage=row["stage"]),
                ink=RUST if row["missing_after"] else GREEN,
            )
            for name, row in zip(names, rows, strict=True)
        ],
        {
            "new": (t("publish.new-honours"), DEEP),
            "left": (t("coverage.chart.missing-after"), ORANGE),
        },
        t("publish.persons"),
        most=MOST_NARROW,
        width=NARROW,
    )


def _fall(row: Row) -> str:
    return t("coverage.chart.from-to", before=row["missing_before"], after=row["missing_after"])


def plan_townships(places: Iterable[Row]) -> Picture:
    """Draw how many move out of each township's schools (left) and into them (right).

    Args:
        places: Rows of ``plan``.
    """
    given: Counter[str | None] = Counter()
    received: Counter[str | None] = Counter()
    for row in places:
        given[row["township"]] += row["given"]
        received[row["township"]] += row["received"]
    moving = [one for one in received if given[one] or received[one]]
    moving.sort(key=lambda one: (given[one] - received[one], one or ""))
    if not moving:
        return nothing()
    marks = [
        _moving(township, *side)
        for township in moving
        for side in (
            ("out", -given[township]),
            ("in", received[township]),
        )
        if side[1]
    ]
    most = max(abs(mark["value"]) for mark in marks) * 1.15
    parts = {"out": BLUES[1], "in": DEEP}
    x = alt.X("value:Q").scale(domain=[-most, most], nice=False).title(t("publish.persons"))
    x = x.axis(labelExpr="abs(datum.value)", tickCount=6, tickMinStep=1, format="d")
    base = alt.Chart(inline(marks)).encode(
        x=x,
        y=across("place", [township or t("publish.no-township") for township in moving]),
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.township")),
            alt.Tooltip("part:N", title=t("publish.part")),
            alt.Tooltip("count:Q", title=t("publish.persons")),
        ],
    )
    colour = alt.Color("part:N").scale(
        domain=[t(f"publish.moving-{part}") for part in parts], range=list(parts.values())
    )
    words = base.mark_text(fontWeight="bold", color=INK).encode(text="count:Q")
    middle = alt.Chart(inline([{"value": 0}])).mark_rule(color=SOFT).encode(x="value:Q")
    layers = (
        base.mark_bar(height={"band": 0.68}).encode(color=colour)
        + words.mark_text(fontWeight="bold", color=INK, dx=11).transform_filter("datum.value > 0")
        + words.mark_text(fontWeight="bold", color=INK, dx=-11).transform_filter("datum.value < 0")
        + middle
    )
    return finished(layers, width=NARROW, height=100 + _LINE * len(moving))


def _moving(township: str | None, part: str, value: int) -> dict[str, Any]:
    place, name = township or t("publish.no-township"), t(f"publish.moving-{part}")
    return {
        "place": place,
        "part": name,
        "value": value,
        "count": abs(value),
        "say": t("publish.say-part", place=place, part=name, value=abs(value)),
        "href": rows_behind("plan", township=township),
    }


def _place_names(rows: Iterable[Row], county: str) -> list[str]:
    """Name each school's stage."""
    known = list(rows)
    names = short_names([row["school"] for row in known], county)
    return [f"{names[row['school']]} · {shown('stages', row['stage'])}" for row in known]
