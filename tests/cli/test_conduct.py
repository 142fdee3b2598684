"""`conduct open`: what an officer is reminded of."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def county(run, tmp_path: Path):
    run("init", "--county", "640199", "--name", "青禾县")
    files = {
        "schools": "学校名称,学校类型\n青禾县第一小学,小学\n",
        "teachers": "姓名,学校名称,学段\n张三丰,青禾县第一小学,小学\n",
        "conduct": "姓名,学校名称,处分类别,决定日期\n张三丰,青禾县第一小学,警告,2024-03-15\n",
        "cases": "案例编号,案例主题,通报日期,整改事项,责任单位,整改期限\n"
        "2026-01,有偿补课,2026-04-01,各校自查,人事股,2026-06-30\n",
    }
    for kind, text in files.items():
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        done = run("import", kind, f"{kind}.csv", "--yes")
        assert done.exit_code in (0, 3), done.err
    return run


@pytest.mark.usefixtures("county")
def test_what_is_open_is_listed_without_names(run):
    shown = run("conduct", "open", "--on", "2026-09-01", lang="zh")
    assert shown.exit_code == 0
    for told in ("2026-01", "人事股", "逾期未销号", "警告", "2024-09-15", "期满未记录解除"):
        assert told in shown.out
    for hidden in ("张三丰", "自查"):
        assert hidden not in shown.out + shown.err
    assert "--names" in shown.err


@pytest.mark.usefixtures("county")
def test_names_are_shown_to_who_asks_for_them(run):
    shown = run("conduct", "open", "--on", "2026-09-01", "--names", lang="zh")
    assert "张三丰" in shown.out
    assert "自查" in shown.out
    document = json.loads(run("conduct", "open", "--names", "--format", "json").out)
    assert document["sanctions"][0]["name"] == "张三丰"


@pytest.mark.usefixtures("county")
def test_what_the_county_wants_of_sessions_is_a_setting(run):
    assert json.loads(run("conduct", "open", "--format", "json").out)["sessions"]["missing"] == 0
    run("settings", "set", "ethics.sessions_per_year", "2")
    asked = json.loads(run("conduct", "open", "--on", "2026-09-01", "--format", "json").out)
    assert asked["sessions"] == {"year": 2026, "held": 0, "wanted": 2, "missing": 2}
    shown = run("conduct", "open", "--on", "2026-09-01", lang="zh")
    assert "2026 年应举办 2 次" in shown.out


@pytest.mark.usefixtures("county")
def test_on_an_earlier_day_nothing_was_open_yet(run):
    shown = run("conduct", "open", "--on", "2024-09-15", lang="zh")
    assert shown.out == "截至 2024-09-15，没有待办事项。\n"


def test_what_a_warning_bars_is_told_with_its_last_day_and_document(county) -> None:  # type: ignore[no-untyped-def]
    shown = county("conduct", "bars", "1", "--on", "2024-05-01", lang="zh").out
    assert "2024-03-15 作出“警告” · 执行中 · 期满日 2024-09-15" in shown
    assert "年度考核等次（不得确定为优秀） · 至 2024-12-31 止 · 人社部发〔2023〕58号" in shown
    assert "聘用到更高岗位或晋升职务 · 至 2024-09-15 止" in shown
    assert "持有的称号须复核" not in shown  # no title is held
    later = county("conduct", "bars", "1", "--on", "2025-01-01", lang="zh").out
    assert "期满未记录解除" in later
    assert "当日不限制什么。" in later
    assert (
        "没有处理、处分记录" in county("conduct", "bars", "1", "--on", "2024-03-14", lang="zh").out
    )


def test_what_decisions_bar_as_json(county) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(
        county("conduct", "bars", "1", "--on", "2024-05-01", "--format", "json").out
    )
    (decision,) = document["decisions"]
    assert (decision["kind"], decision["ends_on"], decision["state"]) == (
        "warning",
        "2024-09-15",
        "in_force",
    )
    grade = next(one for one in decision["effects"] if one["what"] == "annual_grade")
    assert grade == {
        "what": "annual_grade",
        "limit": "not_excellent",
        "last_day": "2024-12-31",
        "document": "人社部发〔2023〕58号",
        "article": None,
    }
    assert document["titles_to_review"] == []


def test_titles_to_be_reviewed_are_named(county, tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = "姓名,学校名称,称号,级别,授予时间\n张三丰,青禾县第一小学,骨干教师,县级,2023-09-01\n"
    (tmp_path / "titles.csv").write_text(text, encoding="utf-8")
    county("import", "titles", "titles.csv", "--yes")
    shown = county("conduct", "bars", "1", "--on", "2024-05-01", lang="zh").out
    assert "持有的称号须复核：县级骨干教师。" in shown


def test_a_decision_of_a_day_without_rules_on_file_is_not_said_to_bar_nothing(  # type: ignore[no-untyped-def]
    county, tmp_path
) -> None:
    text = "姓名,学校名称,处分类别,决定日期\n张三丰,青禾县第一小学,开除,2012-08-31\n"
    (tmp_path / "old.csv").write_text(text, encoding="utf-8")
    county("import", "conduct", "old.csv", "--yes")
    shown = county("conduct", "bars", "1", "--on", "2013-01-01", lang="zh").out
    assert "决定当日的规定没有收录，请按决定书核对。" in shown
    asked = county(
        "eligibility", "1", "骨干教师", "--level", "县级", "--on", "2013-01-01", lang="zh"
    )
    assert "不能申报" in asked.out


def test_a_decision_taken_up_in_a_heavier_one_of_its_day_says_so(county, tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = "姓名,学校名称,处分类别,决定日期\n张三丰,青禾县第一小学,记过,2024-03-15\n"
    (tmp_path / "more.csv").write_text(text, encoding="utf-8")
    county("import", "conduct", "more.csv", "--yes")
    shown = county("conduct", "bars", "1", "--on", "2024-05-01", lang="zh").out
    warning, demerit = shown.split("2024-03-15 作出")[1:]
    assert "与同日作出的较重处分合并" in warning
    assert "期满日 2025-03-15" in demerit
    assert "合并" not in demerit
