"""The dashboard in a real browser: every chart there, every mark a way to its rows."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, sync_playwright

from teacherreg.publish.served import EVENNESS, GAPS, PAGES, place_of
from tests.site.conftest import BOTH, PASSWORD
from tests.site.running import running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IS_REQUIRED = os.environ.get("TEACHERREG_REQUIRE_BROWSER") == "1"

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not IS_REQUIRED,
    reason="there is no /usr/bin/chromium (Debian package chromium)",
)


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    with running(published) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def reader(browser: Browser, address: str, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """A reader who notes every complaint of the browser and every request elsewhere."""
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("request", lambda request: complaints.extend(elsewhere(request.url, address)))
    page.on("requestfailed", lambda request: complaints.extend(failed(request)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('policy ' + e.blockedURI))"
    )
    yield page
    context.close()
    assert complaints == []


def failed(request: Request) -> list[str]:
    """A chart that was waking up when its reader went on is no failure."""
    is_left = request.failure == "net::ERR_ABORTED"
    return [] if is_left else [f"failed: {request.url} {request.failure}"]


def elsewhere(url: str, address: str) -> list[str]:
    is_ours = url.startswith((address + "/", "data:", "blob:" + address))
    return [] if is_ours else [f"another host: {url}"]


def charts(folder: Path, page: str) -> list[dict[str, Any]]:
    found = json.loads((folder / "site.json").read_text(encoding="utf-8"))["charts"]
    here = [chart for chart in found if chart["page"] == page]
    assert len(here) >= 5
    return here


@pytest.mark.parametrize(("width", "language"), [(1280, "zh"), (360, "zh"), (1280, "en")])
def test_every_chart_is_there_and_nothing_complains(
    published: Path, address: str, browser: Browser, width: int, language: str
) -> None:
    with reader(browser, address, width) as page:
        for name in PAGES:
            page.goto(f"{place_of(name)}?_lang={language}")
            for chart in charts(published, name):
                title = chart["title"][language]
                heading = page.get_by_role("heading", name=title, exact=True)
                figure = page.locator("figure", has=heading)
                assert figure.count() == 1, title
                assert figure.locator(".still svg").is_visible(), title
                assert figure.locator(".aid").inner_text(), title
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_mark_leads_to_its_rows(published: Path, address: str, browser: Browser) -> None:
    with reader(browser, address) as page:
        for name in PAGES:
            page.goto(place_of(name))
            for chart in charts(published, name):
                marks = page.locator(f"#chart-{chart['name']} .still svg a")
                if chart["name"] == "plan_townships":  # nobody of the sample moves
                    continue
                assert marks.count() > 0, chart["name"]
                href = marks.first.get_attribute("xlink:href") or marks.first.get_attribute("href")
                assert href is not None
                assert href.startswith("/overview/"), href
        page.goto("/")
        name = "gap_by_school"
        mark = page.locator(f"#chart-{name} .still svg a").first
        wanted = mark.get_attribute("xlink:href") or mark.get_attribute("href") or ""
        mark.locator("path").first.click()
        page.wait_for_url(f"{address}/overview/**")
        assert unquote(page.url) == unquote(address + wanted)
        assert page.locator("tbody tr").count() >= 1


@pytest.mark.parametrize("name", PAGES)
def test_a_chart_wakes_up_under_a_mouse_and_sleeps_on_paper(
    published: Path, address: str, browser: Browser, name: str
) -> None:
    with reader(browser, address) as page:
        page.goto(place_of(name))
        for chart in charts(published, name):
            figure = page.locator(f"#chart-{chart['name']}")
            figure.scroll_into_view_if_needed()
            figure.locator("figcaption").hover()
            figure.locator(".live canvas").wait_for(state="visible", timeout=20_000)
            assert not figure.locator(".still").is_visible()
        page.emulate_media(media="print")
        assert page.locator(".still").first.is_visible()
        assert not page.locator(".live").first.is_visible()


def test_a_mark_of_a_woken_chart_says_what_it_is_and_leads_on(
    address: str, browser: Browser
) -> None:
    with reader(browser, address) as page:
        page.goto("/")
        figure = page.locator("#chart-gap_by_school")
        figure.scroll_into_view_if_needed()
        drawing = figure.locator(".drawing").bounding_box()
        mark = figure.locator(".still svg a path").first.bounding_box()
        assert drawing is not None
        assert mark is not None
        figure.locator("figcaption").hover()
        figure.locator(".live canvas").wait_for(state="visible", timeout=20_000)
        place = {
            "x": mark["x"] - drawing["x"] + mark["width"] / 2,
            "y": mark["y"] - drawing["y"] + mark["height"] / 2,
        }
        figure.locator(".drawing").hover(position=place)
        tooltip = page.locator("#vg-tooltip-element")
        tooltip.wait_for(state="visible")
        assert "第一小学" in tooltip.inner_text()
        figure.locator(".drawing").click(position=place)
        page.wait_for_url(f"{address}/overview/school_gaps?**")
        assert "school__exact=青禾县第一小学" in unquote(page.url)
        assert page.locator("tbody tr").count() >= 1


def test_a_chart_can_fill_the_screen_and_goes_back(address: str, browser: Browser) -> None:
    with reader(browser, address, width=390, height=844) as page:
        page.goto(place_of(EVENNESS))
        figure = page.locator("#chart-equity_moves")
        button = figure.get_by_role("button", name="放大查看")
        button.click()
        figure.locator(".live canvas").wait_for(state="visible", timeout=20_000)
        page.locator("#chart-equity_moves:fullscreen").wait_for()
        canvas = figure.locator(".live canvas")
        page.wait_for_timeout(300)
        assert height_of(canvas) > 400
        button.click()
        page.locator("#chart-equity_moves:not(:fullscreen)").wait_for()
        page.wait_for_timeout(300)
        assert height_of(canvas) < 400


def height_of(element: Locator) -> float:
    box = element.bounding_box()
    return box["height"] if box else 0


def test_the_first_page_works_without_scripts(
    published: Path, address: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/")
    assert page.locator(".still svg").count() == len(charts(published, GAPS))
    assert page.locator(".card").count() >= 4
    page.locator(".below a").first.click()
    page.locator("tbody tr").first.wait_for()
    context.close()


def test_a_leader_logs_in_and_finds_a_person(address: str, browser: Browser) -> None:
    with reader(browser, address, width=390, height=844) as page:
        page.goto("/staff/teachers")
        page.get_by_label("用户名").fill(BOTH)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.wait_for_url("**/staff/teachers")
        page.get_by_placeholder("姓名、拼音或首字母").fill("zhangw")
        page.get_by_role("button", name="搜索").click()
        page.get_by_role("link", name="张伟", exact=True).click()
        page.get_by_role("heading", name="张伟", exact=True).wait_for()
        assert page.get_by_role("link", name="任职", exact=True).is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="退出").click()
        page.wait_for_url(f"{address}/")
        page.goto("/conduct")
        assert page.url.endswith("/-/login?next=%2Fconduct")


def test_a_persons_page_leads_on_to_training_and_to_mentor_and_mentees(
    address: str, browser: Browser
) -> None:
    with reader(browser, address) as page:
        page.goto("/staff/teachers/1")
        page.get_by_label("用户名").fill(BOTH)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="张伟", exact=True).wait_for()
        headings = page.locator("h2 a").all_inner_texts()
        assert headings == ["任职", "称号", "培训", "师徒结对（作为徒弟）", "师徒结对"]
        hours = page.locator("h2:has-text('培训') + .table-wrapper td.col-hours")
        assert hours.all_inner_texts() == ["4.5", "72"]  # the latest first
        page.get_by_role("link", name="王芳", exact=True).click()
        page.get_by_role("heading", name="王芳", exact=True).wait_for()
        page.get_by_role("link", name="交流轮岗", exact=True).click()
        page.wait_for_url("**/staff/rotations?**")
        assert page.locator("tbody td.col-to_school").all_inner_texts() == ["沙沟小学"]


def test_column_menus_work_in_the_browser(address: str, browser: Browser) -> None:
    with reader(browser, address) as page:
        page.goto("/overview/school_gaps")
        page.locator("th.col-students .dropdown-menu-icon").click()
        page.get_by_text("按此分组统计").click()
        page.wait_for_url("**_facet=students**")
        assert page.locator(".facet").count() >= 1


def test_chromium_is_there_where_it_is_required() -> None:
    assert shutil.which(str(CHROMIUM)) or not IS_REQUIRED
