"""Files that officers open in Excel."""

import csv
import io
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import openpyxl
import polars as pl
import pytest

from teacherreg.export import write_csv
from tests.site.conftest import LEADER, Visitor

LoggedIn = Callable[[str], Awaitable[httpx.AsyncClient]]


def lines(answer: httpx.Response) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_csv_file_opens_in_chinese_excel(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    answer = await reader.get("/staff/teachers.csv?_stream=1&_dl=1&_titles=1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="teachers.csv"'
    rows = lines(answer)
    assert rows[0][1:3] == ["姓名", "性别"]
    assert [row[1] for row in rows[1:]] == ["张伟", "王芳", "'=马兰"]


async def test_scripts_get_the_names_of_columns(visitor: Visitor) -> None:
    rows = lines(await visitor().get("/overview/school_gaps.csv"))
    assert rows[0][:2] == ["id", "school"]
    assert rows[1][-2:] == ["0.6157", "0"]


async def test_units_stand_in_the_heading(visitor: Visitor) -> None:
    rows = lines(await visitor().get("/overview/school_gaps.csv?_titles=1"))
    assert "缺口（人）" in rows[0]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "+86"),
        ("+86 x", "'+86 x"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-3.5", "-3.5"),
        ("-1e-5", "-1e-5"),
        ("张伟", "张伟"),
        ('a "b", c\nd', 'a "b", c\nd'),
    ],
)
async def test_no_cell_runs_as_a_formula(
    site: Any, logged_in: LoggedIn, folder: Any, cell: str, written: str
) -> None:
    with sqlite3.connect(folder / "staff.db") as connection:
        connection.execute("update teachers set name = ? where id = 1", (cell,))
    connection.close()
    rows = lines(await (await logged_in(LEADER)).get("/staff/teachers.csv?_col=name&_size=1"))
    assert rows[1][1] == written
    out = io.BytesIO()
    write_csv(pl.DataFrame({"name": [cell]}), out)
    same = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert same[1] == [written], "the site and the command line write alike"


async def test_a_workbook_holds_every_row_of_the_page(site: Any, logged_in: LoggedIn) -> None:
    site.max_returned_rows = 2  # so that there is more than one page of rows to fetch
    reader = await logged_in(LEADER)
    answer = await reader.get("/staff/teachers.xlsx?_sort_desc=birth_year")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][1] == "姓名"
    assert [row[3] for row in rows[1:]] == [1990, 1985, 1980]
    assert rows[3][1] == "张伟"


async def test_a_workbook_holds_only_what_was_asked_for(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    answer = await reader.get("/staff/teachers.xlsx?_search=zw")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.max_row == 2


async def test_the_page_links_to_all_three(logged_in: LoggedIn) -> None:
    text = (await (await logged_in(LEADER)).get("/staff/teachers?_search=zw&_facet=sex")).text
    for link in (
        "/staff/teachers.csv?_search=zw&amp;_stream=1&amp;_dl=1&amp;_titles=1",
        "/staff/teachers.xlsx?_search=zw",
        "/staff/teachers.json?_search=zw",
    ):
        assert f'href="{link}"' in text


async def test_there_is_no_workbook_of_what_is_no_table(visitor: Visitor) -> None:
    assert (await visitor().get("/overview.xlsx")).status_code == 404
    assert (await visitor().get("/overview/school_gaps/1.xlsx")).status_code in {200, 404}
