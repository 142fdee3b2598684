"""Exports: what goes out comes in again and changes nothing, and fills an empty registry."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from teacherreg import Registry, database
from teacherreg.errors import IntakeError, RegistryError, UsageError
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.tables import FILLED, TEACHER
from teacherreg.locale import speaking
from tests.intake.workbooks.conftest import DAY, SCHOOLS, id_number

LATER = date(2027, 9, 1)
KINDS_IN_ORDER = tuple(KINDS)
LANGUAGES = ("zh", "en")
ENDINGS = ("xlsx", "csv")

SCHOOL_ROWS = """
学校名称,学校标识码,学校简称,乡镇,城乡类型,学校类型,学年,小学学生数,初中学生数,上级学校
青禾县第一小学,2164000001,一小、县一小,城关镇,镇区,小学,2025-2026,790,,
青禾县第一小学,2164000001,,,,,2026-2027,812,,
青禾县第二小学,,二小,城关镇,镇区,小学,2026-2027,300,,
红山九年制学校,2164000003,,红山乡,乡村,九年一贯制学校,2026-2027,120,90,
柳沟教学点,,,红山乡,乡村,小学教学点,,,,红山九年制学校
"=SUM(A1)学校",,+红,-东镇,,,,,,
"""

TEACHER_ROWS = f"""
姓名,曾用名,身份证件号,教职工号,性别,出生日期,民族,学校名称,学段,任教学科,最高学历,职称,教职工类别,人员状态,进本校年月,手机号,备注2,=公式,返聘,政治面貌,入党时间
张伟,,{id_number(1)},00123,,,汉族,一小,小学,语文,本科,一级教师,专任教师,在本单位任职,2010-09,13900000001,=1+1,'=x,√,预备党员,2026-07-01
张伟,,,,男,1985.3,回族,二小,小学,数学,,,,,,,,,
买买提·艾力,艾力,{id_number(3)},=7,,,维吾尔族,红山九年制学校,初中,物理,,二级教师,专任教师,,2015-03,,＝全角,,
李芳,,{id_number(4)},,,,,红山九年制学校,小学,,,,行政人员,,,,'单引号,-3.5,
王芳,,{id_number(5)},0005,,,,柳沟教学点,小学,音乐体育,,,,,,,"两行
文字",,
赵一,,,+8,,,,"=SUM(A1)学校",小学,,,,,,,,,@x,
"""

TITLE_ROWS = f"""
姓名,身份证件号,学校名称,称号,级别,学科,事项,授予时间,有效期至,授予单位,文号,撤销时间
张伟,{id_number(1)},,骨干教师,县级,语文,,2022-09-01,,县教育局,=青教发〔2022〕1号,
张伟,{id_number(1)},,骨干教师,县级,语文,,2025-09-01,2028-08,县教育局,@2,
张伟,{id_number(1)},,特级教师,省级,,认定,2019-09-10,,,,2024-01-05
张伟,,二小,教学能手,校级,,,2024-05-04,,,,
买买提·艾力,{id_number(3)},,骨干教师,,,,2023-09-01,,,,
买买提·艾力,{id_number(3)},,学科带头人,市级,物理,,,,,,
赵一,,"=SUM(A1)学校",骨干教师,县级,,,2021-01-01,2023-12-31,,,
赵一,,"=SUM(A1)学校",骨干教师,县级,,续任,2024-01-01,,县教育局,=3,
赵一,,"=SUM(A1)学校",骨干教师,县级,,暂停,2025-03-01,2025-08-31,,,
赵一,,"=SUM(A1)学校",骨干教师,县级,,恢复,2025-06-01,,,,
张伟,{id_number(1)},,骨干教师,县级,语文,撤销,,,@县教育局,-4,2026-05-06
张伟,{id_number(1)},,学科带头人,市级,,申报,2026-03-01,,,,
"""

CONDUCT_ROWS = f"""
姓名,身份证件号,学校名称,记录类别,年度,结论,处分类别,违规情形,决定日期,解除日期,决定机关,文号,事由,人员类别,发生日期,解除机关,解除文号,延长决定日期,延长至,申诉日期,申诉处理日期,申诉处理结果,处分撤销日期,期满日期
张伟,{id_number(1)},,师德考核,2025,合格,,,,,,,,,,,,,,,,,,
张伟,{id_number(1)},,师德考核,2024,优秀,,,,,,,,,,,,,,,,,,
张伟,,二小,表彰,2024,"+优秀教师",,,,,县政府,,,,,,,,,,,,,
李芳,{id_number(4)},,处分,,,警告,,2024-03-05,,,=文1,-见决定,编制内工作人员,2024-01-15,,,2024-09-01,2024-12-05,2024-03-20,2024-05-01,维持,,
李芳,{id_number(4)},,处分,,,记过,,2020-03-05,2021-03-05,县教育局,,,,,县教育局,=解1,,,,,,,2021-09-05
李芳,{id_number(4)},,处分,,,党内警告,,2024-03-05,,县纪委,,,,,,,,,,,,,
买买提·艾力,{id_number(3)},,处分,,,记过,,2024-05-31,,,,,民办或编制外人员,,,,,,2024-06-10,2024-07-01,撤销,2024-07-01,
王芳,{id_number(5)},,处理,,,批评教育,,2023-03-05,,,,,,,,,,,,,,,
"""

TRAINING_ROWS = f"""
姓名,身份证件号,学校名称,培训项目,级别,学时,开始日期,结束日期,主办单位,证书编号
张伟,{id_number(1)},,国培计划,国家级,72,2026-07-01,2026-07-10,=师范大学,-1
张伟,{id_number(1)},,"=县级, 研修",县级,4.5,,2025-11-30,,
张伟,,二小,信息素养提升,,0.5,,2025-11,@县中心,
赵一,,"=SUM(A1)学校",岗前培训,,120,,2024-08-20,,
"""

REVIEW_ROWS = f"""
姓名,身份证件号,学校名称,年度,考核类别,结论,称号,级别,考核单位,文号
张伟,{id_number(1)},,2025,年度考核,优秀,,,+一小,
张伟,{id_number(1)},,2025,称号考核,合格,骨干教师,县级,县教育局,=文2
张伟,{id_number(1)},,2024,年度考核,不定等次,,,,
赵一,,"=SUM(A1)学校",2025,年度考核,基本合格,,,,
"""

MENTORING_ROWS = f"""
导师,导师身份证件号,导师所在学校,徒弟,徒弟身份证件号,徒弟所在学校,工作室,学科,开始日期,结束日期,培养目标
张伟,{id_number(1)},,买买提·艾力,{id_number(3)},,=张伟工作室,物理,2025-09-01,2028-08-31,"县级, +1"
张伟,{id_number(1)},,李芳,{id_number(4)},,,数学,2025-09,,
买买提·艾力,{id_number(3)},,赵一,,"=SUM(A1)学校",,,2024-03-01,2024-06-30,
"""

ROTATION_ROWS = f"""
姓名,身份证件号,流出学校,流入学校,开始年月,结束年月,交流类型
张伟,{id_number(1)},一小,二小,2024-09,2025-07,定期交流
张伟,,二小,红山九年制学校,2025-09,,对口支援
赵一,,"=SUM(A1)学校",柳沟教学点,2023-09,2024-07,
"""

DUTY_ROWS = f"""
姓名,身份证件号,学校名称,履职活动类别,完成日期,数量,题目,级别,组织单位
张伟,{id_number(1)},,示范课,2026-04-16,1,"=单元, 教学",县级,@县教研室
张伟,{id_number(1)},,听课,2026-06-30,42节,,,
张伟,,二小,论文,2025-11,,+论文一,省级,
赵一,,"=SUM(A1)学校",送教下乡,2025-10-20,2,,,
"""

CASE_ROWS = """
案例编号,案例主题,违规情形,通报层级,通报日期,通报单位,文号,整改事项,责任单位或岗位,整改期限,销号日期
2026-01,"=有偿补课, 校外",有偿补课,县级,2026-04-01,县教育局,=通1,自查,各校,2026-06-30,2026-06-20
2026-01,,,,,,,"+完善制度",,2026-08,
2026-02,收受礼品礼金,,,,,,,,,
"""

SESSION_ROWS = """
举办日期,活动主题,组织层级,组织单位,参加对象,应到人数,实到人数,对应案例编号
2026-04-10,=有偿补课警示教育,县级,县教育局,"校级领导, 中层",120,117,2026-01
2026-05-08,师德专题,校级,+一小,,,,
"""

SUPERVISOR_ROWS = f"""
姓名,身份证件号,学校名称,督导专家团队,督导学校,聘期开始,聘期结束,聘任单位,聘任文号
张伟,{id_number(1)},,=督导一组,二小,2025-09-01,2028-08-31,县教育局,
张伟,{id_number(1)},,=督导一组,红山九年制学校,2025-09-01,2028-08-31,,
赵一,,"=SUM(A1)学校",督导二组,,2024-03,,,-1
"""

ROWS = {
    "schools": SCHOOL_ROWS,
    "teachers": TEACHER_ROWS,
    "titles": TITLE_ROWS,
    "conduct": CONDUCT_ROWS,
    "training": TRAINING_ROWS,
    "reviews": REVIEW_ROWS,
    "mentoring": MENTORING_ROWS,
    "rotations": ROTATION_ROWS,
    "duties": DUTY_ROWS,
    "cases": CASE_ROWS,
    "sessions": SESSION_ROWS,
    "supervisors": SUPERVISOR_ROWS,
}


def write(path: Path, text: str) -> Path:
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


def apply(registry: Registry, kind: str, path: Path, on: date = DAY) -> None:
    plan = registry.plan_import(kind, path, on=on)
    assert plan.counts.rejected == 0, [problem.message for problem in plan.problems]
    registry.apply(plan)


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> Registry:
    """A county with everything in it that an export might lose."""
    folder = tmp_path_factory.mktemp("rich")
    registry = Registry.create(folder / "registry.db", county_code="640199", county_name="青禾县")
    for kind in KINDS_IN_ORDER:
        apply(registry, kind, write(folder / f"{kind}.csv", ROWS[kind]))
    later = f"""
姓名,身份证件号,学校名称,职称,进本校年月,人员状态
张伟,{id_number(1)},一小,高级教师,,
张伟,{id_number(1)},二小,,,
买买提·艾力,{id_number(3)},二小,,2027-09,
王芳,{id_number(5)},,,,退休
"""
    apply(registry, "teachers", write(folder / "later.csv", later), LATER)
    return registry


def records(registry: Registry, *tables: str) -> dict[str, list[dict[str, object]]]:
    """Give all rows of tables, with names for the numbers that another registry gives anew."""
    with registry.engine.connect() as connection:
        rows = {
            t.name: [dict(r) for r in connection.execute(select(t).order_by("id")).mappings()]
            for t in FILLED
        }
    schools = {row["id"]: row["name"] for row in rows["school"]}
    people = {row["id"]: (row["name"], row["id_number"]) for row in rows["teacher"]}
    cases = {row["id"]: row["case_no"] for row in rows["ethics_case"]}
    for row in (row for some in rows.values() for row in some):
        row.pop("id")
        for column, names in (
            ("school_id", schools), ("parent_school_id", schools), ("teacher_id", people),
            ("from_school_id", schools), ("to_school_id", schools), ("mentee_id", people),
            ("ethics_case_id", cases),
        ):  # fmt: skip
            if column in row:
                row[column] = names.get(row[column])
    return {name: sorted(rows[name], key=str) for name in tables or rows}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS_IN_ORDER)
def test_an_export_imports_again_and_changes_nothing(rich, tmp_path, kind, lang, ending):
    out = tmp_path / f"out.{ending}"
    on = None if kind == "schools" else LATER
    with speaking(lang):
        exported = rich.export(kind, out, on=on)
    with speaking("en" if lang == "zh" else "zh"):
        plan = rich.plan_import(kind, out, on=LATER)
        # What is missing was missing before; nothing else is to be said.
        said = {"level-missing", "awarded-on-missing"} if kind == "titles" else set()
        assert {p.code for p in plan.problems} <= said, [p.message for p in plan.problems]
    assert plan.is_empty, list(plan.changes)
    assert (plan.counts.read, plan.counts.unchanged) == (exported.rows, exported.rows)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS_IN_ORDER)
def test_an_export_given_as_another_kind_is_told_for_what_it_is(rich, tmp_path, kind, lang):
    with speaking(lang):
        rich.export(kind, tmp_path / "out.csv", on=None if kind == "schools" else LATER)
    for other in set(KINDS_IN_ORDER) - {kind}:
        with pytest.raises(IntakeError) as refused:
            rich.plan_import(other, tmp_path / "out.csv", on=LATER)
        assert refused.value.code == "kind-other"
        assert f"teacherreg import {kind} " in refused.value.hint


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_exports_fill_an_empty_registry_with_the_same(rich, tmp_path, lang, ending):
    made = Registry.create(tmp_path / "new.db", county_code="640199", county_name="青禾县")
    with made:
        for kind in KINDS_IN_ORDER:
            out = tmp_path / f"{kind}.{ending}"
            with speaking(lang):
                rich.export(kind, out, on=None if kind == "schools" else LATER)
            plan = made.plan_import(kind, out, on=LATER)
            # 王芳 has left, so no roster names her, and her record finds nobody.
            assert plan.counts.rejected == (kind == "conduct"), [p.message for p in plan.problems]
            made.apply(plan)
        there, here = records(rich), records(made)
    whole = ("school", "school_alias", "school_stage", "enrolment", "title_award")
    about_nobody = ("ethics_case", "corrective_item", "education_session")
    of_persons = ("training", "review", "mentoring", "rotation", "supervision", "duty")
    for table in (*whole, *about_nobody, *of_persons, "title_event"):
        assert here[table] == there[table], table
    left = ("王芳", id_number(5))
    assert here["teacher"] == [row for row in there["teacher"] if row["name"] != "王芳"]
    assert here["conduct_record"] == [r for r in there["conduct_record"] if r["teacher_id"] != left]
    running = [row for row in there["post"] if row["ends_on"] is None]
    # The roster tells since when somebody is at the school, not since when in that rank.
    without_start = [{k: v for k, v in row.items() if k != "starts_on"} for row in running]
    assert [{k: v for k, v in row.items() if k != "starts_on"} for row in here["post"]] == (
        without_start
    )


def test_an_earlier_day_gives_the_posts_of_that_day(rich, tmp_path):
    def rows(on):
        path = tmp_path / "t.csv"
        path.unlink(missing_ok=True)
        rich.export("teachers", path, on=on)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(r["Name*"], r["School"], r["Professional rank"]) for r in csv.DictReader(file)]

    assert ("王芳", "柳沟教学点", "") in rows(DAY)
    assert "王芳" not in {name for name, *_ in rows(LATER)}
    assert ("买买提·艾力", "红山九年制学校", "Second-grade teacher") in rows(DAY)
    assert ("买买提·艾力", "青禾县第二小学", "Second-grade teacher") in rows(LATER)


def test_own_staff_stand_before_visitors(rich, tmp_path):
    rich.export("teachers", tmp_path / "t.csv", on=LATER)
    text = (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row[1] == id_number(1)]
    assert [row[8] for row in rows] == ["青禾县第一小学", "青禾县第二小学"]


def _could_run(text: str) -> bool:
    is_number = text.lstrip("+-").replace(".", "").isdigit()
    return text.startswith(tuple("=+-@\t\r＝＋－＠")) and not is_number


@pytest.mark.parametrize("kind", KINDS_IN_ORDER)
def test_no_cell_of_an_export_runs(rich, tmp_path, kind):
    rich.export(kind, tmp_path / "t.csv", on=LATER)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if _could_run(cell)] == []
    assert any(cell.startswith("'") and _could_run(cell[1:]) for cell in cells)
    rich.export(kind, tmp_path / "t.xlsx", on=LATER)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    risky = [cell for cell in cells if cell.data_type == "s" and _could_run(cell.value)]
    assert risky
    assert all(cell.quotePrefix for cell in risky)


def test_an_export_can_be_of_some_schools_or_of_a_township(rich, tmp_path):
    assert rich.export("teachers", tmp_path / "1.csv", on=LATER, schools=["一小"]).rows == 1
    assert rich.export("teachers", tmp_path / "2.csv", on=DAY, township="红山乡").rows == 3
    assert rich.export("titles", tmp_path / "3.csv", schools=["二小", "一小"], on=LATER).rows == 8
    assert rich.export("schools", tmp_path / "4.csv", on=LATER, township="城关镇").rows == 2


@pytest.mark.parametrize(
    ("options", "error", "code"),
    [
        ({"schools": ["红山小学"]}, RegistryError, "export-school"),
        ({"schools": ["县文化馆"]}, RegistryError, "export-school-no-nearest"),
        ({"township": "没有的乡"}, RegistryError, "export-township"),
        ({"schools": ["一小"], "township": "红山乡"}, RegistryError, "export-empty"),
        ({"file": "t.pdf"}, UsageError, "export-ending"),
        ({"file": "没有/t.csv"}, IntakeError, "folder-missing"),
        ({"file": "there.csv"}, IntakeError, "file-exists"),
        ({"kind": "pupils"}, IntakeError, "kind-unknown"),
    ],
)
def test_what_cannot_be_exported_is_refused(rich, tmp_path, options, error, code):
    (tmp_path / "there.csv").write_text("mine")
    options = {"kind": "teachers", "file": "t.csv"} | options
    with pytest.raises(error) as raised:
        rich.export(options.pop("kind"), tmp_path / options.pop("file"), on=LATER, **options)
    assert raised.value.code == code
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]


def test_an_export_is_for_its_owner_alone(rich, tmp_path):
    for ending in ENDINGS:
        out = tmp_path / f"t.{ending}"
        rich.export("teachers", out, on=LATER)
        assert out.stat().st_mode & 0o777 == 0o600


_HARD = "=+-@＝＋\t'\"“, ;；、\\/0.5eE一张 \n※（）(){}[]:#N/A"
_texts_of_people = st.text(_HARD + "备注学科姓名", max_size=6)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    headers=st.lists(_texts_of_people, min_size=3, max_size=3, unique=True),
    texts=st.lists(st.tuples(*[_texts_of_people] * 3), min_size=4, max_size=8),
    ending=st.sampled_from(ENDINGS),
    lang=st.sampled_from(LANGUAGES),
)
def test_whatever_came_in_under_whatever_header_comes_back(
    staffed, tmp_path, headers, texts, ending, lang
):
    with database.writing(staffed.engine) as connection:
        connection.execute(update(TEACHER).values(unmapped=None))
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "身份证件号", *headers, "学校名称"])
        for place, cells in enumerate(texts):
            rows.writerow(
                [f"人{chr(0x4E00 + place)}", id_number(place), *cells, SCHOOLS[place % 4]]
            )
    first = staffed.plan_import("teachers", tmp_path / "in.csv", on=DAY)
    assume(not first.counts.rejected)
    staffed.apply(first)
    out = tmp_path / f"out.{ending}"
    out.unlink(missing_ok=True)
    with speaking(lang):
        staffed.export("teachers", out, on=DAY)
    plan = staffed.plan_import("teachers", out, on=DAY)
    assert plan.is_empty, [(change.old, change.new) for change in plan.changes]
    assert plan.problems == []
    assert plan.counts.unchanged == 20


_FREE = {
    "titles": ("称号,级别,授予时间", "骨干教师,县级,2024-09-01", ("授予单位", "文号", "学科")),
    "conduct": ("记录类别,处分类别,决定日期", "处分,警告,2024-03-05", ("决定机关", "文号", "事由")),
    "schools": ("学校类型,城乡类型,学年", "小学,镇区,2026-2027", ("乡镇", "学校简称", "备注")),
}


@pytest.mark.parametrize("kind", _FREE)
def test_whatever_people_write_into_free_columns_comes_back(staffed, tmp_path, kind):
    fixed, cells, free = _FREE[kind]

    @settings(
        max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        texts=st.lists(st.tuples(*[_texts_of_people] * 3), min_size=4, max_size=4),
        ending=st.sampled_from(ENDINGS),
        lang=st.sampled_from(LANGUAGES),
    )
    def check(texts, ending, lang):
        with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["身份证件号", "学校名称", *fixed.split(","), *free])
            for place, written in enumerate(texts):
                person = [id_number(place), SCHOOLS[place]]
                rows.writerow([*person, *cells.split(","), *written])
        first = staffed.plan_import(kind, tmp_path / "in.csv", on=DAY)
        assert not first.counts.rejected
        batch = staffed.apply(first)
        out = tmp_path / f"out.{ending}"
        out.unlink(missing_ok=True)
        with speaking(lang):
            exported = staffed.export(kind, out, on=None if kind == "schools" else DAY)
        plan = staffed.plan_import(kind, out, on=DAY)
        assert plan.is_empty, [(change.old, change.new) for change in plan.changes]
        assert plan.counts.unchanged == exported.rows
        if batch.id is not None:
            staffed.undo(batch.id)

    check()


def test_the_unknown_columns_of_a_roster_go_out_under_their_own_headers(rich, tmp_path):
    rich.export("teachers", tmp_path / "t.csv", on=DAY)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Name*"]: row for row in csv.DictReader(file)}
    assert rows["买买提·艾力"]["曾用名"] == "艾力"
    assert rows["李芳"]["备注2"] == "'单引号"
    assert rows["王芳"]["备注2"] == "两行\n文字"
    with rich.engine.connect() as connection:
        kept = connection.execute(select(TEACHER.c.unmapped).where(TEACHER.c.id == 1)).scalar_one()
    assert kept == {"备注2": "=1+1", "=公式": "=x", "返聘": "√"}, json.dumps(kept)
