"""A site published from the sample registry, made once: drawing takes a while."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from teacherreg import database
from teacherreg.publish.build import publish
from teacherreg.settings import Settings
from tests.publish.sample_registry import COUNTY, ON, fill_sample

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def filled_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "registry.db"
    engine = database.create(path, COUNTY, "青禾县")
    fill_sample(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def published_once(filled_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "site"
    engine = database.open_existing(filled_registry)
    publish(engine, settings_of(engine), folder, ON)
    engine.dispose()
    return folder


@pytest.fixture
def site(published_once: Path, tmp_path: Path) -> Path:
    """A copy of the published sample, to do with as a test likes."""
    return Path(shutil.copytree(published_once, tmp_path / "site"))


@pytest.fixture
def sample(filled_registry: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of the sample registry."""
    path = shutil.copy(filled_registry, tmp_path / "sample.db")
    engine = database.open_existing(path)
    yield engine
    engine.dispose()


@pytest.fixture
def ask(published_once: Path) -> Ask:
    """Ask a published file."""

    def ask(audience: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(published_once / f"{audience}.db")) as connection:
            return connection.execute(sql, values).fetchall()

    return ask


def settings_of(engine: Engine) -> Settings:
    with engine.connect() as connection:
        return Settings.read(connection)
