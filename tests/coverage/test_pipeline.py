"""Where holders are missing: who may be nominated, who is close, and where nobody is coming."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from teacherreg.coverage import Coverage, Pipeline
from teacherreg.coverage.coming import PartingDimensionError
from teacherreg.errors import CoverageError, UsageError
from teacherreg.shipped import shipped

from .conftest import County

DAY = date(2026, 9, 1)
Ask = Callable[..., Coverage]
WITH_YEARS = {"eligibility__teaching_years": True}  # five of them


def start(county: County, **years: int) -> None:
    """Let everybody begin work on 2010-09-01, and some, by number (``t3``), in another year."""
    for row in county.rows["teacher"]:
        row["work_started_on"] = date(years.get(f"t{row['id']}", 2010), 9, 1)


def sanction(county: County, teacher: int) -> None:
    """A demerit of this year: it bars for twelve months."""
    county.add("conduct_record", teacher_id=teacher, record_kind="sanction",
               sanction_kind="demerit", decided_on=date(2026, 3, 2),
               rule_version="staff_2023")  # fmt: skip


def counts(pipeline: Pipeline) -> list[tuple[str | None, str | None, int, int, int, bool]]:
    return [
        (cell.school, cell.subject, cell.missing, cell.ready, cell.close, cell.coming)
        for cell in pipeline.cells
    ]


def test_each_unit_with_a_gap_tells_who_is_coming(ask: Ask, county: County) -> None:
    """甲校 needs 3 of its 300 pupils and has 1; 乙校 has its one; 丙校 has nobody."""
    first = county.school("甲校", {"primary": 300})
    second = county.school("乙校", {"primary": 100})
    county.school("丙校", {"primary": 150})
    county.holders(1, first)
    for _ in range(3):  # 2, 3, 4
        county.teacher(first)
    county.holders(1, second)
    county.teacher(second)  # no gap there: nobody looks
    start(county, t3=2023)
    pipeline = ask(**WITH_YEARS).pipeline(on=DAY)
    assert (pipeline.title_kind, pipeline.level) == ("backbone_teacher", "county")
    assert counts(pipeline) == [
        ("丙校", None, 2, 0, 0, False),
        ("甲校", None, 2, 2, 1, True),
    ]
    assert [(one.teacher_id, one.is_ready) for one in pipeline.candidates] == [
        (2, True), (4, True), (3, False),
    ]  # fmt: skip
    lacks = pipeline.people.to_document()["people"][2]["missing"]
    assert [(one["what"], one["have"], one["need"], one["short"]) for one in lacks] == [
        ("teaching_years", 3, 5, 2)
    ]
    total = pipeline.totals
    assert (total.units, total.missing, total.ready, total.close, total.nobody) == (2, 4, 2, 1, 1)


def test_by_subject_those_without_a_holder_are_told(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 300})
    county.title(county.teacher(school, subject="music"))
    county.teacher(school, subject="music")
    county.teacher(school, subject="chinese")
    late = county.teacher(school, subject="english")
    county.title(late, "backbone_teacher", level="school")
    county.teacher(school)
    sanction(county, late)
    pipeline = ask().pipeline(by="school,stage,subject", on=DAY)
    assert counts(pipeline) == [
        ("甲校", "english", 2, 0, 0, False),
        ("甲校", "chinese", 2, 1, 0, True),
    ]
    assert (pipeline.totals.missing, pipeline.totals.ready) == (2, 3)
    assert pipeline.to_polars().columns[:5] == [
        "school",
        "township",
        "locality",
        "stage",
        "subject",
    ]


def test_nothing_tells_of_conduct(ask: Ask, county: County) -> None:
    """Barred by a sanction, or by it and something else besides: told of nowhere."""
    school = county.school("甲校", {"primary": 300})
    barred, short_too, ready = (county.teacher(school) for _ in range(3))
    sanction(county, barred)
    sanction(county, short_too)
    start(county, t2=2024)
    pipeline = ask(**WITH_YEARS).pipeline(on=DAY)
    assert [one.teacher_id for one in pipeline.candidates] == [ready]
    assert counts(pipeline) == [("甲校", None, 3, 1, 0, True)]
    text = json.dumps(pipeline.to_document(), ensure_ascii=False)
    text += str(pipeline.to_polars().to_dicts()) + str(pipeline.people.to_polars().to_dicts())
    for word in ("sanction", "demerit", "conduct", "王1", "王2", "2027-03-02"):
        assert word not in text


def test_close_is_who_lacks_two_things_at_most(ask: Ask, county: County) -> None:
    """For 地市级学科带头人: the lower title, years and hours are three things; two are few."""
    school = county.school("甲校", {"primary": 300})
    three, two = county.teacher(school), county.teacher(school)
    county.title(county.teacher(school), level="school")
    county.train(two, 360, date(2026, 6, 30))
    start(county, t1=2024, t2=2024)
    coverage = ask(**WITH_YEARS, eligibility__training_hours=True)
    pipeline = coverage.pipeline(title_kind="学科带头人", level="地市级", on=DAY)
    assert (pipeline.title_kind, pipeline.level) == ("subject_leader", "prefecture")
    close = {one.teacher_id: {r.rule for r in one.lacks} for one in pipeline.candidates}
    assert three not in close
    assert close == {
        two: {"lower_level", "teaching_years"},
        3: {"lower_level", "training_hours"},
    }


def test_who_holds_a_lower_title_comes_first(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 300})
    county.teacher(school)
    county.title(county.teacher(school), level="school")
    county.title(county.teacher(school), level="school", term_ends_on=date(2026, 8, 31))
    pipeline = ask().pipeline(on=DAY)
    assert [(one.teacher_id, one.has_title) for one in pipeline.candidates] == [
        (2, True), (1, False), (3, False),
    ]  # fmt: skip
    assert (pipeline.totals.ready, pipeline.totals.titled) == (3, 1)


def test_who_is_too_old_is_not_close(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 100})
    county.person(county.teacher(school), birth_date="1970-01-01")
    county.person(county.teacher(school), birth_date="2000-01-01")
    county.teacher(school)  # no birthday on file: that can be made up for
    pipeline = ask(eligibility__age=True).pipeline(title_kind="rising_teacher", on=DAY)
    assert [(one.teacher_id, one.is_ready) for one in pipeline.candidates] == [
        (2, True), (3, False),
    ]  # fmt: skip


def test_cells_add_up_however_they_are_grouped(ask: Ask, county: County) -> None:
    for name, township in (("甲校", "东乡"), ("乙校", "东乡"), ("丙校", "西乡"), ("丁校", None)):
        school = county.school(name, {"primary": 100, "junior": 150}, township=township)
        county.teacher(school, "junior")
    coverage = ask()
    whole = coverage.pipeline(on=DAY).totals
    assert (whole.units, whole.missing, whole.ready, whole.nobody) == (8, 12, 4, 4)
    for by in ("school", "stage", "township", "locality", "township,stage"):
        cells = coverage.pipeline(by=by, on=DAY).cells
        assert sum(cell.missing for cell in cells) == 12
        assert sum(cell.ready for cell in cells) == 4
        assert sum(cell.nobody for cell in cells) == 4
    east = next(c for c in coverage.pipeline(by="township", on=DAY).cells if c.township == "东乡")
    assert (east.units, east.missing, east.ready, east.nobody) == (4, 6, 2, 2)


def test_a_standard_of_subjects_has_cells_of_subjects(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 300})
    county.title(county.teacher(school, subject="chinese"), "subject_leader")
    county.teacher(school, subject="mathematics")
    pipeline = ask().pipeline("subject-leader-in-reach", on=DAY)
    assert (pipeline.title_kind, pipeline.level) == ("subject_leader", "county")
    assert counts(pipeline) == [
        ("甲校", "english", 1, 0, 0, False),
        ("甲校", "mathematics", 1, 1, 0, True),
    ]


def test_without_a_gap_there_are_no_cells(ask: Ask, county: County) -> None:
    school = county.school("甲校", {"primary": 100})
    county.holders(1, school)
    county.teacher(school)
    pipeline = ask().pipeline(on=DAY)
    assert (pipeline.cells, pipeline.candidates, pipeline.totals.units) == ([], [], 0)


def test_a_standard_that_counts_no_titles_is_refused(ask: Ask) -> None:
    coverage = ask()
    for standard in ("quality-balance-2017-pe-art", "quality-balance-2017-rotation-backbone"):
        with pytest.raises(CoverageError, match="counts no titles"):
            coverage.pipeline(standard, on=DAY)
    with pytest.raises(UsageError):
        coverage.pipeline(title_kind="星级教师", on=DAY)


def test_nobody_of_a_school_outside_is_looked_at_for_the_county(
    ask: Ask, county: County, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    text = shipped("data/standards/quality-balance-2017-backbone.toml").read_text("utf-8")
    text = text.partition("[cv_limits]")[0].replace("[figure]", 'unit = ["county"]\n\n[figure]')
    own.write_text(text, "utf-8")
    inside = county.school("甲校", {"primary": 300}, school_type="primary_school")
    special = county.school("特教学校", {"primary": 100}, school_type="special_school")
    county.teacher(inside)  # 1
    county.teacher(special)  # 2
    start(county)
    coverage = ask()
    pipeline = coverage.pipeline(own, on=DAY)
    assert (pipeline.totals.missing, pipeline.schools) == (3, 1)
    assert [one.teacher_id for one in pipeline.candidates] == [1]
    assert [(cell.school, cell.missing, cell.ready) for cell in pipeline.cells] == [(None, 3, 1)]
    with pytest.raises(PartingDimensionError, match="school"):
        coverage.pipeline(own, by="school", on=DAY)
