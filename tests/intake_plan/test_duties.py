"""Duties of titles: what is new, what changes, what counts as one."""

from datetime import date

import pytest

ID_A = "640199198503150012"
LESSON = {
    "name": "张伟",
    "id_number": ID_A,
    "duty_kind": "demonstration_lesson",
    "done_on": date(2026, 4, 16),
    "theme": "单元整体教学",
}


@pytest.fixture
def people(county):
    county("teachers", [{"name": "张伟", "id_number": ID_A, "school_name": "青禾县第一小学"}])
    return county


def test_an_amount_that_nobody_wrote_is_one_and_a_later_row_corrects_it(people):
    people("duties", [LESSON])
    assert people.rows("duty") == [
        {
            "id": 1,
            "teacher_id": 1,
            "duty_kind": "demonstration_lesson",
            "done_on": date(2026, 4, 16),
            "amount": 1,
            "theme": "单元整体教学",
            "level": None,
            "organiser": None,
        }
    ]
    plan = people.plan("duties", [LESSON | {"amount": 2, "level": "county"}])
    assert [(change.old, change.new) for change in plan.changed()] == [
        ({"amount": 1, "level": None}, {"amount": 2, "level": "county"})
    ]
    assert people.plan("duties", [LESSON]).is_empty


def test_another_theme_day_or_kind_is_another(people):
    others = ({"theme": None}, {"done_on": date(2026, 4, 17)}, {"duty_kind": "lecture"})
    people("duties", [LESSON, *(LESSON | other for other in others)])
    assert len(people.rows("duty")) == 4
