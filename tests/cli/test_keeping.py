"""Making, backing up and restoring a registry from the command line."""

import json
from pathlib import Path

import pytest

from teacherreg.cli import frame


@pytest.fixture
def county(run):  # type: ignore[no-untyped-def]
    assert run("init", "--county", "640199", "--name", "青禾县").exit_code == frame.EXIT_DONE
    return run


def test_init_says_what_it_made_and_what_comes_next(run) -> None:  # type: ignore[no-untyped-def]
    result = run("init", "--county", "640199", "--name", "青禾县", lang="zh")
    assert result.exit_code == frame.EXIT_DONE
    assert result.out == "已为青禾县（640199）建好登记库：registry.db\n"
    assert "teacherreg import schools" in result.err


def test_init_twice_is_refused(county) -> None:  # type: ignore[no-untyped-def]
    result = county("init", "--county", "640199", "--name", "青禾县")
    assert result.exit_code == frame.EXIT_REFUSED
    assert "registry.db exists already" in result.err


def test_a_wrong_county_code_is_wrong_usage(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("init", "--county", "64", "--name", "青禾县").exit_code == frame.EXIT_USAGE
    assert not list(tmp_path.iterdir())


def test_a_missing_registry_is_said_to_be_missing(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run("imports", "list", lang="zh")
    assert result.exit_code == frame.EXIT_REFUSED
    assert result.err.splitlines() == [
        "找不到登记库 registry.db。",
        "请检查路径，或先用 teacherreg init 新建。",
    ]
    assert not list(tmp_path.iterdir())


def test_backup_and_restore_go_round(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert county("backup", "copy.db").exit_code == frame.EXIT_DONE
    county("settings", "set", "levels.shi_word", "county")
    refused = county("restore", "copy.db")
    assert refused.exit_code == frame.EXIT_REFUSED
    assert "--yes" in refused.err
    assert county("restore", "copy.db", "--yes").exit_code == frame.EXIT_DONE
    listed = json.loads(county("settings", "list", "--format", "json").out)
    assert listed["levels.shi_word"] == "prefecture"
    assert list(tmp_path.glob("registry.before-restore.*.db"))


def test_a_backup_never_overwrites(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "copy.db").write_text("mine")
    result = county("backup", "copy.db")
    assert result.exit_code != frame.EXIT_DONE
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_restore_of_a_missing_backup_changes_nothing(county, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    before = (tmp_path / "registry.db").read_bytes()
    assert county("restore", "none.db", "--yes").exit_code == frame.EXIT_REFUSED
    assert (tmp_path / "registry.db").read_bytes() == before
