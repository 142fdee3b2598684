"""Opening, copying and restoring a registry: nothing is lost, and words are clear."""

import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.schema import CreateTable

from teacherreg import database, migrations
from teacherreg.errors import RegistryError, UsageError
from teacherreg.models import County, Post, School, SQLModel, Teacher, TitleAward


def add_school(engine: Engine, name: str) -> None:
    with database.writing(engine) as connection:
        connection.execute(School.__table__.insert(), {"county_code": "640199", "name": name})


def school_names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM school ORDER BY id")]


def test_a_new_registry_knows_its_county(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(select(County.code, County.name)).all() == [("640199", "青禾县")]


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert difference == []


def test_indexes_on_expressions_are_made_by_the_migration(engine: Engine) -> None:
    expected = {index.name for table in SQLModel.metadata.sorted_tables for index in table.indexes}
    with engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert expected <= {name for (name,) in made}


def test_postgresql_would_accept_every_table() -> None:
    dialect = postgresql.dialect()
    for table in SQLModel.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(School, {"county_code": "999999", "name": "x"}, id="unknown county"),
        pytest.param(
            School, {"county_code": "640199", "name": "x", "locality": "moon"}, id="locality"
        ),
        pytest.param(Teacher, {"name": "x", "id_number": "123"}, id="short ID number"),
        pytest.param(Teacher, {"name": "x", "sex": "7"}, id="sex"),
        pytest.param(
            Post,
            {
                "teacher_id": 1,
                "school_id": 1,
                "is_full_time_teacher": True,
                "attachment": "home",
                "status": "100",
            },
            id="post of nobody",
        ),
        pytest.param(
            TitleAward,
            {"teacher_id": 1, "title_kind": "master_teacher", "is_term_by_rule": False},
            id="title of nobody",
        ),
    ],
)
def test_the_database_itself_refuses(
    engine: Engine, table: type[SQLModel], row: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), database.writing(engine) as connection:
        connection.execute(table.__table__.insert(), row)  # type: ignore[attr-defined]


def test_one_person_has_at_most_one_open_post_at_home(engine: Engine) -> None:
    post = {
        "teacher_id": 1,
        "school_id": 1,
        "is_full_time_teacher": True,
        "attachment": "home",
        "status": "100",
    }
    with database.writing(engine) as connection:
        connection.execute(School.__table__.insert(), {"county_code": "640199", "name": "一小"})
        connection.execute(Teacher.__table__.insert(), {"name": "张三"})
        connection.execute(Post.__table__.insert(), post | {"attachment": "visiting"})
        connection.execute(Post.__table__.insert(), post)
        with pytest.raises(IntegrityError):
            connection.execute(Post.__table__.insert(), post)


def test_a_registry_and_its_copies_are_closed_to_other_accounts(
    engine: Engine, registry_path: Path, tmp_path: Path
) -> None:
    database.copy(registry_path, tmp_path / "copy.db")
    for path in (registry_path, tmp_path / "copy.db"):
        assert path.stat().st_mode & 0o077 == 0


def test_init_refuses_where_a_registry_is(engine: Engine, registry_path: Path) -> None:
    add_school(engine, "青禾一小")
    with pytest.raises(RegistryError) as refused:
        database.create(registry_path, "640199", "青禾县")
    assert refused.value.code == "registry-exists"
    assert school_names(registry_path) == ["青禾一小"]


@pytest.mark.parametrize("code", ["64019", "6401999", "64019x", "６４０１９９", ""])
def test_a_county_code_is_six_digits(tmp_path: Path, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        database.create(tmp_path / "r.db", code, "青禾县")
    assert refused.value.code == "county-code"
    assert not list(tmp_path.iterdir())


def test_a_missing_registry_is_not_made_by_opening_it(registry_path: Path) -> None:
    with pytest.raises(RegistryError) as refused:
        database.open_existing(registry_path)
    assert refused.value.code == "registry-missing"
    assert not registry_path.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook perhaps", b"x" * 4096])
def test_a_file_that_is_no_registry_is_refused_and_left_alone(
    registry_path: Path, content: bytes
) -> None:
    registry_path.write_bytes(content)
    with pytest.raises(RegistryError) as refused:
        database.open_existing(registry_path)
    assert refused.value.code == "registry-not-ours"
    assert registry_path.read_bytes() == content


def test_another_programs_database_is_not_ours(registry_path: Path) -> None:
    with closing(sqlite3.connect(registry_path)) as connection:
        connection.execute("CREATE TABLE county (code)")
    with pytest.raises(RegistryError) as refused:
        database.open_existing(registry_path)
    assert refused.value.code == "registry-not-ours"


def test_a_newer_registry_is_refused_with_its_version(engine: Engine, registry_path: Path) -> None:
    with database.writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = registry_path.read_bytes()
    with pytest.raises(RegistryError) as refused:
        database.open_existing(registry_path)
    assert refused.value.code == "registry-newer"
    assert "9999" in refused.value.message
    assert registry_path.read_bytes() == before


def test_an_older_registry_is_upgraded_after_a_backup(
    engine: Engine, registry_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_school(engine, "青禾一小")
    engine.dispose()
    older = migrations.newest_version()
    later = tmp_path / "later"
    later.mkdir()
    for shipped in (migrations.HERE / "versions").glob("*.py"):
        (later / shipped.name).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    (later / "next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = 'next'\ndown_revision = {older!r}\n"
        "def upgrade():\n    op.add_column('school', sa.Column('motto', sa.String()))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrations, "VERSIONS", later)

    upgraded = database.open_existing(registry_path)

    with upgraded.connect() as connection:
        assert migrations.version_of(connection) == "next"
        assert connection.exec_driver_sql("SELECT name, motto FROM school").all() == [
            ("青禾一小", None)
        ]
    upgraded.dispose()
    (backup,) = tmp_path.glob(f"registry.before-upgrade-from-{older}.*.db")
    assert school_names(backup) == ["青禾一小"]


def test_a_registry_of_the_first_version_keeps_its_people_and_their_posts(
    registry_path: Path, tmp_path: Path
) -> None:
    registry_path.touch()
    first = database.make_engine(database.url_of(registry_path))
    with database.writing(first) as connection:
        migrations.upgrade(connection, to="0001")
        connection.exec_driver_sql("INSERT INTO county VALUES ('640199', '青禾县')")
        connection.exec_driver_sql(
            "INSERT INTO school (id, county_code, name) VALUES (1, '640199', '青禾一小')"
        )
        connection.exec_driver_sql(
            "INSERT INTO teacher (id, name, staff_no, unmapped) VALUES (7, '张三', 'A1', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO post (id, teacher_id, school_id, is_full_time_teacher, attachment, status)"
            " VALUES (1, 7, 1, 1, 'home', '100')"
        )
    first.dispose()

    engine = database.open_existing(registry_path)

    with engine.connect() as connection:
        assert migrations.version_of(connection) == migrations.newest_version()
        assert connection.exec_driver_sql(
            "SELECT teacher.id, name, staff_no, unmapped, school_id"
            " FROM teacher JOIN post ON teacher_id = teacher.id"
        ).all() == [(7, "张三", "A1", "{}", 1)]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    with pytest.raises(IntegrityError), database.writing(engine) as connection:
        connection.execute(Teacher.__table__.insert(), {"name": "李四", "staff_no": "A1"})
    with pytest.raises(IntegrityError), database.writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM teacher")
    engine.dispose()
    database.require_sound(registry_path)


def test_a_locked_registry_is_said_to_be_locked(
    engine: Engine, registry_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teacherreg.database.sqlite.BUSY_SECONDS", 0)
    hasty = database.open_existing(registry_path)
    with closing(sqlite3.connect(registry_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegistryError) as refused:
            add_school(hasty, "青禾一小")
    hasty.dispose()
    assert refused.value.code == "registry-locked"
    assert school_names(registry_path) == []


def test_a_failed_write_leaves_nothing_behind(engine: Engine, registry_path: Path) -> None:
    class SomethingElseError(Exception):
        pass

    def write_and_fail() -> None:
        with database.writing(engine) as connection:
            connection.execute(School.__table__.insert(), {"county_code": "640199", "name": "一小"})
            raise SomethingElseError

    with pytest.raises(SomethingElseError):
        write_and_fail()
    assert school_names(registry_path) == []


def test_a_full_disk_is_said_to_be_full(engine: Engine, registry_path: Path) -> None:
    def write_too_much() -> None:
        with database.writing(engine) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.execute(
                School.__table__.insert(),
                [{"county_code": "640199", "name": f"{n}小" * 500} for n in range(500)],
            )

    with pytest.raises(RegistryError) as refused:
        write_too_much()
    assert refused.value.code == "disk-full"
    assert school_names(registry_path) == []


def test_backup_while_others_write_is_a_sound_moment(
    engine: Engine, registry_path: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            add_school(engine, f"第{number}小学")
            number += 1
            time.sleep(0.001)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        time.sleep(0.05)
        database.copy(registry_path, tmp_path / "copy.db")
    finally:
        stop.set()
        writer.join()
    copied = school_names(tmp_path / "copy.db")
    assert copied
    assert copied == school_names(registry_path)[: len(copied)]


def test_restore_brings_back_what_was_and_keeps_what_is(
    engine: Engine, registry_path: Path, tmp_path: Path
) -> None:
    add_school(engine, "青禾一小")
    backup = tmp_path / "backup.db"
    database.copy(registry_path, backup)
    add_school(engine, "青禾二小")

    kept = database.restore(backup, registry_path)

    assert school_names(registry_path) == ["青禾一小"]
    assert kept is not None
    assert school_names(kept) == ["青禾一小", "青禾二小"]


def test_restore_clears_what_a_killed_one_left_and_nothing_else(
    engine: Engine, registry_path: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    database.copy(registry_path, backup)
    left = tmp_path / "registry.before-restore.20260901T080000000000Z.db.unfinished"
    whole = tmp_path / "registry.before-restore.20260901T080000000000Z.db"
    foreign = tmp_path / "other.before-restore.20260901T080000000000Z.db.unfinished"
    for path in (left, whole, foreign):
        path.write_text("mine")
    kept = database.restore(backup, registry_path)
    assert set(tmp_path.iterdir()) == {registry_path, backup, whole, foreign, kept}


def test_restore_of_a_damaged_backup_changes_nothing(
    engine: Engine, registry_path: Path, tmp_path: Path
) -> None:
    add_school(engine, "青禾一小")
    backup = tmp_path / "backup.db"
    database.copy(registry_path, backup)
    torn = bytearray(backup.read_bytes())
    torn[8192:20480] = b"\xff" * (20480 - 8192)
    backup.write_bytes(torn)
    with pytest.raises(RegistryError) as refused:
        database.restore(backup, registry_path)
    assert refused.value.code == "registry-damaged"
    assert school_names(registry_path) == ["青禾一小"]


def test_a_url_is_named_without_its_password() -> None:
    url = database.url_of("postgresql+psycopg://officer:secret@db/teacherreg")
    assert "secret" not in database.name_of(url)


def test_a_url_of_an_unknown_kind_is_refused_without_repeating_it() -> None:
    with pytest.raises(RegistryError) as refused:
        database.url_of("oracle9://officer:secret@db/x")
    assert refused.value.code == "registry-url"
    assert "secret" not in str(refused.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RegistryError) as refused:
        database.open_existing("postgresql+psycopg://officer:secret@localhost/x")
    assert refused.value.code == "registry-driver"
    assert "psycopg" in refused.value.message


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [
        pytest.param(ProgrammingError, "42501", "registry-forbidden", id="no right to a table"),
        pytest.param(InternalError, "25006", "registry-forbidden", id="a standby"),
        pytest.param(OperationalError, "53100", "disk-full", id="the server's disk is full"),
        pytest.param(OperationalError, "55P03", "registry-locked", id="its lock_timeout"),
        pytest.param(OperationalError, "54000", "value-not-storable", id="a name of 9,000 letters"),
        pytest.param(DataError, "22003", "value-not-storable", id="a number out of range"),
        pytest.param(OperationalError, None, "registry-unreachable", id="no connection"),
    ],
)
def test_what_a_server_complains_of_is_told_in_clear_words(
    kind: type[DatabaseError], state: str | None, code: str
) -> None:
    url = database.url_of("postgresql+psycopg://officer:secret@db/teacherreg")
    said = Exception("permission denied for table teacher")
    said.sqlstate = state  # type: ignore[attr-defined]  # as psycopg's errors have it
    with pytest.raises(RegistryError) as refused, database.clear_words(url):
        raise kind("SELECT …", {}, said)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


def test_an_ordinary_sqlite_url_is_read(registry_path: Path, engine: Engine) -> None:
    assert create_engine(f"sqlite:///{registry_path}").url == engine.url


def test_a_second_reader_sees_what_the_open_transaction_sees(engine: Engine) -> None:
    add_school(engine, "青禾一小")
    with engine.connect() as connection:
        connection.execute(select(School.name)).all()
        with database.second_reader(connection) as second:
            assert second is not None
            assert second.execute("SELECT name FROM school").fetchall() == [("青禾一小",)]


def test_nobody_reads_beside_a_transaction_that_has_written(engine: Engine) -> None:
    with database.writing(engine) as connection:
        row = {"county_code": "640199", "name": "青禾二小"}
        connection.execute(School.__table__.insert(), row)
        with database.second_reader(connection) as second:
            assert second is None


def test_nobody_reads_beside_a_transaction_whose_end_is_awaited(
    engine: Engine, registry_path: Path
) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(registry_path)) as writer:
        connection.execute(select(School.name)).all()
        writer.execute("PRAGMA busy_timeout = 0")
        writer.isolation_level = None
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO school (county_code, name) VALUES ('640199', '青禾三小')")
        with pytest.raises(sqlite3.OperationalError):
            writer.execute("COMMIT")  # now it waits for readers, and lets no new one in
        with database.second_reader(connection) as second:
            assert second is None
        writer.execute("ROLLBACK")


def test_nobody_reads_beside_a_transaction_where_others_may_commit_meanwhile(
    engine: Engine, registry_path: Path
) -> None:
    with closing(sqlite3.connect(registry_path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
    with engine.connect() as connection:
        connection.execute(select(School.name)).all()
        with database.second_reader(connection) as second:
            assert second is None
