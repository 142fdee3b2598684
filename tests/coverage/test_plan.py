"""Which moves close most of the gap, under the rules; small counties worked out by hand."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg.coverage import Coverage, Plan
from teacherreg.coverage.asked import Question
from teacherreg.coverage.distances import DistancesError, distances_of
from teacherreg.coverage.ground import ground_of
from teacherreg.coverage.moving import UnplannableError, _leaving
from teacherreg.coverage.standards import standard_of
from teacherreg.errors import UsageError
from teacherreg.settings import Settings

from .conftest import County

DAY = date(2026, 9, 1)
PE_ART = "quality-balance-2017-pe-art"
LONG_AGO = date(2018, 9, 1)  # eight years on the day; six make eligible

Ask = Callable[..., Coverage]


def holders(county: County, count: int, school: int, since: date | None = LONG_AGO) -> None:
    for _ in range(count):
        county.title(county.teacher(school, starts_on=since))


def ways(plan: Plan) -> list[tuple[str, str, str, float]]:
    return [(move.name, move.from_school, move.to_school, move.distance) for move in plan.moves]


def table(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = ["乡镇", "相邻乡镇", "公里"][: len(rows[0])]
    frame = pl.DataFrame(list(rows), dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_row_index("row", 2)


def test_a_surplus_fills_a_gap_and_who_came_first_goes_first(county: County, ask: Ask) -> None:
    rich = county.school("甲校", {"primary": 200}, township="城关镇")  # needs 2, has 4
    poor = county.school("乙校", {"primary": 300}, township="城关镇")  # needs 3, has 2
    for since in (2017, 2015, 2016, 2018):
        holders(county, 1, rich, date(since, 9, 1))
    holders(county, 2, poor)
    plan = ask().plan(on=DAY)
    assert ways(plan) == [("王2", "甲校", "乙校", 0)]
    assert (plan.moves[0].since, plan.moves[0].years) == (date(2015, 9, 1), 11)
    rows = plan.schools.to_polars().select(
        *("school", "holders_before", "holders_after", "missing_before", "missing_after")
    )
    assert rows.rows() == [("乙校", 2, 3, 1, 0), ("甲校", 4, 3, 0, 0)]
    assert (plan.totals["missing_before"], plan.totals["missing_after"]) == (1, 0)
    assert plan.bound.is_proved
    assert plan.bound.most_closed == 1


def test_only_who_is_eligible_moves(county: County, ask: Ask, engine: Engine) -> None:
    rich = county.school("甲校", {"primary": 100})  # needs 1, has 7
    poor = county.school("乙校", {"primary": 700})
    holders(county, 1, rich, date(2020, 9, 3))  # a day short of six years
    holders(county, 1, rich, None)
    county.title(county.teacher(rich, starts_on=LONG_AGO))  # 3: near retirement, see below
    county.title(county.teacher(rich, starts_on=LONG_AGO))  # 4: on rotation, see below
    visitor = county.teacher(rich, starts_on=LONG_AGO)
    county.title(visitor)
    county.post(visitor, poor, attachment="visiting", starts_on=LONG_AGO)
    county.title(county.teacher(rich, starts_on=LONG_AGO, is_full_time_teacher=False))
    holders(county, 1, rich, date(2020, 9, 2))  # 7: six years
    for person in county.rows["teacher"]:
        person |= {"sex": "1", "birth_date": "1985-05"}
    county.rows["teacher"][2]["birth_date"] = "1968-05"  # 60 in 2028, retires later that year
    coverage = ask()
    rotation = {"teacher_id": 4, "from_school_id": rich, "to_school_id": poor, "starts_on": DAY}
    with engine.begin() as connection:
        connection.execute(SQLModel.metadata.tables["rotation"].insert(), rotation)
    plan = coverage.plan(on=DAY)
    assert ways(plan) == [("王7", "甲校", "乙校", 1)]
    assert plan.standings == {
        "eligible": 1,
        "not_yet": 1,
        "near_retirement": 1,
        "away": 1,
        "unknown": 1,
        "other": 2,
    }


def test_the_shortest_ways_are_taken_for_all_together(county: County, ask: Ask) -> None:
    """Nearest first would send 甲 to 丙 (2 km) and 乙 to 丁 (30 km); 9 km in all are possible."""
    for name in ("甲", "乙"):
        holders(county, 2, county.school(f"{name}校", {"primary": 100}, township=f"{name}镇"))
    for name in ("丙", "丁"):
        county.school(f"{name}校", {"primary": 100}, township=f"{name}镇")
    distances = table(
        ("甲镇", "丙镇", "2"),
        ("甲镇", "丁镇", "4.5"),
        ("丙镇", "乙镇", "4.5"),
        ("乙镇", "丁镇", "30"),
    )
    plan = ask().plan(on=DAY, distances=distances)
    assert ways(plan) == [("王1", "甲校", "丁校", 4.5), ("王3", "乙校", "丙校", 4.5)]
    assert (plan.bound.distance, plan.bound.least_distance) == (9, 9)


def test_the_same_township_comes_before_a_neighbour_and_that_before_others(
    county: County, ask: Ask
) -> None:
    for township in ("远镇", "邻镇", "本镇"):
        holders(county, 2, county.school(f"{township}甲校", {"primary": 100}, township=township))
    county.school("缺校", {"primary": 300}, township="本镇")
    coverage = ask()
    neighbours = table(("本镇", "邻镇"))
    found = {
        most: coverage.plan(on=DAY, distances=neighbours, most_moves=most) for most in (1, 2, 3)
    }
    assert [
        sorted((move.from_school, move.distance) for move in plan.moves) for plan in found.values()
    ] == [
        [("本镇甲校", 0)],
        [("本镇甲校", 0), ("邻镇甲校", 1)],
        [("本镇甲校", 0), ("远镇甲校", 2), ("邻镇甲校", 1)],
    ]


def test_in_a_township_the_school_that_misses_most_gets_the_next(county: County, ask: Ask) -> None:
    holders(county, 4, county.school("甲校", {"primary": 100}))  # 3 to spare
    county.school("乙校", {"primary": 100}, township="乡")
    county.school("丙校", {"primary": 300}, township="乡")
    plan = ask().plan(on=DAY)
    assert [(place.school, place.missing_before, place.missing_after) for place in plan.places] == [
        ("丙校", 3, 1),
        ("乙校", 1, 0),
        ("甲校", 0, 0),
    ]


def test_of_a_township_each_school_keeps_what_it_needs(county: County, ask: Ask) -> None:
    """All of 甲 have been there longer than those of 乙, but 甲 has only one to spare."""
    holders(county, 2, county.school("甲校", {"primary": 100}, township="乡"), date(2010, 9, 1))
    holders(county, 3, county.school("乙校", {"primary": 100}, township="乡"))
    county.school("丙校", {"primary": 200}, township="乡")
    assert ways(ask().plan(on=DAY)) == [("王3", "乙校", "丙校", 0), ("王1", "甲校", "丙校", 0)]


def test_a_backbone_teacher_leaves_where_he_keeps_nobody_from_leaving(
    county: County, ask: Ask, engine: Engine
) -> None:
    """Of 甲 one may go, of 乙 too, but there only a backbone teacher, who came later."""
    for name, since in (("甲校", date(2010, 9, 1)), ("乙校", date(2012, 9, 1))):
        school = county.school(name, {"primary": 100}, township="乡")
        county.title(county.teacher(school, subject="music", starts_on=since))
        came = date(2011, 9, 1) if name == "甲校" else date(2025, 9, 1)
        county.teacher(school, subject="music", starts_on=came)
    ask()
    with engine.connect() as connection:
        ground = ground_of(connection, Question(standard_of(PE_ART), DAY))
    (places,) = ground.giving.values()
    leaving = _leaving(ground, places, backbone=1, others=1)
    assert {
        is_backbone: [person["name"] for person, _ in people]
        for is_backbone, people in leaving.items()
    } == {True: ["王3"], False: ["王2"]}


def test_nobody_changes_the_stage(county: County, ask: Ask) -> None:
    rich = county.school("甲校", {"primary": 100, "junior": 500})
    holders(county, 3, rich)
    plan = ask().plan(on=DAY)
    assert (plan.moves, plan.reason) == ([], "other-stages")
    assert [(limit.stage, limit.missing, limit.movable) for limit in plan.limits] == [
        ("primary", 0, 2),
        ("junior", 5, 0),
    ]


def test_a_fifth_of_those_who_move_are_backbone_teachers(county: County, ask: Ask) -> None:
    """Of six PE teachers to spare one is a backbone teacher, so that no more than five move."""
    rich = county.school("甲校", {"primary": 100})  # needs 1
    for _ in range(7):
        person = county.teacher(rich, subject="physical_education", starts_on=LONG_AGO)
    county.title(person)
    county.school("乙校", {"primary": 660})  # needs 6
    plan = ask().plan(PE_ART, on=DAY)
    assert len(plan.moves) == 5
    assert sum(move.is_backbone for move in plan.moves) == 1
    assert plan.bound.is_proved
    assert (plan.year.backbone.whole, plan.year.backbone.part) == (5, 1)
    assert plan.year.backbone.meets


def test_without_a_backbone_teacher_nobody_moves(county: County, ask: Ask) -> None:
    rich = county.school("甲校", {"primary": 100})
    for _ in range(3):
        county.teacher(rich, subject="music", starts_on=LONG_AGO)
    county.school("乙校", {"primary": 300})
    plan = ask().plan(PE_ART, on=DAY)
    assert (plan.moves, plan.reason) == ([], "no-backbone")


def test_how_many_more_must_move_is_told(county: County, ask: Ask) -> None:
    """Of 21 eligible on the eve 10 % are 3, and the plan moves 1."""
    rich = county.school("甲校", {"primary": 100})
    holders(county, 2, rich)
    for _ in range(19):
        county.teacher(rich, starts_on=LONG_AGO)
    county.school("乙校", {"primary": 100})
    year = ask().plan(on=DAY).year
    assert (year.moved.whole, year.moved.needed, year.moved.part, year.more) == (21, 3, 1, 2)


@pytest.mark.parametrize(
    ("reason", "students", "since"),
    [
        pytest.param("no-places", None, LONG_AGO, id="no students on file"),
        pytest.param("nothing-missing", (200, 0), LONG_AGO, id="nobody is missing"),
        pytest.param("no-surplus", (300, 300), LONG_AGO, id="all are short"),
        pytest.param("nobody-eligible", (100, 300), date(2024, 9, 1), id="all came lately"),
    ],
)
def test_why_nobody_moves_is_told(
    county: County, ask: Ask, reason: str, students: tuple[int, int] | None, since: date
) -> None:
    for place, name in enumerate(("甲校", "乙校")):
        school = county.school(name, {"primary": students[place]} if students else None)
        if place == 0:
            holders(county, 2, school, since)
    plan = ask().plan(on=DAY)
    assert (plan.moves, plan.reason) == ([], reason)
    assert plan.bound.is_proved
    assert plan.to_document()["reason"] == reason
    assert plan.to_polars().is_empty()


@pytest.mark.parametrize(
    "standard", ["subject-leader-in-reach", "ningxia-2027-county", "quality-balance-2017-rotation"]
)
def test_a_standard_that_no_move_helps_is_refused(county: County, ask: Ask, standard: str) -> None:
    with pytest.raises(UnplannableError):
        ask().plan(standard, on=DAY)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param([("东乡", "西乡", "x")], "distances-number", id="no number"),
        pytest.param([("东乡", "西乡", "-1")], "distances-number", id="negative"),
        pytest.param([("东乡", "西乡", "nan")], "distances-number", id="not a number"),
        pytest.param([("东乡", "西乡", "1e999999999")], "distances-number", id="without end"),
        pytest.param(
            [("东乡", "西乡", "1"), ("东乡", "南乡", None)], "distances-number", id="one lacks"
        ),
        pytest.param(
            [("东乡", "西乡", "1"), ("西乡", "东乡", "2")], "distances-twice", id="two lengths"
        ),
        pytest.param([("东乡", "东乡", "3")], "distances-same", id="to itself"),
        pytest.param([("东乡", "北乡", "3")], "distances-township", id="unknown"),
        pytest.param([("东乡", None, "3")], "distances-township", id="nothing"),
        pytest.param([(None, None, None)], "distances-empty", id="empty"),
    ],
)
def test_a_wrong_table_of_distances_is_refused(
    rows: list[tuple[str | None, ...]], code: str
) -> None:
    with pytest.raises(DistancesError) as refused:
        distances_of(table(*rows), ["东乡", "西乡", "南乡"])
    assert refused.value.code == code
    if "row" in refused.value.parameters:
        assert f"row {1 + len(rows)}" in str(refused.value)


def test_a_table_without_a_heading_is_refused() -> None:
    frame = pl.DataFrame({"row": [2], "东乡": ["东乡"], "西乡": ["西乡"]})
    with pytest.raises(DistancesError, match="heading"):
        distances_of(frame, ["东乡", "西乡"])


def test_a_way_that_nobody_told_is_longer_than_all_that_were() -> None:
    found = distances_of(
        table(("东 乡", "西乡", "１２.5"), ("东乡", "东乡", "0")), ["东乡", "西乡"]
    )
    assert found.between("西乡", "东乡") == 12_500
    assert found.between("东乡", "东乡") == 0
    assert found.between("东乡", "南乡") == found.between(None, None) == 13_500


def test_new_honours_go_below_the_floor_first_and_nowhere_in_vain(county: County, ask: Ask) -> None:
    """甲 needs 10 (floor 9) and has 8, 乙 needs 2 (floor 2) and has 1, 丙 needs 3 and has 3."""
    for name, students, held, others in (
        ("甲校", 1000, 8, 5),
        ("乙校", 200, 1, 5),
        ("丙校", 300, 3, 5),
        ("丁校", 200, 0, 1),  # one person to be honoured, who leaves one missing
    ):
        school = county.school(name, {"primary": students})
        county.holders(held, school)
        for _ in range(others):
            county.teacher(school)
    coverage = ask()
    found = {number: coverage.honours(number, on=DAY) for number in (1, 2, 3, 9)}
    assert {
        number: {place.unit.count.school: place.honours for place in answer.places}
        for number, answer in found.items()
    } == {
        1: {"丁校": 1},
        2: {"丁校": 1, "乙校": 1},
        3: {"丁校": 1, "乙校": 1, "甲校": 1},
        9: {"甲校": 2, "丁校": 1, "乙校": 1},
    }
    last = found[9]
    assert (last.placed, last.missing_before, last.missing_after, last.without) == (4, 5, 1, 1)
    assert (last.short_before, last.short_after) == (3, 1)


def test_the_settings_say_who_is_eligible(county: County, engine: Engine) -> None:
    rich = county.school("甲校", {"primary": 100})
    holders(county, 2, rich)
    county.school("乙校", {"primary": 100})
    with engine.begin() as connection:
        county.write(connection)
    moves = {
        years: len(Coverage(engine, Settings({"rotation.years_limit": years})).plan(on=DAY).moves)
        for years in (8, 9)
    }
    assert moves == {8: 1, 9: 0}


def test_no_honour_and_no_move_is_no_question(ask: Ask, county: County) -> None:
    coverage = ask()
    for number in (0, -3):
        with pytest.raises(UsageError):
            coverage.honours(number)
        with pytest.raises(UsageError):
            coverage.plan(most_moves=number)
