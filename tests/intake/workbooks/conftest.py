"""Registries with people in them, for the workbooks that officers fill in and get back."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from teacherreg import Registry

SCHOOLS = [f"青禾县第{number}小学" for number in "一二三四"]
DAY = date(2026, 9, 1)


def id_number(place: int) -> str:
    """Make up an ID number of an area that does not exist, another for each place."""
    born = date(1970, 1, 1) + timedelta(days=13 * place)
    body = f"640199{born:%Y%m%d}{place % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """A registry of four schools with five people each, none of whom has a title."""
    folder: Path = tmp_path_factory.mktemp("staffed")
    registry = Registry.create(folder / "registry.db", county_code="640199", county_name="青禾县")
    schools = folder / "schools.csv"
    schools.write_text(
        "学校名称,学校类型\n" + "".join(f"{name},小学\n" for name in SCHOOLS), encoding="utf-8"
    )
    registry.apply(registry.plan_import("schools", schools, on=DAY))
    teachers = folder / "teachers.csv"
    rows = [
        f"人{chr(0x4E00 + place)},{id_number(place)},{place:05d},{SCHOOLS[place % 4]},小学\n"
        for place in range(20)
    ]
    teachers.write_text(
        "姓名,身份证件号,教职工号,学校名称,学段\n" + "".join(rows), encoding="utf-8"
    )
    registry.apply(registry.plan_import("teachers", teachers, on=DAY))
    return registry
