"""Who is out of the quality-balance evaluation already: counts by stage, and which schools."""

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.theme import (
    BLUE,
    BLUES,
    BROAD,
    BROWN,
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
    short_names,
    shown,
)
from teacherreg.codes import code_table
from teacherreg.locale import t
from teacherreg.publish.charts.stacked import Bar, stacked
from teacherreg.publish.evenness import JUDGED

MOST_PLACES: Final = 20


def verdict_by_stage(places: Iterable[Row]) -> Picture:
    """Draw how many schools of each stage can pass still, are out, or are not judged.

    Args:
        places: Rows of ``verdict``.
    """
    known = list(places)
    table = code_table("stages")
    written = [table.label(code, "zh") for code in table.codes]
    stages = [stage for stage in written if any(row["stage"] == stage for row in known)]
    bars = []
    for stage in stages:
        here = [row for row in known if row["stage"] == stage]
        able = sum(row["can_pass"] == 1 for row in here)
        out = sum(row["can_pass"] == 0 for row in here)
        bars.append(
            Bar(
                place=shown("stages", stage),
                numbers={"able": able, "out": out, "outside": len(here) - able - out},
                words=t("coverage.chart.able-of", able=able, schools=able + out),
                href=rows_behind("verdict", stage=stage),
                ink=INK,
            )
        )
    parts = {
        "able": (t("coverage.chart.able"), BLUE),
        "out": (t("coverage.chart.out"), ORANGE),
        "outside": (t("coverage.chart.outside"), BLUES[0]),
    }
    return stacked(bars, parts, t("publish.schools"), width=NARROW)


def verdict(places: Iterable[Row], county: str) -> Picture:
    """Draw what keeps schools' stages out: a tile for each indicator, and the reason.

    Args:
        places: Rows of ``verdict``.
        county: Name of the county, left out of its schools' names.
    """
    out = [row for row in places if row["can_pass"] == 0]
    out.sort(key=lambda row: (-row["below"], -_missing(row), row["school"], row["stage"]))
    if not out:
        return nothing()
    drawn, unit = len(out[:MOST_PLACES]), t("publish.stages-out")
    title = t("coverage.chart.first", unit=unit, all=len(out), drawn=drawn)
    out = out[:MOST_PLACES]
    names = short_names([row["school"] for row in out], county)
    columns = {name: t(f"coverage.short.{code}") for code, name in JUDGED.items()}
    last = t("publish.why-out")
    x = alt.X("column:N").sort([*columns.values(), last]).title(title)
    x = x.axis(orient="top", labelAngle=0, labelPadding=8)
    y = across("place", [_place(row, names) for row in out])
    tiles = [_tile(row, names, name, words) for row in out for name, words in columns.items()]
    kinds = {t("site.meets"): BLUES[0], t("publish.short-of"): ORANGE}
    base = alt.Chart(inline(tiles)).encode(
        x=x,
        y=y,
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.place")),
            alt.Tooltip("column:N", title=t("publish.indicator")),
            alt.Tooltip("value:Q", title=t("publish.per-100-persons"), format=".2f"),
            alt.Tooltip("words:N", title=t("publish.missing")),
        ],
    )
    shapes = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("kind:N").scale(domain=list(kinds), range=list(kinds.values()))
    )
    said = base.mark_text().encode(text="words:N", color=alt.Color("ink:N").scale(None))
    reasons = alt.Chart(inline([_reason(row, names, last) for row in out])).mark_text(color=RUST)
    reasons = reasons.encode(x=x, y=y, text="words:N", href="href:N", description="words:N")
    return finished(shapes + said + reasons, width=BROAD, height=100 + 25 * len(out))


def _missing(row: Row) -> int:
    return sum(row[f"{name}_missing"] for name in JUDGED.values())


def _place(row: Row, names: dict[str, str]) -> str:
    return f"{names[row['school']]} · {shown('stages', row['stage'])}"


def _tile(row: Row, names: dict[str, str], name: str, column: str) -> dict[str, Any]:
    missing = row[f"{name}_missing"]
    words = t("publish.lacks", missing=missing) if missing else t("site.meets")
    place = _place(row, names)
    return {
        "place": place,
        "column": column,
        "value": row[name],
        "kind": t("publish.short-of") if missing else t("site.meets"),
        "words": words,
        "ink": BROWN if missing else GREEN,
        "say": t("publish.say-part", place=place, part=column, value=words),
        "href": rows_behind("verdict", school=row["school"], stage=row["stage"]),
    }


def _reason(row: Row, names: dict[str, str], column: str) -> dict[str, Any]:
    code = code_table("verdict_reasons").resolve(row["reason"]).code
    return {
        "place": _place(row, names),
        "column": column,
        "words": t(f"publish.out-{code}"),
        "href": rows_behind("verdict", school=row["school"], stage=row["stage"]),
    }
