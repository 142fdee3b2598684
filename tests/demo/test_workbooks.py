"""The made-up county's workbooks: the same for the same seed, readable, and faulty as planned."""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from teacherreg.codes import code_table
from teacherreg.demo import DemoCounty, make_county
from teacherreg.demo.clerks import Clerk
from teacherreg.demo.county import draw_schools
from teacherreg.demo.make import populate
from teacherreg.demo.rosters import Writing
from teacherreg.demo.tables import table
from teacherreg.intake.kinds import KINDS

ON = date(2026, 9, 15)
ID_MISTAKES = {"id-as-number", "id-check-digit", "id-missing"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> DemoCounty:
    return make_county(tmp_path_factory.mktemp("county"), teachers=900, seed=1, on=ON)


def digests(county: DemoCounty) -> dict[str, str]:
    paths = [path for _, files in county.workbooks for path in files]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths}


def cells(path: Path) -> Iterator[object]:
    if path.suffix == ".csv":
        with path.open(encoding="gbk", newline="") as file:
            yield from (cell for row in csv.reader(file) for cell in row)
        return
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        yield from (cell for row in workbook.get_sheet_by_name(name).to_python() for cell in row)


def test_same_seed_same_bytes(county: DemoCounty, tmp_path: Path) -> None:
    again = make_county(tmp_path, teachers=900, seed=1, on=ON)
    assert digests(again) == digests(county)
    assert again.faults == county.faults


def test_another_seed_makes_another_county(county: DemoCounty, tmp_path: Path) -> None:
    other = make_county(tmp_path, teachers=900, seed=2, on=ON)
    assert not set(digests(other).values()) & set(digests(county).values())


def test_workbooks_come_in_the_order_of_import(county: DemoCounty) -> None:
    assert (county.code, county.name) == ("640199", "青禾县")
    made = [kind for kind, _ in county.workbooks]
    assert made == [kind for kind in KINDS if kind in made]
    assert [len(files) for _, files in county.workbooks] == [1, 3, 2, *[1] * 9]


def test_every_workbook_opens_and_holds_a_title_and_a_header(county: DemoCounty) -> None:
    for kind, files in county.workbooks:
        for path in files:
            seen = set(cells(path))
            names = {
                "schools": {"学校名称"},
                "mentoring": {"导师姓名"},
                "cases": {"案例编号"},
                "sessions": {"警示教育主题"},
            }
            named = names.get(kind, {"姓名", "姓  名", "教师姓名"})
            assert seen & named, path.name


def test_a_school_that_has_a_sheet_is_named_by_it(county: DemoCounty) -> None:
    path = next(path for path in dict(county.workbooks)["teachers"] if "分校" in path.name)
    sheets = CalamineWorkbook.from_path(path).sheet_names
    schools = {school.name for school in draw_schools(900, random.Random(1))}
    assert len(sheets) > 10
    assert set(sheets[1:]) <= schools


def test_the_long_roster_has_merged_schools_and_subtotals(county: DemoCounty) -> None:
    path = next(path for path in dict(county.workbooks)["teachers"] if "县直" in path.name)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    first = [str(row[0]) for row in sheet.to_python()]
    merged = [end[0] - start[0] + 1 for start, end in sheet.merged_cell_ranges or ()]
    assert first.count("小计") > 5
    assert first.count("合计") == 1
    assert first.count("序号") == 2
    assert max(merged) > 20


def test_no_area_code_but_the_unassigned_one_is_written(county: DemoCounty) -> None:
    for _, files in county.workbooks:
        for path in files:
            for cell in cells(path):
                text = str(cell).replace(" ", "").lstrip("'")
                if len(text) == 18 and text[:17].isdigit():
                    assert text.translate(str.maketrans("０６４１９", "06419"))[:6] == "640199"


def test_every_id_number_but_the_planted_ones_is_written_right() -> None:
    rng = random.Random(3)
    county = populate(3000, rng, 3, ON)
    writing = Writing(county.schools, rng)
    blocks = [
        block
        for form in writing.rosters(county.people, county.development.rotations).values()
        for block in form
    ]
    wrong = {fault.staff_no for fault in writing.faults if fault.mistake in ID_MISTAKES}
    full_width = str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")
    lines = [line for block in blocks for line in block.lines]
    for line in lines:
        written = str(line.row["id_number"]).translate(full_width).upper()
        is_right = written.replace(" ", "").lstrip("'") == line.person.id_number
        assert is_right == (line.person.staff_no not in wrong)


def test_one_to_two_rows_in_a_hundred_are_faulty() -> None:
    rng = random.Random(3)
    county = populate(3000, rng, 3, ON)
    writing = Writing(county.schools, rng)
    writing.rosters(county.people, county.development.rotations)
    mistakes = Counter(fault.mistake for fault in writing.faults)
    assert 30 <= mistakes.total() <= 75
    assert len(mistakes) >= 15
    assert max(Counter(fault.staff_no for fault in writing.faults).values()) == 1


def test_even_a_county_of_200_has_a_few_faults(tmp_path: Path) -> None:
    assert 1 <= len(make_county(tmp_path, teachers=200, seed=6, on=ON).faults) <= 12


def test_a_clerk_keeps_to_his_habits() -> None:
    days = [date(1985, 7, 12), date(2003, 11, 2)]
    for seed in range(30):
        clerk = Clerk(random.Random(seed))
        assert clerk.day(days[0]) == clerk.day(days[0])
        for one, other in pairwise(days):
            assert type(clerk.day(one)) is type(clerk.day(other))
        assert clerk.word("subjects", "biology") == clerk.word("subjects", "biology")


def test_clerks_write_dates_in_many_forms() -> None:
    clerks = [Clerk(random.Random(seed)) for seed in range(60)]
    assert {str(clerk.day(date(1985, 7, 12))) for clerk in clerks} >= {
        "1985-07-12",
        "19850712",
        "1985.7.12",
        "1985/7/12",
        "1985年7月12日",
    }
    assert {str(clerk.month(date(1985, 7, 1))) for clerk in clerks} >= {
        "1985.07",
        "198507",
        "85年7月",
        "1985年7月",
    }


def test_every_word_of_a_clerk_means_what_he_means() -> None:
    for table_name, words in table("workbooks")["words"].items():
        codes = code_table(table_name)
        for code, choices in words.items():
            for word in choices:
                assert codes.resolve(word).code == code, (table_name, word)


def test_planted_words_mean_nothing() -> None:
    for table_name, word in (
        ("subjects", "阅读与写作"),
        ("ethnicity", "维吾族"),
        ("title_kinds", "课改先锋"),
        ("review_results", "待定"),
    ):
        assert code_table(table_name).resolve(word).code is None, word
