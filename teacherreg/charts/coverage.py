"""A picture for each answer of `teacherreg.coverage`, made of its data frame."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from teacherreg.charts.marks import bars, bars_with_limit, years
from teacherreg.charts.theme import (
    AMBER,
    BLUE,
    BLUES,
    DEEP,
    GREEN,
    ORANGE,
    RUST,
    SOFT,
    Picture,
    Row,
)
from teacherreg.codes import code_table
from teacherreg.coverage.columns import CODED
from teacherreg.locale import language, t

# How a teacher is reached, with the colour of it everywhere; the holders themselves first.
REACHED: Final = {
    "holders": DEEP,
    "direct": BLUE,
    "studio": BLUES[1],
    "mentoring": GREEN,
    "rotation": AMBER,
    "group": BLUES[0],
    "none": ORANGE,
}


def gaps(frame: pl.DataFrame, by: Sequence[str]) -> Picture:
    """Draw who is there and who is missing, the neediest cells first.

    Args:
        frame: Cells: what names them, ``holders``, ``required`` and ``missing``; these two
            are empty where nothing is required.
        by: The columns that name a cell.
    """
    rows = _placed(frame, by)
    if frame["missing"].count():
        counted = [row for row in rows if row["required"]]
        parts = {
            "holders": (t("coverage.chart.there"), BLUE),
            "missing": (t("coverage.chart.missing"), ORANGE),
        }
        return bars(counted, parts, t("coverage.chart.persons"), _missing_of_required)
    parts = {"holders": (t("coverage.chart.there"), BLUE)}
    some = sorted((row for row in rows if row["holders"]), key=lambda row: -row["holders"])
    return bars(some, parts, t("coverage.chart.persons"), lambda row: f"{row['holders']}")


def _missing_of_required(row: Row) -> str:
    return t("coverage.chart.missing-of", missing=row["missing"], required=row["required"])


def equity(frame: pl.DataFrame) -> Picture:
    """Draw each coefficient of variation against its limit.

    Args:
        frame: ``stage``, ``indicator``, ``cv``, ``limit`` and ``meets``.
    """
    by = ["stage", "indicator"] if frame["indicator"].n_unique() > 1 else ["stage"]
    return bars_with_limit(
        [
            {
                "place": row["place"],
                "value": row["cv"],
                "limit": row["limit"],
                "is_over": row["meets"] is False,
                "words": _coefficient(row),
            }
            for row in _placed(frame, by)
        ],
        t("coverage.short.cv"),
    )


def _coefficient(row: Row) -> str:
    if row["cv"] is None:
        return t(f"coverage.reason.{row['reason']}")
    if row["limit"] is None:
        return f"{row['cv']:.3f}"
    return t("coverage.chart.cv-of", cv=f"{row['cv']:.3f}", limit=f"{row['limit']:.2f}")


def contributions(frame: pl.DataFrame) -> Picture:
    """Draw what each school adds to the county's unevenness, by stage, the most first.

    Args:
        frame: ``stage``, ``indicator``, ``school``, ``value``, ``above_mean`` and ``share``.
    """
    several = frame["indicator"].n_unique() > 1
    by = ["school", "stage", "indicator"] if several else ["school", "stage"]
    rows = [
        {
            **row,
            "above": float(row["share"] or 0) if row["above_mean"] else 0.0,
            "below": 0.0 if row["above_mean"] else float(row["share"] or 0),
        }
        for row in _placed(frame, by)
    ]
    rows.sort(key=lambda row: -(row["above"] + row["below"]))
    parts = {
        "above": (t("coverage.chart.above"), BLUE),
        "below": (t("coverage.chart.below"), ORANGE),
    }
    return bars(
        rows,
        parts,
        t("coverage.chart.share"),
        lambda row: f"{row['above'] + row['below']:.1%} · {row['value']:.2f}",
        ".0%",
    )


def groups(frame: pl.DataFrame, grouping: str) -> Picture:
    """Draw what localities or townships have for each 100 students.

    Args:
        frame: ``stage``, ``indicator``, the grouping and ``mean``.
        grouping: ``locality`` or ``township``.
    """
    several = frame["indicator"].n_unique() > 1
    rows = _placed(frame, [grouping, "stage", *(["indicator"] if several else [])])
    parts = {"mean": (t("coverage.short.mean"), BLUE)}
    return bars(rows, parts, t("coverage.short.mean"), lambda row: f"{row['mean'] or 0:.2f}")


def best_moves(frame: pl.DataFrame) -> Picture:
    """Draw the coefficient before and after the best move of each stage, against the limit.

    Args:
        frame: ``stage``, ``indicator``, ``from_school``, ``to_school``, ``cv_before``,
            ``cv_after`` and ``limit``.
    """
    several = frame["indicator"].n_unique() > 1
    rows: list[dict[str, Any]] = []
    for row in _placed(frame, ["stage", "indicator"] if several else ["stage"]):
        for when in ("before", "after"):
            value = row[f"cv_{when}"]
            if value is None:
                continue
            is_over = row["limit"] is not None and value > row["limit"]
            move = "" if when == "before" else f" · {row['from_school']} → {row['to_school']}"
            place = f"{row['place']} · {t(f'coverage.chart.{when}')}"
            rows.append(
                {
                    "place": place,
                    "value": value,
                    "limit": row["limit"],
                    "is_over": is_over,
                    "words": f"{value:.3f}{move}",
                }
            )
    return bars_with_limit(rows, t("coverage.short.cv"))


def verdict(frame: pl.DataFrame) -> Picture:
    """Draw how many schools of each stage can pass still, cannot, or stand outside.

    Args:
        frame: ``stage`` and ``can_pass``, empty for schools outside.
    """
    rows = []
    for row in _placed(frame.select("stage").unique(maintain_order=True), ["stage"]):
        found = frame.filter(pl.col("stage") == row["stage"])["can_pass"]
        able = int(found.sum())  # of true ones; schools outside are empty
        rows.append(
            {
                "place": row["place"],
                "able": able,
                "out": len(found) - found.null_count() - able,
                "outside": found.null_count(),
            }
        )
    parts = {
        "able": (t("coverage.chart.able"), BLUE),
        "out": (t("coverage.chart.out"), ORANGE),
        "outside": (t("coverage.chart.outside"), BLUES[0]),
    }
    return bars(
        rows,
        parts,
        t("coverage.short.schools"),
        lambda row: t("coverage.chart.able-of", able=row["able"], schools=row["able"] + row["out"]),
    )


def forecast(frame: pl.DataFrame) -> Picture:
    """Draw what will be missing year by year, and who goes.

    Args:
        frame: ``year`` (0 is the first day), ``on``, ``missing``, ``missing_renewed``,
            ``retiring`` and ``terms_ending``.
    """
    rows = [
        row | {"when": str(row["on"] if row["year"] == 0 else row["on"].year)}
        for row in frame.iter_rows(named=True)
    ]
    lines = {
        "missing": (t("coverage.chart.missing-idle"), RUST),
        "missing_renewed": (t("coverage.chart.missing-renewed"), ORANGE),
    }
    parts = {
        "retiring": (t("coverage.chart.retiring"), DEEP),
        "terms_ending": (t("coverage.chart.terms-ending"), BLUES[1]),
    }
    return years(rows, lines, parts, t("coverage.chart.persons"))


def trend(frame: pl.DataFrame) -> Picture:
    """Draw who was there, who was asked for and who was missing in past years.

    Args:
        frame: ``on``, ``holders``, ``required`` and ``missing``, empty where unknown.
    """
    rows = [row | {"when": str(row["on"].year)} for row in frame.iter_rows(named=True)]
    lines = {
        "holders": (t("coverage.chart.there"), BLUE),
        "required": (t("coverage.chart.required"), SOFT),
        "missing": (t("coverage.chart.missing"), RUST),
    }
    return years(rows, lines, {}, t("coverage.chart.persons"))


def reach(frame: pl.DataFrame, by: Sequence[str]) -> Picture:
    """Draw how teachers are reached, those cells first where most are not.

    Args:
        frame: What names a cell, ``teachers``, ``holders``, the ways and ``none``.
        by: The columns that name a cell.
    """
    parts = {way: (t(f"coverage.short.{way}"), colour) for way, colour in REACHED.items()}
    return bars(
        _placed(frame, by),
        parts,
        t("coverage.chart.persons"),
        lambda row: t("coverage.chart.none-of", none=row["none"], teachers=row["teachers"]),
    )


def masters(frame: pl.DataFrame) -> Picture:
    """Draw whom each master teacher reaches, and how, those who reach most first.

    Args:
        frame: ``name``, ``school``, ``reached``, ``schools`` (how many) and the ways.
    """
    parts = {
        way: (t(f"coverage.short.{way}"), colour)
        for way, colour in REACHED.items()
        if way in frame.columns
    }
    return bars(
        _placed(frame, ["name", "school"]),
        parts,
        t("coverage.chart.persons"),
        lambda row: t("coverage.chart.reached", reached=row["reached"], schools=row["schools"]),
    )


def pipeline(frame: pl.DataFrame, by: Sequence[str]) -> Picture:
    """Draw who could fill each gap; where nobody is coming, the words say so.

    Args:
        frame: What names a cell, ``missing``, ``ready``, ``close`` and ``coming``.
        by: The columns that name a cell.
    """
    parts = {
        "ready": (t("coverage.short.ready"), BLUE),
        "close": (t("coverage.short.close"), BLUES[1]),
    }
    rows = sorted(_placed(frame, by), key=lambda row: (row["coming"], -row["missing"]))
    return bars(rows, parts, t("coverage.chart.persons"), _coming)


def _coming(row: Row) -> str:
    key = "coverage.chart.coming" if row["coming"] else "coverage.chart.nobody"
    return t(key, missing=row["missing"], ready=row["ready"], close=row["close"])


def before_and_after(frame: pl.DataFrame, by: Sequence[str]) -> Picture:
    """Draw what each place misses after the moves or honours, and what they took away.

    Args:
        frame: What names a place, ``missing_before`` and ``missing_after``.
        by: The columns that name a place.
    """
    rows = [
        row | {"filled": row["missing_before"] - row["missing_after"]}
        for row in _placed(frame, by)
        if row["missing_before"]
    ]
    rows.sort(key=lambda row: -row["missing_before"])
    parts = {
        "missing_after": (t("coverage.chart.missing-after"), ORANGE),
        "filled": (t("coverage.chart.filled"), BLUE),
    }
    return bars(
        rows,
        parts,
        t("coverage.chart.persons"),
        lambda row: t(
            "coverage.chart.from-to", before=row["missing_before"], after=row["missing_after"]
        ),
    )


def _placed(frame: pl.DataFrame, by: Sequence[str]) -> list[dict[str, Any]]:
    """Give the rows of a frame, each with ``place``: what names it, in words.

    Where two are named alike, the later ones are numbered: each has a bar of its own.
    """
    words = {name: _words(name, frame[name]) for name in by}
    seen: Counter[str] = Counter()
    rows = []
    for number, row in enumerate(frame.iter_rows(named=True)):
        place = " · ".join(words[name][number] for name in by)
        seen[place] += 1
        own = place if seen[place] == 1 else f"{place} ({seen[place]})"
        rows.append({**row, "place": own})
    return rows


def _words(name: str, column: pl.Series) -> list[str]:
    table = code_table(CODED[name]) if name in CODED else None
    unknown = t("coverage.unknown")
    return [
        unknown
        if value is None
        else table.label(value, language())
        if table is not None and value in table
        else str(value)
        for value in column
    ]
