"""The pages that readers see, in Chinese and in English."""

import hashlib
import re
import sqlite3
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import datasette
import httpx
import pytest
from datasette.filters import Filters

from teacherreg.locale import has, speaking
from teacherreg.publish.assets import MENU_WORDS, menu_script
from teacherreg.shipped import shipped
from tests.site.conftest import BOTH, LEADER, OFFICER, Visitor, write

LoggedIn = Callable[[str], Awaitable[httpx.AsyncClient]]

PAGES = [
    "/",
    "/-/evenness",
    "/-/remedies",
    "/overview",
    "/overview/school_gaps",
    "/overview/school_gaps?school__exact=沙沟小学&_facet=school&_sort=missing",
    "/overview/school_gaps?missing__gt=100",
    "/overview/school_gaps/1",
    "/staff",
    "/staff/teachers",
    "/staff/teachers?_search=zw",
    "/staff/teachers/1",
    "/staff/posts",
    "/conduct/records/1",
    "/nothing-of-this-name",
]

# Templates of Datasette that ours take the place of, as they were when ours were written.
# Where one has changed, see what is new in it, change ours, and write the new digest here.
REPLACED = {
    "_crumbs.html": "882c9d69e13363b4",
    "_facet_results.html": "622d3c764aa14f17",
    "_table.html": "f75a8872713f28fd",
    "base.html": "bb22df33caea147e",
    "database.html": "4fd5e97823bb5380",
    "error.html": "c2115d1fdbff1a48",
    "row.html": "ff5dde41541c39dd",
    "table.html": "81cec4b0f7948bf0",
}


class Page(HTMLParser):
    """What a browser would read of a page: words, and whatever is inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.inline.append(tag)
        self.inline += [f"{tag} {n}" for n in names if n == "style" or n.startswith("on")]
        keys = ("src", "href", "xlink:href", "action", "data-source", "data-bundle")
        self.addresses += [names[key] or "" for key in keys if key in names]
        keys = ("title", "placeholder", "aria-label", "alt", "data-label")
        self.words += [names[key] or "" for key in keys if key in names]

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_holds_a_script_or_style_of_its_own(logged_in: LoggedIn, path: str) -> None:
    page = Page((await (await logged_in(BOTH)).get(path)).text)
    assert page.inline == []


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_names_another_host(logged_in: LoggedIn, path: str) -> None:
    page = Page((await (await logged_in(BOTH)).get(path)).text)
    own = ("/", "#", "?", "http://bureau.test/")
    assert [a for a in page.addresses if not a.startswith(own) or a.startswith("//")] == []


@pytest.mark.parametrize("path", PAGES)
async def test_a_chinese_reader_meets_no_english_sentence(logged_in: LoggedIn, path: str) -> None:
    page = Page((await (await logged_in(BOTH)).get(path)).text)
    assert 'lang="zh-CN"' in (await (await logged_in(BOTH)).get(path)).text
    known = {"English", "CSV", "JSON", "Excel", "zhangw", "zw", "LIKE"}
    english = {word for text in page.words for word in re.findall(r"[A-Za-z]{3,}", text)}
    columns = {"birth_year", "id_number", "holders", "teachers", "required", "headline"}
    assert {w for w in english - known if not any(w in c for c in columns | UNNAMED)} == set()


UNNAMED = {"starts_on", "title_kind", "awarded_on", "record_kind", "summary", "phone", "subject"}
UNNAMED |= {"name", "school", "missing", "value", "limit_value", "meets", "key"}


@pytest.mark.parametrize("path", PAGES)
async def test_an_english_reader_meets_no_chinese_sentence(logged_in: LoggedIn, path: str) -> None:
    reader = await logged_in(BOTH)
    await reader.get("/?_lang=en")
    page = Page((await reader.get(path)).text)
    own = {"中文", BOTH, "青禾县", "青禾县第一小学", "沙沟小学", "城关镇", "沙沟乡", "小学", "张伟"}
    own |= {"王芳", "马兰", "男", "女", "语文", "数学", "学科带头人", "处理", "海棠", "暗号海棠"}
    chinese = {word for text in page.words for word in re.findall(r"[\u4e00-\u9fff]+", text)}
    assert chinese - own == set()


async def test_the_language_is_remembered_and_left_out_of_links(visitor: Visitor) -> None:
    reader = visitor()
    assert "公开统计" in (await reader.get("/overview")).text
    answer = await reader.get("/overview/school_gaps?_lang=en&_sort=missing")
    assert "Public figures" in answer.text
    assert "tr_lang=en; Path=/" in answer.headers["set-cookie"]
    links = [a for a in Page(answer.text).addresses if "_lang=" in a]
    assert links == ["/overview/school_gaps?_sort=missing&_lang=zh"]
    assert "Public figures" in (await reader.get("/overview")).text
    assert "公开统计" in (await reader.get("/overview?_lang=zh")).text
    assert "公开统计" in (await reader.get("/overview")).text


async def test_a_language_that_we_do_not_speak_is_chinese(visitor: Visitor) -> None:
    answer = await visitor().get("/?_lang=fr")
    assert "公开统计" in answer.text
    assert "set-cookie" not in answer.headers


async def test_the_first_page_shows_figures_and_drawings(visitor: Visitor) -> None:
    text = (await visitor().get("/")).text
    assert re.search(r"缺口图</h2>", text)
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert 'href="/overview/school_gaps?school__exact=x"' in text
    assert 'id="gaps-clip0"' in text
    assert "url(#gaps-clip0)" in text
    assert '<a href="/overview/school_gaps">查看数据表' in text
    assert '<span class="value">4</span>' in text


async def test_the_first_page_stands_without_charts_and_figures(
    folder: Path, visitor: Visitor
) -> None:
    (folder / "charts/gaps.zh.svg").unlink()
    chart = {"name": "gaps", "title": {"zh": "缺口图"}, "table": "school_gaps"}
    write(folder / "site.json", {"charts": [chart]})
    answer = await visitor().get("/")
    assert answer.status_code == 200
    assert "图暂不可用" in answer.text


async def test_each_chart_is_on_its_own_page_with_what_is_said_of_it(visitor: Visitor) -> None:
    reader = visitor()
    first, evenness = (await reader.get("/")).text, (await reader.get("/-/evenness")).text
    assert "缺口图</h2>" in first
    assert "达标图</h2>" not in first
    assert "达标图</h2>" in evenness
    assert "缺口图</h2>" not in evenness
    assert '<p class="remark">八十七所学校已不可能达标。</p>' in evenness
    assert 'href="/-/evenness" aria-current="page"' in evenness
    assert 'href="/" aria-current="page"' in first
    assert "87 schools are out." in (await reader.get("/-/evenness?_lang=en")).text


async def test_a_table_leads_to_its_charts_and_not_to_those_of_others(visitor: Visitor) -> None:
    reader = visitor()
    text = (await reader.get("/overview/school_gaps")).text
    assert '<a class="door" href="/#chart-gaps">看图：缺口图 →</a>' in text
    assert "达标图" not in text
    text = (await reader.get("/overview/headline")).text
    assert '<a class="door" href="/-/evenness#chart-verdict">看图：达标图 →</a>' in text


async def test_a_page_of_charts_shows_its_own_figures(folder: Path, visitor: Visitor) -> None:
    with sqlite3.connect(folder / "overview.db") as connection:
        figures = [("stages_out", 34), ("stages_judged", 42), ("missing_after_plan", 1)]
        connection.executemany("insert into headline values (?, ?, null, null)", figures)
    connection.close()
    reader = visitor()
    evenness, remedies = [
        (await reader.get(f"/-/{name}")).text for name in ("evenness", "remedies")
    ]
    assert (
        '<span class="value">34</span>\n<span class="limit">参评 42 个学校学段</span>' in evenness
    )
    assert 'href="/overview/verdict?can_pass__exact=0"' in evenness
    assert '<span class="value">1</span>\n<span class="limit">现缺 2 人</span>' in remedies
    assert "现缺" not in evenness
    assert (await reader.get("/-/gaps")).status_code in {303, 404}


async def test_a_chart_can_be_woken_up_from_its_rows(visitor: Visitor) -> None:
    reader = visitor()
    source = re.search(r'data-source="([^"]+)"', (await reader.get("/")).text)
    assert source
    assert (await reader.get(source.group(1))).json() == {"mark": "bar"}
    for name in ("other.zh.vl.json", "gaps.fr.vl.json", "gaps.zh.svg", "..site.json"):
        assert (await reader.get(f"/-/charts/{name}")).status_code == 404


async def test_own_files_are_kept_by_browsers_until_they_change(visitor: Visitor) -> None:
    reader = visitor()
    address = next(a for a in Page((await reader.get("/")).text).addresses if "site.css" in a)
    answer = await reader.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == (shipped("plugins/static") / "site.css").read_bytes()
    again = await reader.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = await reader.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == answer.content


@pytest.mark.parametrize("name", ["nothing.css", "..%2fgate.py", "gate.py"])
async def test_nothing_else_is_given_out_as_a_file(visitor: Visitor, name: str) -> None:
    assert (await visitor().get(f"/-/assets/{name}")).status_code in {303, 401, 404}


async def test_a_leader_goes_from_a_school_down_to_its_people(logged_in: LoggedIn) -> None:
    reader = await logged_in(LEADER)
    page = Page((await reader.get("/overview/school_gaps")).text)
    down = next(a for a in page.addresses if a.startswith("/staff/teachers?school__exact="))
    people = await reader.get(down)
    assert "张伟" in people.text
    assert "马兰" not in people.text
    assert 'href="/staff/teachers/1"' in people.text
    person = (await reader.get("/staff/teachers/1")).text
    assert "2015-09-01" in person
    assert "2022-09-10" in person
    assert 'href="/overview/school_gaps?school__exact=' in person
    assert "/conduct" not in person


async def test_a_stranger_goes_from_a_school_to_its_subjects(visitor: Visitor) -> None:
    text = (await visitor().get("/overview/school_gaps")).text
    assert 'href="/overview/school_subjects?school__exact=' in text
    assert "/staff" not in text


async def test_an_officer_sees_no_way_to_the_teachers(logged_in: LoggedIn) -> None:
    text = (await (await logged_in(OFFICER)).get("/conduct/records/1")).text
    assert "暗号海棠" in text
    assert "/staff" not in text
    assert "/staff/teachers/2" in (await (await logged_in(BOTH)).get("/conduct/records/1")).text


async def test_conditions_in_force_are_said_and_can_be_dropped(visitor: Visitor) -> None:
    query = "school__exact=沙沟小学&missing__gte=0&_sort=missing"
    text = (await visitor().get(f"/overview/school_gaps?{query}")).text
    chips = re.findall(r'class="chip">([^<]+)<a href="([^"]+)"', text)
    assert [words for words, _ in chips] == ["缺口 不小于 0", "学校 等于 沙沟小学"]
    assert chips[1][1] == "/overview/school_gaps?missing__gte=0&amp;_sort=missing"


async def test_cells_read_as_people_write(visitor: Visitor) -> None:
    text = (await visitor().get("/overview/school_gaps")).text
    assert '<span class="no">未达标</span>' in text
    assert '<span class="yes">达标</span>' in text
    assert ">0.62<" in text
    assert 'data-label="每百名学生"' in text
    assert '<span class="unit">人</span>' in text


async def test_values_of_code_tables_are_translated_for_english_readers(
    logged_in: LoggedIn,
) -> None:
    reader = await logged_in(LEADER)
    await reader.get("/?_lang=en")
    text = (await reader.get("/staff/teachers?_facet=subject")).text
    assert text.count("Mathematics") >= 3
    assert "数学" not in Page(text).words


async def test_markup_in_the_rows_stays_text(site: Any, folder: Path, visitor: Visitor) -> None:
    with sqlite3.connect(folder / "overview.db") as connection:
        connection.execute("update school_gaps set school = '<script>alert(1)</script>'")
    connection.close()
    reader = visitor()
    for path in ("", "/1", "?_facet=school", "?school__exact=<script>alert(1)</script>"):
        text = (await reader.get(f"/overview/school_gaps{path}")).text
        assert "<script>alert" not in text


def test_the_words_of_the_column_menu_are_all_there() -> None:
    script = menu_script()
    assert {words: script.count(words) for words in MENU_WORDS} == dict.fromkeys(MENU_WORDS, 1)
    others = set(re.findall(r">([A-Z][a-z -]+)<", script)) - {w.strip("><") for w in MENU_WORDS}
    assert others == set()


async def test_the_column_menu_speaks_the_readers_language(visitor: Visitor) -> None:
    reader = visitor()
    assert "从大到小排" in (await reader.get("/-/assets/column-menu.js")).text
    english = await reader.get("/-/assets/column-menu.js?l=en")
    assert "Count by this" in english.text
    assert ">Facet by this<" not in english.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_filter_of_datasette_has_a_name(language: Any) -> None:
    with speaking(language):
        assert [key for key, _, _ in Filters([]).lookups() if not has(f"site.op-{key}")] == []


@pytest.mark.parametrize("name", sorted(REPLACED))
def test_the_templates_that_ours_replace_are_those_we_read(name: str) -> None:
    path = Path(datasette.__file__).parent / "templates" / name
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == REPLACED[name]


def test_every_template_of_ours_that_replaces_one_is_on_the_list() -> None:
    theirs = {path.name for path in (Path(datasette.__file__).parent / "templates").iterdir()}
    ours = {path.name for path in shipped("plugins/templates").iterdir()}
    assert ours & theirs == set(REPLACED)


async def test_a_leader_goes_from_a_subject_to_those_who_teach_it(logged_in: LoggedIn) -> None:
    page = Page((await (await logged_in(LEADER)).get("/overview/school_subjects")).text)
    down = [a for a in page.addresses if a.startswith("/staff/teachers?school__exact=")]
    assert down
    assert all("subject__exact=" in a for a in down)
