"""Rosters of teachers: who is who, what changes, and what a transfer leaves behind."""

from datetime import date

from teacherreg.intake.undo import undo

ZHANG = {"name": "张伟", "id_number": "640199198503150012", "sex": "1", "school_name": "青禾县第一小学",
         "subject": "mathematics", "professional_rank": "first_grade_teacher",
         "staff_category": "full_time_teacher", "school_joined_on": date(2010, 9, 1)}  # fmt: skip


def test_a_new_person_gets_a_post_from_the_day_of_joining_the_school(county):
    plan = county.plan("teachers", [ZHANG])
    assert plan.counts.to_document() == {
        "read": 1, "added": 1, "changed": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    batch = county("teachers", [ZHANG])
    assert batch.id == 2
    (teacher,) = county.rows("teacher")
    assert (teacher["name"], teacher["id_number"]) == ("张伟", "640199198503150012")
    (post,) = county.rows("post")
    assert post["stage"] == "primary"
    assert post["starts_on"] == date(2010, 9, 1)
    assert post["ends_on"] is None
    assert post["is_full_time_teacher"] is True
    assert (post["attachment"], post["status"]) == ("home", "100")


def test_undo(county):
    before = county.everything()
    batch = county("teachers", [ZHANG])
    undone = undo(county.engine, batch.id, by="tester")
    assert undone.rows == 2
    assert county.everything() == before
