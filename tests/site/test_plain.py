"""The site's folder under Datasette itself, without ``teacherreg serve``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from datasette.app import Datasette

from teacherreg.shipped import shipped
from tests.site.conftest import LEADER, log_in


@asynccontextmanager
async def reading(folder: Path, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    datasette = Datasette(config_dir=folder, **options)
    await datasette.invoke_startup()
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://bureau.test") as client:
        yield client
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


async def test_plain_datasette_shows_figures_and_keeps_people_closed(folder: Path) -> None:
    async with reading(folder) as reader:
        assert (await reader.get("/overview/school_gaps.json")).status_code == 200
        for path in ("/staff", "/staff/teachers", "/staff/teachers/1", "/conduct/records.json"):
            answer = await reader.get(path)
            assert answer.status_code == 403, path
            assert "张伟" not in answer.text
            assert "海棠" not in answer.text
        assert "staff" not in (await reader.get("/.json")).json()
        for query in ("sql=select+1", "_where=1=1"):
            path = "/overview" if query.startswith("sql") else "/overview/school_gaps"
            assert (await reader.get(f"{path}?{query}")).status_code == 403
        assert (await reader.get("/staff.db")).status_code == 403


async def test_datasette_with_our_plugins_is_the_whole_site(folder: Path, capsys: Any) -> None:
    async with reading(folder, plugins_dir=str(shipped("plugins"))) as reader:
        assert "骨干教师配置概览" in (await reader.get("/")).text
        assert (await reader.get("/staff")).status_code == 303
        assert (await log_in(reader, LEADER)).status_code == 303
        assert "张伟" in (await reader.get("/staff/teachers?_search=zw")).text
        assert (await reader.get("/overview/nothing")).status_code == 404
    assert capsys.readouterr().out == "", "Datasette prints the values at hand of every failure"
