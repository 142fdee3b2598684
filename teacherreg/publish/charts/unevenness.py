"""What makes a county uneven: which schools, town against country, and what one move does."""

from collections.abc import Iterable
from typing import Any, Final

import altair as alt

from teacherreg.charts.marks import room_for_words
from teacherreg.charts.theme import (
    AMBER,
    BLUE,
    DEEP,
    GREEN,
    INK,
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
from teacherreg.codes import code_table
from teacherreg.locale import t
from teacherreg.publish.charts.stacked import Bar, stacked

BACKBONE: Final = "backbone_per_100_students"
_MOVE: Final = 74  # pixels for each coefficient


def equity_schools(schools: Iterable[Row], county: str) -> Picture:
    """Draw the schools that add most to the coefficients of variation of backbone teachers.

    Args:
        schools: Rows of ``equity_schools``.
        county: Name of the county, left out of its schools' names.
    """
    indicator = code_table("indicators").label(BACKBONE, "zh")
    rows = [row for row in schools if row["indicator"] == indicator and row["cv_share"]]
    rows.sort(key=lambda row: (-row["cv_share"], row["school"], row["stage"]))
    names = short_names([row["school"] for row in rows], county)
    return stacked(
        [
            Bar(
                place=f"{names[row['school']]} · {shown('stages', row['stage'])}",
                numbers={"above" if row["from_mean"] > 0 else "below": row["cv_share"]},
                words=t(
                    "publish.share-of",
                    share=f"{row['cv_share']:.1f}",
                    value=f"{row['value']:.2f}",
                    mean=f"{row['value'] - row['from_mean']:.2f}",
                ),
                href=rows_behind(
                    "equity_schools",
                    school=row["school"],
                    stage=row["stage"],
                    indicator=row["indicator"],
                ),
                ink=INK,
                label=f"{row['cv_share']:.1f}%",
            )
            for row in rows
        ],
        {
            "above": (t("coverage.chart.above"), BLUE),
            "below": (t("coverage.chart.below"), ORANGE),
        },
        t("publish.percent-of-unevenness"),
    )


def equity_moves(moves: Iterable[Row], county: str) -> Picture:
    """Draw each coefficient before and after the single move that lowers it most.

    Args:
        moves: Rows of ``equity_moves``; those beyond their limit are drawn, all if none is.
        county: Name of the county, left out of its schools' names.
    """
    known = [row for row in moves if row["cv_before"] is not None]
    over = [row for row in known if row["limit_value"] is not None and row["moves_to_limit"] != 0]
    schools = [row[name] or "" for row in known for name in ("from_school", "to_school")]
    names = short_names(schools, county)
    marks = [_coefficient(row, names) for row in over or known]
    if not marks:
        return nothing()
    most = max(max(mark["before"], mark["limit"] or 0) for mark in marks) * 1.1
    x = alt.X("before:Q").scale(domain=[0, most], nice=False).title(t("publish.cv"))
    base = alt.Chart(inline(marks)).encode(
        y=across("place", [mark["place"] for mark in marks]).axis(labelLimit=190),
        href="href:N",
        description="move:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.stage")),
            alt.Tooltip("before:Q", title=t("coverage.chart.before"), format=".3f"),
            alt.Tooltip("after:Q", title=t("coverage.chart.after"), format=".3f"),
            alt.Tooltip("limit:Q", title=t("publish.limit"), format=".2f"),
        ],
    )
    # The pale bar is before, the full one in front of it after; the stroke is the limit.
    before = base.mark_bar(height=22, yOffset=-14, color="white", stroke=SOFT, strokeDash=[3, 2])
    after = base.mark_bar(height=22, yOffset=-14).encode(
        x=alt.X("after:Q"), color=alt.Color("colour:N").scale(None)
    )
    limit = base.mark_tick(color=INK, thickness=3, size=30, yOffset=-14).encode(x=alt.X("limit:Q"))
    said = base.encode(x=alt.value(0), color=alt.Color("ink:N").scale(None))
    words = said.mark_text(align="left", dy=8, fontSize=12).encode(text="move:N")
    words += said.mark_text(align="left", dy=24, fontSize=12).encode(text="moves:N")
    layers = before.encode(x=x.axis(tickCount=6, format=".1f")) + after + limit + words
    return finished(layers, width=NARROW, height=70 + _MOVE * len(marks))


def _coefficient(row: Row, names: dict[str, str]) -> dict[str, Any]:
    """Give a coefficient's mark; nothing is known of a move where there is none."""
    after = row["cv_before"] if row["cv_after"] is None else row["cv_after"]
    is_over = row["limit_value"] is not None and after > row["limit_value"]
    moves = row["moves_to_limit"]
    wanted = "never" if moves is None else "none" if not moves else "some"
    move = (
        t("publish.move-none")
        if row["cv_after"] is None
        else t(
            "publish.move",
            giver=names[row["from_school"]],
            taker=names[row["to_school"]],
            before=f"{row['cv_before']:.3f}",
            after=f"{after:.3f}",
        )
    )
    return {
        "place": f"{shown('stages', row['stage'])} · {short_indicator(row['indicator'])}",
        "before": row["cv_before"],
        "after": after,
        "limit": row["limit_value"],
        "colour": ORANGE if is_over else BLUE,
        "ink": RUST if is_over else INK,
        "move": move,
        "moves": "" if row["limit_value"] is None else _to_limit(wanted, row),
        "href": rows_behind("equity_moves", stage=row["stage"], indicator=row["indicator"]),
    }


def _to_limit(wanted: str, row: Row) -> str:
    """Say how many moves the limit takes, and what the first of them costs."""
    limit = f"{row['limit_value']:.2f}"
    moves = t(f"publish.to-limit-{wanted}", limit=limit, count=row["moves_to_limit"])
    return t("publish.giver-short", moves=moves) if row["giver_meets"] == 0 else moves


def short_indicator(label: str) -> str:
    """Name an indicator in few words."""
    code = code_table("indicators").resolve(label).code
    return t(f"coverage.short.{code}") if code else label


def equity_localities(localities: Iterable[Row]) -> Picture:
    """Draw what city, town and country have of each indicator, the county's mean being 1.

    Args:
        localities: Rows of ``equity_localities``.
    """
    table = code_table("localities")
    marks = [_locality(row) for row in localities if row["ratio_to_county"] is not None]
    if not marks:
        return nothing()
    order = [*map(table.label, table.codes), "—"]
    used = [name for name in order if any(mark["locality"] == name for mark in marks)]
    places = list(dict.fromkeys(mark["place"] for mark in marks))
    most = room_for_words([(one["place"], one["ratio"], one["words"]) for one in marks], NARROW)
    base = alt.Chart(inline(marks)).encode(
        x=alt.X("ratio:Q")
        .scale(domain=[0, most], nice=False)
        .axis(tickCount=5, format=".1f")
        .title(t("publish.times-of-county")),
        y=across("place", places).axis(labelLimit=190),
        yOffset=alt.YOffset("locality:N").sort(used),
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("place:N", title=t("publish.indicator")),
            alt.Tooltip("locality:N", title=t("publish.locality")),
            alt.Tooltip("words:N", title=t("publish.times-of-county")),
        ],
    )
    colour = alt.Color("locality:N").scale(
        domain=used, range=[DEEP, AMBER, BLUE, SOFT][: len(used)]
    )
    said = base.encode(text="words:N")
    # the line of the mean runs through some of the words: a white edge keeps them readable
    edges = said.mark_text(align="left", dx=5, fontSize=12, stroke="white", strokeWidth=3)
    words = said.mark_text(align="left", dx=5, fontSize=12)
    words = words.encode(color=alt.Color("ink:N").scale(None))
    mean = alt.Chart(inline([{"ratio": 1}])).mark_rule(color=GREEN, strokeDash=[6, 4])
    layers = base.mark_bar().encode(color=colour) + mean.encode(x="ratio:Q") + edges + words
    return finished(layers, width=NARROW, height=90 + 20 * len(marks) + 10 * len(places))


def _locality(row: Row) -> dict[str, Any]:
    place = f"{shown('stages', row['stage'])} · {short_indicator(row['indicator'])}"
    locality = shown("localities", row["locality"])
    words = t(
        "publish.locality-of",
        locality=locality,
        ratio=f"{row['ratio_to_county']:.2f}",
        mean=f"{row['mean']:.2f}",
    )
    return {
        "place": place,
        "locality": locality,
        "ratio": row["ratio_to_county"],
        "words": words,
        "ink": RUST if row["ratio_to_county"] < 1 else INK,
        "say": f"{place} {words}",
        "href": rows_behind(
            "equity_localities",
            stage=row["stage"],
            indicator=row["indicator"],
            locality=row["locality"],
        ),
    }
