"""Files damaged at random are refused in words or read, and nothing else happens.

``tests/benchmarks/fuzz_files.py`` does the same a thousand times.
"""

from pathlib import Path

import pytest

from teacherreg import Registry
from teacherreg.errors import IntakeError
from tests.intake.reading.damage import damaged, originals
from tests.intake.reading.made import ON


@pytest.mark.parametrize("name", sorted(originals()))
def test_a_sound_file_is_read_whole(registry: Registry, tmp_path: Path, name: str) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(originals()[name])
    plan = registry.plan_import("teachers", path, add_schools=True, on=ON)
    assert plan.counts.read == 40


@pytest.mark.parametrize("name", sorted(originals()))
def test_a_damaged_file_harms_nothing(
    registry: Registry, registry_path: Path, tmp_path: Path, name: str
) -> None:
    before = registry_path.read_bytes()
    errors: dict[str, IntakeError] = {}
    for seed in range(5):
        path = tmp_path / f"{seed}.xlsx"
        path.write_bytes(damaged(originals()[name], seed))
        try:
            registry.plan_import("teachers", path, add_schools=True, on=ON)
        except IntakeError as error:
            errors[path.name] = error
    assert errors
    assert all(file in error.message and error.hint for file, error in errors.items())
    assert registry_path.read_bytes() == before
