"""Whom the title holders reach: in the schools where most teachers have nobody."""

from collections.abc import Iterable

from teacherreg.charts.coverage import REACHED
from teacherreg.charts.theme import Picture, Row, rows_behind, short_names
from teacherreg.locale import t
from teacherreg.publish.charts.stacked import Bar, stacked


def reach(schools: Iterable[Row], county: str) -> Picture:
    """Draw how each school's teachers are reached; ways that nobody goes are left out.

    Args:
        schools: Rows of ``reach``.
        county: Name of the county, left out of its schools' names.
    """
    neediest = sorted(schools, key=lambda row: (-row["none"], row["school"]))
    names = short_names([row["school"] for row in neediest], county)
    parts = {way: (t(f"coverage.short.{way}"), colour) for way, colour in REACHED.items()}
    return stacked(
        [
            Bar(
                place=names[row["school"]],
                numbers={way: row[way] for way in REACHED},
                words=_words(row),
                href=rows_behind("reach", school=row["school"]),
            )
            for row in neediest
        ],
        parts,
        t("publish.persons"),
    )


def _words(row: Row) -> str:
    """Write every figure of a school, since small parts have no room for theirs."""
    reached = [
        t("publish.reached-by", way=t(f"coverage.short.{way}"), count=row[way])
        for way in REACHED
        if way != "none" and row[way]
    ]
    none = t("coverage.chart.none-of", none=row["none"], teachers=row["teachers"])
    return t("publish.dot").join([none, *reached])
