"""Building a site, and refreshing one that is being served.

Everything is made aside first; only when all of it stands is it put in place, so a
publication that fails changes nothing.
"""

from collections.abc import Mapping
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
from teacherreg.publish import conduct, overview, site, staff
from teacherreg.publish.files import put_in_place, write_database
from teacherreg.publish.overview import Figures
from teacherreg.publish.tables import ROLE_OF
from teacherreg.settings import Settings

MANIFEST: Final = "site.json"
_OURS: Final = (MANIFEST, "metadata.json", "settings.json", *(f"{name}.db" for name in ROLE_OF))


@dataclass(frozen=True)
class Published:
    """What was published.

    Attributes:
        folder: Where the site is.
        on: The day as of which its figures are true.
        published_at: When it was published.
        rows: How many rows each table of each database has.
        headline: The main figures by key.
        charts_drawn: Charts that were drawn anew; the others had not changed.
    """

    folder: Path
    on: date
    published_at: datetime
    rows: Mapping[Audience, Mapping[str, int]]
    headline: Mapping[str, float | None]
    charts_drawn: int


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
    with TemporaryDirectory(dir=folder, prefix=".publishing-") as aside:
        made = Path(aside)
        figures = overview.ask(engine, settings, on)
        rows = _write_databases(engine, figures, made)
        for audience in ROLE_OF:
            put_in_place(made / f"{audience}.db", folder / f"{audience}.db")
    county = _county(engine)
    now = datetime.now(UTC)
    site.write_document(folder / "metadata.json", site.metadata(county.name))
    site.write_document(folder / "settings.json", dict(site.SETTINGS))
    site.write_document(folder / "labels.json", site.labels())
    site.write_document(folder / MANIFEST, _manifest(county, figures, rows, now, []))
    return Published(
        folder=folder,
        on=on,
        published_at=now,
        rows=rows,
        headline={row[0]: row[1] for row in figures.headline()},
        charts_drawn=0,
    )


def _require_ours(folder: Path) -> None:
    """Refuse a folder in which files of ours would take the place of somebody else's."""
    if folder.exists() and not folder.is_dir():
        raise PublishError("site-folder-is-file", folder=folder)
    is_site = (folder / MANIFEST).is_file()
    taken = [name for name in _OURS if (folder / name).exists()]
    if taken and not is_site:
        raise PublishError("site-folder-taken", folder=folder, file=taken[0])
    folder.mkdir(parents=True, exist_ok=True)


def _write_databases(
    engine: Engine, figures: Figures, made: Path
) -> dict[Audience, dict[str, int]]:
    """Write each audience's file; the rows of people are read while they are written."""
    with clear_words(engine.url), engine.connect() as connection:
        filled = {
            "overview": figures.filled(),
            "staff": staff.filled(connection, figures.on, figures.schools),
            "conduct": conduct.filled(connection, figures.on),
        }
        return {
            audience: write_database(made / f"{audience}.db", audience, filled[audience])
            for audience in ROLE_OF
        }


def _county(engine: Engine) -> County:
    with clear_words(engine.url), Session(engine) as session:
        return session.exec(select(County)).one()


def _manifest(
    county: County,
    figures: Figures,
    rows: Mapping[Audience, Mapping[str, int]],
    now: datetime,
    charts: list[Any],
) -> dict[str, Any]:
    standard = figures.by_school.standard
    return {
        "county": {"code": county.code, "name": county.name},
        "on": figures.on.isoformat(),
        "published_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "published_with": version("teacherreg"),
        "standard": {
            "id": standard.id,
            "zh": standard.name_zh,
            "en": standard.name_en,
            "document": standard.document,
        },
        "charts": charts,
        "headline": [
            dict(zip(overview.HEADLINE.columns, row, strict=True)) for row in figures.headline()
        ],
        "rows": rows,
    }
