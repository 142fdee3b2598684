"""What service, titles held, rank, years, age and hours ask for, and how much is missing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from teacherreg import Registry
from teacherreg.locale import speaking
from teacherreg.titles.kinds import KindChange

Told = Callable[..., list[tuple[str, str | None]]]


def test_who_has_all_may_be_nominated_and_the_answer_is_as_the_contract_says(county: Any) -> None:
    document = county.ask(county.person()).to_document()
    version = document.pop("version")
    assert version.startswith("2026.1/")
    assert document == {
        "teacher": "张三",
        "title_kind": "subject_leader",
        "level": "county",
        "on": "2026-09-01",
        "changed": [],
        "teacher_id": 1,
        "eligible": True,
        "eligible_from": "2026-09-01",
        "reasons": [],
        "missing": [],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        pytest.param("100", None, id="at work"),
        pytest.param("205", None, id="on rotation elsewhere"),
        pytest.param("201", "in_service", id="lent to a government body"),
        pytest.param("301", "in_service", id="retired"),
    ],
)
def test_only_who_serves_may_be_nominated(county: Any, status: str, rule: str | None) -> None:
    answer = county.ask(county.person(status=status))
    assert [one.rule for one in answer.reasons] == ([rule] if rule else [])


def test_who_has_no_post_on_the_day_does_not_serve(county: Any, told: Told) -> None:
    assert told(county.ask(county.nobody())) == [("in_service", None)]
    gone = county.person(ends_on="2026-08-31")
    assert county.ask(gone, on="2026-08-31").eligible
    assert told(county.ask(gone)) == [("in_service", None)]


def test_who_is_no_full_time_teacher_may_become_a_master_principal_alone(county: Any) -> None:
    head = county.person(is_full_time_teacher=False)
    assert [one.rule for one in county.ask(head).reasons] == ["full_time_teacher"]
    assert county.ask(head, "master_principal").eligible


def test_who_holds_the_title_waits_for_the_end_of_its_term(county: Any, told: Told) -> None:
    person = county.person()
    county.title(person, term_ends_on="2025-08-31")
    assert told(county.ask(person, on="2025-08-31")) == [("already_held", "2025-09-01")]
    assert county.ask(person, on="2025-09-01").eligible
    assert county.ask(person, "backbone_teacher", on="2025-08-31").eligible


def test_a_renewal_lengthens_the_wait_from_its_own_day_on(county: Any, told: Told) -> None:
    person = county.person()
    county.title(person, term_ends_on="2025-08-31")
    county.add(
        "title_event",
        teacher_id=person,
        title_kind="subject_leader",
        level="county",
        event="renewed",
        happened_on="2025-06-01",
        ends_on="2028-08-31",
    )
    assert told(county.ask(person, on="2025-05-31")) == [("already_held", "2025-09-01")]
    assert told(county.ask(person, on="2025-06-01")) == [("already_held", "2028-09-01")]


def test_a_suspended_title_is_not_given_anew(county: Any, told: Told) -> None:
    person = county.person()
    county.title(person, term_ends_on="2028-08-31")
    county.add(
        "title_event",
        teacher_id=person,
        title_kind="subject_leader",
        level="county",
        event="suspended",
        happened_on="2026-03-01",
    )
    assert told(county.ask(person)) == [("already_held", "2028-09-01")]


def test_a_title_without_a_term_is_held_for_good(county: Any, told: Told) -> None:
    person = county.person()
    county.title(person, "province", title_kind="special_grade_teacher")
    assert told(county.ask(person, "special_grade_teacher", "province")) == [("already_held", None)]


def test_the_next_lower_level_comes_first(county: Any, told: Told) -> None:
    person = county.person()
    answer = county.ask(person, level="prefecture")
    assert told(answer) == [("lower_level", None)]
    assert answer.to_document()["missing"] == [
        {
            "rule": "lower_level",
            "what": "lower_level",
            "have": None,
            "need": [{"title_kind": "subject_leader", "level": "county"}],
            "short": None,
        }
    ]
    county.title(person)
    assert county.ask(person, level="prefecture").eligible
    assert told(county.ask(person, level="province")) == [("lower_level", None)]
    county.title(person, "prefecture")
    assert county.ask(person, level="province").eligible


def test_a_title_past_its_term_is_no_step_of_the_ladder_unless_the_county_says_so(
    county: Any, told: Told
) -> None:
    person = county.person()
    county.title(person, term_ends_on="2025-08-31")
    assert told(county.ask(person, level="prefecture")) == [("lower_level", None)]
    county.registry.change_setting("titles.count_expired", "yes")
    assert county.ask(person, level="prefecture").eligible


def test_the_ladder_begins_where_the_county_says(county: Any, told: Told) -> None:
    person = county.person()
    assert county.ask(person, "backbone_teacher").eligible
    county.registry.change_setting("eligibility.lower_level_from", "school")
    assert told(county.ask(person, "backbone_teacher")) == [("lower_level", None)]
    county.registry.change_setting("eligibility.lower_level", "no")
    assert county.ask(person, "backbone_teacher").eligible


def test_a_county_that_asks_for_another_kind_first_is_heard(county: Any, told: Told) -> None:
    with Registry.open(county.engine.url.database) as registry:
        registry.change_title_kind(
            "subject_leader", KindChange(ladder=["backbone_teacher", "teaching_expert"])
        )
        person = county.person()
        with speaking("zh"):
            (reason,) = registry.eligibility(
                str(person), "subject_leader", level="county", on=date(2026, 9, 1)
            ).reasons
            assert reason.message == "须先有县级骨干教师称号或县级教学能手称号，登记库中没有。"
        county.title(person, title_kind="teaching_expert")
        assert registry.eligibility(
            str(person), "subject_leader", level="county", on=date(2026, 9, 1)
        ).eligible


def test_without_a_level_the_ladder_is_not_looked_at_and_a_note_says_so(county: Any) -> None:
    answer = county.ask(county.person(), level=None)
    assert (answer.eligible, [note.rule for note in answer.notes]) == (True, ["lower_level"])


@pytest.mark.parametrize(
    ("rank", "eligible"),
    [
        ("full_senior_teacher", True),
        ("senior_teacher", True),
        ("senior_lecturer", True),
        ("first_grade_teacher", False),
        ("other_senior", False),
        ("not_rated", False),
        (None, False),
    ],
)
def test_a_special_grade_teacher_is_a_senior_teacher(
    county: Any, rank: str | None, eligible: bool
) -> None:
    person = county.person(professional_rank=rank)
    answer = county.ask(person, "special_grade_teacher", "province")
    assert answer.eligible is eligible
    if not eligible:
        (reason,) = answer.reasons
        assert (reason.rule, reason.source) == ("professional_rank", "教人〔1993〕38号")
        assert answer.to_document()["missing"] == [
            {
                "rule": "professional_rank",
                "what": "professional_rank",
                "have": rank,
                "need": "senior_teacher",
                "short": None,
            }
        ]
    assert county.ask(person).eligible  # no document asks it of other titles


def test_years_of_teaching_are_asked_for_where_the_county_says_so(county: Any, told: Told) -> None:
    person = county.person(work_started_on="2023-08-01")
    assert county.ask(person).eligible
    county.registry.change_setting("eligibility.teaching_years", "yes")
    answer = county.ask(person)
    assert told(answer) == [("teaching_years", "2028-08-01")]
    assert answer.to_document()["missing"][0] | {"rule": ""} == {
        "rule": "",
        "what": "teaching_years",
        "have": 3,
        "need": 5,
        "short": 2,
    }
    assert told(county.ask(person, on="2028-07-31")) == [("teaching_years", "2028-08-01")]
    assert county.ask(person, on="2028-08-01").eligible
    county.registry.change_setting("eligibility.teaching_years_least", "3")
    assert county.ask(person).eligible
    unknown = county.ask(county.person())
    assert told(unknown) == [("teaching_years", None)]


@pytest.mark.parametrize(
    ("born", "on", "eligible"),
    [
        ("1990-09-02", "2026-09-01", True),  # 35 until the day before the birthday
        ("1990-09-02", "2026-09-02", False),
        ("1990-08", "2026-08-30", True),  # the day is not on file: the last of the month
        ("1990-08", "2026-08-31", False),
        (None, "2026-09-01", False),
    ],
)
def test_the_age_limit_counts_full_years(
    county: Any, born: str | None, on: str, eligible: bool
) -> None:
    county.registry.change_setting("eligibility.age", "yes")
    person = county.person(birth_date=born)
    answer = county.ask(person, "rising_teacher", on=on)
    assert answer.eligible is eligible
    assert county.ask(person, on=on).eligible  # only rising teachers have the limit


def test_a_rising_teacher_is_one_once_where_the_county_says_so(county: Any, told: Told) -> None:
    person = county.person()
    county.title(person, title_kind="rising_teacher", term_ends_on="2024-08-31")
    assert county.ask(person, "rising_teacher").eligible
    county.registry.change_setting("eligibility.given_once", "yes")
    assert told(county.ask(person, "rising_teacher")) == [("given_once", None)]
    assert county.ask(person, "rising_teacher", on="2022-08-31").eligible


def test_hours_of_training_are_counted_to_the_tenth(county: Any, told: Told) -> None:
    person = county.person()
    for year, tenths in ((2022, 720), (2023, 720), (2024, 720), (2025, 720), (2026, 715)):
        county.add(
            "training",
            teacher_id=person,
            project="国培",
            tenths_of_hours=tenths,
            ends_on=f"{year}-07-20",
        )
    assert county.ask(person).eligible
    county.registry.change_setting("eligibility.training_hours", "yes")
    answer = county.ask(person)
    assert told(answer) == [("training_hours", None)]
    (_, missing) = answer.missing[0]
    assert (missing.have, missing.need, missing.short) == (359.5, 360, 0.5)


def test_all_are_asked_at_once_by_school_and_name_and_who_is_gone_is_left_out(county: Any) -> None:
    county.person(name="赵六", school_id=2)
    county.person(name="李四", school_id=1, status="201")
    county.person(name="王五", school_id=1, status="301")
    county.nobody()
    answers = county.registry.eligibility_of_all("学科带头人", level="县级", on=date(2026, 9, 1))
    document = answers.to_document()
    assert [(one["teacher"], one["eligible"]) for one in document["people"]] == [
        ("李四", False),
        ("赵六", True),
    ]
    assert document["totals"] == {"people": 2, "eligible": 1}
    with speaking("zh"):
        (first, _) = answers.to_polars().iter_rows(named=True)
        assert first["reasons"] == "当日不在岗，人员状态为“暂未在本单位任职-借出到机关”。"


def test_a_title_of_one_level_is_asked_for_at_that_level_without_naming_it(
    county: Any, told: Told
) -> None:
    person = county.person()
    answer = county.ask(person, "special_grade_teacher", None)
    assert (answer.asked.level, list(answer.notes)) == ("province", [])
    assert [note.sentence for note in county.ask(person, level=None).notes] == ["level_not_asked"]
    county.title(person, None, title_kind="special_grade_teacher")  # on file without its level
    assert told(county.ask(person, "special_grade_teacher", None)) == [("already_held", None)]
