"""Each coverage answer as a picture: what is drawn is what the frame says, number for number."""

import re
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from teacherreg.charts import coverage as pictures
from teacherreg.charts.files import FORMS, chart_file, titled
from teacherreg.charts.theme import Picture
from teacherreg.locale import speaking

GAPS = pl.DataFrame(
    {
        "school": ["甲校", "乙校", "丙校"],
        "stage": ["primary", "junior", "primary"],
        "holders": [7, 2, 0],
        "required": [15, 2, 0],
        "missing": [8, 0, 0],
    }
)


def marks(picture: Picture, index: int) -> list[dict[str, Any]]:
    drawn = picture.to_dict()
    source = drawn["layer"][index].get("data") or drawn["data"]
    values: list[dict[str, Any]] = drawn["datasets"][source["name"]]
    return values


def test_a_bar_is_who_is_there_and_who_is_missing() -> None:
    with speaking("zh"):
        picture = pictures.gaps(GAPS, ["school", "stage"])
    assert [(mark["place"], mark["part"], mark["value"]) for mark in marks(picture, 0)] == [
        ("甲校 · 小学", "现有", 7),
        ("甲校 · 小学", "缺额", 8),
        ("乙校 · 初中", "现有", 2),
        ("乙校 · 初中", "缺额", 0),
    ]  # where nobody is required, nothing is drawn
    assert [end["words"] for end in marks(picture, 1)] == ["缺 8，应有 15", "缺 0，应有 2"]


def test_where_nothing_is_required_persons_are_drawn() -> None:
    frame = GAPS.select(
        pl.Series("sex", ["1", "2", None]),
        "holders",
        required=pl.lit(None, pl.Int64),
        missing=pl.lit(None, pl.Int64),
    )
    with speaking("en"):
        picture = pictures.gaps(frame, ["sex"])
    assert [(end["place"], end["words"]) for end in marks(picture, 1)] == [
        ("Male", "7"),
        ("Female", "2"),
    ]


def test_a_coefficient_stands_against_its_limit() -> None:
    frame = pl.DataFrame(
        {
            "stage": ["primary", "junior"],
            "indicator": ["backbone_per_100_students"] * 2,
            "cv": [0.62, None],
            "limit": [0.5, 0.45],
            "meets": [False, None],
            "reason": [None, "no_holders"],
        }
    )
    with speaking("zh"):
        first, second = marks(pictures.equity(frame), 0)
    assert (first["place"], first["length"], first["limit"]) == ("小学", 0.62, 0.5)
    assert first["words"] == "0.620（限值 0.50）"
    assert (second["length"], second["words"]) == (0, "没有符合条件的教师，无法计算")


def test_what_a_school_adds_is_told_by_side_of_the_mean() -> None:
    frame = pl.DataFrame(
        {
            "stage": ["primary"] * 2,
            "indicator": ["backbone_per_100_students"] * 2,
            "school": ["甲校", "乙校"],
            "value": [0.2, 1.9],
            "above_mean": [False, True],
            "share": [float(Fraction(1, 4)), float(Fraction(3, 4))],
        }
    )
    with speaking("zh"):
        picture = pictures.contributions(frame)
    assert [end["words"] for end in marks(picture, 1)] == ["75.0% · 1.90", "25.0% · 0.20"]


def test_a_move_is_told_before_and_after() -> None:
    frame = pl.DataFrame(
        {
            "stage": ["primary"],
            "indicator": ["backbone_per_100_students"],
            "from_school": ["甲校"],
            "to_school": ["乙校"],
            "cv_before": [0.62],
            "cv_after": [0.49],
            "limit": [0.5],
        }
    )
    with speaking("en"):
        before, after = marks(pictures.best_moves(frame), 0)
    assert (before["is_over"], after["is_over"]) == (True, False)
    assert after["words"] == "0.490 · 甲校 → 乙校"


def test_schools_are_counted_by_what_they_can_do() -> None:
    frame = pl.DataFrame(
        {"stage": ["primary"] * 4, "can_pass": [True, False, False, None]},
    )
    with speaking("zh"):
        (end,) = marks(pictures.verdict(frame), 1)
    assert (end["value"], end["words"]) == (4, "3 所中 1 所尚有可能达标")


@pytest.mark.parametrize("form", FORMS)
def test_a_file_stands_alone(form: str) -> None:
    with speaking("zh"):
        content = chart_file(titled(pictures.gaps(GAPS, ["school"]), "缺口"), "缺口", form)
    if form == "png":
        assert content.startswith(b"\x89PNG")
        return
    text = content.decode()
    assert "甲校" in text
    assert "缺口" in text
    if form == "html":
        assert not re.search(r"<(script|link)[^>]*(src|href)=", text)  # nothing from elsewhere


def test_nothing_to_draw_says_so() -> None:
    with speaking("zh"):
        picture = pictures.gaps(GAPS.clear(), ["school"])
        assert "甲校" not in chart_file(titled(picture, "缺口"), "缺口", "svg").decode()


def test_years_to_come_tell_who_is_missing_and_who_goes() -> None:
    frame = pl.DataFrame(
        {
            "year": [0, 1],
            "on": [date(2026, 11, 25), date(2027, 9, 1)],
            "missing": [3, 5],
            "missing_renewed": [3, 4],
            "retiring": [0, 1],
            "terms_ending": [0, 1],
        }
    )
    with speaking("en"):
        drawn = pictures.forecast(frame).to_dict()
    rows = [row for values in drawn["datasets"].values() for row in values]
    assert {row["when"] for row in rows} == {"2026-11-25", "2027"}
    lines = {(row["when"], row["line"], row["value"]) for row in rows if "line" in row}
    assert ("2027", "Missing if nobody acts", 5) in lines
    assert ("2027", "Missing if terms are renewed", 4) in lines
    parts = [(row["part"], row["value"]) for row in rows if "part" in row and row["when"] == "2027"]
    assert parts == [("Retiring within the year", 1), ("Terms ending within the year", 1)]


def test_a_past_year_of_which_nothing_is_known_has_no_mark() -> None:
    frame = pl.DataFrame(
        {
            "on": [date(2025, 9, 1), date(2026, 9, 1)],
            "holders": [4, 6],
            "required": [None, 9],
            "missing": [None, 3],
        }
    )
    with speaking("zh"):
        points = marks(pictures.trend(frame), 0)
    assert [(p["when"], p["line"], p["value"]) for p in points] == [
        ("2025", "现有", 4),
        ("2026", "现有", 6),
        ("2026", "应有", 9),
        ("2026", "缺额", 3),
    ]


def test_every_way_of_reaching_somebody_is_a_part_of_the_bar() -> None:
    ways = {"direct": 4, "studio": 0, "mentoring": 1, "rotation": 0, "group": 0, "none": 5}
    frame = pl.DataFrame([{"subject": "chinese", "teachers": 12, "holders": 2, **ways}])
    with speaking("zh"):
        picture = pictures.reach(frame, ["subject"])
    assert sum(mark["value"] for mark in marks(picture, 0)) == 12
    assert marks(picture, 1)[0]["words"] == "12 人中 5 人无人带动"


def test_a_gap_that_nobody_will_fill_stands_first() -> None:
    frame = pl.DataFrame(
        {
            "school": ["甲校", "乙校"],
            "missing": [3, 1],
            "ready": [2, 0],
            "close": [1, 0],
            "coming": [True, False],
        }
    )
    with speaking("zh"):
        ends = marks(pictures.pipeline(frame, ["school"]), 1)
    assert [(end["place"], end["words"]) for end in ends] == [
        ("乙校", "缺 1：后继无人"),
        ("甲校", "缺 3：可申报 2，接近 1"),
    ]


def test_a_place_is_told_before_and_after() -> None:
    frame = pl.DataFrame(
        {"school": ["甲校", "乙校"], "missing_before": [0, 3], "missing_after": [0, 1]}
    )
    with speaking("zh"):
        picture = pictures.before_and_after(frame, ["school"])
    assert [(mark["part"], mark["value"]) for mark in marks(picture, 0)] == [
        ("之后还缺", 1),
        ("补上", 2),
    ]
    assert [end["words"] for end in marks(picture, 1)] == ["缺 3 → 1"]


def test_two_master_teachers_of_one_name_have_a_bar_each() -> None:
    ways = {"direct": 4, "studio": 1, "mentoring": 0, "rotation": 0, "group": 0}
    frame = pl.DataFrame(
        [{"name": "王芳", "school": "甲校", "reached": 5, "schools": 2, **ways}] * 2
        + [{"name": "李明", "school": "甲校", "reached": 0, "schools": 0, **dict.fromkeys(ways, 0)}]
    )
    with speaking("zh"):
        picture = pictures.masters(frame)
    assert [(end["place"], end["value"], end["words"]) for end in marks(picture, 1)] == [
        ("王芳 · 甲校", 5, "带动 5 人，2 所学校"),
        ("王芳 · 甲校 (2)", 5, "带动 5 人，2 所学校"),
        ("李明 · 甲校", 0, "带动 0 人，0 所学校"),
    ]


YEARS = pl.DataFrame(
    {
        "year": [0, 1, 2],
        "on": [date(2026, 11, 25), date(2027, 9, 1), date(2028, 9, 1)],
        "missing": [93, 94, 147],
        "missing_renewed": [93, 93, 93],
        "retiring": [0, 0, 1],
        "terms_ending": [0, 1, 54],
    }
)


def test_every_line_has_a_legend() -> None:
    past = YEARS.select("on", "missing", holders="missing_renewed", required="missing")
    with speaking("zh"):
        svg = chart_file(pictures.trend(past), "历年", "svg").decode()
    assert all(f">{name}</text>" in svg for name in ("应有", "现有", "缺额"))


def test_numbers_of_one_year_do_not_lie_on_each_other() -> None:
    with speaking("zh"):
        picture = pictures.forecast(YEARS)
    svg = chart_file(picture, "今后", "svg").decode()
    assert svg.count(">93</text>") == 3  # of the first day, where both lines are there, once
    assert ">1 + 54</text>" in svg
    is_below = {(p["when"], p["text"]): p["is_below"] for p in marks(picture.vconcat[0], 0)}
    assert is_below[("2027", "94")] is False
    assert is_below[("2027", "93")] is True
    assert is_below[("2028", "93")] is False


def test_words_behind_the_longest_bar_have_room() -> None:
    frame = pl.DataFrame({"school": ["A" * 40], "holders": [9], "required": [9], "missing": [0]})
    with speaking("en"):
        svg = chart_file(pictures.gaps(frame, ["school"]), "Gaps", "svg").decode()
    (words,) = re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>0 missing', svg)
    assert float(words) + 8 * len("0 missing of 9") < 900


def test_a_picture_says_how_many_places_it_leaves_out() -> None:
    frame = pl.DataFrame(
        {"school": [f"第{n}小学" for n in range(31)], "holders": 0, "required": 1, "missing": 1}
    )
    with speaking("zh"):
        svg = chart_file(pictures.gaps(frame, ["school"]), "缺口", "svg").decode()
    assert ">人（共 31 项，此处为前 30 项）</text>" in svg
    assert "第29小学" in svg
    assert "第30小学" not in svg
    assert ">缺额</text>" in svg  # the one part that is there keeps its name


def test_a_title_longer_than_its_picture_goes_on_in_the_next_line() -> None:
    long = "Quality balance: backbone teachers of county level and up, " * 3
    for words in (long.strip(), "优质均衡：每百名学生拥有县级以上骨干教师数" * 4):
        svg = chart_file(titled(pictures.gaps(GAPS, ["school"]), words), words, "svg").decode()
        assert words not in re.findall(r">([^<]*)</", svg.split("</title>")[-1])
        lines = titled(pictures.gaps(GAPS, ["school"]), words).to_dict()["title"]["text"]
        assert len(lines) > 1
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_a_page_is_called_after_what_it_shows_in_its_language() -> None:
    with speaking("zh"):
        page = chart_file(pictures.gaps(GAPS, ["school"]), "缺口 <甲>", "html").decode()
    assert '<html lang="zh">' in page
    assert "<title>缺口 &lt;甲&gt;</title>" in page


def test_units_are_written_upright() -> None:
    past = pl.DataFrame({"on": [date(2026, 9, 1)], "holders": [1], "required": [2], "missing": [1]})
    axis = pictures.trend(past).to_dict()["layer"][0]["encoding"]["y"]["axis"]
    assert axis["titleAngle"] == 0
