"""Rosters of teachers: persons, what changes, and what a transfer leaves behind."""

from datetime import date

import pytest

from teacherreg.codes import code_table

ZHANG = {
    "name": "张伟",
    "id_number": "640199198503150012",
    "school_name": "青禾县第一小学",
    "subject": "mathematics",
    "professional_rank": "first_grade_teacher",
    "staff_category": "full_time_teacher",
    "school_joined_on": date(2010, 9, 1),
}
NEXT_YEAR = date(2027, 9, 1)


def counts(plan):
    return (plan.counts.added, plan.counts.changed, plan.counts.unchanged, plan.counts.rejected)


def test_a_new_person_has_a_post_from_the_day_of_joining_the_school(county):
    batch = county("teachers", [ZHANG | {"sex": "1", "work_started_on": date(2008, 9, 1)}])
    assert (batch.id, batch.rows_read, batch.rows_added) == (2, 1, 1)
    (teacher,) = county.rows("teacher")
    assert teacher["name"] == "张伟"
    assert teacher["work_started_on"] == date(2008, 9, 1)
    (post,) = county.post("张伟")
    assert post["school"] == "青禾县第一小学"
    assert post["stage"] == "primary"  # the one stage of a primary school
    assert (post["starts_on"], post["ends_on"]) == (date(2010, 9, 1), None)
    assert (post["attachment"], post["status"]) == ("home", "100")
    assert post["is_full_time_teacher"] is True


def test_without_a_day_of_joining_the_first_post_has_no_known_start(county):
    county("teachers", [ZHANG | {"school_joined_on": None}])
    assert county.post("张伟")[0]["starts_on"] is None


def test_the_same_roster_again_changes_nothing_and_leaves_no_batch(county):
    county("teachers", [ZHANG])
    before = county.everything()
    plan = county.plan("teachers", [ZHANG], on=NEXT_YEAR)
    assert plan.is_empty
    assert counts(plan) == (0, 0, 1, 0)
    batch = county("teachers", [ZHANG], on=NEXT_YEAR)
    assert batch.id is None
    assert county.everything() == before
    assert [notice.code for notice in plan.notices] == ["file-again"]


def test_attributes_are_updated_and_an_empty_cell_erases_nothing(county):
    county("teachers", [ZHANG | {"phone": "13800001234", "degree": "4"}])
    plan = county.plan("teachers", [ZHANG | {"phone": "13900005678", "degree": None}])
    assert counts(plan) == (0, 1, 0, 0)
    (change,) = plan.changed()
    assert (change.who, change.table) == ("张伟", "teacher")
    assert (change.file, change.sheet, change.row) == ("名单.xlsx", "Sheet1", 2)
    assert (change.old, change.new) == ({"phone": "13800001234"}, {"phone": "13900005678"})
    county("teachers", [ZHANG | {"phone": "13900005678", "degree": None}])
    (teacher,) = county.rows("teacher")
    assert (teacher["phone"], teacher["degree"]) == ("13900005678", "4")
    assert len(county.rows("post")) == 1


@pytest.mark.parametrize(
    ("known", "written", "stored"),
    [
        pytest.param("1985-03-15", "1985-03", "1985-03-15", id="a month is no news"),
        pytest.param("1985-03", "1985-03-15", "1985-03-15", id="a day is"),
        pytest.param("1985-03-15", "1985-04", "1985-04", id="another month is"),
        pytest.param(None, "1985-03", "1985-03", id="anything is better than nothing"),
    ],
)
def test_a_birth_date_gets_more_exact_and_never_less(county, known, written, stored):
    county("teachers", [ZHANG | {"birth_date": known}])
    county("teachers", [ZHANG | {"birth_date": written}])
    assert county.rows("teacher")[0]["birth_date"] == stored


def test_a_birth_date_taken_from_the_number_does_not_replace_a_written_one(county):
    county("teachers", [ZHANG | {"birth_date": "1985-04-15"}])
    told = {"birth_date": "1985-03-15", "birth_date_from_id": True}
    assert county.plan("teachers", [ZHANG | told]).is_empty


def test_a_change_of_rank_ends_the_post_and_begins_the_next(county):
    county("teachers", [ZHANG])
    promoted = ZHANG | {"professional_rank": "senior_teacher"}
    plan = county.plan("teachers", [promoted], on=NEXT_YEAR)
    assert [(c.old, c.new) for c in plan.changed()] == [
        (
            {"professional_rank": "first_grade_teacher", "starts_on": date(2010, 9, 1).isoformat()},
            {"professional_rank": "senior_teacher", "starts_on": "2027-09-01"},
        )
    ]
    county("teachers", [promoted], on=NEXT_YEAR)
    old, new = county.post("张伟")
    assert (old["professional_rank"], old["ends_on"]) == ("first_grade_teacher", date(2027, 8, 31))
    assert (new["professional_rank"], new["starts_on"]) == ("senior_teacher", NEXT_YEAR)
    assert new["subject"] == "mathematics"
    assert new["ends_on"] is None


def test_a_correction_on_the_day_on_which_a_post_began_amends_it(county):
    county("teachers", [ZHANG])
    county("teachers", [ZHANG | {"subject": "physics"}], on=NEXT_YEAR)
    county("teachers", [ZHANG | {"subject": "chinese"}], on=NEXT_YEAR)
    old, new = county.post("张伟")
    assert (old["subject"], old["ends_on"]) == ("mathematics", date(2027, 8, 31))
    assert (new["subject"], new["starts_on"]) == ("chinese", NEXT_YEAR)


def test_what_was_not_known_is_filled_in_without_a_new_post(county):
    county("teachers", [ZHANG | {"subject": None, "staff_category": None}])
    county(
        "teachers",
        [ZHANG | {"subject": "physics", "staff_category": "administrator"}],
        on=NEXT_YEAR,
    )
    (post,) = county.post("张伟")
    assert (post["subject"], post["staff_category"]) == ("physics", "administrator")
    assert post["is_full_time_teacher"] is False


@pytest.mark.parametrize(
    ("joined_on", "starts_on"),
    [
        pytest.param(date(2027, 3, 1), date(2027, 3, 1), id="on the day of joining"),
        pytest.param(date(2010, 9, 1), NEXT_YEAR, id="on the roster's day, joined too early"),
        pytest.param(None, NEXT_YEAR, id="on the roster's day, none given"),
    ],
)
def test_a_transfer_begins(county, joined_on, starts_on):
    county("teachers", [ZHANG])
    moved = ZHANG | {"school_name": "青禾县第二小学", "school_joined_on": joined_on}
    county("teachers", [moved], on=NEXT_YEAR)
    old, new = county.post("张伟")
    assert old["school"] == "青禾县第一小学"
    assert (old["ends_on"] - date(2026, 1, 1)).days == (starts_on - date(2026, 1, 2)).days
    assert (new["school"], new["starts_on"]) == ("青禾县第二小学", starts_on)
    assert county.plan("teachers", [moved], on=NEXT_YEAR).is_empty


def test_at_another_school_the_stage_is_that_schools_unless_it_has_several(county, codes):
    county("teachers", [ZHANG])
    plan = county.plan("teachers", [ZHANG | {"school_name": "红山九年制学校"}], on=NEXT_YEAR)
    assert codes(plan) == []  # it teaches the stage of before
    county("teachers", [ZHANG | {"school_name": "红山九年制学校"}], on=NEXT_YEAR)
    assert county.post("张伟")[1]["stage"] == "primary"


def test_a_stage_that_nobody_can_tell_is_a_warning(county, codes):
    nobody_knows = ZHANG | {"school_name": "红山九年制学校"}
    plan = county.plan("teachers", [nobody_knows])
    assert codes(plan) == [(2, "stage-missing")]
    assert counts(plan) == (1, 0, 0, 0)
    cook = nobody_knows | {"staff_category": "logistics"}
    assert codes(county.plan("teachers", [cook])) == []
    county("teachers", [nobody_knows])
    assert codes(county.plan("teachers", [nobody_knows])) == [(2, "stage-missing")]


def test_a_correction_of_the_day_of_joining_moves_the_start_of_the_only_post(county):
    county("teachers", [ZHANG])
    county("teachers", [ZHANG | {"school_joined_on": date(2011, 9, 1)}])
    assert [post["starts_on"] for post in county.post("张伟")] == [date(2011, 9, 1)]


def test_whoever_leaves_has_no_open_post_and_stays_gone(county):
    county("teachers", [ZHANG])
    gone = ZHANG | {"status": "301"}
    county("teachers", [gone], on=NEXT_YEAR)
    serving, left = county.post("张伟")
    assert (serving["status"], serving["ends_on"]) == ("100", date(2027, 8, 31))
    assert (left["status"], left["starts_on"], left["ends_on"]) == ("301", NEXT_YEAR, NEXT_YEAR)
    assert county.plan("teachers", [gone], on=date(2028, 9, 1)).is_empty


def test_a_row_without_status_does_not_bring_back_whoever_left(county, codes):
    county("teachers", [ZHANG])
    county("teachers", [ZHANG | {"status": "301"}], on=NEXT_YEAR)
    plan = county.plan("teachers", [ZHANG], on=date(2028, 9, 1))
    assert plan.is_empty
    assert codes(plan) == [(2, "person-has-left")]


def test_whoever_comes_back_begins_a_new_post(county):
    county("teachers", [ZHANG])
    county("teachers", [ZHANG | {"status": "306"}], on=NEXT_YEAR)
    county("teachers", [ZHANG | {"status": "100"}], on=date(2028, 9, 1))
    last = county.post("张伟")[-1]
    assert (last["status"], last["starts_on"], last["ends_on"]) == ("100", date(2028, 9, 1), None)
    assert len(county.post("张伟")) == 3


def test_whoever_is_new_and_has_left_already_never_serves(county):
    county("teachers", [ZHANG | {"status": "301"}])
    (post,) = county.post("张伟")
    assert (post["starts_on"], post["ends_on"]) == (date(2010, 9, 1), date(2026, 9, 1))


def test_one_person_in_two_schools_has_a_home_post_and_a_visiting_one(county, codes):
    rows = [ZHANG, ZHANG | {"school_name": "青禾县第二小学"}]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(3, "person-two-schools")]
    assert counts(plan) == (2, 0, 0, 0)
    county("teachers", rows)
    assert len(county.rows("teacher")) == 1
    assert [(p["school"], p["attachment"]) for p in county.post("张伟")] == [
        ("青禾县第一小学", "home"),
        ("青禾县第二小学", "visiting"),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1,), (0,)])
def test_two_posts_that_are_known_are_no_news_in_any_order(county, order):
    rows = [ZHANG, ZHANG | {"school_name": "青禾县第二小学"}]
    county("teachers", rows)
    plan = county.plan("teachers", [rows[place] for place in order], on=NEXT_YEAR)
    assert plan.is_empty
    assert not plan.problems


def test_listed_as_gone_by_one_school_and_as_there_by_another_is_a_transfer(county, codes):
    county("teachers", [ZHANG])
    rows = [ZHANG | {"status": "307"}, ZHANG | {"school_name": "青禾县第二小学", "status": "100"}]
    assert codes(county.plan("teachers", rows, on=NEXT_YEAR)) == []
    county("teachers", rows, on=NEXT_YEAR)
    old, new = county.post("张伟")
    assert (old["status"], old["ends_on"]) == ("100", date(2027, 8, 31))
    assert (new["school"], new["attachment"]) == ("青禾县第二小学", "home")


def test_leaving_a_school_where_one_is_not_changes_nothing(county, codes):
    county("teachers", [ZHANG])
    plan = county.plan("teachers", [ZHANG | {"school_name": "青禾县第二小学", "status": "301"}])
    assert plan.is_empty
    assert codes(plan) == [(2, "left-elsewhere")]


def test_one_person_twice_at_one_school_keeps_the_first_row(county, codes):
    rows = [ZHANG, dict(ZHANG), ZHANG | {"subject": "physics"}]
    plan = county.plan("teachers", rows)
    assert codes(plan) == [(4, "person-twice")]
    assert counts(plan) == (1, 0, 2, 0)
    county("teachers", rows)
    assert [post["subject"] for post in county.post("张伟")] == ["mathematics"]


def test_unknown_columns_are_kept_with_the_person_and_added_to(county):
    county("teachers", [ZHANG | {"unmapped": '{"备注2": "支教"}'}])
    county("teachers", [ZHANG | {"unmapped": '{"特长": "书法"}'}])
    assert county.rows("teacher")[0]["unmapped"] == {"备注2": "支教", "特长": "书法"}
    assert county.plan("teachers", [ZHANG | {"unmapped": '{"特长": "书法"}'}]).is_empty


@pytest.mark.parametrize("broken", ["张?", "张□", "张wei"])
def test_a_name_that_a_program_could_not_show_replaces_none(county, codes, broken):
    county("teachers", [ZHANG])
    plan = county.plan("teachers", [ZHANG | {"name": broken}])
    assert counts(plan) == (0, 0, 1, 0)
    assert codes(plan) == []


def test_a_name_that_a_program_could_not_show_is_replaced_by_a_whole_one(county):
    county("teachers", [ZHANG | {"name": "张?"}])
    county("teachers", [ZHANG])
    assert county.rows("teacher")[0]["name"] == "张伟"


def test_a_new_name_under_a_known_number_is_taken_with_a_warning(county, codes):
    county("teachers", [ZHANG])
    renamed = ZHANG | {"name": "张玮"}
    plan = county.plan("teachers", [renamed])
    assert codes(plan) == [(2, "name-differs")]
    assert "张伟" in plan.problems[0].message
    county("teachers", [renamed])
    assert [teacher["name"] for teacher in county.rows("teacher")] == ["张玮"]


def test_a_later_roster_that_is_already_there_is_told_of(county):
    county("teachers", [ZHANG], on=NEXT_YEAR)
    plan = county.plan("teachers", [ZHANG], on=date(2026, 9, 1), file="旧.xlsx")
    assert "older-than-known" in [notice.code for notice in plan.notices]
    assert "2027-09-01" in plan.notices[-1].message


VISITS = [
    pytest.param({"status": "101"}, id="on rotation here, says the status"),
    pytest.param({"unmapped": '{"备注": "走教"}'}, id="走教"),
    pytest.param({"unmapped": '{"备注": "兼职教师"}'}, id="兼职"),
    pytest.param({"unmapped": '{"来源": "支教", "备注": "x"}'}, id="支教"),
]
AT_TWO = ZHANG | {"school_name": "青禾县第二小学", "school_joined_on": None}


@pytest.mark.parametrize("says", VISITS)
def test_whoever_says_so_visits_another_school_and_stays_at_home(county, codes, says):
    county("teachers", [ZHANG])
    plan = county.plan("teachers", [AT_TWO | says], on=NEXT_YEAR)
    assert codes(plan) == []
    county("teachers", [AT_TWO | says], on=NEXT_YEAR)
    assert [(p["school"], p["attachment"], p["ends_on"]) for p in county.post("张伟")] == [
        ("青禾县第一小学", "home", None),
        ("青禾县第二小学", "visiting", None),
    ]
    assert county.plan("teachers", [AT_TWO | says], on=date(2028, 9, 1)).is_empty


@pytest.mark.parametrize("says", VISITS)
def test_of_two_rows_of_somebody_new_the_one_that_says_so_is_the_visit(county, codes, says):
    rows = [AT_TWO | says, ZHANG]
    assert codes(county.plan("teachers", rows)) == []
    county("teachers", rows)
    assert [(p["school"], p["attachment"]) for p in county.post("张伟")] == [
        ("青禾县第二小学", "visiting"),
        ("青禾县第一小学", "home"),
    ]


def test_away_at_one_school_is_a_visit_to_the_other(county, codes):
    rows = [AT_TWO, ZHANG | {"status": "205"}]
    assert codes(county.plan("teachers", rows)) == []
    county("teachers", rows)
    assert [(p["school"], p["attachment"], p["status"]) for p in county.post("张伟")] == [
        ("青禾县第二小学", "visiting", "100"),
        ("青禾县第一小学", "home", "205"),
    ]


def test_a_remark_about_the_past_makes_no_visit_of_a_transfer(county):
    county("teachers", [ZHANG])
    moved = AT_TWO | {"unmapped": '{"支教经历": "2019年支教一年"}'}
    county("teachers", [moved], on=NEXT_YEAR)
    assert [p["attachment"] for p in county.post("张伟")] == ["home", "home"]


def test_whoever_comes_from_a_school_that_the_file_does_not_hold_is_named(county):
    county("teachers", [ZHANG])
    plan = county.plan("teachers", [AT_TWO], on=NEXT_YEAR)
    (notice,) = [notice for notice in plan.notices if notice.code == "moved-here"]
    assert str(notice.parameters["people"]) == "张伟 青禾县第一小学"
    colleague = {"name": "李芳", "school_name": "青禾县第一小学"}
    both = county.plan("teachers", [AT_TWO, colleague], on=NEXT_YEAR)
    assert [notice.code for notice in both.notices] == []


def test_the_status_that_the_notice_asks_for_is_known():
    assert code_table("person_status").resolve("交流轮岗到本校").code == "101"
