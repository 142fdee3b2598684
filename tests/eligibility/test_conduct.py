"""What a sanction, a disqualification or a failed review bars, and until which day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teacherreg.codes import add_months
from teacherreg.eligibility import Eligibility
from teacherreg.locale import speaking
from teacherreg.settings import Settings

DAY = date(2026, 9, 1)
Told = Callable[..., list[tuple[str, str | None]]]

# The vectors of the rules' section 10: kind, day of the decision, version, last day.
VECTORS = [
    ("warning", "2024-03-15", "staff_2023", "2024-09-15"),
    ("warning", "2023-08-31", "staff_2012", "2024-02-29"),
    ("warning", "2024-08-31", "staff_2023", "2025-02-28"),
    ("demerit", "2024-05-31", "staff_2023", "2025-05-31"),
    ("post_grade_reduction", "2024-02-29", "staff_2023", "2026-02-28"),
    ("major_demerit", "2024-08-30", "manager_2020", "2026-02-28"),
]


@pytest.mark.parametrize(("kind", "decided_on", "version", "last_day"), VECTORS)
def test_a_sanction_bars_from_its_decision_to_the_day_after_its_last(
    county: Any, told: Told, kind: str, decided_on: str, version: str, last_day: str
) -> None:
    person = county.person()
    county.sanction(person, kind, decided_on, rule_version=version, ends_on=last_day)
    decided, last = date.fromisoformat(decided_on), date.fromisoformat(last_day)
    free = (last + timedelta(days=1)).isoformat()

    assert county.ask(person, on=(decided - timedelta(days=1)).isoformat()).eligible
    assert told(county.ask(person, on=decided_on)) == [("sanction", free)]
    assert told(county.ask(person, on=last_day)) == [("sanction", free)]
    assert county.ask(person, on=last_day).eligible_from == last + timedelta(days=1)
    assert county.ask(person, on=free).eligible


def test_a_reason_names_the_rules_of_its_own_time(county: Any) -> None:
    person = county.person()
    county.sanction(
        person, "demerit", "2022-05-10", rule_version="staff_2012", ends_on="2023-05-10"
    )
    county.sanction(
        person, "demerit", "2024-05-31", rule_version="staff_2023", ends_on="2025-05-31"
    )
    with speaking("zh"):
        (of_2022,) = county.ask(person, on="2022-06-01").reasons
        (of_2024,) = county.ask(person, on="2024-06-01").reasons
        assert "第18号" in of_2022.message
        assert of_2024.message == (
            "2024-05-31 作出的“记过”决定，执行至 2025-05-31（期限按人社部发〔2023〕58号）。"
        )


@pytest.mark.parametrize(
    ("kind", "version", "source"),
    [
        pytest.param("warning", "staff_2023", "本县规定", id="no document bars a nomination"),
        pytest.param("party_warning", "party_2023", "本县规定", id="nor does the Party's"),
        pytest.param("certificate_revoked", "certificate_1995", "教师资格条例", id="a document"),
    ],
)
def test_what_bars_by_the_countys_own_rule_has_that_as_its_source_alone(
    county: Any, kind: str, version: str, source: str
) -> None:
    person = county.person()
    county.sanction(person, kind, "2026-03-15", rule_version=version, ends_on="2031-03-15")
    with speaking("zh"):
        (reason,) = county.ask(person).reasons
        assert reason.source.split(" ")[0] == source
        assert "党" not in reason.source


def test_one_that_ran_out_without_a_release_bars_nothing_and_a_note_says_so(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2024-03-15", ends_on="2024-09-15")
    answer = county.ask(person)
    assert answer.eligible
    assert [note.rule for note in answer.notes] == ["sanction"]
    assert "2024-09-15" in answer.notes[0].message


def test_a_release_ends_it_early_but_not_on_the_days_before(county: Any, told: Told) -> None:
    person = county.person()
    county.sanction(person, "demerit", "2026-01-10", ends_on="2027-01-10", released_on="2026-07-01")
    assert told(county.ask(person, on="2026-06-30")) == [("sanction", "2027-01-11")]
    released = county.ask(person, on="2026-07-01")
    assert (released.eligible, list(released.notes)) == (True, [])


def test_an_extension_bars_longer_once_it_is_decided(county: Any, told: Told) -> None:
    person = county.person()
    county.sanction(
        person,
        "warning",
        "2026-03-15",
        ends_on="2026-09-15",
        extended_on="2026-09-10",
        extended_to="2026-12-15",
    )
    assert told(county.ask(person, on="2026-09-09")) == [("sanction", "2026-09-16")]
    assert told(county.ask(person, on="2026-09-10")) == [("sanction", "2026-12-16")]


def test_what_was_annulled_counts_until_that_day_alone(county: Any, told: Told) -> None:
    person = county.person()
    county.sanction(person, "warning", "2026-03-15", ends_on="2026-09-15", annulled_on="2026-05-01")
    assert told(county.ask(person, on="2026-04-30")) == [("sanction", "2026-09-16")]
    assert county.ask(person, on="2026-05-01").eligible


def test_two_sanctions_add_up_to_48_months_at_most(county: Any) -> None:
    person = county.person()
    county.sanction(person, "post_grade_reduction", "2024-03-01", ends_on="2026-03-01")
    county.sanction(person, "post_grade_reduction", "2024-04-01", ends_on="2026-04-01")
    # What remains, to 2026-03-01, and 24 months more: 2028-03-01, within 48 of 2024-04-01.
    assert county.ask(person, on="2024-05-01").eligible_from == date(2028, 3, 2)


def test_a_dismissal_has_no_end(county: Any, told: Told) -> None:
    person = county.person(status="308")
    county.sanction(person, "dismissal", "2024-03-15")
    answer = county.ask(person)
    assert told(answer) == [("sanction", None), ("in_service", None)]
    assert answer.eligible_from is None


def test_one_whose_end_is_not_on_file_bars_until_somebody_enters_it(
    county: Any, told: Told
) -> None:
    person = county.person()
    county.sanction(person, "warning", "2011-03-15", rule_version=None)
    answer = county.ask(person)
    assert told(answer) == [("sanction", None)]
    assert "not on file" in answer.reasons[0].message


def test_of_two_sanctions_of_one_day_the_heavier_alone_is_carried_out(
    county: Any, told: Told
) -> None:
    person = county.person()
    county.sanction(person, "warning", "2026-03-15", ends_on="2026-09-15")
    county.sanction(person, "demerit", "2026-03-15", ends_on="2027-03-15")
    answer = county.ask(person)
    assert told(answer) == [("sanction", "2027-03-16")]
    with speaking("zh"):
        assert [(note.message, note.source) for note in answer.notes] == [
            (
                "2026-03-15 作出的“警告”决定，与同日作出的较重处分合并，只执行较重的一项。",
                "人社部发〔2023〕58号",
            )
        ]


def test_what_was_taken_up_is_told_no_longer_than_the_heavier_decision_stands(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2025-03-15", ends_on="2025-09-15")
    county.sanction(person, "demerit", "2025-03-15", ends_on="2026-03-15", released_on="2026-03-16")
    assert len(county.ask(person, on="2026-03-15").notes) == 1
    assert list(county.ask(person, on="2026-03-16").notes) == []


def test_an_expulsion_from_the_party_is_told_and_bars_nothing_by_itself(county: Any) -> None:
    person = county.person()
    county.sanction(person, "party_expulsion", "2025-03-15", rule_version="party_2023")
    answer = county.ask(person)
    assert (answer.eligible, [note.rule for note in answer.notes]) == (True, ["party_sanction"])


def test_a_lost_certificate_bars_for_good_and_a_revoked_one_for_five_years(
    county: Any, told: Told
) -> None:
    lost, revoked = county.person(), county.person()
    own = {"record_kind": "handling"}
    county.sanction(lost, "certificate_lost", "2020-03-15", rule_version="teachers_law", **own)
    county.sanction(
        revoked,
        "certificate_revoked",
        "2022-03-15",
        rule_version="certificate_1995",
        ends_on="2027-03-15",
        **own,
    )
    (reason,) = county.ask(lost).reasons
    assert (reason.until, reason.source) == (None, "教师法 第十四条")
    assert told(county.ask(revoked)) == [("certificate", "2027-03-16")]


def test_a_disqualification_bars_for_24_months_and_names_its_article(
    county: Any, told: Told
) -> None:
    person = county.person()
    county.sanction(
        person,
        "disqualification",
        "2025-03-10",
        record_kind="handling",
        rule_version="teacher_2018",
        ends_on="2027-03-10",
    )
    answer = county.ask(person)
    assert told(answer) == [("disqualification", "2027-03-11")]
    assert answer.reasons[0].source == "教师〔2018〕18号 第三条"


def test_a_talking_to_bars_nothing(county: Any) -> None:
    person = county.person()
    county.sanction(
        person, "admonition", "2026-08-20", record_kind="handling", rule_version="teacher_2018"
    )
    answer = county.ask(person)
    assert (answer.eligible, list(answer.notes)) == (True, [])


def test_a_party_sanction_bars_by_itself_until_switched_off(county: Any, told: Told) -> None:
    person = county.person()
    county.sanction(
        person, "party_warning", "2026-01-10", rule_version="party_2023", ends_on="2027-01-10"
    )
    assert told(county.ask(person)) == [("party_sanction", "2027-01-11")]
    county.registry.change_setting("eligibility.party_sanction", "no")
    assert county.ask(person).eligible


@pytest.mark.parametrize(
    ("on", "until"),
    [
        pytest.param("2025-12-31", None, id="not known in its own year"),
        pytest.param("2026-01-01", "2027-01-01", id="first day of the next"),
        pytest.param("2026-12-31", "2027-01-01", id="last day of the next"),
        pytest.param("2027-01-01", None, id="the year after next begins"),
    ],
)
def test_a_failed_ethics_review_bars_the_next_year(
    county: Any, told: Told, on: str, until: str | None
) -> None:
    person = county.person()
    county.add(
        "conduct_record", teacher_id=person, record_kind="review", year=2025, result="unqualified"
    )
    answer = county.ask(person, on=on)
    assert told(answer) == ([("ethics_review", until)] if until else [])
    assert all(one.source == "教师〔2013〕10号" for one in answer.reasons)


def test_a_failed_annual_review_bars_from_the_day_that_it_was_told(county: Any, told: Told) -> None:
    person = county.person()
    county.add(
        "review",
        teacher_id=person,
        review_kind="annual",
        year=2025,
        result="unqualified",
        reviewed_on="2025-12-20",
    )
    assert county.ask(person, on="2025-12-19").eligible
    assert told(county.ask(person, on="2025-12-20")) == [("annual_review", "2027-01-01")]
    county.registry.change_setting("eligibility.annual_review_years", "2")
    assert told(county.ask(person, on="2027-05-01")) == [("annual_review", "2028-01-01")]


def test_a_failed_review_of_a_title_is_no_annual_review(county: Any) -> None:
    person = county.person()
    county.add("review", teacher_id=person, review_kind="title", year=2025, result="unqualified")
    assert county.ask(person).eligible


DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["warning", "demerit", "post_grade_reduction", "dismissal"]),
        st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        st.none() | st.integers(0, 700),  # days from the decision to a release
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[:2],
)
MONTHS = {"warning": 6, "demerit": 12, "post_grade_reduction": 24}


@given(decisions=DECISIONS, asked_on=st.dates(date(2024, 1, 1), date(2028, 1, 1)))
@hypothesis_settings(max_examples=30)
def test_no_sanction_ever_makes_anybody_eligible_sooner(
    county: Any, decisions: list[Any], asked_on: date
) -> None:
    with county.at_once():  # one person with none of the decisions, one with the first, …
        people = [county.person() for _ in range(len(decisions) + 1)]
        for place, (kind, decided, days) in enumerate(decisions, 1):
            for person in people[place:]:
                county.sanction(
                    person,
                    kind,
                    decided.isoformat(),
                    ends_on=add_months(decided, MONTHS[kind]) if kind in MONTHS else None,
                    released_on=None if days is None else decided + timedelta(days=days),
                )
    asked = Eligibility(county.engine, Settings({}), "subject_leader", level="county", on=asked_on)
    never = date.max
    earliest = [asked.of(person).eligible_from or never for person in people]
    assert earliest == sorted(earliest)
    assert earliest[0] == asked_on


def test_in_a_table_the_reasons_follow_one_another_as_sentences(county: Any) -> None:
    person = county.person()
    county.sanction(person, "warning", "2026-03-15", ends_on="2026-09-15")
    party = {"rule_version": "party_2023", "ends_on": "2027-03-15"}
    county.sanction(person, "party_warning", "2026-03-15", **party)
    with speaking("zh"):
        asked = county.registry.eligibility_of_all("subject_leader", level="县级", on=DAY)
        (told,) = asked.to_polars()["reasons"]
    assert told == (
        "2026-03-15 作出的“警告”决定，执行至 2026-09-15（期限按人社部发〔2023〕58号）。"
        "2026-03-15 作出的“党内警告”决定，执行至 2027-03-15。"
    )
