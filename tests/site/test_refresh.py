"""A site that is published again while people read it."""

import asyncio
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
from sqlalchemy import update

from teacherreg import database
from teacherreg.models import School
from teacherreg.publish.build import publish
from teacherreg.settings import Settings
from tests.publish.sample_registry import COUNTY, ON, fill_sample
from tests.site.conftest import BOTH, LABELS, OVERVIEW, Visitor, log_in, write, write_database
from tests.site.running import running

PATHS = [
    "/",
    "/overview",
    "/overview/school_gaps",
    "/overview/school_gaps.json?_facet=stage",
    "/overview/school_gaps.csv?_stream=1",
    "/staff/teachers?_search=zw",
    "/staff/teachers/1",
    "/-/charts/gaps.zh.vl.json",
]

REAL_PATHS = [
    "/",
    "/overview",
    "/overview/school_gaps?township__notblank=1",
    "/overview/school_gaps.json?_facet=stage",
    "/overview/school_subjects.csv?_stream=1",
    "/staff/teachers?_search=zw",
    "/staff/teachers/1",
    "/staff/titles.xlsx",
    "/conduct/records",
    "/-/charts/gap_by_township.zh.vl.json",
    "/-/assets/vega.js",
]


def publish_again(folder: Path, turn: int) -> None:
    """What publishing does to a live folder: the backup API, and files swapped whole."""
    draft = folder / "draft"
    draft.unlink(missing_ok=True)
    write_database(draft, OVERVIEW.replace("812", str(1000 + turn)), {})
    with sqlite3.connect(draft) as source, sqlite3.connect(folder / "overview.db") as target:
        source.backup(target)
    source.close()
    target.close()
    draft.unlink()
    manifest = {
        "county": f"青禾县{turn}",
        "charts": [
            {"name": "gaps", "title": {"zh": "缺口图", "en": "Gaps"}, "table": "school_gaps"}
        ],
    }
    for name, document in (("site.json", manifest), ("labels.json", LABELS)):
        write(folder / "next.json", document)
        os.replace(folder / "next.json", folder / name)  # noqa: PTH105
    svg = folder / "charts/gaps.zh.svg"
    (folder / "next.svg").write_text(f"<svg><title>turn {turn}</title></svg>", encoding="utf-8")
    os.replace(folder / "next.svg", svg)  # noqa: PTH105


async def read_while(
    folder: Path, paths: list[str], work: Callable[[int], None], turns: int
) -> tuple[list[httpx.Response], str]:
    """Read pages, six at a time, while something is done to the folder again and again."""
    answers: list[httpx.Response] = []
    is_over = False

    async def read(reader: httpx.AsyncClient, first: int) -> None:
        number = first
        while not is_over:
            answers.append(await reader.get(paths[number % len(paths)]))
            number += 1

    with running(folder) as address:
        async with httpx.AsyncClient(base_url=address, timeout=30) as reader:
            assert (await log_in(reader, BOTH)).status_code == 303
            readers = [asyncio.create_task(read(reader, first)) for first in range(6)]
            turn = 0
            while turn < turns or len(answers) < 240:
                turn += 1
                await asyncio.to_thread(work, turn)
                await asyncio.sleep(0.05)
            is_over = True
            await asyncio.gather(*readers)
            page = await reader.get("/")
    return answers, page.text


async def test_no_request_fails_while_files_are_replaced(folder: Path) -> None:
    last = 0

    def work(turn: int) -> None:
        nonlocal last
        last = turn
        publish_again(folder, turn)

    answers, page = await read_while(folder, PATHS, work, turns=8)
    assert len(answers) >= 240
    assert {answer.status_code for answer in answers} == {200}
    assert f"青禾县{last}教师发展" in page
    assert f"turn {last}" in page


async def test_no_request_fails_while_the_site_is_published_again(
    published: Path, tmp_path: Path
) -> None:
    engine = database.create(tmp_path / "r.db", COUNTY, "青禾县")
    fill_sample(engine)
    with engine.connect() as connection:
        settings = Settings.read(connection)

    def work(turn: int) -> None:
        with engine.begin() as connection:
            connection.execute(update(School).values(township=f"第{turn}镇"))
        publish(engine, settings, published, ON)

    answers, page = await read_while(published, REAL_PATHS, work, turns=3)
    engine.dispose()
    assert len(answers) >= 240
    failed = [(str(answer.url), answer.status_code) for answer in answers if answer.is_error]
    assert failed == []
    assert re.search(r"第([3-9]|\d\d+)镇", page), "the page shows what was published last"


async def test_a_page_follows_the_files(folder: Path, visitor: Visitor) -> None:
    reader = visitor()
    assert "青禾县教师发展" in (await reader.get("/")).text
    publish_again(folder, 7)
    text = (await reader.get("/")).text
    assert "青禾县7教师发展" in text
    assert "turn 7" in text
    counted = re.search(r"共 (\d+) 条", (await reader.get("/overview")).text)
    assert counted


async def test_a_file_that_is_broken_for_a_moment_stays_what_it_was(
    folder: Path, visitor: Visitor
) -> None:
    reader = visitor()
    assert "各校缺口" in (await reader.get("/overview/school_gaps")).text
    (folder / "labels.json").write_text("{", encoding="utf-8")
    assert "各校缺口" in (await reader.get("/overview/school_gaps")).text
