"""Conduct records: natural keys, periods by the rules of the day."""

from datetime import date

import pytest

from teacherreg.locale import speaking
from teacherreg.settings import Settings

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


def test_the_category_that_a_row_names_picks_the_rules_and_stays_on_record(people):
    people("conduct", [SANCTION | {"person_category": "private"}])
    (record,) = people.rows("conduct_record")
    assert (record["person_category"], record["rule_version"]) == ("private", "teacher_2018")


def test_without_one_the_post_of_the_day_tells_it(people):
    people("conduct", [SANCTION])
    assert people.rows("conduct_record")[0]["person_category"] == "staff"


def test_a_category_put_right_brings_the_rules_of_the_day_of_the_decision(people):
    row = SANCTION | {"sanction_kind": "removal", "decided_on": date(2020, 6, 30)}
    people("conduct", [row | {"person_category": "private"}])
    people("conduct", [row | {"person_category": "manager", "document_no": "1号"}])
    (record,) = people.rows("conduct_record")
    # the law of 2020 began a day later
    assert (record["person_category"], record["rule_version"]) == ("manager", "staff_2012")
    assert people.plan("conduct", [row | {"person_category": "manager"}]).is_empty


def test_a_decision_keeps_its_rules_when_a_setting_moves_them(people):
    row = SANCTION | {"decided_on": date(2023, 11, 10)}
    people("conduct", [row])
    moved = Settings({"sanctions.staff_rule_switch": "2024-01-01"})
    people("conduct", [row | {"document_no": "1号"}], settings=moved)
    people("conduct", [row | {"person_category": "staff"}], settings=moved)
    (record,) = people.rows("conduct_record")
    assert (record["rule_version"], record["document_no"]) == ("staff_2023", "1号")


@pytest.mark.parametrize(
    ("written", "taken", "told"),
    [
        pytest.param(date(2024, 9, 15), date(2024, 9, 15), [], id="as the rules have it"),
        pytest.param(date(2024, 9, 14), date(2024, 9, 15), [], id="counted to the day before"),
        pytest.param(date(2024, 12, 31), date(2024, 12, 31), [], id="several acts together"),
        pytest.param(
            date(2024, 6, 1), date(2024, 9, 15), [(2, "sanction-end-outside")], id="too short"
        ),
        pytest.param(
            date(2029, 1, 1), date(2028, 3, 15), [(2, "sanction-end-outside")], id="over 48 months"
        ),
    ],
)
def test_a_last_day_in_the_decision_stands_within_the_rules(people, codes, written, taken, told):
    row = SANCTION | {"ends_on": written}
    assert codes(people.plan("conduct", [row])) == told
    people("conduct", [row])
    assert people.rows("conduct_record")[0]["ends_on"] == taken


def test_a_disqualification_lasts_as_long_as_its_decision_says(people):
    row = {"record_kind": "handling", "sanction_kind": "disqualification"}
    people("conduct", [SANCTION | row | {"ends_on": date(2030, 3, 15)}])
    assert people.rows("conduct_record")[0]["ends_on"] == date(2030, 3, 15)


def test_what_becomes_of_a_sanction_is_added_to_it(people, codes):
    people("conduct", [SANCTION])
    later = {
        "occurred_on": date(2024, 2, 1),
        "extended_on": date(2024, 9, 10),
        "extended_to": date(2024, 12, 15),
        "appealed_on": date(2024, 3, 20),
        "appeal_decided_on": date(2024, 4, 20),
        "appeal_result": "upheld",
        "released_on": date(2024, 12, 16),
        "released_by": "青禾县教育局",
        "release_document_no": "青教解〔2024〕1号",
    }
    assert codes(people.plan("conduct", [SANCTION | later])) == []
    people("conduct", [SANCTION | later])
    (record,) = people.rows("conduct_record")
    assert {name: record[name] for name in later} == later
    assert record["ends_on"] == date(2024, 9, 15)


@pytest.mark.parametrize(
    "row",
    [
        {"extended_to": date(2024, 9, 14)},
        {"appeal_decided_on": date(2024, 3, 19)},
    ],
)
def test_days_out_of_order_with_those_on_record_are_refused(people, codes, row):
    people("conduct", [SANCTION | {"appealed_on": date(2024, 3, 20)}])
    assert codes(people.plan("conduct", [SANCTION | row])) == [(2, "date-order")]


def test_an_extension_without_a_new_last_day_is_told(people, codes):
    plan = people.plan("conduct", [SANCTION | {"extended_on": date(2024, 9, 10)}])
    assert codes(plan) == [(2, "extension-without-end")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"decided_by": "青禾县教育局"}, []),
        ({"decided_by": "青禾县第一小学"}, ["decided-by-outside-powers"]),
        ({"decided_by": "一小"}, ["decided-by-outside-powers"]),
        ({"decided_by": "某某实验小学"}, ["decided-by-outside-powers"]),
        ({"decided_by": "县人民政府"}, []),  # neither: nothing is known of its powers
        ({"decided_by": "一小", "person_category": "private"}, []),
        (
            {"decided_by": "青禾县教育局", "person_category": "private"},
            ["decided-by-outside-powers"],
        ),
        (
            {"decided_by": "一小", "person_category": "private", "sanction_kind": "removal"},
            ["decided-by-outside-powers"],
        ),
        ({"decided_by": "一小", "decided_on": date(2018, 11, 7)}, []),  # before 教师〔2018〕18号
        ({"decided_by": "一小", "record_kind": "handling", "sanction_kind": "criticism"}, []),
        ({"decided_by": "县纪委", "sanction_kind": "party_warning"}, []),
    ],
)
def test_a_body_that_decides_outside_its_powers_is_told(people, row, told):
    plan = people.plan("conduct", [SANCTION | row])
    assert [problem.code for problem in plan.problems] == told
    assert all(problem.severity == "warning" for problem in plan.problems)
    unasked = Settings({"sanctions.deciding_powers": "off"})
    assert people.plan("conduct", [SANCTION | row], settings=unasked).problems == []


def test_party_discipline_of_the_same_day_is_a_record_of_its_own(people):
    people("conduct", [SANCTION, SANCTION | {"sanction_kind": "party_warning"}])
    records = {r["sanction_kind"]: r["ends_on"] for r in people.rows("conduct_record")}
    assert records == {"warning": date(2024, 9, 15), "party_warning": date(2025, 3, 15)}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"sanction_kind": "major_demerit"}, ["sanction-not-in-rules"]),
        ({"sanction_kind": "removal"}, ["sanction-not-in-rules"]),
        ({"sanction_kind": "removal", "person_category": "manager"}, []),
        ({"sanction_kind": "removal", "person_category": "private"}, []),
        (
            {"sanction_kind": "rank_removal", "decided_on": date(2024, 1, 5)},
            ["sanction-not-in-rules"],
        ),
        ({"sanction_kind": "demerit"}, []),
    ],
)
def test_a_kind_that_the_rules_for_the_person_lack_is_told_and_imported(people, row, told):
    plan = people.plan("conduct", [SANCTION | row])
    assert [(one.code, one.severity) for one in plan.problems] == [(c, "warning") for c in told]
    people("conduct", [SANCTION | row])
    assert people.rows("conduct_record")[0]["sanction_kind"] == row["sanction_kind"]


def test_the_warning_of_a_kind_outside_the_rules_names_them_and_not_the_kind(people):
    with speaking("zh"):
        plan = people.plan("conduct", [SANCTION | {"sanction_kind": "major_demerit"}])
        (problem,) = plan.to_document()["problems"]
    assert "2024-03-15" in problem["message"]
    assert "编制内工作人员" in problem["message"]
    assert "人社部发〔2023〕58号" in problem["message"]
    assert "记大过" not in problem["message"]


@pytest.mark.parametrize(
    ("earlier", "row", "said"),
    [
        ({}, {}, "“2024-09-01”早于“推算的期满日期（2024-09-15）”"),
        ({}, {"ends_on": date(2024, 8, 1)}, "“2024-09-01”早于“推算的期满日期（2024-09-15）”"),
        ({}, {"ends_on": date(2024, 9, 15)}, "“2024-09-01”早于“期满日期”"),
        ({"sanction_kind": "warning"}, {}, "“2024-09-01”早于“登记库中的期满日期（2024-09-15）”"),
    ],
)
def test_an_extension_that_ends_before_the_period_is_refused_and_the_end_named(
    people, earlier, row, said
):
    if earlier:
        people("conduct", [SANCTION | earlier])
    row |= {"extended_on": date(2024, 8, 10), "extended_to": date(2024, 9, 1)}
    with speaking("zh"):
        refused = [one for one in people.plan("conduct", [SANCTION | row]).problems
                   if one.severity == "error"]  # fmt: skip
        assert [(one.code, one.message.split("，")[0]) for one in refused] == [("date-order", said)]
