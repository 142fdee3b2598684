"""A site that is published again while people read it."""

import asyncio
import os
import re
import sqlite3
from pathlib import Path

import httpx

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


async def test_no_request_fails_while_the_site_is_published_again(folder: Path) -> None:
    answers: list[httpx.Response] = []
    is_over = False

    async def read(reader: httpx.AsyncClient, first: int) -> None:
        number = first
        while not is_over:
            answers.append(await reader.get(PATHS[number % len(PATHS)]))
            number += 1

    with running(folder) as address:
        async with httpx.AsyncClient(base_url=address, timeout=30) as reader:
            assert (await log_in(reader, BOTH)).status_code == 303
            readers = [asyncio.create_task(read(reader, first)) for first in range(6)]
            turn = 0
            while turn < 8 or len(answers) < 240:
                turn += 1
                await asyncio.to_thread(publish_again, folder, turn)
                await asyncio.sleep(0.05)
            is_over = True
            await asyncio.gather(*readers)
            page = (await reader.get("/")).text
            rows = (await reader.get("/overview/school_gaps.json?_shape=array")).json()
    assert len(answers) >= 240
    assert {answer.status_code for answer in answers} == {200}
    assert f"青禾县{turn}教师发展" in page
    assert f"turn {turn}" in page
    assert rows[0]["students"] == 1000 + turn


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
