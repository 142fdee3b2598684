"""`check`: what contradicts itself, with exit code 3; 0 where nothing does."""

import json
from pathlib import Path
from typing import Any

import pytest

TITLES = """教职工号,姓名,称号,级别,授予时间,有效期至
T001,张三,学科带头人,市级,2024-09-01,2027-08-31
"""
PEOPLE = """教职工号,姓名,学校名称,学段,教职工类别
T001,张三,青禾县第一小学,小学,专任教师
"""


@pytest.fixture
def county(run: Any, tmp_path: Path) -> None:
    run("init", "--county", "640199", "--name", "青禾县")
    for kind, text in (("teachers", PEOPLE), ("titles", TITLES)):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8-sig")
        run("import", kind, f"{kind}.csv", "--yes", "--on", "2026-01-01", "--add-schools")


@pytest.mark.usefixtures("county")
def test_what_is_found_is_told_by_code_with_its_cure(run: Any) -> None:
    ran = run("check", "--on", "2026-09-01", lang="zh")
    assert ran.exit_code == 3
    assert ran.out.splitlines() == [
        "截至 2026-09-01，发现 1 处矛盾。",
        "",
        "lower-title-missing（1 处）",
        "请补录下一级称号；本县不要求逐级的，把设置 eligibility.lower_level 改为 no。",
        "  张三（青禾县第一小学），登记号 1："
        "有地市级学科带头人称号，此前却没有县级学科带头人称号。",
    ]
    told = run("check", "--on", "2026-09-01", "--format", "json")
    assert (told.exit_code, json.loads(told.out)["totals"]) == (3, {"lower-title-missing": 1})


@pytest.mark.usefixtures("county")
def test_where_nothing_is_found_the_exit_code_is_0(run: Any) -> None:
    ran = run("check", "--on", "2024-08-31")
    assert (ran.exit_code, ran.out) == (0, "No contradictions as of 2024-08-31.\n")
    assert run("check", "--code", "mentor-gone", "--on", "2026-09-01").exit_code == 0
    assert run("check", "--code", "mentor").exit_code == 2
