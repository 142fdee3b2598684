"""The real importer reads the made-up county back: true rows come out, spoilt ones are told."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from teacherreg import Registry
from teacherreg.conduct.open_matters import open_matters
from teacherreg.contradictions.questions import check
from teacherreg.database import create
from teacherreg.demo import DemoCounty, make_county
from teacherreg.demo.enrolment import EARLIER_YEARS
from teacherreg.demo.make import Population, populate
from teacherreg.development.hours import hours_of
from teacherreg.intake.apply import apply
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.plan import Plan, plan_import
from teacherreg.models import Attachment, EducationSession, Post, School, Teacher, TitleAward
from teacherreg.settings import Settings
from teacherreg.shipped import shipped
from teacherreg.titles.due import titles_due
from teacherreg.titles.duties import OWED

ON = date(2026, 9, 15)
TEACHERS, SEED = 1000, 3
REJECTING = {"id-as-number", "id-check-digit"}  # the row cannot be used
REPEATED = {"row-doubled", "two-schools"}

Imported = tuple[Engine, DemoCounty, dict[str, Plan]]


def import_all(engine: Engine, county: DemoCounty) -> dict[str, Plan]:
    with engine.connect() as connection:
        settings = Settings.read(connection)
    plans = {}
    for kind, paths in county.workbooks:
        plans[kind] = plan_import(engine, kind, paths, settings=settings, on=ON)
        apply(engine, plans[kind], by="demo")
    return plans


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("county")
    county = make_county(folder, teachers=TEACHERS, seed=SEED, on=ON)
    engine = create(folder / "registry.db", county.code, county.name)
    yield engine, county, import_all(engine, county)
    engine.dispose()


@pytest.fixture(scope="module")
def population() -> Population:
    return populate(TEACHERS, random.Random(SEED), SEED, ON)


def mistakes(county: DemoCounty, kind: str) -> Counter[str]:
    return Counter(fault.mistake for fault in county.faults if fault.kind == kind)


def test_only_spoilt_rows_are_rejected(imported: Imported, population: Population) -> None:
    _, county, plans = imported
    received = sum(stay["ends_on"] is None for stay in population.development.rotations)
    planted = mistakes(county, "teachers")
    repeated = sum(planted[name] for name in REPEATED)
    rejected = plans["teachers"].counts.rejected
    assert plans["teachers"].counts.read == TEACHERS + received + repeated
    assert sum(planted[name] for name in REJECTING) <= rejected
    assert rejected <= sum(planted[name] for name in (*REJECTING, "school-misspelt"))
    assert plans["schools"].counts.rejected == 0
    assert plans["titles"].counts.rejected < 0.03 * plans["titles"].counts.read
    assert plans["conduct"].counts.rejected < 0.03 * plans["conduct"].counts.read


def test_importing_the_county_again_changes_nothing(imported: Imported) -> None:
    engine, county, _ = imported
    for plan in import_all(engine, county).values():
        assert (plan.counts.added, plan.counts.changed) == (0, 0)


def test_what_was_true_is_what_the_registry_holds(
    imported: Imported, population: Population
) -> None:
    engine, county, _ = imported
    spoilt = {fault.staff_no for fault in county.faults}
    with engine.connect() as connection:
        rows = connection.execute(
            select(*Teacher.__table__.c, *Post.__table__.c, School.name.label("school"))  # type: ignore
            .join(Post, Post.teacher_id == Teacher.id)
            .join(School, School.id == Post.school_id)
            .where(Post.attachment == Attachment.HOME)
        ).mappings()
        held: dict[str, Any] = {row["staff_no"]: row for row in rows}
    for person in population.people:
        if person.staff_no in spoilt:
            continue
        row = held[person.staff_no]
        assert row["id_number"] == person.id_number
        assert row["birth_date"] == person.birth_date.isoformat()
        assert row["starts_on"] == person.school_joined_on
        expected = {
            "sex": person.sex,
            "ethnicity": person.ethnicity,
            "political_status": person.politics,
            "education": person.education,
            "professional_rank": person.rank,
            "staff_category": person.category,
            "status": person.status,
            "school": person.school,
            "stage": person.stage,
            "subject": person.subject,
            "work_started_on": person.work_started_on,
            "phone": person.phone,
        }
        assert {column: row[column] for column in expected} == expected


def test_names_come_back_without_the_clerks_spaces(
    imported: Imported, population: Population
) -> None:
    engine, _, _ = imported
    with engine.connect() as connection:
        rows = connection.execute(select(Teacher.staff_no, Teacher.name))
        names = {row.staff_no: row.name for row in rows}
    true_names = {person.staff_no: person.name for person in population.people}
    assert all(name == true_names[staff_no] for staff_no, name in names.items())


def test_lists_of_the_bureau_come_in_with_no_problem_of_their_own(imported: Imported) -> None:
    engine, county, plans = imported
    unknown = {fault.staff_no for fault in county.faults}  # who was rejected is not known later
    for kind in ("duties", "supervisors"):
        assert plans[kind].counts.rejected < 0.01 * plans[kind].counts.read + len(unknown)
    for kind in ("cases", "sessions"):
        assert plans[kind].counts.added == plans[kind].counts.read > 5
        assert not plans[kind].problems
    with engine.connect() as connection:
        tied = select(EducationSession.id).where(EducationSession.ethics_case_id.is_not(None))  # type: ignore[union-attr,call-overload]
        assert len(connection.execute(tied).all()) > 10


def test_posts_rotations_and_mentors_do_not_contradict_each_other(imported: Imported) -> None:
    engine, _, _ = imported
    codes = ("home-posts-overlap", "stage-not-of-school", "rotation-without-post")
    with engine.connect() as connection:
        settings = Settings.read(connection)
    found = check(engine, settings, ON, (*codes, "mentor-gone", "mentee-gone")).found
    assert [one.message for one in found] == []


def test_the_figure_of_past_years_is_known_and_titles_rise(imported: Imported) -> None:
    engine, _, _ = imported
    with Registry.open(engine.url.render_as_string(hide_password=False)) as registry:
        years = registry.coverage.trend(years=1 + EARLIER_YEARS, on=ON).years
    assert [year.reason for year in years] == [None] * (1 + EARLIER_YEARS)
    holders = [year.holders for year in years]
    assert holders == sorted(holders)
    assert holders[0] < holders[-1]
    missing = [year.missing for year in years]
    assert missing[0] > missing[-1] > 0
    assert len({year.students for year in years}) == len(years)


def test_titles_due_tell_what_is_short_and_leave_out_what_is_in_order(
    imported: Imported,
) -> None:
    engine, _, _ = imported
    with engine.connect() as connection:
        settings = Settings.read(connection)
        every = titles_due(connection, settings, 3, ON, hours_of, also_in_order=True)
        short = titles_due(connection, settings, 3, ON, hours_of)
    owed = {count.owed for due in every for count in due.duties if count.done}
    assert owed == set(OWED)
    assert 0 < len(short) <= len(every)


def test_things_to_mend_and_terms_that_end_are_open_in_conduct(imported: Imported) -> None:
    engine, _, _ = imported
    with engine.connect() as connection:
        matters = open_matters(connection, Settings.read(connection), ON)
    assert {item.is_overdue for item in matters.items} == {True, False}
    assert matters.terms
    assert matters.sessions_held > 0


def test_titles_in_force_are_those_of_the_county(
    imported: Imported, population: Population
) -> None:
    engine, county, plans = imported
    spoilt = mistakes(county, "titles").total() + plans["titles"].counts.rejected
    true = sum(award.is_held(ON) for award in population.awards)
    in_force = (
        select(TitleAward)
        .where(TitleAward.awarded_on <= ON)
        .where((TitleAward.term_ends_on >= ON) | TitleAward.term_ends_on.is_(None))
        .where((TitleAward.revoked_on > ON) | TitleAward.revoked_on.is_(None))
    )
    with engine.connect() as connection:
        held = len(connection.execute(in_force).all())
    assert true - spoilt <= held <= true


def test_the_samples_import(engine: Engine) -> None:
    folder: Path = shipped("data/samples")
    county = DemoCounty("640199", "青禾县", [(kind, [folder / f"{kind}.xlsx"]) for kind in KINDS])
    plans = import_all(engine, county)
    assert plans["schools"].counts.added == 6
    assert plans["teachers"].counts.read == 61
    assert plans["teachers"].counts.added == 58
    assert plans["teachers"].counts.rejected == 2
    assert plans["titles"].counts.rejected <= 3
    assert plans["conduct"].counts.rejected <= 3
    for kind in ("duties", "cases", "sessions", "supervisors"):
        assert plans[kind].counts.added > 0
        assert plans[kind].counts.rejected == 0
