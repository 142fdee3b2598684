"""Published files are compact, indexed, and refreshed under the readers' eyes."""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from teacherreg.errors import PublishError
from teacherreg.publish import files
from teacherreg.publish.build import publish
from teacherreg.publish.site import TABLES_OF
from tests.publish.conftest import Ask, settings_of
from tests.publish.sample_registry import ON

AUDIENCES = tuple(TABLES_OF)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_file_is_whole_compact_and_in_rollback_mode(ask: Ask, audience: str) -> None:
    assert ask(audience, "PRAGMA integrity_check") == [("ok",)]
    assert ask(audience, "PRAGMA foreign_key_check") == []
    assert ask(audience, "PRAGMA journal_mode") == [("delete",)]
    assert ask(audience, "PRAGMA freelist_count") == [(0,)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_column_that_people_filter_or_sort_by_is_indexed(ask: Ask, audience: str) -> None:
    for table in TABLES_OF[audience]:
        indexed = {
            row[0]
            for row in ask(
                audience,
                "SELECT c.name FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c",
                table.name,
            )
        }
        asked = {*table.facets, *table.sortable, *table.references, *filter(None, [table.sort])}
        assert asked - {table.key} <= indexed


def test_persons_files_are_closed_to_other_accounts_of_the_machine(site: Path) -> None:
    for audience in ("staff", "conduct"):
        assert (site / f"{audience}.db").stat().st_mode & 0o077 == 0


def test_columns_keep_their_types_and_leading_zeros(ask: Ask) -> None:
    assert ask("overview", "SELECT DISTINCT typeof(school_code) FROM schools") == [("text",)]
    assert ask("staff", "SELECT DISTINCT typeof(birth_year) FROM teachers") == [("integer",)]


def test_publishing_again_refreshes_the_file_that_readers_hold(sample: Engine, site: Path) -> None:
    before = {name: (site / f"{name}.db").stat().st_ino for name in AUDIENCES}
    with closing(sqlite3.connect(f"file:{site}/overview.db?mode=ro", uri=True)) as reader:
        assert reader.execute("SELECT value FROM headline WHERE key = 'missing'").fetchone() == (9,)
        with sample.begin() as connection:
            connection.exec_driver_sql("UPDATE enrolment SET students = 100 WHERE students > 300")
        publish(sample, settings_of(sample), site, ON)
        # 第一小学, 第三中学 and 河湾中心小学 need one holder each now, and have it.
        assert reader.execute("SELECT value FROM headline WHERE key = 'missing'").fetchone() == (5,)
    assert before == {name: (site / f"{name}.db").stat().st_ino for name in AUDIENCES}


def test_no_reader_fails_while_the_site_is_refreshed(sample: Engine, site: Path) -> None:
    failures: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        with closing(sqlite3.connect(f"file:{site}/staff.db?mode=ro", uri=True)) as reader:
            while not is_over.is_set():
                try:
                    (count,) = reader.execute("SELECT count(*) FROM teachers").fetchone()
                    if count != 60:
                        failures.append(f"{count} teachers")
                except sqlite3.Error as error:
                    failures.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        publish(sample, settings_of(sample), site, ON)
    is_over.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_a_file_that_is_no_database_is_replaced(sample: Engine, site: Path) -> None:
    (site / "staff.db").write_bytes(b"torn")
    publish(sample, settings_of(sample), site, ON)
    with closing(sqlite3.connect(site / "staff.db")) as connection:
        assert connection.execute("SELECT count(*) FROM teachers").fetchone() == (60,)


def test_a_folder_with_somebody_elses_files_is_refused(sample: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "metadata.json").write_text("{}")
    with pytest.raises(PublishError) as refused:
        publish(sample, settings_of(sample), folder, ON)
    assert refused.value.code == "site-folder-taken"
    assert [path.name for path in folder.iterdir()] == ["metadata.json"]


def test_a_file_in_the_folders_place_is_refused(sample: Engine, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(PublishError) as refused:
        publish(sample, settings_of(sample), tmp_path / "site", ON)
    assert refused.value.code == "site-folder-is-file"


def test_a_first_publication_that_broke_off_can_be_repeated(sample: Engine, site: Path) -> None:
    (site / "site.json").unlink()
    publish(sample, settings_of(sample), site, ON)
    assert json.loads((site / "site.json").read_bytes())["on"] == "2026-09-01"


@pytest.mark.parametrize(
    ("complaint", "code"),
    [
        (sqlite3.OperationalError("database or disk is full"), "site-disk-full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "site-not-writable"),
        (OSError(28, "No space left on device"), "site-disk-full"),
        (PermissionError(13, "Permission denied"), "site-not-writable"),
    ],
)
def test_what_the_disk_complains_of_is_said_clearly(
    tmp_path: Path, complaint: Exception, code: str
) -> None:
    with pytest.raises(PublishError) as said, files.clear_words(tmp_path):
        raise complaint
    assert said.value.code == code
    assert said.value.message
    assert said.value.hint


def test_a_publication_that_fails_changes_nothing(
    sample: Engine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with sample.begin() as connection:
        connection.exec_driver_sql("DELETE FROM title_award")
    monkeypatch.setattr(files, "add_search", full)
    with pytest.raises(PublishError):
        publish(sample, settings_of(sample), site, ON)
    assert before == {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_an_empty_registry_can_be_published(engine: Engine, tmp_path: Path) -> None:
    done = publish(engine, settings_of(engine), tmp_path / "site", ON)
    assert done.rows["staff"] == {
        "teachers": 0,
        "posts": 0,
        "titles": 0,
        "training": 0,
        "mentoring": 0,
        "rotations": 0,
        "schools": 0,
    }
    assert done.headline["missing"] == 0
    assert done.headline["cv_primary"] is None
