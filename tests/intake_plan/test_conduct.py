"""Conduct records: natural keys, periods by the rules of the day."""

from datetime import date

import pytest

ID_A = "640199198503150012"
SANCTION = {
    "name": "张伟",
    "id_number": ID_A,
    "record_kind": "sanction",
    "sanction_kind": "warning",
    "decided_on": date(2024, 3, 15),
    "summary": "某事由",
}


@pytest.fixture
def people(county):
    county("teachers", [{"name": "张伟", "id_number": ID_A, "school_name": "青禾县第一小学"}])
    return county


@pytest.mark.parametrize(
    ("kind", "decided_on", "version", "ends_on"),
    [
        # 事业单位工作人员处分规定（人社部发〔2023〕58号）and its forerunner of 2012; worked by hand
        ("warning", date(2024, 3, 15), "staff_2023", date(2024, 9, 15)),
        ("warning", date(2023, 8, 31), "staff_2012", date(2024, 2, 29)),
        ("warning", date(2024, 8, 31), "staff_2023", date(2025, 2, 28)),
        ("demerit", date(2024, 5, 31), "staff_2023", date(2025, 5, 31)),
        ("post_grade_reduction", date(2024, 2, 29), "staff_2023", date(2026, 2, 28)),
    ],
)
def test_a_sanction_ends_by_the_rules_of_its_day(people, kind, decided_on, version, ends_on):
    people("conduct", [SANCTION | {"sanction_kind": kind, "decided_on": decided_on}])
    (record,) = people.rows("conduct_record")
    assert (record["rule_version"], record["ends_on"]) == (version, ends_on)


def test_a_manager_falls_under_the_managers_rules(people):
    manager = {"name": "张伟", "id_number": ID_A, "staff_category": "administrator"}
    people("teachers", [manager])
    row = {"sanction_kind": "major_demerit", "decided_on": date(2024, 8, 30)}
    people("conduct", [SANCTION | row])
    (record,) = people.rows("conduct_record")
    assert (record["rule_version"], record["ends_on"]) == ("manager_2020", date(2026, 2, 28))


def test_the_same_record_again_is_no_second_one(people):
    people("conduct", [SANCTION])
    assert people.plan("conduct", [SANCTION]).is_empty


def test_a_release_is_added_to_the_record(people):
    people("conduct", [SANCTION])
    people("conduct", [SANCTION | {"released_on": date(2024, 9, 16), "summary": None}])
    (record,) = people.rows("conduct_record")
    assert (record["released_on"], record["summary"]) == (date(2024, 9, 16), "某事由")
    assert record["ends_on"] == date(2024, 9, 15)


def test_one_review_a_year_whose_result_may_be_corrected(people):
    review = {"name": "张伟", "id_number": ID_A, "record_kind": "review", "year": 2025}
    people("conduct", [review | {"result": "qualified"}])
    people("conduct", [review | {"result": "excellent"}])
    people("conduct", [review | {"year": 2026, "result": "qualified"}])
    records = people.rows("conduct_record")
    assert [(record["year"], record["result"]) for record in records] == [
        (2025, "excellent"),
        (2026, "qualified"),
    ]


def test_two_commendations_of_one_day_are_two(people):
    praise = {
        "name": "张伟",
        "id_number": ID_A,
        "record_kind": "commendation",
        "decided_on": date(2025, 9, 10),
    }
    people("conduct", [praise | {"result": "师德标兵"}, praise | {"result": "优秀教师"}])
    assert len(people.rows("conduct_record")) == 2
    assert people.plan("conduct", [praise | {"result": "师德标兵"}]).is_empty


def test_a_record_of_nobody_is_a_fault_that_does_not_tell_what_it_says(people, codes):
    plan = people.plan("conduct", [SANCTION | {"id_number": "640199198802290023"}])
    assert codes(plan) == [(2, "person-unknown")]
    assert "某事由" not in str(plan.to_document())
    assert "640199198802290023" not in str(plan.to_document())
