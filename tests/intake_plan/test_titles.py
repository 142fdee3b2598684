"""Titles: natural keys, terms by rule, and people who must be known."""

from datetime import date

import pytest

from teacherreg.intake.undo import undo
from teacherreg.settings import Settings

ID_A = "640199198503150012"
AWARD = {
    "name": "张伟",
    "id_number": ID_A,
    "title_kind": "backbone_teacher",
    "level": "county",
    "subject": "chinese",
    "awarded_on": date(2022, 9, 1),
}


@pytest.fixture
def people(county):
    """张伟 at the first school, with a number; two of the name 李芳, at two schools."""
    rows = [
        {"name": "张伟", "school_name": "青禾县第一小学", "id_number": ID_A},
        {"name": "李芳", "school_name": "青禾县第一小学"},
        {"name": "李芳", "school_name": "青禾县第二小学"},
    ]
    county("teachers", rows)
    return county


@pytest.mark.parametrize(
    ("level", "awarded_on", "ends_on"),
    [
        pytest.param("county", date(2022, 9, 1), date(2025, 8, 31), id="three years in a county"),
        pytest.param("province", date(2021, 3, 1), date(2026, 2, 28), id="five in a province"),
        pytest.param("county", date(2024, 2, 29), date(2027, 2, 28), id="from a leap day"),
    ],
)
def test_a_term_that_nobody_wrote_ends_by_the_kinds_rule(people, level, awarded_on, ends_on):
    people("titles", [AWARD | {"level": level, "awarded_on": awarded_on}])
    (title,) = people.rows("title_award")
    assert (title["term_ends_on"], title["is_term_by_rule"]) == (ends_on, True)


def test_a_written_end_of_term_holds(people):
    people("titles", [AWARD | {"term_ends_on": date(2026, 8, 31)}])
    (title,) = people.rows("title_award")
    assert (title["term_ends_on"], title["is_term_by_rule"]) == (date(2026, 8, 31), False)


def test_the_county_may_set_its_own_term(people):
    people("titles", [AWARD], settings=Settings({"titles.term_years": 2}))
    assert people.rows("title_award")[0]["term_ends_on"] == date(2024, 8, 31)


@pytest.mark.parametrize(
    "kind", [pytest.param("special_grade_teacher", id="特级教师"), "teaching_pacesetter"]
)
def test_a_title_without_a_term_has_no_end(people, kind):
    people("titles", [AWARD | {"title_kind": kind}])
    assert people.rows("title_award")[0]["term_ends_on"] is None


def test_a_title_without_level_or_day_is_kept(people):
    people("titles", [AWARD | {"level": None, "awarded_on": None}])
    (title,) = people.rows("title_award")
    assert (title["level"], title["awarded_on"], title["term_ends_on"]) == (None, None, None)
    assert people.plan("titles", [AWARD | {"level": None, "awarded_on": None}]).is_empty


def test_the_same_award_again_is_no_second_one(people):
    people("titles", [AWARD])
    plan = people.plan("titles", [AWARD, AWARD])
    assert plan.is_empty
    assert plan.counts.unchanged == 2


def test_a_later_row_of_the_same_award_updates_it_and_erases_nothing(people):
    people("titles", [AWARD | {"issuer": "青禾县教育局"}])
    later = AWARD | {"revoked_on": date(2024, 3, 1), "document_no": "青教发〔2024〕3号"}
    plan = people.plan("titles", [later])
    assert plan.counts.changed == 1
    people("titles", [later])
    (title,) = people.rows("title_award")
    assert title["revoked_on"] == date(2024, 3, 1)
    assert title["issuer"] == "青禾县教育局"
    assert (title["term_ends_on"], title["is_term_by_rule"]) == (date(2025, 8, 31), True)


def test_an_end_that_is_written_later_replaces_the_computed_one(people):
    people("titles", [AWARD])
    people("titles", [AWARD | {"term_ends_on": date(2025, 8, 31)}])
    assert people.rows("title_award")[0]["is_term_by_rule"] is False


def test_another_level_subject_kind_or_day_is_another_award(people):
    others = [
        {"level": "prefecture"},
        {"subject": "mathematics"},
        {"title_kind": "subject_leader"},
        {"awarded_on": date(2019, 9, 1)},
    ]
    people("titles", [AWARD, *(AWARD | other for other in others)])
    assert len(people.rows("title_award")) == 5


def test_a_person_is_found_by_name_and_school(people):
    row = AWARD | {"name": "李芳", "id_number": None, "school_name": "青禾县第二小学"}
    people("titles", [row])
    assert people.rows("title_award")[0]["teacher_id"] == 3


def test_a_person_is_found_at_a_school_of_years_ago(people):
    moved = {"name": "张伟", "id_number": ID_A, "school_name": "青禾县第二小学"}
    people("teachers", [moved], on=date(2027, 9, 1))
    row = AWARD | {"id_number": None, "school_name": "青禾县第一小学"}
    assert people.plan("titles", [row]).counts.added == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"id_number": "640199198802290023"}, "person-unknown", id="another number"),
        pytest.param({"id_number": None}, "person-needs-school", id="a name alone"),
        pytest.param(
            {"id_number": None, "school_name": "青禾县第二小学"},
            "person-elsewhere",
            id="a name at another school",
        ),
        pytest.param(
            {"id_number": None, "name": "王五", "school_name": "青禾县第二小学"},
            "person-unknown",
            id="a name that nobody has",
        ),
        pytest.param(
            {"id_number": None, "school_name": "东山中学"},
            "school-unknown-here",
            id="no such school",
        ),
    ],
)
def test_a_title_of_nobody_is_a_fault(people, codes, change, code):
    plan = people.plan("titles", [AWARD | change])
    assert [found.removesuffix("-no-nearest") for _, found in codes(plan)] == [code]
    assert plan.is_empty
    assert plan.counts.rejected == 1


def test_a_namesake_at_the_school_with_another_birth_date_is_told_as_such(people, codes):
    born = {"name": "李芳", "school_name": "青禾县第二小学", "birth_date": "1976-04"}
    people("teachers", [born])
    plan = people.plan("titles", [AWARD | born | {"id_number": None, "birth_date": "1961-01"}])
    assert [found for _, found in codes(plan)] == ["person-differs"]
    assert "1976-04" in plan.problems[0].message


def test_an_unknown_school_is_a_warning_where_a_number_tells_the_person(people, codes):
    plan = people.plan("titles", [AWARD | {"school_name": "宁朔县第九小学"}])
    assert [problem.severity for problem in plan.problems] == ["warning"]
    assert plan.counts.added == 1


RENEWED = AWARD | {"event": "renewed", "awarded_on": date(2025, 9, 1)}


def test_what_happens_to_a_title_later_is_an_event_beside_the_award(people):
    people(
        "titles", [AWARD, RENEWED | {"issuer": "青禾县教育局", "document_no": "青教发〔2025〕6号"}]
    )
    (award,) = people.rows("title_award")
    assert award["term_ends_on"] == date(2025, 8, 31)
    (event,) = people.rows("title_event")
    del event["id"]
    assert event == {
        "teacher_id": 1,
        "title_kind": "backbone_teacher",
        "level": "county",
        "subject": "chinese",
        "event": "renewed",
        "happened_on": date(2025, 9, 1),
        "ends_on": date(2028, 8, 31),  # three years, as of an award
        "issuer": "青禾县教育局",
        "document_no": "青教发〔2025〕6号",
    }


def test_only_a_renewal_has_an_end_that_nobody_wrote(people):
    kinds = ("nominated", "suspended", "resumed", "expired", "revoked")
    people("titles", [AWARD, *(RENEWED | {"event": kind} for kind in kinds)])
    assert [event["ends_on"] for event in people.rows("title_event")] == [None] * 5


def test_the_same_event_again_changes_nothing_and_a_later_row_corrects_it(people):
    people("titles", [AWARD, RENEWED])
    assert people.plan("titles", [AWARD, RENEWED]).is_empty
    plan = people.plan("titles", [RENEWED | {"term_ends_on": date(2027, 8, 31)}])
    assert [(change.old, change.new) for change in plan.changed()] == [
        ({"ends_on": date(2028, 8, 31).isoformat()}, {"ends_on": "2027-08-31"})
    ]


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        pytest.param({}, False, id="of an award known"),
        pytest.param({"subject": None}, False, id="that names no subject"),
        pytest.param({"subject": "music"}, True, id="of another subject"),
        pytest.param({"level": "prefecture"}, True, id="of another level"),
        pytest.param({"awarded_on": date(2022, 8, 31)}, True, id="before the award"),
        pytest.param({"event": "nominated", "level": "prefecture"}, False, id="a nomination"),
    ],
)
def test_an_event_of_a_title_never_awarded_is_entered_and_told(people, codes, change, is_told):
    people("titles", [AWARD])
    plan = people.plan("titles", [RENEWED | change])
    assert [code for _, code in codes(plan)] == ["title-event-no-award"] * is_told
    assert plan.counts.added == 1


def test_undoing_an_import_of_events_gives_the_title_back(people):
    people("titles", [AWARD])
    before = people.everything()
    batch = people("titles", [RENEWED | {"event": "revoked"}])
    assert len(people.rows("title_event")) == 1
    undo(people.engine, batch.id, by="tester")
    assert people.everything() == before


def test_a_county_may_end_terms_on_the_anniversary(people):
    people("titles", [AWARD], settings=Settings({"titles.end_rule": "anniversary"}))
    assert people.rows("title_award")[0]["term_ends_on"] == date(2025, 9, 1)
