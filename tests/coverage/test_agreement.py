"""On random small counties the program and a second, plain implementation agree."""

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.coverage import Coverage, Gaps
from teacherreg.coverage.equity_rows import BestMove
from teacherreg.settings import Settings

from . import plain
from .conftest import IN_ORDER, County

DAYS = [date(2025, 8, 31), date(2025, 9, 1), date(2026, 8, 31), date(2026, 9, 1)]
YEARS = ["2024-2025", "2025-2026", "2026-2027"]
STAGES = ["primary", "junior"]
DIMENSIONS = ("school", "stage", "township", "locality", "subject")
GROUPINGS = [*combinations(DIMENSIONS, 1), *combinations(DIMENSIONS, 2), DIMENSIONS[:3]]

OF_PERSONS = [
    *combinations(("level", "title_kind", "party", "sex", "age_band", "rank"), 1),
    ("level", "title_kind"),
    ("school", "stage", "level"),
    ("township", "sex", "subject"),
    ("age_band", "level", "rank"),
]

days = st.sampled_from([None, *DAYS])
in_order = st.tuples(days, days).filter(
    lambda pair: None in pair or pair[0] <= pair[1]  # type: ignore[operator]
)


@st.composite
def counties(draw: st.DrawFn) -> County:
    county = County()
    for number in range(draw(st.integers(1, 4))):
        school = county.school(
            f"学校{number}",
            school_type=draw(
                st.sampled_from(["primary_school", "teaching_point", "special_school", None])
            ),
            township=draw(st.sampled_from(["东乡", "西乡", None])),
            locality=draw(st.sampled_from(["city", "rural", None])),
            parent_school_id=draw(st.sampled_from([None, 1])) if number else None,
        )
        for year in draw(st.sets(st.sampled_from(YEARS))):
            for stage in draw(st.sets(st.sampled_from([*STAGES, "senior"]))):
                students = draw(st.sampled_from([0, 1, 25, 49, 50, 99, 100, 101, 240, 1000]))
                county.enrol(school, stage, students, year)
    for _ in range(draw(st.integers(0, 6))):
        add_teacher(draw, county)
    return county


def add_teacher(draw: st.DrawFn, county: County) -> None:
    teacher = county.person(
        county.teacher(),
        sex=draw(st.sampled_from(["1", "2", None])),
        birth_date=draw(st.sampled_from(["1996-09-01", "1996-09-02", "1965-10", "2001-09", None])),
        political_status=draw(st.sampled_from(["01", "02", "13", None])),
        education=draw(st.sampled_from(["21", "31", "32", "41", None])),
    )
    for hours in draw(st.sampled_from([(), (359,), (360,), (200, 160)])):
        county.train(teacher, hours, draw(st.sampled_from([*DAYS, date(2021, 12, 31)])))
    has_open_home = False
    for _ in range(draw(st.integers(0, 3))):
        starts_on, ends_on = draw(in_order)
        attachment = draw(st.sampled_from(["home", "home", "visiting"]))
        if attachment == "home" and ends_on is None:
            if has_open_home:  # the registry holds at most one
                continue
            has_open_home = True
        county.post(
            teacher,
            draw(st.integers(1, len(county.rows["school"]))),
            draw(st.sampled_from([*STAGES, *STAGES, "senior", None])),
            subject=draw(st.sampled_from(["chinese", "music", None])),
            professional_rank=draw(st.sampled_from(["senior_teacher", None])),
            is_full_time_teacher=draw(st.booleans()),
            attachment=attachment,
            status=draw(st.sampled_from(["100", "100", "101", "205", "301"])),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    kinds = st.sampled_from(["backbone_teacher", "subject_leader", "rising_teacher"])
    for kind in draw(st.lists(kinds, max_size=2, unique=True)):
        awarded_on, ends_on = draw(in_order)
        later = [day for day in DAYS if awarded_on is None or day >= awarded_on]
        county.title(
            teacher,
            kind,
            level=draw(
                st.sampled_from(["county", "county", "prefecture", "province", "school", None])
            ),
            awarded_on=awarded_on,
            term_ends_on=ends_on,
            revoked_on=draw(st.sampled_from([None, None, *later])),
        )


@st.composite
def crowded(draw: st.DrawFn) -> County:
    """A county whose people nearly all serve, each with much that a standard may ask."""
    county = County()
    for number in range(3):
        school = county.school(
            f"学校{number}",
            school_type=draw(st.sampled_from(["primary_school", "teaching_point", None])),
            township="东乡",
            locality=draw(st.sampled_from(["rural", "rural", "city"])),
        )
        for stage in ("primary", *(["junior"] if draw(st.booleans()) else [])):
            county.enrol(school, stage, draw(st.sampled_from([49, 50, 60, 99, 240])), YEARS[0])
    for _ in range(draw(st.integers(5, 9))):
        teacher = county.person(
            county.teacher(),
            sex=draw(st.sampled_from(["1", "2", None])),
            birth_date=draw(st.sampled_from(["1996-09-01", "1996-09-02", "1965-10", "2001-09"])),
            political_status=draw(st.sampled_from(["01", "02", "13", None])),
            education=draw(st.sampled_from(["21", "31", "32", "41", None])),
        )
        subject = draw(st.sampled_from(["chinese", "mathematics", "music", "music"]))
        home, away = draw(st.integers(1, 3)), draw(st.sampled_from([1, 2, 3, None, None]))
        county.post(
            teacher,
            home,
            draw(st.sampled_from([*STAGES, "primary", "senior"])),
            subject=subject,
            is_full_time_teacher=draw(st.sampled_from([True, True, False])),
            professional_rank=draw(st.sampled_from(["senior_teacher", None])),
        )
        if away:
            county.post(teacher, away, "primary", subject=subject, attachment="visiting",
                        is_full_time_teacher=False)  # fmt: skip
        kinds = st.sampled_from(["backbone_teacher", "subject_leader", "rising_teacher"])
        for kind in draw(st.lists(kinds, max_size=2, unique=True)):
            level = draw(st.sampled_from(["county", "prefecture", "province", "school"]))
            county.title(teacher, kind, level=level)
        for hours, year in draw(st.sampled_from(HOURS)):
            county.train(teacher, hours, date(year, 1, 1))
    return county


# Just enough, one short, in two parts, just too old on the days of 2026.
HOURS = [(), ((360, 2025),), ((359, 2025),), ((200, 2022), (160, 2024)), ((360, 2021),)]


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    """One database for all random counties: making one takes longer than asking."""
    engine = database.make_engine(database.url_of("sqlite://"))
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        connection.execute(
            SQLModel.metadata.tables["county"].insert(), {"code": "640199", "name": "青禾县"}
        )
    yield engine
    engine.dispose()


@contextmanager
def holding(engine: Engine, county: County) -> Iterator[Engine]:
    with engine.begin() as connection:
        county.write(connection)
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            for name in reversed(IN_ORDER):
                table = SQLModel.metadata.tables[name]
                if name == "school":
                    connection.execute(table.update().values(parent_school_id=None))
                connection.execute(table.delete())


thorough = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
patient = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(county=counties(), on=st.sampled_from(DAYS), by=st.sampled_from(GROUPINGS))
def test_every_grouping_agrees(
    shared: Engine, county: County, on: date, by: tuple[str, ...]
) -> None:
    with holding(shared, county) as engine:
        gaps = Coverage(engine, Settings({})).gaps(by=by, on=on)
    units = plain.units_of(county, on)
    expected: dict[tuple[Any, ...], dict[str, int]] = (
        plain.by_subject(county, on, units, by) if "subject" in by else plain.grouped(units, by)
    )
    found = {tuple(getattr(cell, name) for name in by): cell for cell in gaps.cells}
    assert len(found) == len(gaps.cells)
    assert {
        key: {name: getattr(cell, name) for name in expected[key]} for key, cell in found.items()
    } == expected
    assert gaps.totals.missing == sum(unit["missing"] for unit in units)
    assert gaps.totals.holders == sum(unit["holders"] for unit in units)
    if by == ("school", "stage"):
        reasons = {(unit["school"], unit["stage"]): unit["outside"] for unit in units}
        assert {key: cell.outside for key, cell in found.items()} == reasons


@thorough
@given(county=crowded(), on=st.sampled_from(DAYS))
def test_every_standard_agrees(shared: Engine, county: County, on: date) -> None:
    compare_all(shared, county, on)


@thorough
@given(county=counties(), on=st.sampled_from(DAYS))
def test_every_standard_agrees_on_odd_rows(shared: Engine, county: County, on: date) -> None:
    compare_all(shared, county, on)


def compare_all(shared: Engine, county: County, on: date) -> None:
    """Ask for every standard, by its unit and for the whole county."""
    with holding(shared, county) as engine:
        coverage = Coverage(engine, Settings({}))
        answers = {name: coverage.gaps(name, on=on) for name in plain.RULES}
        wholes = {name: coverage.gaps(name, by="county", on=on) for name in plain.RULES}
    for name, gaps in answers.items():
        units = plain.judged(county, on, name)
        assert gaps.by == plain.RULES[name]["unit"]
        compare(gaps, units)
        for answer in (gaps, wholes[name]):
            assert answer.totals == gaps.totals
            assert answer.totals.missing == sum(unit["missing"] for unit in units.values())
            assert answer.totals.required == sum(cell.required or 0 for cell in answer.cells)
            assert answer.totals.holders == sum(
                cell.holders - cell.visitors for cell in answer.cells
            )


def compare(gaps: Gaps, units: dict[tuple[Any, ...], plain.Unit]) -> None:
    """Hold the cells against units; what stands outside has no ``holders`` there."""
    found = {tuple(getattr(cell, part) for part in gaps.by): cell for cell in gaps.cells}
    assert len(found) == len(gaps.cells)
    assert {key: cell.required for key, cell in found.items()} == {
        key: unit["required"] for key, unit in units.items()
    }
    for key, cell in found.items():
        unit = units[key]
        assert bool(cell.outside) is ("holders" not in unit)
        if cell.outside:
            continue
        names = ("teachers", "holders", "visitors", "missing", "missing_to_floor")
        assert {part: getattr(cell, part) for part in names} == {part: unit[part] for part in names}
        assert cell.students == sum(unit["students"].values())
        assert cell.meets is (unit["missing"] == 0)


@thorough
@given(county=crowded(), on=st.sampled_from(DAYS))
def test_persons_are_told_apart_as_they_are(shared: Engine, county: County, on: date) -> None:
    with holding(shared, county) as engine:
        coverage = Coverage(engine, Settings({}))
        usual = coverage.gaps(on=on)
        answers = {by: coverage.gaps(by=by, on=on) for by in OF_PERSONS}
    for by, gaps in answers.items():
        found = {tuple(getattr(cell, name) for name in by): cell for cell in gaps.cells}
        assert len(found) == len(gaps.cells)
        assert {
            key: {"teachers": cell.teachers, "holders": cell.holders} for key, cell in found.items()
        } == plain.by_persons(county, on, usual.standard.id, by)
        assert {cell.required for cell in gaps.cells} <= {None}
        assert gaps.totals == usual.totals


@patient
@given(county=counties(), on=st.sampled_from(DAYS))
def test_expired_titles_agree_where_they_count(shared: Engine, county: County, on: date) -> None:
    with holding(shared, county) as engine:
        gaps = Coverage(engine, Settings({"titles.count_expired": True})).gaps(on=on)
    units = plain.units_of(county, on, count_expired=True)
    assert sorted((cell.school, cell.stage, cell.holders) for cell in gaps.cells) == sorted(
        (unit["school"], unit["stage"], unit["holders"]) for unit in units
    )


@patient
@given(county=counties(), on=st.sampled_from(DAYS))
def test_equity_agrees(shared: Engine, county: County, on: date) -> None:
    with holding(shared, county) as engine:
        equity = Coverage(engine, Settings({})).equity(on=on)
    units = plain.units_of(county, on)
    for row in equity.indicators:
        square = plain.squared_cv(units, row.stage)
        if square is None:
            assert (row.cv, row.meets) == (None, None)
            assert row.reason is not None
        else:
            assert row.cv == pytest.approx(math.sqrt(square), abs=1e-12)
            assert row.meets is (square <= {"primary": 1, "junior": 0.81}[row.stage] / 4)


@st.composite
def uneven_counties(draw: st.DrawFn) -> County:
    """Schools with pupils, most of them with holders: a few of the counties above have any."""
    county = County()
    for number in range(draw(st.integers(2, 5))):
        stages = draw(st.sets(st.sampled_from(STAGES), min_size=1))
        pupils = {stage: draw(st.sampled_from([20, 60, 100, 240, 1000])) for stage in stages}
        school = county.school(f"学校{number}", pupils, parent_school_id=1 if number else None)
        for stage in sorted(stages):
            county.holders(draw(st.integers(0, 4)), school, stage)
    return county


@patient
@given(county=uneven_counties(), on=st.just(DAYS[-1]))
def test_what_explains_equity_agrees(shared: Engine, county: County, on: date) -> None:
    with holding(shared, county) as engine:
        equity = Coverage(engine, Settings({})).equity(on=on)
    units = plain.units_of(county, on)
    added = equity.contributions().rows
    for move in equity.best_moves().rows:
        assert isinstance(move, BestMove)
        squares = plain.squares(units, move.stage) or {}
        whole = plain.squared_cv(units, move.stage)
        assert move.squared_before == whole
        after = whole if move.squared_after is None else move.squared_after
        assert after == plain.best_square(units, move.stage)
        shares = {row.school: row.share for row in added if row.stage == move.stage}  # type: ignore[union-attr]
        assert shares == {
            school: square / whole if whole else None for school, square in squares.items()
        }
        assert not whole or sum(shares.values()) == 1  # type: ignore[arg-type]


@patient
@given(county=counties(), on=st.sampled_from(DAYS), seed=st.integers())
def test_the_order_of_rows_never_matters(
    shared: Engine, county: County, on: date, seed: int
) -> None:
    shuffled = {name: list(rows) for name, rows in county.rows.items()}
    for name, rows in shuffled.items():
        if name != "school":  # a parent school stands before its points
            random.Random(seed).shuffle(rows)
    with holding(shared, county) as engine:
        first = [
            Coverage(engine, Settings({})).gaps(by=by, on=on) for by in ("school,stage", "subject")
        ]
    with holding(shared, replace(county, rows=shuffled)) as engine:
        second = [
            Coverage(engine, Settings({})).gaps(by=by, on=on) for by in ("school,stage", "subject")
        ]
    assert [gaps.to_document() for gaps in first] == [gaps.to_document() for gaps in second]


@patient
@given(county=counties(), on=st.sampled_from(DAYS), data=st.data())
def test_adding_a_holder_never_raises_a_gap(
    shared: Engine, county: County, on: date, data: st.DataObject
) -> None:
    with holding(shared, county) as engine:
        before = Coverage(engine, Settings({})).gaps(on=on)
    school = data.draw(st.integers(1, len(county.rows["school"])))
    county.title(county.teacher(school, data.draw(st.sampled_from(STAGES))))
    with holding(shared, county) as engine:
        after = Coverage(engine, Settings({})).gaps(on=on)
    missing = {(cell.school, cell.stage): cell.missing for cell in before.cells}
    for cell in after.cells:
        assert (cell.missing or 0) <= (missing.get((cell.school, cell.stage)) or 0)
    assert before.totals.missing - 1 <= after.totals.missing <= before.totals.missing
    assert after.totals.holders == before.totals.holders + 1
