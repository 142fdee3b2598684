"""Building a site, and refreshing one that is being served.

Everything is made aside first; only when all of it stands is it put in place, so a
publication that fails changes nothing.
"""

import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session, select

from teacherreg.codes.columns import Audience
from teacherreg.database import clear_words
from teacherreg.errors import PublishError
from teacherreg.models import County
from teacherreg.publish import charts, conduct, files, overview, remarks, site, staff
from teacherreg.publish.overview import Figures
from teacherreg.publish.tables import ROLE_OF
from teacherreg.settings import Settings

MANIFEST: Final = "site.json"
_OURS: Final = (MANIFEST, "metadata.json", "settings.json", *(f"{name}.db" for name in ROLE_OF))
_ASIDE: Final = ".publishing-"
_A_DAY: Final = 24 * 3600  # seconds


@dataclass(frozen=True)
class Published:
    """What was published.

    Attributes:
        folder: Where the site is.
        on: The day as of which its figures are true.
        published_at: When it was published.
        rows: How many rows each table of each database has.
        headline: The main figures by key.
        charts: How many charts the site has; each is drawn once in each language.
        charts_drawn: Drawings made anew; the others had not changed.
    """

    folder: Path
    on: date
    published_at: datetime
    rows: Mapping[Audience, Mapping[str, int]]
    headline: Mapping[str, float | None]
    charts: int
    charts_drawn: int

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "folder": str(self.folder),
            "on": self.on.isoformat(),
            "published_at": _written(self.published_at),
            "rows": {audience: dict(tables) for audience, tables in self.rows.items()},
            "headline": dict(self.headline),
            "charts": self.charts,
            "charts_drawn": self.charts_drawn,
        }


def publish(engine: Engine, settings: Settings, folder: Path, on: date) -> Published:
    """Build a site, or refresh the one that stands in the folder.

    A server that has the site open goes on answering; it shows the new figures from the
    next page on.

    Args:
        engine: The registry.
        settings: The settings in force.
        folder: Made if it is missing.
        on: The day as of which the figures are to be true.

    Raises:
        PublishError: If the folder belongs to something else or cannot be written.
        RegistryError: If the registry cannot be read.
    """
    _require_ours(folder)
    county = _county(engine)
    figures = overview.ask(engine, settings, on)
    with files.clear_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with TemporaryDirectory(dir=folder, prefix=_ASIDE) as aside:
            made = Path(aside)
            rows = _write_databases(engine, settings, figures, made)
            drawn = _draw(made / "overview.db", county, figures, folder)
            for audience in ROLE_OF:
                files.put_in_place(made / f"{audience}.db", folder / f"{audience}.db")
        _place_charts(drawn, folder)
        now = datetime.now(UTC)
        site.write_document(folder / "metadata.json", site.metadata(county.name))
        site.write_document(folder / "settings.json", dict(site.SETTINGS))
        site.write_document(folder / "labels.json", site.labels())
        site.write_document(folder / MANIFEST, _manifest(county, figures, rows, now))
    return Published(
        folder=folder,
        on=on,
        published_at=now,
        rows=rows,
        headline={row[0]: row[1] for row in figures.headline()},
        charts=len(charts.CHARTS),
        charts_drawn=sum(chart.svg is not None for chart in drawn),
    )


def _require_ours(folder: Path) -> None:
    """Refuse a folder in which files of ours would take the place of somebody else's."""
    if folder.exists() and not folder.is_dir():
        raise PublishError("site-folder-is-file", folder=folder)
    is_site = (folder / MANIFEST).is_file() or files.is_ours(folder / "overview.db")
    taken = [name for name in _OURS if (folder / name).exists()]
    if taken and not is_site:
        raise PublishError("site-folder-taken", folder=folder, file=taken[0])


def _sweep(folder: Path) -> None:
    """Throw away what a publication that was killed left behind: people are in it."""
    for left in folder.glob(f"{_ASIDE}*"):
        if time.time() - left.stat().st_mtime > _A_DAY:
            shutil.rmtree(left, ignore_errors=True)


def _write_databases(
    engine: Engine, settings: Settings, figures: Figures, made: Path
) -> dict[Audience, dict[str, int]]:
    """Write each audience's file; the rows of people are read while they are written."""
    with clear_words(engine.url), engine.connect() as connection:
        filled = {
            "overview": figures.filled(),
            "staff": staff.filled(connection, settings, figures.on, figures.schools),
            "conduct": conduct.filled(connection, settings, figures.on),
        }
        return {
            audience: files.write_database(made / f"{audience}.db", audience, filled[audience])
            for audience in ROLE_OF
        }


def _draw(made: Path, county: County, figures: Figures, folder: Path) -> list[charts.Drawn]:
    wanted = float(figures.by_school.standard.per_100_students or 0)
    return list(charts.draw_all(made, county.name, wanted, folder / charts.FOLDER))


def _place_charts(drawn: Iterable[charts.Drawn], folder: Path) -> None:
    """Write what was drawn; first the drawing, whose source says that it is the right one."""
    for chart in drawn:
        if chart.svg is not None:
            place = folder / charts.FOLDER / chart.stem
            site.write_file(place.with_name(f"{chart.stem}.svg"), chart.svg.encode())
            site.write_file(place.with_name(f"{chart.stem}.vl.json"), chart.specification)
    script = folder / "assets" / "vega.js"
    mark = charts.script_mark()
    if not script.is_file() or not script.read_bytes().startswith(mark):
        site.write_file(script, charts.script())


def _county(engine: Engine) -> County:
    with clear_words(engine.url), Session(engine) as session:
        return session.exec(select(County)).one()


def _manifest(
    county: County,
    figures: Figures,
    rows: Mapping[Audience, Mapping[str, int]],
    now: datetime,
) -> dict[str, Any]:
    standard = figures.by_school.standard
    said = remarks.in_each_language(figures)
    return {
        "county": {"code": county.code, "name": county.name},
        "on": figures.on.isoformat(),
        "published_at": _written(now),
        "published_with": version("teacherreg"),
        "standard": {
            "id": standard.id,
            "zh": standard.name_zh,
            "en": standard.name_en,
            "document": standard.document,
        },
        "charts": [
            {
                "name": chart.name,
                "title": site.both(f"publish.chart.{chart.name}"),
                "page": chart.page,
                "table": chart.table,
                "remark": {tongue: words.get(chart.name, "") for tongue, words in said.items()},
            }
            for chart in charts.CHARTS
        ],
        "headline": [
            dict(zip(overview.HEADLINE.columns, row, strict=True)) for row in figures.headline()
        ],
        # How many records on conduct there are is a figure on conduct: it may be of few.
        "rows": {audience: tables for audience, tables in rows.items() if audience != "conduct"},
    }


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
