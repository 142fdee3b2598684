"""The headers that people write lead to the fields that they mean."""

import csv

import pytest

from teacherreg.codes.columns import IMPORT_KINDS, catalogue
from teacherreg.codes.headers import synonyms
from teacherreg.codes.words import normalise
from teacherreg.locale import LANGUAGES
from teacherreg.shipped import shipped

FIRST_HEADERS = {
    "学校名称": "school_name",
    "学校标识码": "school_code",
    "学校简称": "short_name",
    "乡镇": "township",
    "城乡类型": "locality",
    "学校类型": "school_type",
    "上级学校": "parent_school",
    "学年": "school_year",
    "小学学生数": "primary_students",
    "初中学生数": "junior_students",
    "高中学生数": "senior_students",
    "幼儿数": "kindergarten_children",
    "姓名": "name",
    "身份证件号": "id_number",
    "教职工号": "staff_no",
    "性别": "sex",
    "出生日期": "birth_date",
    "民族": "ethnicity",
    "政治面貌": "political_status",
    "学段": "stage",
    "任教学科": "subject",
    "最高学历": "education",
    "职称": "professional_rank",
    "教职工类别": "staff_category",
    "人员状态": "status",
    "参加工作年月": "work_started_on",
    "进本校年月": "school_joined_on",
    "手机号": "phone",
    "称号": "title_kind",
    "级别": "level",
    "学科": "subject",
    "授予时间": "awarded_on",
    "有效期至": "term_ends_on",
    "授予单位": "issuer",
    "文号": "document_no",
    "撤销时间": "revoked_on",
    "记录类别": "record_kind",
    "年度": "year",
    "结论": "result",
    "处分类别": "sanction_kind",
    "违规情形": "act",
    "决定日期": "decided_on",
    "解除日期": "released_on",
    "决定机关": "decided_by",
    "事由": "summary",
    "学时": "hours",
    "导师": "mentor_name",
    "徒弟": "mentee_name",
    "工作室": "studio",
}


@pytest.mark.parametrize(("header", "field"), FIRST_HEADERS.items())
def test_the_first_header_of_a_field_means_it(header: str, field: str) -> None:
    assert synonyms()[header][0] == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓 名", "name"),
        ("身份证号码（文本格式）", "id_number"),
        ("单位全称（按照单位公章）", "school_name"),
        ("主教学科(只能选一门)", "subject"),
        ("教师资格学科", "certificate_subject"),
        ("任教学科（资格证）", "certificate_subject"),
        ("是否心里健康教育教师", "is_mental_health_teacher"),
        ("出生地（行政区划代码）", "birth_place_code"),
        ("Id_Number", "id_number"),
        ("ID number", "id_number"),
        ("Title", "title_kind"),
    ],
)
def test_headers_of_real_sheets_are_known(header: str, field: str) -> None:
    assert synonyms()[normalise(header)][0] == field


@pytest.mark.parametrize(
    ("header", "kind_has", "taken"),
    [
        ("荣誉称号", {"title_kind", "level"}, "title_kind"),
        ("荣誉称号", {"record_kind", "result"}, "result"),
        ("撤销时间", {"title_kind", "revoked_on"}, "revoked_on"),
        ("撤销时间", {"sanction_kind", "released_on"}, "released_on"),
        ("开始年月", {"starts_on"}, "starts_on"),
        ("开始年月", {"title_kind", "awarded_on"}, "awarded_on"),
        ("授予单位", {"decided_by"}, "decided_by"),
        ("年度", {"year"}, "year"),
        ("级别", {"level"}, "level"),
        ("处分日期", {"decided_on", "released_on"}, "decided_on"),
        ("考核结果", {"result"}, "result"),
    ],
)
def test_each_kind_takes_the_first_meaning_that_it_has(
    header: str, kind_has: set[str], taken: str
) -> None:
    assert next(field for field in synonyms()[header] if field in kind_has) == taken


def test_what_a_template_writes_is_read_back_in_both_languages() -> None:
    for (table, column), entry in catalogue().items():
        if table in IMPORT_KINDS:
            for lang in LANGUAGES:
                assert column in synonyms()[normalise(entry.label(lang))], (table, column, lang)


def test_every_field_is_its_own_header() -> None:
    for fields in list(synonyms().values()):
        for field in fields:
            assert field in synonyms()[field]


def test_every_header_leads_to_fields_named_as_fields_are() -> None:
    for header, fields in synonyms().items():
        assert header == normalise(header)
        assert fields
        assert len(set(fields)) == len(fields)
        assert all(field.isidentifier() and field == field.lower() for field in fields)


def test_a_header_stands_once_in_the_file() -> None:
    with shipped("data/codes/header_synonyms.csv").open(encoding="utf-8", newline="") as file:
        headers = [normalise(row["header"]) for row in csv.DictReader(file)]
    assert sorted(headers) == sorted(set(headers))
