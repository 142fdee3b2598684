"""Charts of the overview: specifications with their rows inside, and drawings of them.

Each chart reads published tables alone, so a mark can never show more than the rows that
it leads to. Drawing takes a second or two; a chart whose specification has not changed is
not drawn again.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import vl_convert

from teacherreg.charts.drawing import MADE_WITH, VEGA_LITE, draw
from teacherreg.charts.theme import Picture, Row
from teacherreg.locale import LANGUAGES, speaking, t
from teacherreg.publish.charts.evenness import equity, locality_comparison
from teacherreg.publish.charts.gaps import gap_by_school, gap_by_township
from teacherreg.publish.charts.heatmap import gap_heatmap
from teacherreg.publish.charts.holders import holders_by_kind
from teacherreg.publish.charts.outlook import forecast, trend
from teacherreg.publish.charts.reach import reach
from teacherreg.publish.charts.remedies import (
    honours,
    pipeline,
    pipeline_subjects,
    plan,
    plan_townships,
)
from teacherreg.publish.charts.unevenness import equity_localities, equity_moves, equity_schools
from teacherreg.publish.charts.verdict import verdict, verdict_by_stage
from teacherreg.publish.served import EVENNESS, GAPS, REMEDIES

FOLDER: Final = "charts"  # within a site
_FOR_ALL_SCRIPTS: Final = "window.vegaEmbed = vegaEmbed; window.vega = vega;"


class Tables:
    """The published tables that charts are made of.

    Args:
        connection: The overview, opened for reading.
        county: Name of the county.
        per_100_students: What the standard asks for.
    """

    def __init__(
        self, connection: sqlite3.Connection, county: str, per_100_students: float
    ) -> None:
        self.county = county
        self.per_100_students = per_100_students
        self._connection = connection

    def __getitem__(self, name: str) -> list[Row]:
        cursor = self._connection.execute(f"SELECT * FROM [{name}]")
        columns = [column for column, *_ in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]


@dataclass(frozen=True)
class ChartKind:
    """A chart: its name, the page it is on, the table whose rows it shows, how it is made."""

    name: str
    page: str
    table: str
    make: Callable[[Tables], Picture]


def _of_table(
    page: str, table: str, make: Callable[[list[Row]], Picture], name: str = ""
) -> ChartKind:
    """Make the kind of a chart that shows one table."""
    return ChartKind(name or table, page, table, lambda of: make(of[table]))


def _of_schools(
    page: str, table: str, make: Callable[[list[Row], str], Picture], name: str = ""
) -> ChartKind:
    """Make the kind of a chart that shows a table of schools."""
    return ChartKind(name or table, page, table, lambda of: make(of[table], of.county))


CHARTS: Final = (
    ChartKind(
        "gap_heatmap",
        GAPS,
        "school_subjects",
        lambda of: gap_heatmap(of["school_gaps"], of["school_subjects"], of.county),
    ),
    _of_table(GAPS, "township_gaps", gap_by_township, "gap_by_township"),
    ChartKind(
        "locality_comparison",
        GAPS,
        "locality_gaps",
        lambda of: locality_comparison(of["locality_gaps"], of.per_100_students),
    ),
    _of_schools(GAPS, "school_gaps", gap_by_school, "gap_by_school"),
    _of_table(GAPS, "trend", trend),
    _of_table(GAPS, "forecast", forecast),
    _of_table(EVENNESS, "verdict", verdict_by_stage, "verdict_by_stage"),
    _of_schools(EVENNESS, "equity_moves", equity_moves),
    _of_schools(EVENNESS, "verdict", verdict),
    _of_table(EVENNESS, "equity", equity),
    _of_table(EVENNESS, "equity_localities", equity_localities),
    _of_schools(EVENNESS, "equity_schools", equity_schools),
    _of_schools(REMEDIES, "reach", reach),
    _of_schools(REMEDIES, "pipeline", pipeline),
    _of_table(REMEDIES, "pipeline_subjects", pipeline_subjects),
    _of_schools(REMEDIES, "honours", honours),
    _of_schools(REMEDIES, "plan", plan),
    _of_table(REMEDIES, "plan", plan_townships, "plan_townships"),
    _of_table(REMEDIES, "holders_by_kind", holders_by_kind),
)


@dataclass(frozen=True)
class Drawn:
    """A chart in one language, as it will stand in the site's folder.

    Attributes:
        svg: The drawing; None where the one that stands there is still right.
    """

    stem: str
    specification: bytes
    svg: str | None


def draw_all(overview: Path, county: str, per_100_students: float, folder: Path) -> Iterator[Drawn]:
    """Draw every chart in every language, except what stands in the folder already.

    Args:
        overview: The public file.
        county: Name of the county.
        per_100_students: What the standard asks for.
        folder: Where the charts of the last publication are.
    """
    with closing(sqlite3.connect(overview)) as connection:
        tables = Tables(connection, county, per_100_students)
        for chart in CHARTS:
            for language in LANGUAGES:
                with speaking(language):
                    yield _drawn(chart, f"{chart.name}.{language}", tables, folder)


def _drawn(chart: ChartKind, stem: str, tables: Tables, folder: Path) -> Drawn:
    title = t(f"publish.chart.{chart.name}")
    specification = _specification(chart, title, tables)
    content = json.dumps(specification, ensure_ascii=False, separators=(",", ":")).encode()
    drawing, source = folder / f"{stem}.svg", folder / f"{stem}.vl.json"
    is_right = drawing.is_file() and source.is_file() and source.read_bytes() == content
    return Drawn(stem, content, None if is_right else draw(specification, title))


def _specification(chart: ChartKind, title: str, tables: Tables) -> dict[str, Any]:
    specification: dict[str, Any] = chart.make(tables).to_dict()
    return {**specification, "description": title, "usermeta": {"made_with": MADE_WITH}}


def script_mark() -> bytes:
    """Give the first line of the script bundle, which tells what it was made with."""
    return f"/* {MADE_WITH} */\n".encode()


def script() -> bytes:
    """Give the library that wakes charts up, all of it, for a network without an internet."""
    bundle = vl_convert.javascript_bundle(_FOR_ALL_SCRIPTS, vl_version=VEGA_LITE)
    return script_mark() + bundle.encode()
