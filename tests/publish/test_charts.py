"""Charts: every mark leads to rows that are there, and a strict page may hold the drawing."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from teacherreg.charts.drawing import SVG, XLINK, draw, tidy
from teacherreg.charts.theme import BLUES, GREEN, ORANGE, Picture, rows_behind, short_names
from teacherreg.locale import LANGUAGES, Language, speaking, t
from teacherreg.publish.build import publish
from teacherreg.publish.charts import CHARTS, ChartKind
from teacherreg.publish.charts.evenness import equity, locality_comparison
from teacherreg.publish.charts.gaps import gap_by_school, gap_by_township
from teacherreg.publish.charts.heatmap import gap_heatmap, neediest
from teacherreg.publish.charts.holders import holders_by_kind
from teacherreg.publish.charts.outlook import forecast, trend
from teacherreg.publish.charts.reach import reach
from teacherreg.publish.charts.remedies import (
    honours,
    pipeline,
    pipeline_subjects,
    plan,
    plan_townships,
)
from teacherreg.publish.charts.stacked import Bar, stacked
from teacherreg.publish.charts.unevenness import equity_localities, equity_moves, equity_schools
from teacherreg.publish.charts.verdict import verdict, verdict_by_stage
from tests.publish.conftest import settings_of
from tests.publish.sample_registry import ON

STEMS = [f"{chart.name}.{language}" for chart in CHARTS for language in LANGUAGES]


def parsed(folder: Path, stem: str) -> ElementTree.Element:
    return ElementTree.parse(folder / "charts" / f"{stem}.svg").getroot()


def addresses(root: ElementTree.Element) -> list[str]:
    return [link.attrib[f"{{{XLINK}}}href"] for link in root.iter(f"{{{SVG}}}a")]


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{{{SVG}}}text")]


def rows_at(folder: Path, address: str) -> int:
    """Ask the overview what Datasette would ask at an address."""
    parts = urlsplit(address)
    room, table = parts.path.strip("/").split("/")
    assert room == "overview"
    wheres, values = [], []
    for key, value in parse_qsl(parts.query, strict_parsing=True):
        column, operation = key.rsplit("__", 1)
        if operation == "isblank":
            wheres.append(f"coalesce([{column}], '') = ''")
        else:
            assert operation == "exact"
            wheres.append(f"[{column}] = ?")
            values.append(value)
    with closing(sqlite3.connect(folder / "overview.db")) as connection:
        asked = f"SELECT count(*) FROM [{table}] WHERE {' AND '.join(wheres)}"
        return int(connection.execute(asked, values).fetchone()[0])


@pytest.mark.parametrize("stem", STEMS)
def test_every_mark_leads_to_rows_that_are_there(published_once: Path, stem: str) -> None:
    root = parsed(published_once, stem)
    links = addresses(root)
    if stem.startswith("plan_townships."):  # no school of the sample has anybody to spare
        assert len(words(root)) == 1
    else:
        assert links
    for address in set(links):
        assert address.isascii()
        assert rows_at(published_once, address) > 0, address


@pytest.mark.parametrize("stem", STEMS)
def test_a_strict_page_may_hold_the_drawing(published_once: Path, stem: str) -> None:
    root = parsed(published_once, stem)
    allowed = {f"{{{SVG}}}{name}" for name in ("svg", "g", "a", "path", "line", "rect", "text")}
    tags = {element.tag for element in root.iter()}
    assert tags <= {*allowed, f"{{{SVG}}}title", f"{{{SVG}}}defs", f"{{{SVG}}}clipPath"}
    for element in root.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        for name, value in element.attrib.items():
            if name.endswith("href"):
                assert value.startswith("/overview/")
            assert "://" not in value


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_says_what_it_is(
    published_once: Path, chart: ChartKind, language: Language
) -> None:
    root = parsed(published_once, f"{chart.name}.{language}")
    with speaking(language):
        title = t(f"publish.chart.{chart.name}")
    assert root.attrib["role"] == "group"  # an img would hide the links inside
    assert root.attrib["aria-label"] == title
    assert root[0].text == title
    assert root.attrib["viewBox"].startswith("0 0 ")
    assert root.attrib["font-family"].startswith('"Microsoft YaHei","PingFang SC"')


@pytest.mark.parametrize("stem", STEMS)
def test_a_mark_has_a_tooltip_without_a_script(published_once: Path, stem: str) -> None:
    for link in parsed(published_once, stem).iter(f"{{{SVG}}}a"):
        assert link[0].tag == f"{{{SVG}}}title"
        assert link[0].text


@pytest.mark.parametrize("stem", STEMS)
def test_a_specification_needs_nothing_from_outside(published_once: Path, stem: str) -> None:
    text = (published_once / "charts" / f"{stem}.vl.json").read_text(encoding="utf-8")
    assert '"url"' not in text
    schema = json.loads(text).pop("$schema")
    assert re.findall(r"https?://[^\"]+", text) == [schema]  # a name; nothing fetches it


def test_english_charts_speak_english_but_ask_in_chinese(published_once: Path) -> None:
    root = parsed(published_once, "gap_heatmap.en")
    assert "Mathematics" in words(root)
    assert "数学" not in words(root)
    assert any("%E6%95%B0%E5%AD%A6" in address for address in addresses(root))  # 数学


def marks(chart: Picture) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the encoding and the rows of a chart's first layer."""
    specification = chart.to_dict()
    layer = specification["layer"][0]
    rows = specification["datasets"][layer.get("data", specification.get("data"))["name"]]
    return layer["encoding"], rows


def tiles(*counts: tuple[str, int]) -> dict[str, str]:
    """Colour of each subject's cell in a heat map of one school."""
    gaps = [{"school": "沙沟小学", "missing": 2, "required": 2}]
    subjects = [
        {"school": "沙沟小学", "subject": name, "teachers": 9, "holders": holders}
        for name, holders in counts
    ]
    subjects.append({"school": "别校", "subject": "音乐", "teachers": 1, "holders": 0})
    encoding, cells = marks(gap_heatmap(gaps, subjects, "青禾县"))
    scale = encoding["color"]["scale"]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    return {cell["column"]: colours[cell["kind"]] for cell in cells}


def test_none_has_a_colour_of_its_own_and_few_are_not_many() -> None:
    with speaking("zh"):
        found = tiles(("语文", 0), ("数学", 1), ("英语", 2), ("物理", 3), ("化学", 9))
    assert found == {
        "语文": ORANGE,
        "数学": BLUES[0],
        "英语": BLUES[1],
        "物理": BLUES[2],
        "化学": BLUES[3],
    }


def test_a_place_that_misses_nobody_says_so_in_green() -> None:
    rows = [
        {"township": "河湾镇", "missing": 7, "required": 9, "holders": 2},
        {"township": "城关镇", "missing": 0, "required": 9, "holders": 9},
        {"township": None, "missing": 1, "required": 1, "holders": 0},
    ]
    with speaking("zh"):
        chart = gap_by_township(rows)
        svg = ElementTree.fromstring(draw(chart.to_dict(), "缺额"))
    colours = {text.text: text.attrib["fill"] for text in svg.iter(f"{{{SVG}}}text")}
    assert colours["0（应有 9）"] == GREEN
    assert colours["7（应有 9）"] != GREEN
    assert "/overview/school_gaps?township__isblank=1" in addresses(svg)


def gaps_of(*schools: tuple[str, str, int | None, int]) -> list[dict[str, Any]]:
    names = ("school", "stage", "missing", "required")
    return [{**dict(zip(names, school, strict=True)), "holders": 0} for school in schools]


def test_the_neediest_school_comes_first_with_its_stages_added_up() -> None:
    rows = gaps_of(
        ("甲", "小学", 3, 5), ("乙", "小学", 2, 2), ("乙", "初中", 2, 3), ("丙", "小学", None, 0)
    )
    assert neediest(rows) == {"乙": (4, 5), "甲": (3, 5)}


def test_no_chart_has_more_schools_than_one_can_read() -> None:
    rows = gaps_of(*((f"学校{n:03}", "小学", n, n) for n in range(1, 200)))
    assert len(neediest(rows)) == 30
    encoding, bars = marks(gap_by_school(rows, "青禾县"))
    assert {bar["missing"] for bar in bars} == set(range(175, 200))
    assert encoding["y"]["sort"][0] == "学校199"


@pytest.mark.parametrize(
    ("cv", "meets", "said"), [(None, None, "无法计算"), (0.5, 1, "0.500 达标")]
)
def test_a_coefficient_that_cannot_be_worked_out_is_never_nought(
    cv: float | None, meets: int | None, said: str
) -> None:
    row = {"stage": "小学", "cv": cv, "limit_value": 0.5, "meets": meets, "schools": 1}
    row["indicator"] = "每百名学生拥有县级以上骨干教师数"
    with speaking("zh"):
        svg = ElementTree.fromstring(draw(equity([row]).to_dict(), "差异"))
    assert said in words(svg)


def test_an_odd_name_is_text_and_an_address_keeps_it_whole() -> None:
    rows = gaps_of(('<script>"&甲</script>', "小学", 1, 1))
    with speaking("zh"):
        text = draw(gap_by_school(rows, "青禾县").to_dict(), "缺额")
    assert "<script" not in text
    (address, *_) = addresses(ElementTree.fromstring(text))
    assert ("school__exact", '<script>"&甲</script>') in parse_qsl(urlsplit(address).query)


def test_the_countys_name_is_left_out_where_the_rest_says_enough() -> None:
    names = ["青禾县第一小学", "青禾县实验小学", "实验小学", "青禾县"]
    assert list(short_names(names, "青禾县").values()) == [
        "第一小学",
        "青禾县实验小学",
        "实验小学",
        "青禾县",
    ]


def test_an_address_asks_for_empty_cells_too() -> None:
    assert rows_behind("school_gaps", township=None, stage="小学") == (
        "/overview/school_gaps?township__isblank=1&stage__exact=%E5%B0%8F%E5%AD%A6"
    )


def test_tidying_leaves_out_what_is_for_scripts() -> None:
    svg = (
        f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" class="marks">'
        '<a xlink:href="https://vega.github.io/vega-datasets//overview/x?a__exact=1">'
        '<path aria-label="一" role="graphics-symbol" d="M1.23456,2Z"/></a></svg>'
    )
    found = tidy(svg, "图")
    assert "class" not in found
    assert "vega.github.io" not in found
    assert '<a xlink:href="/overview/x?a__exact=1"><title>一</title><path d="M1.23,2Z" />' in found


def test_a_chart_that_has_not_changed_is_not_drawn_again(sample: Engine, site: Path) -> None:
    drawings = {path: path.stat().st_mtime_ns for path in site.glob("charts/*.svg")}
    assert publish(sample, settings_of(sample), site, ON).charts_drawn == 0
    assert drawings == {path: path.stat().st_mtime_ns for path in site.glob("charts/*.svg")}
    (site / "charts" / "equity.en.svg").unlink()
    assert publish(sample, settings_of(sample), site, ON).charts_drawn == 1


def test_the_script_for_hover_is_the_whole_library(published_once: Path) -> None:
    script = (published_once / "assets" / "vega.js").read_text(encoding="utf-8")
    assert script.startswith("/* vl-convert ")
    assert "window.vegaEmbed" in script


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_county_without_rows_gets_words_in_place_of_empty_axes(language: Language) -> None:
    with speaking(language):
        said = t("publish.nothing")
        pictures = (
            gap_heatmap([], [], "青禾县"),
            gap_by_township([]),
            gap_by_school([], "青禾县"),
            holders_by_kind([]),
            locality_comparison([], 1.0),
            equity([]),
            trend([]),
            forecast([]),
            reach([], "青禾县"),
            verdict([], "青禾县"),
            verdict_by_stage([]),
            equity_schools([], "青禾县"),
            equity_moves([], "青禾县"),
            equity_localities([]),
            pipeline([], "青禾县"),
            pipeline_subjects([]),
            plan([], "青禾县"),
            plan_townships([]),
            honours([], "青禾县"),
        )
    for picture in pictures:
        assert words(ElementTree.fromstring(draw(picture.to_dict(), "图"))) == [said]


def test_a_way_that_reaches_nobody_is_left_out_and_small_pieces_have_no_number() -> None:
    nobody = {"studio": 0, "mentoring": 0, "rotation": 0, "group": 0}
    rows = [
        {"school": "青禾县甲校", "teachers": 20, "holders": 1, "direct": 9, "none": 10, **nobody},
        {"school": "青禾县乙校", "teachers": 100, "holders": 2, "direct": 85, "none": 13, **nobody},
    ]
    with speaking("zh"):
        root = ElementTree.fromstring(draw(reach(rows, "青禾县").to_dict(), "带动"))
    said = words(root)
    assert [word for word in said if word in {"骨干教师", "本校同学科", "工作室", "无人带动"}] == [
        "骨干教师",
        "本校同学科",
        "无人带动",
    ]
    schools = [word for word in said if word in {"甲校", "乙校"}]
    assert schools == ["乙校", "甲校"]  # most of nobody's first
    assert {"9", "10", "85", "13"} <= set(said)
    assert not {"1", "2"} & set(said)
    assert {
        "20 人中 10 人无人带动；骨干教师 1 人；本校同学科 9 人",
        "100 人中 13 人无人带动；骨干教师 2 人；本校同学科 85 人",
    } <= set(said)


def places(root: ElementTree.Element, wanted: str) -> list[float]:
    """Tell how far to the right the texts of a drawing stand that say something."""
    found = [text for text in root.iter(f"{{{SVG}}}text") if text.text == wanted]
    moved = [re.search(r"translate\(([\d.]+)", text.attrib["transform"]) for text in found]
    return [float(place.group(1)) for place in moved if place]


def test_a_number_stands_in_the_middle_of_its_part_even_after_parts_without_one() -> None:
    bars = [Bar("甲", {"few": 1, "many": 99}, "甲的话", rows_behind("reach", school="甲"))]
    parts = {"few": ("少", BLUES[2]), "many": ("多", ORANGE)}
    with speaking("zh"):
        root = ElementTree.fromstring(draw(stacked(bars, parts, "人").to_dict(), "图"))
    (many,), (axis,), (words_at,) = places(root, "99"), places(root, "0"), places(root, "甲的话")
    end = words_at - 6  # words stand six pixels behind the bar
    assert abs((many - axis) / (end - axis) - 0.505) < 0.01  # from 1 to 100: the middle is 50.5
    assert places(root, "1") == []


def test_where_not_all_bars_are_drawn_the_axis_says_so() -> None:
    bars = [Bar(f"学校{n}", {"one": n}, "", rows_behind("reach")) for n in range(1, 31)]
    with speaking("zh"):
        picture = stacked(bars, {"one": ("缺", ORANGE)}, "人", most=12)
    _, drawn = marks(picture)
    assert [bar["place"] for bar in drawn] == [f"学校{n}" for n in range(1, 13)]
    assert "人（共 30 项，此处为前 12 项）" in json.dumps(picture.to_dict(), ensure_ascii=False)


def test_past_years_are_lines_with_every_figure_at_its_point() -> None:
    years = [
        {"id": 2025, "day": "2025-09-01", "required": 30, "holders": 20, "missing": 12},
        {"id": 2026, "day": "2026-09-01", "required": 31, "holders": 22, "missing": 11},
    ]
    with speaking("zh"):
        root = ElementTree.fromstring(draw(trend(years).to_dict(), "历年"))
    assert {"30", "20", "12", "31", "22", "11", "应有", "骨干教师", "缺额"} <= set(words(root))
    lines = [path for path in root.iter(f"{{{SVG}}}path") if "L" in path.attrib.get("d", "")]
    assert (
        len({path.attrib.get("stroke-dasharray") for path in lines if "stroke" in path.attrib}) >= 3
    )
    assert rows_behind("trend", id="2025") in addresses(root)


def moving(**changed: Any) -> dict[str, Any]:
    row = {"school": "甲校", "stage": "小学", "township": "河湾镇", "given": 0, "received": 0}
    return {**row, "missing_before": 0, "missing_after": 0, **changed}


def test_a_plan_draws_the_gap_before_and_after_and_who_moves_out_and_in() -> None:
    rows = [
        moving(missing_before=6, missing_after=1, received=5),
        moving(school="乙校", township="城关镇", given=5),
    ]
    with speaking("zh"):
        gap = words(ElementTree.fromstring(draw(plan(rows, "青禾县").to_dict(), "交流")))
        root = ElementTree.fromstring(draw(plan_townships(rows).to_dict(), "乡镇"))
    assert {"甲校 · 小学", "缺 6 → 1", "5", "1"} <= set(gap)
    assert "乙校 · 小学" not in gap
    (out, into) = sorted(places(root, "5"))
    (middle,) = places(root, "0")
    assert out < middle < into
    assert rows_behind("plan", township="城关镇") in addresses(root)


def test_a_gap_of_which_nothing_may_be_told_says_so() -> None:
    place = {"stage": "小学", "township": None, "missing": 2}
    rows = [
        {**place, "school": "甲校", "ready": None, "close": None, "nobody": None},
        {**place, "school": "乙校", "ready": 1, "close": 0, "nobody": 1},
    ]
    with speaking("zh"):
        said = words(ElementTree.fromstring(draw(pipeline(rows, "青禾县").to_dict(), "后备")))
    assert {"缺 2：人数过少，不列", "缺 2：现在可补 1 人，后继无人 1 人"} <= set(said)
    assert said.index("乙校 · 小学") < said.index("甲校 · 小学")
