"""Fixtures that every room uses: an empty registry of a made-up county."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from teacherreg import database
from teacherreg.locale import speaking

# The same examples each time, so that a change is judged by what it changes; to look for new
# ones: HYPOTHESIS_PROFILE=default. How fast an example is says more of the machine than of us.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    """Messages in tests are English unless a test says otherwise."""
    with speaking("en"):
        yield


@pytest.fixture
def registry_path(tmp_path: Path) -> Path:
    """Where a test's registry is."""
    return tmp_path / "registry.db"


@pytest.fixture(scope="session")
def empty_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, empty registry to copy: making one takes longer than most tests."""
    made = tmp_path_factory.mktemp("empty") / "registry.db"
    database.create(made, "640199", "青禾县").dispose()
    return made


@pytest.fixture
def engine(empty_registry: Path, registry_path: Path) -> Iterator[Engine]:
    """The engine of a new, empty registry."""
    shutil.copy(empty_registry, registry_path)
    opened = database.open_existing(registry_path)
    yield opened
    opened.dispose()


@pytest.fixture
def registry(engine: Engine) -> Iterator[object]:
    """A new, empty registry."""
    from teacherreg import Registry

    with Registry(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def filled_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of `tests.publish.sample_registry`, to copy."""
    from tests.publish.sample_registry import COUNTY, fill_sample

    path = tmp_path_factory.mktemp("registry") / "registry.db"
    engine = database.create(path, COUNTY, "青禾县")
    fill_sample(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def published_once(filled_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its site, published once, to copy: drawing takes a while."""
    from teacherreg.publish.build import publish
    from teacherreg.settings import Settings
    from tests.publish.sample_registry import ON

    folder = tmp_path_factory.mktemp("published") / "site"
    engine = database.open_existing(filled_registry)
    with engine.connect() as connection:
        settings_in_force = Settings.read(connection)
    publish(engine, settings_in_force, folder, ON)
    engine.dispose()
    return folder
