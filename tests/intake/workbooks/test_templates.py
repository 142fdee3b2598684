"""Templates: what people choose from them imports without a single problem."""

import re
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.errors import IntakeError
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.template import write_template
from teacherreg.locale import speaking
from tests.intake.workbooks.conftest import DAY, SCHOOLS, id_number

LANGUAGES = ("zh", "en")
BOTH = [(kind, lang) for kind in KINDS for lang in LANGUAGES]


class Form:
    """A template as an office program opens it."""

    def __init__(self, path: Path, kind: str) -> None:
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        labels = {
            column_of(kind, field.name).label(): field.name
            for field in KINDS[kind].fields
            if not field.is_aid
        }
        self.place = {labels[cell.value.removesuffix("*")]: cell.column for cell in self.sheet[1]}
        self.starred = {
            labels[cell.value[:-1]] for cell in self.sheet[1] if cell.value.endswith("*")
        }

    def lists(self) -> dict[str, list[str]]:
        """Give the words that each drop-down offers, by field, from where it points to."""
        words = {}
        names = {column: name for name, column in self.place.items()}
        for rule in self.sheet.data_validations.dataValidation:
            if rule.type != "list":
                continue
            title, cells = rule.formula1.rsplit("!", 1)
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
            assert left == right
            column = self.book[title.strip("'")].iter_rows(top, bottom, left, left)
            (place,) = {area.min_col for area in rule.sqref.ranges}
            words[names[place]] = [cell.value for (cell,) in column]
        return words

    def fill(self, path: Path, rows: list[dict[str, object]]) -> None:
        """Write rows below the example, as if by hand, and save."""
        for row in range(3, max(self.sheet.max_row, len(rows) + 2) + 1):
            values = rows[row - 3] if row - 3 < len(rows) else {}
            for name, column in self.place.items():
                cell = self.sheet.cell(row, column)
                cell.value = values.get(name)
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # typed into a text column, also after =
        self.book.save(path)


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """Give the template of a kind in a language, made once."""
    made = {}

    def form(kind: str, lang: str) -> Form:
        if (kind, lang) not in made:
            path = tmp_path_factory.mktemp("template") / "t.xlsx"
            with speaking(lang):
                write_template(kind, path, schools=SCHOOLS)
                made[kind, lang] = Form(path, kind)
        return made[kind, lang]

    return form


def days(first: date, last: date, *, months: bool = True) -> st.SearchStrategy[str]:
    """Write days in the forms that the template asks for."""
    forms = ["%Y-%m-%d", "%Y-%m"] if months else ["%Y-%m-%d"]
    return st.builds(lambda day, form: day.strftime(form), st.dates(first, last),
                     st.sampled_from(forms))  # fmt: skip


def some(draw, columns):
    """Leave out columns at random; what is left is drawn."""
    return {name: draw(value) for name, value in columns.items() if draw(st.booleans())}


_numbers = count(1)


@st.composite
def school(draw, offers):
    number = next(_numbers)
    listed = {name: st.sampled_from(words) for name, words in offers.items()}
    pupils = ("primary_students", "junior_students", "senior_students", "kindergarten_children")
    return {"school_name": f"新{number}学校"} | some(
        draw,
        listed
        | {name: st.integers(0, 3000) for name in pupils}
        | {
            "school_code": st.just(f"3{number:09d}"),
            "short_name": st.just(f"新{number}校、{number}校"),
            "township": st.sampled_from(["城关镇", "-河西乡"]),
            "school_year": st.sampled_from(["2025-2026", "2026-2027"]),
            "parent_school": st.sampled_from(SCHOOLS),
        },
    )


@st.composite
def teacher(draw, offers):
    number = 100 + next(_numbers) % 700
    identity = id_number(number)
    listed = {name: st.sampled_from(words) for name, words in offers.items()}
    row = {"name": "新" + draw(st.text("甲乙丙丁", min_size=1, max_size=2))} | some(
        draw,
        listed
        | {
            "staff_no": st.just(f"0{next(_numbers):05d}"),
            "work_started_on": days(date(2015, 1, 1), date(2018, 1, 1)),
            "school_joined_on": days(date(2018, 2, 1), date(2026, 8, 1)),
            "phone": st.just(f"139{number:08d}"),
        },
    )
    row |= {"id_number": identity, "school_name": draw(st.sampled_from(SCHOOLS))}
    if row.get("political_status") in offers["political_status"][:2]:  # of the Party
        row |= some(draw, {"party_joined_on": days(date(2015, 1, 1), date(2018, 1, 1))})
    # What the number tells, and what a school teaches: the rest of the row may be anything.
    born = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
    words = offers["sex"]
    row |= some(draw, {"birth_date": st.sampled_from([born, born[:7]])})
    row["sex"] = words[code_table("sex").codes.index("1" if int(identity[16]) % 2 else "2")]
    row["stage"] = draw(st.sampled_from(offers["stage"]))
    if "degree" in row:  # a degree goes with an education as high as it
        row["education"] = offers["education"][code_table("education").codes.index("21")]
    return row


def person_of(draw):
    place = draw(st.integers(0, 19))
    born = id_number(place)[6:14]
    ways = [
        {"id_number": id_number(place)},
        {"staff_no": f"{place:05d}", "birth_date": f"{born[:4]}-{born[4:6]}"},
        {"school_name": SCHOOLS[place % 4]},
    ]
    return {"name": f"人{chr(0x4E00 + place)}"} | draw(st.sampled_from(ways))


@st.composite
def title(draw, offers):
    awarded = date(2010, 1, 1) + timedelta(days=next(_numbers) % 4000)
    place = draw(st.integers(0, len(offers["title_kind"]) - 1))
    kinds = code_table("title_kinds")
    usual = kinds.value(kinds.codes[place], "usual_levels").split(";")
    is_only = len(usual) == 1 and usual[0]  # 特级教师 is provincial and nothing else
    levels = [offers["level"][code_table("levels").codes.index(usual[0])]] if is_only else []
    row = person_of(draw) | {
        "title_kind": offers["title_kind"][place],
        "level": draw(st.sampled_from(levels or offers["level"])),
        "awarded_on": awarded.isoformat(),
    }
    return row | some(
        draw,
        {
            "subject": st.sampled_from(offers["subject"]),
            "term_ends_on": days(date(2022, 1, 1), date(2030, 1, 1)),
            "issuer": st.just("县教育局"),
            "document_no": st.just("=青教发〔2022〕1号"),
            "revoked_on": days(date(2022, 1, 1), DAY),
        },
    )


@st.composite
def record(draw, offers):
    kinds = dict(zip(code_table("record_kinds").codes, offers["record_kind"], strict=True))
    kind = draw(st.sampled_from(sorted(kinds)))
    row = person_of(draw) | {"record_kind": kinds[kind], "document_no": f"第{next(_numbers)}号"}
    decided = date(2015, 1, 1) + timedelta(days=next(_numbers) % 2000)
    match kind:
        case "review":
            row["year"] = draw(st.sampled_from(["2023", "2024", "2025"]))
            row["result"] = draw(st.sampled_from(offers["result"]))
        case "commendation":
            row |= {"year": "2024", "result": "县优秀教师"}
        case _:
            row["sanction_kind"] = draw(st.sampled_from(offers["sanction_kind"]))
            row["decided_on"] = decided.isoformat()
            row |= some(
                draw,
                {
                    "act": st.sampled_from(offers["act"]),
                    "released_on": days(date(2022, 1, 1), DAY, months=False),
                    "summary": st.just("见决定"),
                    "person_category": st.sampled_from(offers["person_category"]),
                    "occurred_on": days(date(2012, 1, 1), date(2014, 12, 1)),
                    "released_by": st.just("县教育局"),
                    "release_document_no": st.just("=青教处〔2022〕1号"),
                    "appealed_on": days(date(2021, 1, 1), date(2021, 12, 1), months=False),
                    "appeal_decided_on": days(date(2022, 1, 1), DAY, months=False),
                    "appeal_result": st.sampled_from(offers["appeal_result"]),
                    "annulled_on": days(date(2022, 1, 1), DAY, months=False),
                },
            )
    return row


@st.composite
def training(draw, offers):
    row = person_of(draw) | {
        "project": f"研修{next(_numbers)}",
        "hours": draw(st.sampled_from(["72", "4.5", "0.5", "120学时"])),
        "ends_on": draw(days(date(2021, 2, 1), DAY)),
    }
    return row | some(
        draw,
        {
            "level": st.sampled_from(offers["level"]),
            "starts_on": days(date(2020, 1, 1), date(2021, 1, 1)),
            "organiser": st.just("=师范大学"),
            "document_no": st.just("00123"),
        },
    )


@st.composite
def review(draw, offers):
    kinds = dict(zip(code_table("review_kinds").codes, offers["review_kind"], strict=True))
    kind = draw(st.sampled_from(sorted(kinds)))
    row = person_of(draw) | {
        "year": str(1950 + next(_numbers) % 75),
        "review_kind": kinds[kind],
        "result": draw(st.sampled_from(offers["result"])),
    }
    named = {"reviewed_by": st.just("县教育局"), "document_no": st.just("-1")}
    if kind == "title":
        named |= {name: st.sampled_from(offers[name]) for name in ("title_kind", "level")}
    return row | some(draw, named)


@st.composite
def pair(draw, offers):
    places = draw(st.lists(st.integers(0, 19), min_size=2, max_size=2, unique=True))
    row = {}
    for who, place in zip(("mentor", "mentee"), places, strict=True):
        ways = [
            {"id_number": id_number(place)},
            {"staff_no": f"{place:05d}"},
            {"school": SCHOOLS[place % 4]},
        ]
        told = {"name": f"人{chr(0x4E00 + place)}"} | draw(st.sampled_from(ways))
        row |= {f"{who}_{name}": value for name, value in told.items()}
    row["starts_on"] = (date(2001, 1, 1) + timedelta(days=next(_numbers))).isoformat()
    return row | some(
        draw,
        {
            "studio": st.just("名师工作室"),
            "subject": st.sampled_from(offers["subject"]),
            "ends_on": days(date(2022, 1, 1), date(2030, 1, 1)),
            "aim": st.just("=1+1"),
        },
    )


@st.composite
def rotation(draw, offers):
    place = draw(st.integers(0, 19))
    others = [school for school in SCHOOLS if school != SCHOOLS[place % 4]]
    row = {
        "name": f"人{chr(0x4E00 + place)}",
        "from_school": SCHOOLS[place % 4],
        "to_school": draw(st.sampled_from(others)),
        "starts_on": (date(2001, 1, 1) + timedelta(days=next(_numbers))).isoformat(),
    }
    return row | some(
        draw,
        {
            "id_number": st.just(id_number(place)),
            "ends_on": days(date(2022, 1, 1), date(2030, 1, 1)),
            "rotation_kind": st.sampled_from(offers["rotation_kind"]),
        },
    )


@st.composite
def duty(draw, offers):
    row = person_of(draw) | {
        "duty_kind": draw(st.sampled_from(offers["duty_kind"])),
        "done_on": draw(days(date(2020, 1, 1), DAY)),
        "theme": f"=题目{next(_numbers)}",
    }
    return row | some(
        draw,
        {
            "amount": st.sampled_from(["1", "40节", "2篇"]),
            "level": st.sampled_from(offers["level"]),
            "organiser": st.just("-县教研室"),
        },
    )


@st.composite
def case(draw, offers):
    row = {"case_no": f"2026-{next(_numbers)}", "topic": "收受礼品"}
    return row | some(
        draw,
        {
            "act": st.sampled_from(offers["act"]),
            "level": st.sampled_from(offers["level"]),
            "circulated_on": days(date(2022, 1, 1), date(2022, 12, 1)),
            "issuer": st.just("县教育局"),
            "item": st.just("=自查"),
            "responsible": st.just("各学校"),
            "due_on": days(date(2023, 1, 1), date(2030, 1, 1)),
            "closed_on": days(date(2023, 1, 1), DAY, months=False),
        },
    )


@st.composite
def session(draw, offers):
    row = {
        "held_on": draw(days(date(2022, 1, 1), DAY, months=False)),
        "topic": f"警示教育{next(_numbers)}",
    }
    return row | some(
        draw,
        {
            "level": st.sampled_from(offers["level"]),
            "organiser": st.just("县教育局"),
            "audience": st.just("全体教师"),
            "expected": st.just("120"),
            "attended": st.just("117"),
        },
    )


@st.composite
def supervisor(draw, offers):
    row = person_of(draw) | {
        "team": f"督导组{next(_numbers)}",
        "starts_on": draw(days(date(2020, 1, 1), date(2022, 1, 1))),
    }
    return row | some(
        draw,
        {
            "supervised_school": st.sampled_from(SCHOOLS),
            "ends_on": days(date(2022, 3, 1), date(2030, 1, 1)),
            "issuer": st.just("县教育局"),
        },
    )


ROWS = {
    "schools": school,
    "teachers": teacher,
    "titles": title,
    "conduct": record,
    "training": training,
    "reviews": review,
    "mentoring": pair,
    "rotations": rotation,
    "duties": duty,
    "cases": case,
    "sessions": session,
    "supervisors": supervisor,
}


# A list offers each kind of sanction; whether the person's rules have it no list can tell.
OF_THE_RULES = {"sanction-not-in-rules"}


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_whatever_is_chosen_from_a_template_imports_without_a_problem(
    staffed, form, tmp_path, kind, lang
):
    filled, offers = form(kind, lang), form(kind, lang).lists()

    @settings(
        max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(st.lists(ROWS[kind](offers), min_size=3, max_size=20))
    def check(rows):
        filled.fill(tmp_path / "filled.xlsx", rows)
        with speaking(lang):
            plan = staffed.plan_import(kind, tmp_path / "filled.xlsx", on=DAY)
        told = [(p.row, p.code, p.message) for p in plan.problems if p.code not in OF_THE_RULES]
        assert told == []
        assert (plan.counts.read, plan.counts.rejected) == (len(rows), 0)
        if kind in ("schools", "teachers"):
            assert plan.counts.added == len(rows)

    check()


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_coded_column_offers_each_code_once(form, kind, lang):
    offers = form(kind, lang).lists()
    for field in KINDS[kind].fields:
        if field.code_table and not field.is_aid:
            words = offers[field.name]
            assert len(set(words)) == len(words) == len(code_table(field.code_table).codes)


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_a_template_is_laid_out_for_people(form, kind, lang):
    made = form(kind, lang)
    assert made.sheet.freeze_panes == "B2"
    assert len(made.book.worksheets) == 3  # the form, how to fill it in, the codes
    counts = {f.name for f in KINDS[kind].fields if f.type == "integer"}
    styles = made.sheet.column_dimensions.values()  # each of one column, or of several alike
    for name, column in made.place.items():
        (style,) = [style for style in styles if style.min <= column <= style.max]
        assert style.number_format == ("0" if name in counts else "@"), name
    required = {field.name for field in KINDS[kind].fields if field.is_required}
    assert required <= made.starred
    guide = {cell.value for cell in made.book.worksheets[1]["A"]}
    labels = {cell.value.removesuffix("*") for cell in made.sheet[1]}
    assert labels <= guide


def test_a_template_offers_the_schools_of_the_registry(form):
    offers = form("teachers", "zh").lists()
    assert offers["school_name"] == SCHOOLS
    assert "school_name" not in form("schools", "zh").lists()  # a new one is typed


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_an_empty_template_holds_nobody(staffed, form, tmp_path, kind, lang):
    form(kind, lang).fill(tmp_path / "empty.xlsx", [])
    with pytest.raises(IntakeError) as raised:
        staffed.plan_import(kind, tmp_path / "empty.xlsx", on=DAY)
    assert raised.value.code == "form-empty"


def test_how_a_date_is_written_is_said_once(form):
    for kind in KINDS:
        hints = [cell.comment.text for cell in form(kind, "zh").sheet[1] if cell.comment]
        assert all(len(re.findall(r"\d{4}-\d{2}-\d{2}", hint)) < 2 for hint in hints)


def test_who_fills_in_the_example_row_is_told_that_it_is_no_record(staffed, form, tmp_path):
    path = tmp_path / "empty.xlsx"
    form("titles", "zh").fill(path, [])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet["A2"].value == "示例：张三"
    sheet["D2"] = SCHOOLS[0]
    book.save(path)
    with pytest.raises(IntakeError) as raised:
        staffed.plan_import("titles", path, on=DAY)
    with speaking("zh"):
        assert str(raised.value) == (
            "empty.xlsx （工作表 称号）是没有填写的空表，一条记录也没有。"
            " 请核对是否拿错了文件，或填好后再导入。写着“示例”的行不算记录，请另起一行填写。"
        )
