"""Undo restores exactly what was, or refuses and says what stands in the way."""

import shutil
import tempfile
from contextlib import contextmanager
from datetime import date
from functools import cache
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from teacherreg import database, migrations
from teacherreg.errors import RegistryError
from teacherreg.intake.apply import apply
from teacherreg.intake.journal import added_by, changed_by, touched_by
from teacherreg.intake.plan import plan_reading
from teacherreg.intake.tables import BATCH, FILE, FILLED, JOURNAL, TEACHER
from teacherreg.intake.undo import undo
from teacherreg.settings import Settings

ID_A = "640199198503150012"
ZHANG = {"name": "张伟", "id_number": ID_A, "school_name": "青禾县第一小学"}
TITLE = {
    "name": "张伟",
    "id_number": ID_A,
    "title_kind": "backbone_teacher",
    "level": "county",
    "awarded_on": date(2022, 9, 1),
}
NEXT_YEAR = date(2027, 9, 1)


def test_undo_takes_out_what_was_added(county):
    before = county.everything()
    batch = county("teachers", [ZHANG])
    undone = undo(county.engine, batch.id, by="tester")
    assert (undone.rows_removed, undone.rows_restored, undone.rows) == (2, 0, 2)
    assert county.everything() == before


def test_undo_restores_what_was_changed(county):
    county("teachers", [ZHANG | {"phone": "13800001234", "unmapped": '{"备注2": "支教"}'}])
    before = county.everything()
    moved = {
        "school_name": "青禾县第二小学",
        "phone": "13900005678",
        "unmapped": '{"特长": "书法"}',
    }
    batch = county("teachers", [ZHANG | moved], on=NEXT_YEAR)
    undone = undo(county.engine, batch.id, by="tester")
    assert (undone.rows_removed, undone.rows_restored) == (1, 2)
    assert county.everything() == before


def test_an_undone_batch_stays_on_record(county):
    batch = county("teachers", [ZHANG])
    undo(county.engine, batch.id, by="keeper")
    with county.engine.connect() as connection:
        row = connection.execute(select(BATCH).where(BATCH.c.id == batch.id)).one()
    assert (row.status, row.undone_by) == ("undone", "keeper")
    assert row.undone_at is not None


def test_what_was_undone_can_be_imported_again_under_new_numbers(county):
    batch = county("teachers", [ZHANG])
    undo(county.engine, batch.id, by="tester")
    plan = county.plan("teachers", [ZHANG])
    assert plan.counts.added == 1
    assert [notice.code for notice in plan.notices] == ["file-again-undone"]
    county("teachers", [ZHANG])
    assert [teacher["id"] for teacher in county.rows("teacher")] == [2]


def test_undo_refuses_where_a_later_import_changed_the_same_rows(county):
    first = county("teachers", [ZHANG])
    later = county("teachers", [ZHANG | {"phone": "13900005678"}])
    before = county.everything()
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, first.id, by="tester")
    assert caught.value.code == "undo-later"
    assert f"import {later.id} (Teachers, 名单.xlsx, by tester on" in caught.value.message
    assert "张伟 (person)" in caught.value.message
    assert f"({later.id})" in caught.value.hint
    assert county.everything() == before
    undo(county.engine, later.id, by="tester")
    undo(county.engine, first.id, by="tester")
    assert county.rows("teacher") == []


def test_undo_refuses_where_later_rows_refer_to_what_would_go(county):
    first = county("teachers", [ZHANG])
    titles = county("titles", [TITLE])
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, first.id, by="tester")
    assert caught.value.code == "undo-later"
    assert f"import {titles.id} (Titles" in caught.value.message
    assert "张伟 (title)" in caught.value.message
    assert county.rows("title_award") != []


def test_rows_in_the_way_are_named_in_the_order_in_which_they_were_written(county):
    later = county("teachers", [
        ZHANG | {"school_name": "青禾县第二小学"},
        {"name": "李娜", "staff_no": "102", "school_name": "青禾县第一小学"},
    ])  # fmt: skip
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, later.id - 1, by="tester")
    assert caught.value.code == "undo-later"
    assert "张伟 (post), 李娜 (post)" in caught.value.message


def test_of_many_rows_in_the_way_some_are_named_and_the_rest_counted(county):
    many = [
        ZHANG | {"name": f"张{n}", "id_number": None, "staff_no": f"{n}"} for n in "一二三四五六七"
    ]
    first = county("teachers", many)
    later = county("teachers", [person | {"phone": "13900005678"} for person in many])
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, first.id, by="tester")
    (one,) = caught.value.parameters["imports"].imports
    assert (one.batch_id, len(one.rows.named)) == (later.id, 7)
    assert str(one.rows) == ", ".join(f"张{n} (person)" for n in "一二三四五") + " and 2 more"


def test_undo_of_schools_refuses_while_people_work_there(county):
    teachers = county("teachers", [ZHANG])
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, 1, by="tester")
    assert str(teachers.id) in caught.value.message


def test_an_import_between_does_not_stand_in_the_way_of_other_rows(county):
    first = county("teachers", [ZHANG])
    county("teachers", [ZHANG | {"name": "李芳", "id_number": "640199198802290023"}])
    undo(county.engine, first.id, by="tester")
    assert [teacher["name"] for teacher in county.rows("teacher")] == ["李芳"]


def test_undo_refuses_where_a_row_was_changed_by_hand(county):
    county("teachers", [ZHANG | {"phone": "13800001234"}])
    batch = county("teachers", [ZHANG | {"phone": "13900005678"}])
    with database.writing(county.engine) as connection:
        connection.execute(update(TEACHER).values(phone="13700000000"))
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, batch.id, by="tester")
    assert caught.value.code == "undo-changed-by-hand"
    assert "张伟 (person)" in caught.value.message
    assert "137" not in str(caught.value)
    assert county.rows("teacher")[0]["phone"] == "13700000000"


def test_undo_refuses_where_a_later_import_gave_a_number_that_would_come_back(county):
    fang = {"name": "李芳", "id_number": "640199198802290023", "school_name": "青禾县第一小学"}
    county("teachers", [ZHANG | {"staff_no": "1"}])
    renumbered = county("teachers", [ZHANG | {"staff_no": "2"}])
    taken = county("teachers", [fang | {"staff_no": "1"}])
    before = county.everything()
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, renumbered.id, by="tester")
    assert caught.value.code == "undo-later"
    assert f"import {taken.id} " in caught.value.message
    assert "李芳 (person)" in caught.value.message
    assert county.everything() == before


def test_undo_of_a_departure_refuses_where_the_person_came_back_since(county):
    fang = {"name": "李芳", "id_number": "640199198802290023", "school_name": "青禾县第一小学"}
    county("teachers", [ZHANG, fang])
    left = county("teachers", [fang], on=NEXT_YEAR, full=True, allow_departures=1)
    back = county("teachers", [ZHANG], on=date(2028, 9, 1))
    before = county.everything()
    assert [post["ends_on"] for post in county.post("张伟")] == [date(2027, 8, 31), None]
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, left.id, by="tester")
    assert caught.value.code == "undo-later"
    assert f"import {back.id} " in caught.value.message
    assert "张伟 (post)" in caught.value.message
    assert county.everything() == before


# It moves the rows of persons into a new table, as 0002 did.
_NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{newest}"


def upgrade():
    with op.batch_alter_table("teacher", recreate="always") as batch:
        batch.add_column(sa.Column("motto", sa.String()))
"""


def test_an_import_of_before_an_upgrade_can_still_be_taken_back(
    tmp_path, make_reading, monkeypatch
):
    path = tmp_path / "registry.db"
    shutil.copy(empty_registry(), path)
    old = database.make_engine(database.url_of(path))
    later_versions = tmp_path / "versions"
    shutil.copytree(migrations.VERSIONS, later_versions)
    script = _NEXT.format(newest=migrations.newest_version())
    (later_versions / "next.py").write_text(script, encoding="utf-8")
    schools = [{"school_name": name} for name in SCHOOLS]
    later = ZHANG | {"phone": "13900005678", "subject": "physics", "unmapped": '{"特长": "书法"}'}
    states = [_everything(old)]
    for kind, rows, on in (
        ("schools", schools, date(2024, 9, 1)),
        ("teachers", [ZHANG | {"staff_no": "007"}], date(2024, 9, 1)),
        ("teachers", [later], NEXT_YEAR),
    ):
        plan = plan_reading(old, make_reading(kind, rows), settings=Settings({}), on=on)
        apply(old, plan, by="tester")
        states.append(_everything(old))
    past = _past(old)
    old.dispose()
    monkeypatch.setattr(migrations, "VERSIONS", later_versions)

    engine = database.open_existing(path)

    with engine.connect() as connection:
        assert migrations.version_of(connection) == "next"
    assert (_everything(engine), _past(engine)) == (states[-1], past)
    for batch_id, state in ((3, states[2]), (2, states[1]), (1, states[0])):
        undo(engine, batch_id, by="tester")
        assert _everything(engine) == state
    engine.dispose()
    (backup,) = tmp_path.glob("registry.before-upgrade-from-*.*.db")
    kept = database.make_engine(database.url_of(backup))
    assert (_everything(kept), _past(kept)) == (states[-1], past)
    kept.dispose()


def _past(engine):
    with engine.connect() as connection:
        return [connection.execute(select(which)).all() for which in (BATCH, FILE, JOURNAL)]


def test_an_undo_can_be_tried_first(county):
    batch = county("teachers", [ZHANG])
    before = county.everything()
    tried = undo(county.engine, batch.id, by="tester", dry_run=True)
    assert (tried.rows_removed, tried.rows_restored) == (2, 0)
    assert county.everything() == before
    assert undo(county.engine, batch.id, by="tester") == tried


@pytest.mark.parametrize(("number", "code"), [(99, "batch-unknown"), (1, "batch-undone-already")])
def test_undo_of_no_batch_is_refused(county, number, code):
    if number == 1:
        undo(county.engine, 1, by="tester")
    with pytest.raises(RegistryError) as caught:
        undo(county.engine, number, by="tester")
    assert caught.value.code == code


def test_the_journal_tells_what_an_import_did(county):
    county("teachers", [ZHANG])
    batch = county("teachers", [ZHANG | {"subject": "physics", "degree": "4"}], on=NEXT_YEAR)
    touched = [(one.table, one.added, one.changed) for one in touched_by(county.engine, batch.id)]
    assert touched == [("teacher", 0, 1), ("post", 0, 1)]
    assert [(row.who, row.before, row.after) for row in changed_by(county.engine, batch.id)] == [
        ("张伟", {"degree": None}, {"degree": "4"}),
        ("张伟", {"subject": None}, {"subject": "physics"}),
    ]
    assert len(changed_by(county.engine, batch.id, 1)) == 1


def test_the_journal_tells_what_was_added_as_that_import_left_it(county):
    first = county("teachers", [ZHANG | {"phone": "13800001234"}])
    later = county("teachers", [ZHANG | {"phone": "13900005678"}])
    person, post = added_by(county.engine, first.id)
    assert (person.table, person.who) == ("teacher", "张伟")
    assert person.after == {"name": "张伟", "id_number": ID_A, "phone": "13800001234"}
    assert (post.table, post.who, post.after["school"]) == ("post", "张伟", "青禾县第一小学")
    assert added_by(county.engine, first.id, 1) == [person]
    assert added_by(county.engine, later.id) == []
    undo(county.engine, later.id, by="tester")
    assert added_by(county.engine, first.id) == [person, post]
    undo(county.engine, first.id, by="tester")
    assert [(row.who, row.after) for row in added_by(county.engine, first.id)] == [(None, {})] * 2


# A small world in which imports often touch the same rows.
SCHOOLS = ["青禾县第一小学", "青禾县第二小学", "红山九年制学校"]
PEOPLE = [("张伟", ID_A), ("李芳", "640199198802290023"), ("王强", None), ("张伟", None)]


def _rows(columns):
    person = st.sampled_from(PEOPLE).map(lambda p: {"name": p[0], "id_number": p[1]})
    return st.lists(
        st.tuples(person, st.fixed_dictionaries({}, optional=columns)).map(lambda t: t[0] | t[1]),
        max_size=5,
    )


_DAY = st.sampled_from([date(2024, 9, 1), date(2026, 9, 1), date(2027, 3, 1), NEXT_YEAR])
IMPORTS = st.one_of(
    st.tuples(
        st.just("teachers"),
        _rows(
            {
                "school_name": st.sampled_from(SCHOOLS),
                "staff_no": st.sampled_from(["1", "2", "3"]),
                "birth_date": st.sampled_from(["1985-03", "1985-03-15", "1990-01-01"]),
                "stage": st.sampled_from(["primary", "junior"]),
                "subject": st.sampled_from(["chinese", "physics"]),
                "status": st.sampled_from(["100", "205", "301"]),
                "staff_category": st.sampled_from(["full_time_teacher", "logistics"]),
                "school_joined_on": _DAY,
                "phone": st.sampled_from(["13800001234", "13900005678"]),
                "unmapped": st.sampled_from(['{"备注2": "甲"}', '{"特长": "乙"}']),
            }
        ),
        _DAY,
    ),
    st.tuples(
        st.just("titles"),
        _rows(
            {
                "school_name": st.sampled_from(SCHOOLS),
                "level": st.sampled_from(["county", "province"]),
                "awarded_on": _DAY,
                "issuer": st.sampled_from(["甲", "乙"]),
            }
        ).map(lambda rows: [row | {"title_kind": "backbone_teacher"} for row in rows]),
        _DAY,
    ),
    st.tuples(
        st.just("conduct"),
        _rows({"school_name": st.sampled_from(SCHOOLS), "decided_by": st.sampled_from("甲乙")}).map(
            lambda rows: [
                row | {"record_kind": "review", "year": 2025, "result": "qualified"} for row in rows
            ]
        ),
        _DAY,
    ),
    st.tuples(
        st.just("schools"),
        st.lists(
            st.fixed_dictionaries(
                {"school_name": st.sampled_from([*SCHOOLS, "河西小学"])},
                optional={
                    "school_code": st.sampled_from(["2164000001", "2164000002"]),
                    "short_name": st.sampled_from(["一小", "二小、中心校"]),
                    "parent_school": st.sampled_from(SCHOOLS),
                    "primary_students": st.integers(0, 3),
                    "school_type": st.sampled_from(["primary_school", "nine_year_school"]),
                },
            ),
            max_size=4,
        ),
        _DAY,
    ),
)


def _everything(engine):
    with engine.connect() as connection:
        return {
            which.name: [
                dict(row) for row in connection.execute(select(which).order_by("id")).mappings()
            ]
            for which in FILLED
        }


@cache
def empty_registry() -> Path:
    """Make an empty registry once: copies of it are made faster than new ones."""
    path = Path(tempfile.mkdtemp()) / "empty.db"
    database.create(path, "640199", "青禾县").dispose()
    return path


WORLD = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@contextmanager
def _new_registry():
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "registry.db"
        shutil.copy(empty_registry(), copy)
        engine = database.make_engine(database.url_of(copy))
        try:
            yield engine
            database.require_sound(copy)
        finally:
            engine.dispose()


def _import_each(engine, make_reading, imports):
    """Import one after another; give each batch with all rows as they were before and after."""
    stood = []
    first = ("schools", [{"school_name": name} for name in SCHOOLS], date(2024, 9, 1))
    for kind, rows, on in [first, *imports]:
        before = _everything(engine)
        plan = plan_reading(engine, make_reading(kind, rows), settings=Settings({}), on=on)
        counts = plan.counts
        parts = (counts.added, counts.changed, counts.unchanged, counts.rejected)
        assert sum(parts) == counts.read == len(rows)
        assert min(parts) >= 0
        assert _everything(engine) == before  # a plan touches nothing
        batch = apply(engine, plan, by="tester")
        assert (batch.id is None) == plan.is_empty
        if batch.id is not None:
            stood.append((batch.id, before, _everything(engine)))
    return stood


@settings(max_examples=12, **WORLD)
@given(imports=st.lists(IMPORTS, min_size=1, max_size=5))
def test_any_imports_can_be_taken_back_from_the_last_to_the_first(make_reading, imports):
    with _new_registry() as engine:
        for batch_id, before, after in reversed(_import_each(engine, make_reading, imports)):
            assert _everything(engine) == after
            undo(engine, batch_id, by="tester")
            assert _everything(engine) == before


def _by_number(rows):
    return {row["id"]: row for row in rows}


def _taken_back(now, before, after):
    """Work out by comparing whole tables what remains when one of several imports goes."""
    remains = {}
    for name, rows in now.items():
        was, became = _by_number(before[name]), _by_number(after[name])
        touched = {number for number in became if was.get(number) != became[number]}
        kept = [row for row in rows if row["id"] not in touched]
        restored = [was[number] for number in touched if number in was]
        remains[name] = sorted([*kept, *restored], key=itemgetter("id"))
    return remains


@settings(max_examples=20, **WORLD)
@given(imports=st.lists(IMPORTS, min_size=2, max_size=5), data=st.data())
def test_in_any_order_an_undo_restores_exactly_or_refuses_and_changes_nothing(
    make_reading, imports, data
):
    with _new_registry() as engine:
        stood = _import_each(engine, make_reading, imports)
        for batch_id, before, after in data.draw(st.permutations(stood)):
            now = _everything(engine)
            tried = _tried(engine, batch_id)
            assert _everything(engine) == now
            if isinstance(tried, RegistryError):
                assert tried.code == "undo-later"  # nobody changed anything by hand
                ids = {one.batch_id for one in tried.parameters["imports"].imports}
                assert ids <= {number for number, _, _ in stood if number > batch_id}
                with pytest.raises(RegistryError):
                    undo(engine, batch_id, by="tester")
                assert _everything(engine) == now
            else:
                assert undo(engine, batch_id, by="tester") == tried
                assert _everything(engine) == _taken_back(now, before, after)


def _tried(engine, batch_id):
    try:
        return undo(engine, batch_id, by="tester", dry_run=True)
    except RegistryError as refused:
        return refused


@settings(max_examples=12, **WORLD)
@given(imports=st.lists(IMPORTS, min_size=1, max_size=3))
def test_an_import_applied_twice_changes_nothing(make_reading, imports):
    with _new_registry() as engine:
        _import_each(engine, make_reading, imports[:-1])
        kind, rows, on = imports[-1]
        reading = make_reading(kind, rows)
        plan = plan_reading(engine, reading, settings=Settings({}), on=on)
        apply(engine, plan, by="tester")
        again = plan_reading(engine, reading, settings=Settings({}), on=on)
        assert again.is_empty, list(again.changes)
        assert again.counts.rejected == plan.counts.rejected
