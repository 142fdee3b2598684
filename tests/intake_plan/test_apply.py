"""Writing a plan: all of it or nothing, and only into the registry it was made for."""

import sqlite3
from datetime import date

import pytest
from sqlalchemy import event, select, update

from teacherreg import database
from teacherreg.errors import RegistryError
from teacherreg.intake.apply import apply
from teacherreg.intake.tables import BATCH, FILE, JOURNAL, TEACHER

ID_A = "640199198503150012"
ZHANG = {"name": "张伟", "id_number": ID_A, "school_name": "青禾县第一小学"}


def test_the_batch_says_who_when_which_file_and_how_many(county):
    batch = county("teachers", [ZHANG], on=date(2026, 8, 15))
    with county.engine.connect() as connection:
        stored = connection.execute(select(BATCH).where(BATCH.c.id == batch.id)).one()
        (file,) = connection.execute(select(FILE).where(FILE.c.batch_id == batch.id)).all()
    assert (stored.kind, stored.status, stored.imported_by) == ("teachers", "applied", "tester")
    assert stored.on_date == date(2026, 8, 15)
    assert (stored.rows_read, stored.rows_added) == (1, 1)
    assert file.name == "名单.xlsx"
    assert len(file.sha256) == 64


def test_a_run_of_new_rows_is_one_entry_of_the_journal(county):
    rows = [ZHANG | {"name": f"张{n}", "id_number": None, "staff_no": str(n)} for n in range(50)]
    batch = county("teachers", rows)
    with county.engine.connect() as connection:
        entries = connection.execute(
            select(JOURNAL.c.table_name, JOURNAL.c.first_row_id, JOURNAL.c.last_row_id).where(
                JOURNAL.c.batch_id == batch.id
            )
        ).all()
    assert [tuple(entry) for entry in entries] == [("teacher", 1, 50), ("post", 1, 50)]


def test_many_rows_into_an_empty_table_keep_its_indexes(county):
    rows = [
        ZHANG | {"name": f"张{n}", "id_number": None, "staff_no": str(n)} for n in range(10_001)
    ]
    county("teachers", rows)
    path = county.engine.url.database
    with sqlite3.connect(path) as connection:
        names = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='index'")
        }
    assert {"ix_teacher_name", "ix_post_teacher_id", "uq_post_open_home"} <= names
    assert len(county.rows("post")) == 10_001


def test_a_plan_is_refused_once_another_import_came_between(county):
    plan = county.plan("teachers", [ZHANG])
    county("teachers", [ZHANG | {"name": "李芳", "id_number": None}])
    before = county.everything()
    with pytest.raises(RegistryError) as caught:
        apply(county.engine, plan, by="tester")
    assert caught.value.code == "registry-changed"
    assert county.everything() == before


def test_a_plan_is_refused_once_a_row_that_it_changes_was_changed_by_hand(county):
    county("teachers", [ZHANG | {"phone": "13800001234"}])
    plan = county.plan("teachers", [ZHANG | {"phone": "13900005678"}])
    with database.writing(county.engine) as connection:
        connection.execute(update(TEACHER).values(phone="13700000000"))
    with pytest.raises(RegistryError) as caught:
        apply(county.engine, plan, by="tester")
    assert caught.value.code == "registry-changed"
    assert county.rows("teacher")[0]["phone"] == "13700000000"
    with county.engine.connect() as connection:
        assert len(connection.execute(select(BATCH)).all()) == 2


def test_while_another_writes_the_registry_is_told_to_be_locked(county, monkeypatch):
    plan = county.plan("teachers", [ZHANG])
    monkeypatch.setattr("teacherreg.database.sqlite.BUSY_SECONDS", 0)
    impatient = database.make_engine(county.engine.url)
    other = sqlite3.connect(county.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RegistryError) as caught:
        apply(impatient, plan, by="tester")
    assert caught.value.code == "registry-locked"
    other.execute("ROLLBACK")
    other.close()
    assert apply(impatient, plan, by="tester").id == 2
    impatient.dispose()


def test_where_the_disk_is_full_nothing_is_written(county):
    rows = [ZHANG | {"name": f"张{n}", "id_number": None, "staff_no": str(n)} for n in range(500)]
    plan = county.plan("teachers", rows)
    small = database.make_engine(county.engine.url)
    event.listen(
        small, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1")
    )  # SQLite takes it as "no page more than now"
    with pytest.raises(RegistryError) as caught:
        apply(small, plan, by="tester")
    small.dispose()
    assert caught.value.code == "disk-full"
    assert county.rows("teacher") == []


def test_a_registry_that_may_not_be_written_is_told_of(county):
    plan = county.plan("teachers", [ZHANG])
    reader = database.make_engine(county.engine.url)
    event.listen(
        reader, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON")
    )
    with pytest.raises(RegistryError) as caught:
        apply(reader, plan, by="tester")
    reader.dispose()
    assert caught.value.code == "registry-read-only"


def test_the_document_is_the_contracts_and_masks_numbers(county):
    rows = [ZHANG, ZHANG | {"name": "李芳", "id_number": None, "school_name": "东山小学"}]
    plan = county.plan("teachers", rows)
    document = plan.to_document()
    (problem,) = document.pop("problems")
    assert document == {
        "batch": None,
        "kind": "teachers",
        "dry_run": True,
        "rows": {"read": 2, "added": 1, "changed": 0, "unchanged": 0, "rejected": 1},
        "columns": {"姓名": "name", "学校名称": "school_name"},
        "skipped": {},
        "notices": [],
    }
    assert set(problem) == {
        "file", "sheet", "row", "column", "code", "severity", "value", "message",
    }  # fmt: skip
    assert (problem["row"], problem["code"]) == (3, "school-unknown")
    assert plan.to_document(7, dry_run=False)["batch"] == 7


def test_added_rows_are_listed_one_by_one_when_asked_for(county):
    plan = county.plan("teachers", [ZHANG])
    teacher, post = list(plan.changes)
    assert (teacher.action, teacher.table, teacher.who, teacher.row) == (
        "add",
        "teacher",
        "张伟",
        2,
    )
    assert teacher.new["id_number"] == ID_A
    assert (post.table, post.new["status"]) == ("post", "100")
    assert dict(plan.added_rows()) == {"teacher": 1, "post": 1}
