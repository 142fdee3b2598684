"""Undoing an import, of whatever kind, restores every answer and every contradiction."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from teacherreg import Registry

PEOPLE = """教职工号,姓名,学校名称,学段,职称,教职工类别,出生日期,参加工作年月
T001,张三,青禾县第一小学,小学,高级教师,专任教师,1985-03-15,2008-08
T002,李四,青禾县第一小学,小学,一级教师,专任教师,1995-02-10,2023-08
"""
WORKBOOKS = {
    "teachers": PEOPLE.replace("一级教师", "高级教师"),
    "titles": "教职工号,姓名,称号,级别,授予时间,有效期至\n"
    "T001,张三,特级教师,省级,2020-09-10,\nT002,李四,学科带头人,市级,2024-09-01,2027-08-31\n",
    "conduct": "教职工号,姓名,记录类别,处分类别,决定日期\nT001,张三,处分,记过,2026-03-10\n",
    "reviews": "教职工号,姓名,年度,考核类别,结论\nT002,李四,2025,年度考核,不合格\n",
    "training": "教职工号,姓名,培训项目,学时,结束日期\nT001,张三,国培计划,360,2025-07-20\n",
}
DAYS = [date(2025, 6, 20), date(2026, 1, 20), date(2026, 9, 20), date(2027, 9, 20)]
TITLES = (("special_grade_teacher", "province"), ("subject_leader", "prefecture"))


def answers(registry: Registry) -> list[Any]:
    told = [
        registry.eligibility_of_all(kind, level=level, on=day).to_document()
        for kind, level in TITLES
        for day in DAYS
    ]
    return [*told, *(registry.check(on=day).to_document() for day in DAYS)]


@pytest.fixture
def staffed(registry: Registry, tmp_path: Path) -> Registry:
    """A registry with two people, in which every rule is on."""
    for rule in ("teaching_years", "age", "training_hours", "given_once"):
        registry.change_setting(f"eligibility.{rule}", "yes")
    enter(registry, tmp_path, "teachers", PEOPLE)
    return registry


def enter(registry: Registry, folder: Path, kind: str, text: str) -> int:
    file = folder / f"{kind}.csv"
    file.write_text(text, encoding="utf-8-sig")
    plan = registry.plan_import(kind, file, on=date(2025, 1, 1), add_schools=True)
    return int(registry.apply(plan).id or 0)


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_undoing_an_import_restores_every_answer(
    staffed: Registry, tmp_path: Path, kind: str
) -> None:
    before = answers(staffed)
    batch = enter(staffed, tmp_path, kind, WORKBOOKS[kind])
    assert answers(staffed) != before
    staffed.undo(batch)
    assert answers(staffed) == before
