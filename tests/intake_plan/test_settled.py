"""Rows that say nothing new are parted off; what any other row asks for stays as it was."""

from datetime import date

import polars as pl
import pytest
from sqlalchemy import delete, insert

from teacherreg.intake import tables
from teacherreg.intake.plans import teachers
from teacherreg.intake.plans.teachers import ATTRIBUTES
from teacherreg.intake.tables import POST, TEACHER, fetch

ZHANG = {
    "name": "张伟",
    "id_number": "640199198503150012",
    "staff_no": "T1",
    "school_name": "青禾县第一小学",
    "subject": "mathematics",
    "staff_category": "full_time_teacher",
    "school_joined_on": date(2010, 9, 1),
}
LI = ZHANG | {"name": "李芳", "id_number": "640199199001020021", "staff_no": "T2"}
WANG = ZHANG | {"name": "王芳", "id_number": "640199197707070012", "staff_no": "T3"}


@pytest.fixture
def looked_at(monkeypatch):
    """Names of those whose rows the long way looked at, plan by plan."""
    seen = []
    group_rows = teachers.group_rows

    def spy(rows, faults):
        seen.append(rows["name"].to_list())
        return group_rows(rows, faults)

    monkeypatch.setattr(teachers, "group_rows", spy)
    return seen


def test_only_the_rows_that_say_something_new_are_looked_at(county, looked_at):
    county("teachers", [ZHANG, LI, WANG])
    plan = county.plan("teachers", [ZHANG, LI | {"phone": "13900005678"}, WANG])
    assert looked_at == [["张伟", "李芳", "王芳"], ["李芳"]]
    assert (plan.counts.changed, plan.counts.unchanged) == (1, 2)
    assert [(change.who, change.new) for change in plan.changed()] == [
        ("李芳", {"phone": "13900005678"})
    ]


@pytest.mark.parametrize(
    "news",
    [
        *({name: "9"} for name in ATTRIBUTES if name not in ("name", "id_number", "staff_no")),
        {"name": "李方"},
        {"staff_no": "T9"},
        {"school_name": "青禾县第二小学"},
        {"stage": "junior"},
        {"subject": "chinese"},
        {"professional_rank": "senior_teacher"},
        {"staff_category": "workman"},
        {"is_full_time_teacher": False},
        {"status": "200"},
        {"school_joined_on": date(2011, 9, 1)},
        {"unmapped": '{"备注":"返聘"}'},
    ],
    ids=lambda news: next(iter(news)),
)
def test_a_row_with_any_news_is_looked_at(county, looked_at, news):
    if "birth_date" in news:
        news = {"birth_date": "1990-01-03"}
    if "work_started_on" in news:
        news = {"work_started_on": date(2009, 1, 1)}
    if "party_joined_on" in news:
        news = {"party_joined_on": date(2008, 7, 1)}
    county("teachers", [ZHANG, LI])
    county.plan("teachers", [ZHANG, LI | news])
    assert looked_at[-1] == [news.get("name", "李芳")]


def test_columns_that_nobody_knows_are_no_news_where_they_say_what_is_kept(county, looked_at):
    aside = {"unmapped": '{"备注":"返聘","特长":"书法"}'}
    county("teachers", [ZHANG | aside, LI])
    county.plan("teachers", [ZHANG | aside, LI])
    assert looked_at == [["张伟", "李芳"]]
    plan = county.plan("teachers", [ZHANG | {"unmapped": '{"备注":"离岗"}'}, LI | aside])
    assert looked_at[-1] == ["张伟", "李芳"]
    assert [change.new for change in plan.changed()] == [
        {"unmapped": {"备注": "离岗", "特长": "书法"}},
        {"unmapped": {"备注": "返聘", "特长": "书法"}},
    ]


def test_rows_are_looked_at_together_where_one_has_no_id_number(county, looked_at):
    county("teachers", [ZHANG, LI])
    plan = county.plan("teachers", [ZHANG, LI | {"id_number": None}])
    assert looked_at[-1] == ["张伟", "李芳"]
    assert plan.is_empty


def test_a_staff_number_stays_with_the_one_whose_row_says_nothing_new(county, codes):
    county("teachers", [ZHANG, LI])
    plan = county.plan("teachers", [ZHANG | {"staff_no": None}, LI | {"staff_no": "T1"}])
    assert codes(plan) == [(3, "numbers-disagree")]


def test_whoever_is_listed_without_news_is_not_missing_from_a_complete_roster(county):
    county("teachers", [ZHANG, LI, WANG], on=date(2025, 9, 1))
    rows = [ZHANG, LI | {"phone": "13900005678"}]
    plan = county.plan("teachers", rows, full=True)
    assert [departure.name for departure in plan.departures] == ["王芳"]


def test_somebody_with_a_second_post_is_looked_at(county, looked_at):
    visit = {"school_name": "青禾县第二小学"}
    county("teachers", [ZHANG, ZHANG | visit, LI])
    county.plan("teachers", [ZHANG, LI])
    assert looked_at[-1] == ["张伟"]


def test_all_rows_of_a_table_are_read_however_their_numbers_lie(county, monkeypatch):
    """Quotes, line breaks, empty cells and gaps wider than what is read at once."""
    names = ['"', "\\", "a\nb", "𠮷", "张伟", "{}", "[]", "\x1f", "李芳"]
    with county.engine.begin() as connection:
        connection.execute(delete(TEACHER))
        rows = [{"id": 10 * place + 5, "name": name} for place, name in enumerate(names)]
        rows[3]["phone"] = "13900005678"
        rows[4]["unmapped"] = {"备注": '"返聘"'}
        for row in rows:
            connection.execute(insert(TEACHER), [row])
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 2)
    with county.engine.connect() as connection:
        read = fetch(connection, TEACHER.c)
        none = fetch(connection, POST.c)
    assert read["name"].to_list() == names
    assert read["id"].to_list() == list(range(5, 95, 10))
    assert read["phone"].to_list() == [None] * 3 + ["13900005678"] + [None] * 5
    assert read["unmapped"].drop_nulls().str.json_path_match("$.备注").to_list() == ['"返聘"']
    assert (none.height, none.schema["is_full_time_teacher"]) == (0, pl.Boolean())
