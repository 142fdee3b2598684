"""The small workbooks of data/samples are what the generator writes, and stay small."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from teacherreg.demo import make_samples
from teacherreg.shipped import shipped

KINDS = (
    *("schools", "teachers", "titles", "conduct"),
    *("training", "reviews", "mentoring", "rotations"),
    *("duties", "cases", "sessions", "supervisors"),
)


def contents(path: Path) -> dict[str, list[list[object]]]:
    workbook = CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_those_that_the_generator_writes(kind: str, tmp_path: Path) -> None:
    made = make_samples(tmp_path)
    assert [kind for kind, _ in made.workbooks] == list(KINDS)
    assert contents(shipped("data/samples") / f"{kind}.xlsx") == contents(tmp_path / f"{kind}.xlsx")


def test_samples_have_a_handful_of_faults(tmp_path: Path) -> None:
    faults = make_samples(tmp_path).faults
    assert 5 <= len(faults) <= 9
    assert {fault.kind for fault in faults} == {"teachers", "titles", "conduct"}
