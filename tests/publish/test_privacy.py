"""A value that an audience may not see is not in its file: in no cell, index or free block."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from teacherreg.codes.columns import column_of
from teacherreg.models import Teacher
from teacherreg.publish import files
from teacherreg.publish.build import publish
from teacherreg.publish.site import TABLES_OF
from teacherreg.publish.tables import Table
from tests.publish.conftest import settings_of
from tests.publish.sample_registry import ON, SECRET, STAFF, id_number, phone

PEOPLE = [name for _, _, names, _ in STAFF for name in names.split()] + ["尉迟恭", "乐天"]
NUMBERS = [number(order) for order in range(1, 61) for number in (id_number, phone)]


def holding(folder: Path, *names: str) -> bytes:
    """Read files raw, whatever SQLite or a parser would make of them."""
    found = [path for name in names for path in folder.glob(name)]
    assert found
    return b"".join(path.read_bytes() for path in found)


def hits(content: bytes, words: list[str]) -> list[str]:
    return [word for word in words if word.encode() in content]


@pytest.mark.parametrize("file", ["overview.db", "staff.db", "conduct.db", "*.json", "charts/*"])
def test_no_file_holds_a_whole_number(published_once: Path, file: str) -> None:
    assert hits(holding(published_once, file), NUMBERS) == []


def test_the_public_files_name_nobody(published_once: Path) -> None:
    content = holding(published_once, "overview.db", "*.json", "charts/*")
    assert hits(content, PEOPLE) == []
    assert hits(content, ["zhangwei", "maimaiti", "QH00001", "青教发"]) == []


def test_nothing_of_conduct_is_outside_its_file(published_once: Path) -> None:
    content = holding(published_once, "overview.db", "staff.db", "*.json", "charts/*")
    assert hits(content, [SECRET, "青教处", "警告", "批评教育", "执行中", "开除"]) == []
    assert SECRET.encode() in holding(published_once, "conduct.db")


def test_columns_that_nobody_knows_are_published_nowhere(published_once: Path) -> None:
    assert hits(holding(published_once, "*.db"), ["家庭住址", f"{SECRET}路"]) == []


def test_what_was_there_before_is_gone_after_publishing_again(sample: Engine, site: Path) -> None:
    with Session(sample) as session:
        teacher = session.get(Teacher, 1)
        assert teacher is not None
        teacher.name, teacher.staff_no = "改名氏", "QH99999"
        session.commit()
    publish(sample, settings_of(sample), site, ON)
    content = holding(site, "staff.db", "conduct.db")
    assert hits(content, ["张伟", "QH00001", "zhangwei"]) == []
    assert "改名氏".encode() in content


@pytest.mark.parametrize(
    ("audience", "table"),
    [(audience, table) for audience, tables in TABLES_OF.items() for table in tables],
    ids=lambda value: value.name if isinstance(value, Table) else value,
)
def test_the_catalogue_lets_the_audience_see_every_column(audience: str, table: Table) -> None:
    for column in table.columns:
        visibility = column_of(f"{audience}.{table.name}", column).visible_to(audience)  # type: ignore[arg-type]
        masked = column in {"id_number", "phone"}
        assert visibility == ("masked" if masked else "whole"), column


def test_a_column_that_is_not_for_the_audience_stops_the_build(tmp_path: Path) -> None:
    leaky = Table("schools", {"id": int, "name": str})
    with pytest.raises(PermissionError, match=r"overview\.schools\.name"):
        files.write_database(tmp_path / "overview.db", "overview", [(leaky, [(1, "张伟")])])
    assert "张伟".encode() not in (tmp_path / "overview.db").read_bytes()


def test_nothing_is_left_beside_the_site(published_once: Path) -> None:
    assert sorted(path.name for path in published_once.iterdir()) == [
        "assets",
        "charts",
        "conduct.db",
        "labels.json",
        "metadata.json",
        "overview.db",
        "settings.json",
        "site.json",
        "staff.db",
    ]


def test_what_a_killed_publication_left_is_thrown_away(sample: Engine, site: Path) -> None:
    import os

    left = site / ".publishing-old"
    left.mkdir()
    shutil.copy(site / "staff.db", left)
    os.utime(left, (0, 0))
    publish(sample, settings_of(sample), site, ON)
    assert not left.exists()
