"""Copies of the sample registry and of its site, and ways to ask the site's files."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from teacherreg import database
from teacherreg.settings import Settings

Ask = Callable[..., list[tuple[Any, ...]]]


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
