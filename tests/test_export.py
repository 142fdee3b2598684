"""Exported files open rightly in a spreadsheet program, and run nothing."""

import csv
import io
import os
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from teacherreg.export import labelled, write_csv, write_xlsx
from teacherreg.locale import speaking

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", "\t=1", "=HYPERLINK(1)"]
HARMLESS = ["-3.5", "+12", "实验小学", "a=b", "", "1e5"]


def test_csv_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(pl.DataFrame({"学校": ["一小"], "缺额": [4]}), path)
    assert path.read_bytes() == b"\xef\xbb\xbf" + "学校,缺额\n一小,4\n".encode()
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_csv_goes_to_an_open_file_too() -> None:
    out = io.BytesIO()
    write_csv(pl.DataFrame({"学校": ["一小"]}), out)
    assert out.getvalue() == b"\xef\xbb\xbf" + "学校\n一小\n".encode()


def test_a_reader_who_has_enough_closes_the_pipe_and_is_told_of_no_file() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "wb", buffering=0) as pipe:
        write_csv(pl.DataFrame({"name": ["张三"] * 10_000}), pipe)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_escaped_in_csv(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.csv"
    write_csv(pl.DataFrame({text: [text]}), path)
    frame = pl.read_csv(path)
    assert frame.columns == [f"'{text}"]
    assert frame.item() == f"'{text}"


def test_other_texts_and_numbers_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(pl.DataFrame({"text": HARMLESS, "number": [-1, 2, -3, None, 5, 6]}), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[0] for row in rows] == HARMLESS
    assert [row[1] for row in rows] == ["-1", "2", "-3", "", "5", "6"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_workbook_holds_text_as_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.xlsx"
    write_xlsx(pl.DataFrame({"学校": [text]}), path, "缺口")
    cell = openpyxl.load_workbook(path)["缺口"]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix  # it stays text when somebody edits it


def test_a_workbook_keeps_kinds_of_values(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    frame = pl.DataFrame(
        {
            "学校": ["一小", "二小"],
            "缺额": [4, None],
            "每百名": [0.5, None],
            "达标": [True, None],
            "日期": [date(2026, 9, 1), None],
        }
    )
    write_xlsx(frame, path, "a/b:[c]*?" + "长" * 40)
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert len(sheet.title) <= 31
    heading, first, second = sheet.iter_rows(values_only=True)
    assert heading == ("学校", "缺额", "每百名", "达标", "日期")
    assert first[:4] == ("一小", 4, 0.5, True)
    assert first[4].date() == date(2026, 9, 1)  # type: ignore[union-attr]
    assert second == ("二小", None, None, None, None)


def test_a_failed_export_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before")
    with pytest.raises(pl.exceptions.ComputeError):
        write_csv(pl.DataFrame({"nested": [[1, 2]]}), path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_labels_and_codes_are_in_the_language_in_force() -> None:
    frame = pl.DataFrame(
        {"stage": ["primary", None], "missing": [4, 0], "meets": [False, True], "extra": ["x", "y"]}
    )
    with speaking("zh"):
        words = labelled(frame, "overview.school_gaps", {"extra": "备注"})
        assert words.columns == ["学段", "缺额（人）", "是否达标", "备注"]
        assert words.rows() == [("小学", 4, "否", "x"), (None, 0, "是", "y")]
    with speaking("en"):
        words = labelled(frame, "overview.school_gaps")
        assert words.columns == ["Stage", "Missing (persons)", "Meets the standard", "extra"]
        assert words.rows()[0] == ("Primary", 4, "No", "x")
