"""What would help: the site tells what the command line tells, and nothing of a few persons."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from teacherreg.coverage import Coverage
from teacherreg.coverage.pipeline import PipelineCell
from teacherreg.coverage.plan import Move, StageLimits
from teacherreg.locale import speaking
from teacherreg.publish.overview import ask as ask_all
from teacherreg.publish.remarks import in_each_language, of_plan
from teacherreg.publish.remedies import Empty, State, Told, filled, told_places
from tests.publish.conftest import Ask, settings_of
from tests.publish.sample_registry import ON


def cell(*, missing: int, ready: int, close: int) -> PipelineCell:
    return PipelineCell(
        school="沙沟小学",
        township=None,
        locality=None,
        stage="primary",
        subject=None,
        missing=missing,
        units=1,
        ready=ready,
        close=close,
        titled=0,
        nobody=0,
    )


def move() -> Move:
    return Move(
        name="某人",
        staff_no=None,
        from_school="青禾县第三中学",
        from_township=None,
        to_school="河湾九年制学校",
        to_township=None,
        stage="junior",
        subject=None,
        is_backbone=True,
        since=date(2015, 9, 1),
        years=11,
        distance=0,
    )


@pytest.mark.parametrize(
    ("moves", "is_proved", "said"),
    [
        pytest.param(1, True, "已证明：按现行交流规定，没有别的调动办法", id="proved"),
        pytest.param(1, False, "计算限时 10 秒，未能证明这是最好的办法", id="not proved"),
        pytest.param(0, False, "计算限时 10 秒，没有算出方案", id="no plan in time"),
    ],
)
def test_a_plan_says_what_was_proved_and_names_nobody(
    sample: Engine, moves: int, is_proved: bool, said: str
) -> None:
    with sample.begin() as connection:  # one more than needed at 第三中学, who may move
        connection.exec_driver_sql("UPDATE enrolment SET students = 590 WHERE students = 620")
    plan = Coverage(sample, settings_of(sample)).plan(on=ON)
    bound = replace(plan.bound, most_closed=1, is_proved=is_proved)
    with speaking("zh"):
        words = "".join(of_plan(replace(plan, moves=[move()] * moves, bound=bound)))
    assert said in words
    assert "某人" not in words


@pytest.mark.parametrize(
    ("missing", "ready", "close", "teachers", "told"),
    [
        pytest.param(4, 30, 2, 33, (4, 0, 0), id="more than enough: not how many, nor who not"),
        pytest.param(4, 4, 9, 14, (4, 0, 0), id="just enough"),
        pytest.param(4, 3, 9, 15, (3, 1, 0), id="the close ones fill the rest, however many"),
        pytest.param(4, 3, 9, 13, (None, None, None), id="they do, but one other is known of"),
        pytest.param(2, 0, 2, 3, (None, None, None), id="one of three is neither"),
        pytest.param(4, 1, 1, 5, (1, 1, 2), id="three others: enough to be told of"),
        pytest.param(4, 1, 1, 4, (None, None, None), id="two others: nobody must know of them"),
        pytest.param(4, 1, 1, 2, (None, None, None), id="no others that the public knows of"),
        pytest.param(4, 0, 0, 3, (0, 0, 4), id="nobody at all"),
        pytest.param(4, 0, 0, 2, (None, None, None), id="nobody, but of two only"),
    ],
)
def test_a_gap_is_parted_and_few_are_never_told_of(
    missing: int, ready: int, close: int, teachers: int, told: Told
) -> None:
    assert filled(cell(missing=missing, ready=ready, close=close), teachers, 3) == told


@pytest.mark.parametrize(
    ("places", "told"),
    [
        pytest.param([("ready", 1), ("ready", 2)], (2, 0, 0), id="somebody everywhere"),
        pytest.param([("ready", 1), ("close", 2)], (None, None, None), id="two who may not yet"),
        pytest.param([("ready", 1), ("close", 3)], (1, 1, 0), id="three, one of them close"),
        pytest.param([("nobody", 1)], (None, None, None), id="one teacher, who may not"),
        pytest.param([("ready", 9), ("nobody", 2)], (None, None, None), id="two who may not"),
        pytest.param([("nobody", 2), ("nobody", 1)], (0, 0, 2), id="three, at two schools"),
        pytest.param([("ready", 1), ("nobody", 3)], (1, 0, 1), id="three, at one"),
    ],
)
def test_of_a_subject_few_are_never_told_of(places: list[tuple[State, int]], told: Told) -> None:
    assert told_places([Empty(state, teachers) for state, teachers in places], 3) == told


def test_each_gap_says_who_could_fill_it(sample: Engine, ask: Ask) -> None:
    pipeline = Coverage(sample, settings_of(sample)).pipeline(by=("school", "stage"), on=ON)
    published = ask(
        "overview", "SELECT school, stage, missing, ready, close, nobody FROM pipeline ORDER BY id"
    )
    # everybody without a title may be nominated, and they are more than are missing
    assert published == [
        ("青禾县第一小学", "小学", 1, 1, 0, 0),
        ("河湾中心小学", "小学", 3, 3, 0, 0),
        ("河湾九年制学校", "小学", 2, 2, 0, 0),
        ("河湾九年制学校", "初中", 2, 2, 0, 0),
        ("沙沟小学", "小学", 1, 1, 0, 0),
    ]
    assert sum(row[2] for row in published) == pipeline.totals.missing == 9


def test_a_subject_says_at_how_many_schools_it_has_no_holder(ask: Ask) -> None:
    found = ask(
        "overview",
        "SELECT subject, places, ready FROM pipeline_subjects WHERE stage = '初中' ORDER BY id",
    )
    # 河湾九年制学校: five teachers, one a subject; the first of them, of Chinese, holds a title
    assert found == [("数学", 1, 1), ("英语", 1, 1), ("道德与法治", 1, 1), ("音乐", 1, 1)]


def test_honours_go_where_they_help_and_are_as_many_as_a_year_needs(
    sample: Engine, ask: Ask
) -> None:
    growth = Coverage(sample, settings_of(sample)).forecast(years=10, on=ON).growth
    found = ask(
        "overview",
        "SELECT school, stage, honours, missing_before, missing_after FROM honours ORDER BY id",
    )
    assert sum(row[2] for row in found) == growth.each_year[0] == 3
    # all are below the floor; 0 of 2, 1 of 4 and 1 of 3 are the least parts
    assert found == [
        ("河湾中心小学", "小学", 1, 3, 2),
        ("河湾九年制学校", "小学", 1, 2, 1),
        ("河湾九年制学校", "初中", 1, 2, 1),
    ]


def test_a_plan_tells_numbers_of_every_school_and_why_nobody_moves(
    published_once: Path, ask: Ask
) -> None:
    found = ask(
        "overview",
        "SELECT count(*), sum(missing_before), sum(missing_after), sum(given) FROM plan",
    )
    assert found == [(6, 9, 9, 0)]
    manifest = json.loads((published_once / "site.json").read_text(encoding="utf-8"))
    remarks = {chart["name"]: chart["remark"] for chart in manifest["charts"]}
    assert remarks["plan"] == {
        "zh": "没有一所学校超过应有人数，无人可以调出。",
        "en": "No school has more than it needs, so nobody can leave one.",
    }
    assert "缺额 9 人中，本校教师现在可补 9 人" in remarks["pipeline"]["zh"]
    assert "缺额由 9 人减为 6 人" in remarks["honours"]["zh"]
    assert remarks["gap_by_school"] == {"zh": "", "en": ""}


def test_where_nothing_is_missing_no_honour_is_asked_for(sample: Engine) -> None:
    with sample.begin() as connection:
        connection.exec_driver_sql("UPDATE enrolment SET students = 0")
    figures = ask_all(sample, settings_of(sample), ON)
    said = in_each_language(figures)["zh"]
    assert said["honours"] == "按现有学生数，10 年后没有缺额，今年不必新增。"
    assert said["pipeline"] == "没有缺额，不需要补充。"
    assert said["plan"] == "没有学校列入该标准。"
    assert "missing_after_honours" not in {key for key, *_ in figures.headline()}


def test_without_a_plan_in_time_no_effect_is_claimed(sample: Engine) -> None:
    figures = ask_all(sample, settings_of(sample), ON)
    place = replace(figures.remedies.plan.places[0], required=1)
    limit = StageLimits(stage="primary", missing=1, surplus=1, movable=1, moves=0)
    bound = replace(figures.remedies.plan.bound, is_proved=False)
    late = replace(figures.remedies.plan, moves=[], places=[place], limits=[limit], bound=bound)
    figures = replace(figures, remedies=replace(figures.remedies, plan=late))
    assert (
        in_each_language(figures)["en"]["plan"]
        == "The search stopped after 10 seconds without a plan."
    )
    assert "missing_after_plan" not in {key for key, *_ in figures.headline()}
