"""A list of another kind than was asked for is refused with the command that reads it."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from teacherreg.errors import IntakeError
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.layout import Layout
from teacherreg.intake.read import read_files
from teacherreg.intake.template import write_template
from teacherreg.locale import speaking
from teacherreg.settings import Settings
from teacherreg.shipped import shipped

DAY = date(2026, 9, 1)
SAMPLES = shipped("data/samples")
CELLS = {
    "姓名": "张伟",
    "学校": "青禾县第一小学",
    "学校名称": "青禾县第一小学",
    "身份证号": "640199198503150012",
    "称号": "骨干教师",
    "级别": "县级",
    "记录类别": "师德考核",
    "年度": "2025",
    "结论": "合格",
    "师德考核结果": "合格",
}


@pytest.fixture(autouse=True)
def beside_the_files(monkeypatch, tmp_path):
    """Files are named as somebody in their folder does."""
    monkeypatch.chdir(tmp_path)


def reading(kind, path, **layout):
    return read_files(
        kind, [path], settings=Settings({}), on=DAY, layout=Layout(**layout) if layout else Layout()
    )


def made(headers, name="list.csv"):
    path = Path(name)
    columns = headers.split()
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, [CELLS.get(column, "") for column in columns]])
    return path


def refusal(kind, path, **layout):
    with pytest.raises(IntakeError) as caught:
        reading(kind, path, **layout)
    return caught.value


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_told_for_its_own_kind_whatever_it_is_given_as(kind, lang):
    path = Path("t.xlsx")
    with speaking(lang):
        write_template(kind, path, schools=["青禾县第一小学"])
    for asked in KINDS:
        error = refusal(asked, path)
        if asked == kind:
            assert error.code == "form-empty"
        else:
            assert error.code == "kind-other"
            assert f"teacherreg import {kind} t.xlsx" in error.hint


@pytest.mark.parametrize("kind", sorted(path.stem for path in SAMPLES.glob("*.xlsx")))
def test_a_sample_is_read_as_its_own_kind_only(kind):
    path = SAMPLES / f"{kind}.xlsx"
    for asked in KINDS:
        if asked == kind:
            assert reading(asked, path).rows_read > 0
        else:
            assert f"teacherreg import {kind} " in refusal(asked, path).hint


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("序号 姓名 性别 学校 学科 称号 级别 授予时间 文号", "titles"),
        ("姓名 学校 职称 荣誉称号 级别 授予单位 授予时间", "titles"),
        ("姓名 学校 记录类别 年度 结论", "conduct"),
        ("姓名 性别 学校 职务 违规情形 处分类别 处分时间 处分单位", "conduct"),
        ("序号 姓名 性别 身份证号 出生年月 学校 学科 职称 称号 级别 授予时间 文号", "titles"),
        ("序号 姓名 单位 称号 文号 有效期", "titles"),
        ("姓名 性别 民族 学历 职称 单位 违规情形 处分类别 处分日期 处分单位", "conduct"),
        ("学校名称 学校标识码 乡镇 学校类型 小学学生数 校长 联系电话", "schools"),
        ("学校名称 类型 学段 学生数 教职工数 校长 电话", "schools"),
        ("学校 校长 在校生数 班数 专任教师数", "schools"),
    ],
)
def test_a_list_of_another_kind_is_no_roster(headers, kind):
    error = refusal("teachers", made(headers))
    assert error.code == "kind-other"
    assert error.hint.startswith(f"Run teacherreg import {kind} list.csv.")


@pytest.mark.parametrize(
    "headers",
    [
        "序号 姓名 性别 学校 身份证号 出生年月 学历 职称 任教学科 骨干级别 荣誉称号 联系电话",
        "姓名 性别 学校 身份证号 民族 学历 职称 任教学科 称号 级别 授予时间",
        "姓名 性别 出生年月 学历 职称 任教学科 学校 骨干教师级别 认定时间 证书编号 联系电话",
        "姓名 性别 出生年月 民族 职称 学校 学科 年度考核 处分 荣誉称号 级别 授予时间",
        "学校 姓名 性别 骨干级别",
        "姓名 学校 学科 荣誉称号",
        "姓名 身份证号 学校 学段 学科 职称 师德考核结果 年度考核结果",
        "姓名 学校 在校生数",
        "学校名称 学校标识码 乡镇 城乡类型 姓名 身份证号 性别 学科",
        "姓名 学校",
    ],
)
def test_a_roster_with_columns_of_other_lists_is_still_a_roster(headers):
    assert reading("teachers", made(headers)).rows["name"].to_list() == ["张伟"]


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("姓名 性别 学校 身份证号 民族 学历 职称 任教学科 称号", "titles"),
        ("姓名 身份证号 学校 学段 学科 职称 记录类别 年度 结论", "conduct"),
        ("姓名 学校 记录类别 年度 结论 级别 授予时间 授予单位 文号", "conduct"),
    ],
)
def test_a_roster_with_a_column_of_titles_or_records_gives_these_too(headers, kind):
    assert reading(kind, made(headers)).rows_read == 1


@pytest.mark.parametrize(
    ("asked", "headers", "kind"),
    [
        ("conduct", "县 学校 姓名 学科 骨干教师级别 认定时间", "titles"),
        ("titles", "姓名 性别 民族 身份证号 学校 学校代码 学校类型 乡镇 城乡类型", "teachers"),
        ("titles", "姓名 性别 民族 学历 职称 单位 违规情形 处分类别 处分日期 处分单位", "conduct"),
        ("schools", "姓名 性别 民族 学历 职称 学校 违规情形 处分类别 处分日期 处分单位", "conduct"),
        ("schools", "姓名 性别 职称 学校 荣誉称号 级别 授予时间 授予单位", "titles"),
    ],
)
def test_the_command_that_is_told_does_read_the_file(asked, headers, kind):
    path = made(headers)
    assert f"teacherreg import {kind} " in refusal(asked, path).hint
    assert reading(kind, path).rows_read == 1


def test_a_roster_is_no_list_of_schools():
    error = refusal("schools", made("学校名称 学校标识码 乡镇 姓名 身份证号 性别 学科"))
    assert error.code == "kind-other"
    assert "teacherreg import teachers list.csv" in error.hint


def test_a_column_that_somebody_names_insists_on_the_kind():
    path = made("姓名 学校 称号 级别 授予时间")
    error = refusal("teachers", path)
    assert error.parameters["insist"] == "--map A=name"
    insisted = reading("teachers", path, columns={"A": "name"})
    assert insisted.rows.select("name", "school_name").rows() == [("张伟", "青禾县第一小学")]


def test_a_sheet_of_another_kind_is_left_aside_and_the_command_for_it_told():
    path = Path("all in one.xlsx")
    roster = [["姓名", "性别", "学校", "职称"], ["张伟", "男", "青禾县第一小学", "一级教师"]]
    titles = [
        ["姓名", "学校", "称号", "级别", "授予时间"],
        ["张伟", "青禾县第一小学", "骨干教师", "县级", "2025-09-01"],
    ]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"教师": roster, "称号": titles}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    found = reading("teachers", path)
    assert found.rows_read == 1
    (notice,) = found.notices
    assert notice.code == "kind-other"
    assert 'teacherreg import titles "all in one.xlsx" --sheet 称号' in notice.message
    error = refusal("teachers", path, sheets=("称号",))
    assert '"all in one.xlsx" --sheet 称号' in error.hint
    assert reading("titles", path, sheets=("称号",)).rows_read == 1


def test_the_refusal_is_said_in_chinese_as_in_english():
    error = refusal("teachers", made("姓名 学校 称号 级别 授予时间"))
    with speaking("zh"):
        assert error.message == (
            "list.csv 像是称号名单，不是教师名单：有“称号、级别、授予时间”这些列。没有读取。"
        )
        assert error.hint == (
            "请运行 teacherreg import titles list.csv。"
            "确实是教师名单的，请用 --map 说明列的含义，如 --map A=name。"
        )


def test_a_file_out_of_a_folder_is_named_so_that_the_command_finds_it():
    Path("收上来的表").mkdir()
    path = made("姓名 学校 称号 级别 授予时间", "收上来的表/名单 (1).csv")
    hint = refusal("teachers", path.parent).hint
    assert hint.startswith('Run teacherreg import titles "收上来的表/名单 (1).csv".')
