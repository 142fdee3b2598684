"""Standards: the shipped one is what its document says; a wrong file is refused."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from teacherreg.coverage import Coverage
from teacherreg.coverage.figures import Whole
from teacherreg.coverage.standards import (
    DEFAULT_STANDARD,
    Standard,
    UnknownStandardError,
    read_standard,
    shipped_standards,
    standard_of,
    standards_of,
)
from teacherreg.errors import CoverageError
from teacherreg.locale import speaking
from teacherreg.shipped import shipped

from .conftest import County

SHIPPED = shipped(f"data/standards/{DEFAULT_STANDARD}.toml").read_text(encoding="utf-8")


def test_the_shipped_standard_is_what_its_document_says() -> None:
    standard = standard_of("quality-balance-2017-backbone")
    assert (standard.document, standard.article) == ("教督〔2017〕6号", "第六条")
    assert standard.per_100_students == 1
    assert standard.floor == Fraction(17, 20)
    assert standard.stages == ("primary", "junior")
    assert standard.levels == ("national", "province", "prefecture", "county")
    assert standard.cv_limits == {"primary": Fraction(1, 2), "junior": Fraction(9, 20)}
    assert standard.teaching_points_under_students == 50
    assert standard.school_types_outside == {"special_school", "vocational_school"}


def test_the_kinds_that_count_are_those_marked_in_the_code_table() -> None:
    kinds = standard_of(DEFAULT_STANDARD).title_kinds
    assert set(kinds) == {
        "special_grade_teacher",
        "master_teacher",
        "chief_teacher",
        "subject_leader",
        "backbone_teacher",
        "young_backbone_teacher",
        "teaching_expert",
    }


def test_every_shipped_file_is_named_after_its_standard() -> None:
    files = {path.stem for path in shipped("data/standards").glob("*.toml")}
    assert files == set(shipped_standards())


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the shipped file with one thing changed."""

    def write(old: str, new: str) -> Path:
        assert old in SHIPPED
        path = tmp_path / "own.toml"
        path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
        return path

    return write


def test_a_countys_own_file_is_a_standard(
    written: Callable[[str, str], Path], county: County, ask: Callable[..., Coverage]
) -> None:
    path = written('kinds = "counts_backbone"', 'kinds = ["subject_leader"]')
    school = county.school("一小", {"primary": 200})
    county.title(county.teacher(school))
    county.title(county.teacher(school), "subject_leader")
    assert standard_of(str(path)).title_kinds == ("subject_leader",)
    gaps = ask().gaps(path, on=date(2026, 9, 1))
    assert (gaps.totals.holders, gaps.totals.missing) == (1, 1)


def test_figures_are_read_as_exact_fractions(written: Callable[[str, str], Path]) -> None:
    standard = read_standard(written("per_100_students = 1", "per_100_students = 0.9"))
    assert standard.per_100_students == Fraction(9, 10)
    # 0.9 as a float times 1000 over 100 is 9.000000000000002
    assert standard.required(Whole({"primary": 1000}, teachers=0, schools=1)) == 9
    assert standard.required(Whole({"primary": 1001}, teachers=0, schools=1)) == 10


@pytest.mark.parametrize(
    ("old", "new", "code", "named"),
    [
        pytest.param("floor = 0.85", "floor 0.85", "standard-not-toml", "line 20", id="not TOML"),
        pytest.param("per_100_students = 1", "", "standard-key-missing", "", id="no figure"),
        pytest.param(
            "per_100_students = 1", "per_100_students = -1", "standard-value-number", "", id="-1"
        ),
        pytest.param(
            "per_100_students = 1", 'per_100_students = "1"', "standard-value-number", "", id="text"
        ),
        pytest.param(
            "per_100_students = 1", "per_100_students = nan", "standard-value-number", "", id="nan"
        ),
        pytest.param(
            "per_100_students = 1",
            "per_100_students = true",
            "standard-value-number",
            "",
            id="true",
        ),
        pytest.param("floor = 0.85", "floor = 85", "standard-value-number", "floor", id="85 %"),
        pytest.param(
            'stages = ["primary", "junior"]',
            'stages = ["primary", "middle"]',
            "standard-value-codes",
            "kindergarten, primary",
            id="unknown stage",
        ),
        pytest.param(
            '"counts_backbone"',
            '"counts_bones"',
            "standard-value-column",
            "title_kinds",
            id="column",
        ),
        pytest.param(
            "junior = 0.45", "middle = 0.45", "standard-key-unknown", "middle", id="limit"
        ),
        pytest.param(
            "[holders]",
            'colour = "red"\n[holders]',
            "standard-key-unknown",
            "colour",
            id="extra key",
        ),
        pytest.param('date = "2017"', 'date = "April"', "standard-value-text", "date", id="date"),
        pytest.param(
            '"holders.kinds"', '"holders.names"', "standard-value-codes", "settings", id="setting"
        ),
        pytest.param(
            "teaching_points_under_students = 50",
            "teaching_points_under_students = 49.5",
            "standard-value-number",
            "teaching_points",
            id="half a pupil",
        ),
        pytest.param(
            "per_100_students = 1",
            "per_100_students = 1\nat_least = 1",
            "standard-keys-several",
            "at_least",
            id="two figures",
        ),
        pytest.param(
            "[holders]",
            "[holders]\nwithin_reach = true",
            "standard-reach-of-no-subject",
            "holders.within_reach",
            id="reach of no subject",
        ),
        pytest.param(
            "per_100_students = 1",
            "per_100_students = { primary = 1 }",
            "standard-key-missing",
            "figure.per_100_students.junior",
            id="a stage without its figure",
        ),
        pytest.param(
            "per_100_students = 1",
            "per_100_students = { primary = 1, junior = 1, senior = 1 }",
            "standard-key-unknown",
            "figure.per_100_students.senior",
            id="a figure without its stage",
        ),
        pytest.param(
            "per_100_students = 1",
            "share_of_teachers = 15",
            "standard-value-number",
            "share_of_teachers",
            id="a share of 1500 %",
        ),
        pytest.param(
            "per_100_students = 1",
            "per_school = 0.5",
            "standard-value-number",
            "per_school",
            id="half a person",
        ),
        pytest.param(
            "[figure]",
            'unit = ["village"]\n[figure]',
            "standard-value-codes",
            "school, stage, subject, township, locality, county",
            id="unknown unit",
        ),
        pytest.param(
            "[figure]",
            'unit = ["school", "subject"]\n[figure]',
            "standard-key-missing",
            "figure.subjects",
            id="a unit of subjects without subjects",
        ),
        pytest.param(
            'kinds = "counts_backbone"',
            "",
            "standard-key-missing",
            "holders.kinds",
            id="nobody to count",
        ),
        pytest.param(
            'kinds = "counts_backbone"',
            'kinds = "counts_backbone"\nfull_time_only = 1',
            "standard-value-flag",
            "full_time_only",
            id="neither yes nor no",
        ),
        pytest.param(
            'kinds = "counts_backbone"',
            'kinds = "counts_backbone"\neducation = "above_primary"',
            "standard-value-by-stage",
            "primary, junior",
            id="education of no stage",
        ),
        pytest.param(
            'kinds = "counts_backbone"',
            'kinds = "counts_backbone"\neducation = { primary = "above", junior = ["21"] }',
            "standard-value-column",
            "education",
            id="education of no column",
        ),
        pytest.param(
            "[outside]",
            "[visiting]\nleast_students = 50\n[outside]",
            "standard-key-missing",
            "visiting.under_students",
            id="visitors of half a size",
        ),
        pytest.param(
            'date = "2017"', 'date = "2017-13"', "standard-value-text", "2027-05-01", id="month 13"
        ),
        pytest.param(
            "per_100_students = 1",
            "per_100_students = 1e999999999",  # would take hours and all memory as a fraction
            "standard-value-number",
            "figure.per_100_students",
            id="a number without end",
        ),
        pytest.param(
            "per_100_students = 1",
            f"per_100_students = {'1' * 5000}",
            "standard-not-toml",
            "own.toml",
            id="a number too long to read",
        ),
        pytest.param(
            "floor = 0.85",
            "floor = 0",
            "standard-value-number",
            "0.15",
            id="share wanted",
        ),
        pytest.param(
            "[outside]",
            "[visiting]\nleast_students = 200\nunder_students = 100\n[outside]",
            "standard-value-number",
            "least_students",
            id="visitors of no size",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_the_reason(
    written: Callable[[str, str], Path], old: str, new: str, code: str, named: str
) -> None:
    path = written(old, new)
    with pytest.raises(CoverageError) as caught:
        standard_of(str(path))
    assert caught.value.code == code
    for language in ("en", "zh"):
        with speaking(language):
            assert str(path) in caught.value.message
    assert named in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("floor = 0.85", "floor = 85", 20),
        ("junior = 0.45", "middle = 0.45", 36),
        ('date = "2017"', 'date = "April"', 11),
        ("per_100_students = 1", "per_100_students = { primary = 1, junior = 0 }", 19),
    ],
)
def test_the_line_of_a_wrong_value_is_told(
    written: Callable[[str, str], Path], old: str, new: str, line: int
) -> None:
    path = written(old, new)
    assert new in path.read_text(encoding="utf-8").splitlines()[line - 1]
    with pytest.raises(CoverageError) as caught:
        read_standard(path)
    with speaking("en"):
        assert f"(line {line})" in caught.value.message
    with speaking("zh"):
        assert f"（第 {line} 行）" in caught.value.message


def test_a_folder_is_all_standards_in_it(written: Callable[[str, str], Path]) -> None:
    path = written('id = "quality-balance-2017-backbone"', 'id = "own"')
    assert [standard.id for standard in standards_of(path.parent)] == ["own"]
    assert [standard.id for standard in standards_of(str(path))] == ["own"]
    assert {standard.id for standard in standards_of(None)} == set(shipped_standards())
    with pytest.raises(CoverageError, match="no standard's file"):
        standards_of(path.parent.parent)


def test_a_countys_own_figure_may_be_per_school(
    written: Callable[[str, str], Path], county: County, ask: Callable[..., Coverage]
) -> None:
    path = written("per_100_students = 1", "per_school = 2")
    path.write_text(
        path.read_text(encoding="utf-8").replace("[figure]", 'unit = ["township"]\n[figure]'),
        encoding="utf-8",
    )
    county.holders(1, county.school("一小", {"primary": 900}, township="城关镇"))
    county.holders(1, county.school("二小", {"primary": 20}, township="城关镇"))
    county.school("三小", {"primary": 20}, township="青山乡")
    gaps = ask().gaps(path, on=date(2026, 9, 1))
    assert [(cell.township, cell.required, cell.missing) for cell in gaps.cells] == [
        ("城关镇", 4, 2),  # two schools, two each
        ("青山乡", 2, 2),
    ]
    assert gaps.to_document()["by"] == ["township"]


def test_a_file_that_is_cut_off_is_refused_with_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\nname_zh = """', encoding="utf-8")
    with pytest.raises(CoverageError, match="line 2"):
        read_standard(path)


def test_a_missing_file_and_a_wrong_encoding_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(CoverageError) as caught:
        standard_of("no-such.toml")
    assert caught.value.code == "standard-missing"
    path = tmp_path / "own.toml"
    path.write_bytes(SHIPPED.encode("gb18030"))
    with pytest.raises(CoverageError) as caught:
        read_standard(path)
    assert caught.value.code == "standard-not-utf8"


def test_an_unknown_standard_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownStandardError, match=DEFAULT_STANDARD):
        standard_of("nothing")


def test_a_leader_within_reach_is_no_visitor_too(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = shipped("data/standards/subject-leader-in-reach.toml").read_text(encoding="utf-8")
    own.write_text(f"{text}\n[visiting]\nunder_students = 100\nlocalities = []\n", "utf-8")
    with pytest.raises(CoverageError, match=r"visiting.*within_reach"):
        read_standard(own)


@pytest.mark.parametrize("standard", shipped_standards().values(), ids=lambda one: one.id)
def test_every_question_answers_each_shipped_standard_or_refuses_it(
    standard: Standard, county: County, ask: Callable[..., Coverage]
) -> None:
    school = county.school("甲校", {"primary": 300}, school_type="primary_school")
    county.title(county.teacher(school, subject="chinese"), "subject_leader")
    county.teacher(school, subject="chinese")
    for row in county.rows["teacher"]:
        row["work_started_on"] = date(2010, 9, 1)
    coverage = ask()
    questions = ("gaps", "equity", "reach", "trend", "forecast", "pipeline", "plan")
    answered = set()
    for name in questions:
        with suppress(CoverageError):
            answer = getattr(coverage, name)(standard.id, on=date(2026, 9, 1))
            assert json.dumps(answer.to_document())
            assert answer.to_polars().columns
            answered.add(name)
    assert {"gaps", "trend"} <= answered
    is_of_holders = bool(standard.title_kinds) and not standard.is_about_rotation
    assert ("reach" in answered) == bool(standard.title_kinds)
    assert ("pipeline" in answered) == is_of_holders
