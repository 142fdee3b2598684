"""Fixtures that every room uses: an empty registry of a made-up county."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from teacherreg import database
from teacherreg.locale import speaking


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    """Messages in tests are English unless a test says otherwise."""
    with speaking("en"):
        yield


@pytest.fixture
def registry_path(tmp_path: Path) -> Path:
    """Where a test's registry is."""
    return tmp_path / "registry.db"


@pytest.fixture
def engine(registry_path: Path) -> Iterator[Engine]:
    """The engine of a new, empty registry."""
    made = database.create(registry_path, "640199", "青禾县")
    yield made
    made.dispose()


@pytest.fixture
def registry(engine: Engine) -> Iterator[object]:
    """A new, empty registry."""
    from teacherreg import Registry

    with Registry(engine) as opened:
        yield opened
