"""The publish command says what it wrote, for whom, and how to serve it."""

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_publishing_says_what_was_written_and_how_to_serve_it(run: Run, tmp_path: Path) -> None:
    run("init", "--county", "640199", "--name", "青禾县")
    done = run("publish", "site", "--on", "2026-09-01", lang="zh")
    assert done.exit_code == 0
    assert "数据截至 2026-09-01" in done.out
    assert "teacherreg serve site" in done.out
    assert "staff.db" in done.out
    assert (tmp_path / "site" / "overview.db").is_file()

    again = run("publish", "site", "--on", "2026-09-01", "--format", "json")
    document = json.loads(again.out)
    assert document["on"] == "2026-09-01"
    assert document["charts_drawn"] == 0
    assert document["rows"]["conduct"] == {
        "records": 0,
        "decision_figures": 0,
        "cases": 0,
        "corrective_items": 0,
        "sessions": 0,
    }


def test_a_folder_of_another_program_is_refused(run: Run, tmp_path: Path) -> None:
    run("init", "--county", "640199", "--name", "青禾县")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "metadata.json").write_text("{}")
    done = run("publish", "other")
    assert done.exit_code == 1
    assert "metadata.json" in done.err
    assert "Name an empty folder" in done.err
    assert not list(tmp_path.glob("other/*.db"))
