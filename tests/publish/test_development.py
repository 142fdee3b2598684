"""Leaders see training, mentors and moves; what begins after the day is not there."""

import json

from tests.publish.conftest import Ask


def test_training_is_published_in_hours(ask: Ask) -> None:
    found = ask("staff", "SELECT name, school, project, hours, level, ends_on FROM training")
    one = "青禾县第一小学"
    assert found == [
        ("张伟", one, "2025 年县级研修", 72.0, "县级", "2025-07-20"),
        ("张伟", one, "2026 年县级研修", 4.5, "县级", "2026-09-01"),
        ("王芳", one, "2021 年县级研修", 72.0, "县级", "2021-12-31"),
    ]


def test_a_person_shows_the_hours_of_five_years(ask: Ask) -> None:
    found = ask("staff", "SELECT name, training_hours FROM teachers WHERE id IN (1, 6, 7)")
    assert found == [("张伟", 76.5), ("王芳", 0.0), ("李建国", 0.0)]  # 2021 is over


def test_both_of_a_pair_stand_with_their_schools(ask: Ask) -> None:
    found = ask(
        "staff",
        "SELECT name, school, mentee, mentee_school, studio, subject, starts_on, ends_on, aim"
        " FROM mentoring",
    )
    one, studio = (
        "青禾县第一小学",
        ("青禾语文名师工作室", "语文", "2025-09-01", None, "县级骨干教师"),
    )
    assert found == [
        ("张伟", one, "许诺", "河湾九年制学校", *studio),
        ("张伟", one, "王芳", one, *studio),
        ("李建国", one, "张伟", one, None, None, "2010-09-01", "2012-08-31", None),
    ]


def test_a_move_names_both_schools(ask: Ask) -> None:
    found = ask("staff", "SELECT name, from_school, to_school, rotation_kind FROM rotations")
    assert found == [("王芳", "青禾县第一小学", "沙沟小学", "对口支援")]


def test_each_table_leads_back_to_its_people(ask: Ask) -> None:
    for table, keys in (
        ("training", {"teacher_id"}),
        ("mentoring", {"teacher_id", "mentee_id"}),
        ("rotations", {"teacher_id"}),
    ):
        led = ask("staff", f"SELECT [from], [table] FROM pragma_foreign_key_list('{table}')")
        assert set(led) == {(key, "teachers") for key in keys}


def test_nothing_of_it_is_outside_the_leaders_file(published_once) -> None:  # type: ignore[no-untyped-def]
    public = [published_once / "overview.db", published_once / "conduct.db"]
    for path in public:
        assert "县级研修".encode() not in path.read_bytes()
        assert "名师工作室".encode() not in path.read_bytes()
    labels = json.loads((published_once / "labels.json").read_text(encoding="utf-8"))
    assert labels["staff"]["mentoring"]["columns"]["name"]["zh"] == "导师"
