"""Readings made by hand: what the reader would hand over, without a file."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, select

from teacherreg import database
from teacherreg.intake.apply import apply
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.plan import Plan, plan_reading
from teacherreg.intake.read import Reading, SourceFile
from teacherreg.intake.tables import FILLED
from teacherreg.models import ImportBatch
from teacherreg.settings import Settings

DAY = date(2026, 9, 1)

Rows = list[dict[str, Any]]


def reading_of(kind: str, rows: Rows, *, file: str = "名单.xlsx") -> Reading:
    """Make what the reader gives for some records; the first stands in row 2."""
    schema = {f.name: f.polars_type for f in KINDS[kind].fields if not f.is_aid}
    schema |= {
        "file": pl.String(),
        "sheet": pl.String(),
        "row": pl.Int64(),
        "unmapped": pl.String(),
    }
    schema["birth_date_from_id"] = pl.Boolean()
    full = [
        dict.fromkeys(schema)
        | {"file": file, "sheet": "Sheet1", "row": number, "birth_date_from_id": False}
        | row
        for number, row in enumerate(rows, 2)
    ]
    content = repr((kind, rows)).encode()
    return Reading(
        kind=kind,
        files=(SourceFile(file, hashlib.sha256(content).hexdigest(), len(content)),),
        rows=pl.DataFrame(full, schema=schema),
        problems=[],
        columns={"姓名": "name", "学校名称": "school_name"},
        skipped={},
        rows_read=len(rows),
        rows_rejected=0,
    )


class Importer:
    """Plans and applies readings on one registry."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def plan(self, kind: str, rows: Rows, *, on: date = DAY, **options: Any) -> Plan:
        reading = reading_of(kind, rows, file=options.pop("file", "名单.xlsx"))
        options.setdefault("settings", Settings({}))
        return plan_reading(self.engine, reading, on=on, **options)

    def __call__(self, kind: str, rows: Rows, *, on: date = DAY, **options: Any) -> ImportBatch:
        return apply(self.engine, self.plan(kind, rows, on=on, **options), by="tester")

    def post(self, name: str) -> list[dict[str, Any]]:
        """Give the posts of a person, each with the name of its school."""
        (who,) = {t["id"] for t in self.rows("teacher") if t["name"] == name}
        schools = {school["id"]: school["name"] for school in self.rows("school")}
        posts = [post for post in self.rows("post") if post["teacher_id"] == who]
        return [post | {"school": schools[post["school_id"]]} for post in posts]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Give all rows of a table, by number."""
        which = next(t for t in FILLED if t.name == table)
        with self.engine.connect() as connection:
            return [dict(r) for r in connection.execute(select(which).order_by("id")).mappings()]

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Give all rows of all tables that imports fill."""
        return {which.name: self.rows(which.name) for which in FILLED}


@pytest.fixture
def make_reading() -> Callable[..., Reading]:
    return reading_of


@pytest.fixture
def importer(engine: Engine) -> Importer:
    return Importer(engine)


@pytest.fixture(scope="session")
def county_file(tmp_path_factory: pytest.TempPathFactory, empty_registry: Path) -> Path:
    """A registry with three schools, to copy: two primary schools and one of nine years."""
    path = tmp_path_factory.mktemp("county") / "registry.db"
    shutil.copy(empty_registry, path)
    engine = database.open_existing(path)
    first = {
        "school_name": "青禾县第一小学",
        "school_type": "primary_school",
        "short_name": "一小、县一小",
        "township": "城关镇",
        "locality": "town",
        "primary_students": 800,
    }
    second = {"school_name": "青禾县第二小学", "school_type": "primary_school"}
    red_hill = {
        "school_name": "红山九年制学校",
        "school_type": "nine_year_school",
        "primary_students": 120,
        "junior_students": 90,
    }
    Importer(engine)("schools", [first, second, red_hill])
    engine.dispose()
    return path


@pytest.fixture
def county(county_file: Path, registry_path: Path) -> Iterator[Importer]:
    """A registry with three schools of its own."""
    shutil.copy(county_file, registry_path)
    engine = database.open_existing(registry_path)
    yield Importer(engine)
    engine.dispose()


@pytest.fixture
def codes() -> Callable[[Plan], list[tuple[int | None, str]]]:
    """Tell the problems of a plan by row and code."""
    return lambda plan: [(problem.row, problem.code) for problem in plan.problems]
