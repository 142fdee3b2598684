"""Finding people by characters, pinyin and initials."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.site.conftest import BOTH, LEADER

LoggedIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.mark.parametrize(
    "question", ["张伟", "张", "zw", "zhangw", "zhang wei", "ZHANGWEI", "伟 zw"]
)
async def test_a_person_is_found_as_people_ask(logged_in: LoggedIn, question: str) -> None:
    reader = await logged_in(LEADER)
    params = {"_search": question, "_shape": "array"}
    found = (await reader.get("/staff/teachers.json", params=params)).json()
    assert [person["name"] for person in found] == ["张伟"]


@pytest.mark.parametrize(
    "question", ["李", "wz", "伟张", '"', "'", "*", "(", "NEAR(", "a OR", "^", "-"]
)
async def test_odd_questions_find_nobody_and_fail_nothing(
    logged_in: LoggedIn, question: str
) -> None:
    reader = await logged_in(LEADER)
    params = {"_search": question, "_shape": "array"}
    answer = await reader.get("/staff/teachers.json", params=params)
    assert (answer.status_code, answer.json()) == (200, [])


async def test_the_page_says_what_was_searched_for(logged_in: LoggedIn) -> None:
    text = (await (await logged_in(LEADER)).get("/staff/teachers?_search=zw")).text
    assert 'value="zw"' in text
    assert "搜索“zw”<a href=" in text
    assert "张伟" in text
    assert "王芳" not in text


async def test_search_in_one_room_finds_nobody_of_another(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    for query in ("_search=wangfang&_fts_table=records_search", "_search_tokens=x&_fts_table=y"):
        assert (await reader.get(f"/staff/teachers?{query}")).status_code == 400
    both = await logged_in(BOTH)
    assert (await both.get("/conduct/records?_search=wangfang")).status_code == 200
