"""Each full-time teacher is reached by a master teacher in the first way that applies."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import SQLModel

from teacherreg import database
from teacherreg.coverage import Coverage, Reach, UnknownDimensionError
from teacherreg.coverage.reach import PARTS, ReachCell
from teacherreg.errors import CoverageError, UsageError
from teacherreg.settings import Settings

from . import plain
from .conftest import IN_ORDER, County

DAY = date(2026, 9, 1)
WAYS = ("direct", "studio", "mentoring", "rotation", "group")
Ask = Callable[..., Coverage]


def told(cell: ReachCell) -> dict[str, int]:
    """The numbers that are not 0."""
    return {name: number for name, number in cell.numbers.items() if number}


def at(reach: Reach, **names: str | None) -> dict[str, int]:
    """The only cell that is named so."""
    (cell,) = [
        cell for cell in reach.cells if all(getattr(cell, key) == names[key] for key in names)
    ]
    return told(cell)


def test_a_teacher_counts_at_the_first_way_that_applies(ask: Ask, county: County) -> None:
    """One holder of mathematics at 甲校 reaches by every way; 孤校 has nobody."""
    first, point = county.school("甲校"), county.school("甲校教学点", parent_school_id=1)
    lone, visited = county.school("孤校"), county.school("乙校")
    master = county.teacher(first, subject="mathematics")
    county.title(master)
    direct = county.teacher(first, subject="mathematics")
    county.teacher(point, subject="mathematics")  # group
    county.teacher(visited, subject="mathematics")  # rotation
    in_studio = county.teacher(lone, subject="music")
    mentee = county.teacher(lone, subject="chinese")
    county.teacher(lone, subject="mathematics")  # none
    for member in (direct, in_studio):
        county.mentor(master, member, "名师工作室")
    for one in (direct, in_studio, mentee):
        county.mentor(master, one)
    county.rotate(master, first, visited, date(2026, 9, 1))
    reach = ask().reach(on=DAY)
    assert at(reach, school="甲校") == {"teachers": 2, "holders": 1, "direct": 1}
    assert at(reach, school="甲校教学点") == {"teachers": 1, "group": 1}
    assert at(reach, school="乙校") == {"teachers": 1, "rotation": 1}
    assert at(reach, school="孤校", subject="music") == {"teachers": 1, "studio": 1}
    assert at(reach, school="孤校", subject="chinese") == {"teachers": 1, "mentoring": 1}
    assert at(reach, school="孤校", subject="mathematics") == {"teachers": 1, "none": 1}
    assert reach.cells[0].subject == "mathematics"  # whom nobody reaches come first
    assert reach.cells[0].school == "孤校"
    assert reach.totals.numbers == {
        "teachers": 7, "holders": 1, "direct": 1, "studio": 1, "mentoring": 1, "rotation": 1,
        "group": 1, "none": 1,
    }  # fmt: skip
    (one,) = reach.masters.people
    assert (one.reached, one.ways) == (5, (1, 1, 1, 1, 1))
    assert one.schools == ("乙校", "孤校", "甲校", "甲校教学点")


def test_direct_asks_for_subject_school_and_stage(ask: Ask, county: County) -> None:
    both, other = county.school("九年一贯制学校"), county.school("乙校")
    county.title(county.teacher(both, "junior", subject="english"))
    county.teacher(both, "junior", subject="english")
    county.teacher(both, "junior", subject="music")
    county.teacher(both, "primary", subject="english")
    county.teacher(other, "junior", subject="english")
    reach = ask().reach(by="school", on=DAY)
    assert at(reach, school="九年一贯制学校") == {
        "teachers": 4, "holders": 1, "direct": 1, "none": 2,
    }  # fmt: skip
    assert at(reach, school="乙校") == {"teachers": 1, "none": 1}


def test_who_has_no_subject_is_reached_through_studio_and_mentor_only(
    ask: Ask, county: County
) -> None:
    school = county.school("甲校")
    master = county.teacher(school)
    county.title(master)
    mentee = county.teacher(school)
    county.teacher(school)
    for subject in ("other", "other"):
        county.teacher(school, subject=subject)
    county.title(county.teacher(school, subject="other"))
    county.mentor(master, mentee)
    reach = ask().reach(by="stage", on=DAY)
    assert told(reach.totals) == {"teachers": 6, "holders": 2, "mentoring": 1, "none": 3}
    assert reach.without_subject == 3


def test_a_title_must_be_held_and_a_pair_run_on_the_day(ask: Ask, county: County) -> None:
    school, other = county.school("甲校"), county.school("乙校")
    expired = county.teacher(school, subject="chinese")
    county.title(expired, term_ends_on=date(2026, 8, 31))
    master = county.teacher(other, subject="chinese")
    county.title(master)
    mentee = county.teacher(school, subject="chinese")
    county.mentor(expired, mentee)
    county.mentor(master, mentee, ends_on=date(2026, 9, 1))
    county.rotate(master, other, school, date(2025, 9, 1), date(2026, 8, 31))
    coverage = ask()
    assert told(coverage.reach(on=DAY).totals) == {
        "teachers": 3, "holders": 1, "mentoring": 1, "none": 1,
    }  # fmt: skip
    later = coverage.reach(on=date(2026, 9, 2))
    assert told(later.totals) == {"teachers": 3, "holders": 1, "none": 2}
    earlier = coverage.reach(on=date(2026, 8, 31))  # the rotation still runs, the title too
    assert told(earlier.totals) == {"teachers": 3, "holders": 2, "direct": 1}


def test_a_master_who_is_away_on_rotation_reaches_where_he_or_she_is(
    ask: Ask, county: County
) -> None:
    home, host = county.school("甲校"), county.school("乙校")
    away = county.teacher(home, subject="music", status="205")
    county.title(away)
    county.rotate(away, home, host, date(2026, 9, 1))
    gone = county.teacher(home, subject="music", status="301")
    county.title(gone)
    left = [county.teacher(home, subject="music"), county.teacher(host, subject="music")]
    county.mentor(gone, left[0])
    reach = ask().reach(by="school", on=DAY)
    assert at(reach, school="甲校") == {"teachers": 1, "none": 1}
    assert at(reach, school="乙校") == {"teachers": 1, "rotation": 1}
    assert [one.teacher_id for one in reach.masters.people] == [away]


def test_a_visiting_post_at_a_school_counts_as_rotation(ask: Ask, county: County) -> None:
    home, host = county.school("甲校"), county.school("乙校")
    master = county.teacher(home, subject="music")
    county.title(master)
    county.post(master, host, "junior", attachment="visiting", ends_on=DAY)
    county.teacher(host, subject="music")
    coverage = ask()
    assert at(coverage.reach(on=DAY), school="乙校") == {"teachers": 1, "rotation": 1}
    later = coverage.reach(on=date(2026, 9, 2))
    assert at(later, school="乙校") == {"teachers": 1, "none": 1}


def test_who_teaches_part_of_the_time_reaches_but_is_not_counted(ask: Ask, county: County) -> None:
    school = county.school("甲校")
    county.title(county.teacher(school, subject="music", is_full_time_teacher=False))
    county.teacher(school, subject="music", is_full_time_teacher=False)
    county.teacher(school, subject="music")
    assert told(ask().reach(on=DAY).totals) == {"teachers": 1, "direct": 1}


def test_a_group_is_whatever_has_the_same_head(ask: Ask, county: County) -> None:
    head = county.school("总校")
    branch = county.school("分校", parent_school_id=head)
    point = county.school("分校教学点", parent_school_id=branch)
    county.title(county.teacher(point, subject="music"))
    for school in (head, branch):
        county.teacher(school, subject="music")
    county.teacher(head, "junior", subject="music")
    assert told(ask().reach(on=DAY).totals) == {
        "teachers": 4, "holders": 1, "group": 2, "none": 1,
    }  # fmt: skip


def test_the_titles_that_count_can_be_chosen(ask: Ask, county: County) -> None:
    school = county.school("甲校")
    county.title(county.teacher(school, subject="music"), "subject_leader", level="province")
    county.title(county.teacher(school, subject="music"))
    coverage = ask()
    by_kind = coverage.reach(on=DAY, title_kinds=["学科带头人"])
    assert told(by_kind.totals) == {"teachers": 2, "holders": 1, "direct": 1}
    assert by_kind.standard.title_kinds == ("subject_leader",)
    by_level = coverage.reach(on=DAY, levels=["county"])
    assert [one.teacher_id for one in by_level.masters.people] == [2]
    with pytest.raises(UsageError):
        coverage.reach(levels=["星级"])
    with pytest.raises(UnknownDimensionError):
        coverage.reach(by="sex")
    with pytest.raises(CoverageError, match="counts no titles"):
        coverage.reach("quality-balance-2017-pe-art")


def test_an_empty_registry_has_nobody(ask: Ask) -> None:
    reach = ask().reach(on=DAY)
    assert (reach.cells, reach.masters.people) == ([], [])
    assert set(reach.totals.numbers.values()) == {0}


# --- a second, plain implementation -----------------------------------------------------------


SUBJECTS = ["music", "chinese", "other", None]
DAYS = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)]


@st.composite
def counties(draw: st.DrawFn) -> County:
    county = County()
    schools = draw(st.integers(1, 4))
    for number in range(schools):
        parent = draw(st.sampled_from([None, *range(1, number + 1)]))
        county.school(f"学校{number}", parent_school_id=parent)
    people = draw(st.integers(1, 8))
    for _ in range(people):
        home = draw(st.integers(1, schools))
        person = county.teacher(
            home,
            draw(st.sampled_from(["primary", "primary", "junior", None])),
            subject=draw(st.sampled_from(SUBJECTS)),
            is_full_time_teacher=draw(st.sampled_from([True, True, False])),
            status=draw(st.sampled_from(["100", "100", "100", "205", "301"])),
        )
        if draw(st.booleans()):
            county.title(person, term_ends_on=draw(st.sampled_from([None, *DAYS])))
        if draw(st.booleans()):
            county.post(
                person,
                draw(st.integers(1, schools)),
                "primary",
                subject=draw(st.sampled_from(SUBJECTS)),
                attachment="visiting",
                ends_on=draw(st.sampled_from([None, *DAYS])),
            )
        to = draw(st.integers(1, schools))
        if to != home and draw(st.booleans()):
            county.rotate(person, home, to, DAYS[0], draw(st.sampled_from([None, *DAYS])))
    pairs = st.tuples(st.integers(1, people), st.integers(1, people))
    for mentor, mentee in draw(st.sets(pairs, min_size=1, max_size=6)):
        if mentor != mentee:
            studio = draw(st.sampled_from([None, "工作室"]))
            ends_on = draw(st.sampled_from([None, None, *DAYS]))
            county.mentor(mentor, mentee, studio, starts_on=DAYS[0], ends_on=ends_on)
    return county


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    engine = database.make_engine(database.url_of("sqlite://"))
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        connection.execute(
            SQLModel.metadata.tables["county"].insert(), {"code": "640199", "name": "青禾县"}
        )
    yield engine
    engine.dispose()


@contextmanager
def holding(engine: Engine, county: County) -> Iterator[Coverage]:
    with engine.begin() as connection:
        county.write(connection)
    try:
        yield Coverage(engine, Settings({}))
    finally:
        with engine.begin() as connection:
            for name in reversed(IN_ORDER):
                connection.execute(SQLModel.metadata.tables[name].delete())


class Plain:
    """The same answer by loops: for each teacher, ask way by way."""

    def __init__(self, county: County, on: date) -> None:
        self.rows, self.on = county.rows, on
        self.place = {
            row["id"]: plain.place_of(row["id"], self.rows["post"], on)
            for row in self.rows["teacher"]
        }
        self.any_place = {row["id"]: self._any_place(row["id"]) for row in self.rows["teacher"]}
        self.masters = {
            row["teacher_id"]
            for row in self.rows["title_award"]
            if plain.is_held(row, on, count_expired=False)
            and (self.place[row["teacher_id"]] or self._is_here(row["teacher_id"]))
        }

    def _any_place(self, teacher: int) -> dict | None:  # type: ignore[type-arg]
        posts = [
            post | {"status": "100"} for post in self.rows["post"] if post["teacher_id"] == teacher
        ]
        return plain.place_of(teacher, posts, self.on)

    def _is_here(self, teacher: int) -> bool:
        post = self.any_place[teacher]
        return post is not None and self.rows["post"][post["id"] - 1]["status"] != "301"

    def _runs(self, row: dict) -> bool:  # type: ignore[type-arg]
        return plain.is_between(self.on, row["starts_on"], row["ends_on"])

    def head(self, school: int) -> int:
        parent = self.rows["school"][school - 1]["parent_school_id"]
        return school if parent is None else self.head(parent)

    def ways(self, master: int, teacher: int) -> set[str]:
        own, other = self.place[teacher], self.place[master]
        assert own is not None
        subject = (other or self.any_place[master])["subject"]  # type: ignore[index]
        is_same = subject == own["subject"] and subject in {"music", "chinese"}
        found = set()
        if other and is_same and own["stage"] == other["stage"] is not None:
            if own["school_id"] == other["school_id"]:
                found.add("direct")
            elif self.head(own["school_id"]) == self.head(other["school_id"]):
                found.add("group")
        for row in self.rows["mentoring"]:
            if (row["teacher_id"], row["mentee_id"]) == (master, teacher) and self._runs(row):
                found.add("studio" if row["studio"] else "mentoring")
        moves = [row["to_school_id"] for row in self.rows["rotation"]
                 if row["teacher_id"] == master and self._runs(row)]  # fmt: skip
        visits = [row["school_id"] for row in self.rows["post"]
                  if row["teacher_id"] == master and row["attachment"] == "visiting"
                  and self._runs(row)]  # fmt: skip
        if is_same and own["school_id"] in moves + visits:
            found.add("rotation")
        return found

    def part(self, teacher: int) -> str:
        if teacher in self.masters:
            return "holders"
        found = {way for master in self.masters for way in self.ways(master, teacher)}
        return next((way for way in WAYS if way in found), "none")

    def teachers(self) -> list[int]:
        return [who for who, post in self.place.items() if post and post["is_full_time_teacher"]]


@settings(max_examples=60)
@given(county=counties(), on=st.sampled_from(DAYS))
def test_reach_agrees_with_the_plain_way(shared: Engine, county: County, on: date) -> None:
    with holding(shared, county) as coverage:
        reach = coverage.reach(on=on)
        by_township = coverage.reach(by="township", on=on)
    expected = Plain(county, on)
    teachers = expected.teachers()
    parts = Counter(map(expected.part, teachers))
    assert reach.totals.numbers == {
        "teachers": len(teachers), **{part: parts[part] for part in PARTS},
    }  # fmt: skip
    places = Counter(
        (expected.place[who]["school_id"], expected.place[who]["stage"],  # type: ignore[index]
         expected.place[who]["subject"], expected.part(who)) for who in teachers  # type: ignore[index]
    )  # fmt: skip
    names = [row["name"] for row in county.rows["school"]]
    assert places == Counter(
        {
            (names.index(cell.school or "") + 1, cell.stage, cell.subject, part): number
            for cell in reach.cells
            for part, number in zip(PARTS, cell.parts, strict=True)
            if number
        }
    )
    for answer in (reach, by_township):  # every teacher is counted exactly once
        assert sum(cell.teachers for cell in answer.cells) == len(teachers)
        assert all(sum(cell.parts) == cell.teachers for cell in answer.cells)
    learners = [who for who in teachers if who not in expected.masters]
    for master in reach.masters.people:
        firsts = Counter(
            min(expected.ways(master.teacher_id, who), key=WAYS.index)
            for who in learners
            if expected.ways(master.teacher_id, who)
        )
        assert dict(zip(WAYS, master.ways, strict=True)) == {way: firsts[way] for way in WAYS}
        assert master.reached == sum(master.ways)
    assert {master.teacher_id for master in reach.masters.people} == expected.masters


def test_a_standard_within_reach_counts_leaders_of_the_subject_from_elsewhere(
    ask: Ask, county: County
) -> None:
    """A leader of mathematics at 甲校 mentors at 乙校; at 丙校 a leader of music does."""
    first, second, third = (
        county.school(name, {"primary": 200}) for name in ("甲校", "乙校", "丙校")
    )
    leader = county.teacher(first, subject="mathematics")
    county.title(leader, "subject_leader")
    for school in (first, second, third):
        county.teacher(school, subject="mathematics")
    county.mentor(leader, 3)  # at 乙校
    singer = county.teacher(first, subject="music")
    county.title(singer, "subject_leader")
    county.mentor(singer, 4)  # at 丙校: not of the subject
    coverage = ask()
    gaps = coverage.gaps("subject-leader-in-reach", on=DAY)
    found = {
        (cell.school, cell.holders, cell.visitors, cell.missing)
        for cell in gaps.cells
        if cell.subject == "mathematics"
    }
    assert found == {("甲校", 1, 0, 0), ("乙校", 1, 1, 0), ("丙校", 0, 0, 1)}
    assert gaps.totals.holders == 1  # the leader is one person, wherever he or she is felt
    with pytest.raises(CoverageError, match=r"(?i)cannot be foreseen"):
        coverage.forecast("subject-leader-in-reach", on=DAY)


IN_REACH = "subject-leader-in-reach"


def in_mathematics(coverage: Coverage) -> dict[str | None, tuple[int, int]]:
    """Who counts in mathematics at each school, and how many of them from elsewhere."""
    gaps = coverage.gaps(IN_REACH, on=DAY)
    return {
        cell.school: (cell.holders, cell.visitors)
        for cell in gaps.cells
        if cell.subject == "mathematics"
    }


def test_a_leader_counts_once_however_many_ways_lead_to_a_school(ask: Ask, county: County) -> None:
    """Mentor, in a studio, on rotation and in the group at once; 丙校 is of no group."""
    first = county.school("甲校", {"primary": 200})
    second = county.school("乙校", {"primary": 200, "junior": 200}, parent_school_id=first)
    third = county.school("丙校", {"primary": 200})
    leader = county.teacher(first, subject="mathematics")
    county.title(leader, "subject_leader")
    for stage in ("primary", "junior"):
        mentee = county.teacher(second, stage, subject="mathematics")
        county.mentor(leader, mentee)
        county.mentor(leader, mentee, "工作室")
    county.rotate(leader, first, second, DAY)
    county.teacher(third, subject="mathematics")
    assert in_mathematics(ask()) == {"甲校": (1, 0), "乙校": (1, 1), "丙校": (0, 0)}


def test_a_leader_who_is_away_leads_where_he_or_she_is_and_counts_nowhere_else(
    ask: Ask, county: County
) -> None:
    home, host = county.school("甲校", {"primary": 200}), county.school("乙校", {"primary": 200})
    away = county.teacher(home, subject="mathematics", status="205")
    gone = county.teacher(home, subject="mathematics", status="301")
    for leader in (away, gone):
        county.title(leader, "subject_leader")
        county.rotate(leader, home, host, DAY)
    for school in (home, host):
        county.teacher(school, subject="mathematics")
    assert in_mathematics(ask()) == {"甲校": (0, 0), "乙校": (1, 1)}


def test_only_the_stages_of_the_standard_are_led(ask: Ask, county: County) -> None:
    """The leader rotates into a school with a kindergarten, whose name comes before primary."""
    home, host = county.school("甲校", {"primary": 200}), county.school("乙校", {"primary": 200})
    leader = county.teacher(home, subject="mathematics")
    county.title(leader, "subject_leader")
    county.rotate(leader, home, host, DAY)
    for stage in ("kindergarten", "primary"):
        county.teacher(host, stage, subject="mathematics")
    assert in_mathematics(ask()) == {"甲校": (1, 0), "乙校": (1, 1)}


def test_schools_that_name_each_other_are_a_group(ask: Ask, county: County, engine: Engine) -> None:
    first = county.school("甲校", {"primary": 200})
    second = county.school("乙校", {"primary": 200}, parent_school_id=first)
    point = county.school("丙校", {"primary": 200}, parent_school_id=second)
    county.title(county.teacher(first, subject="mathematics"), "subject_leader")
    for school in (second, point):
        county.teacher(school, subject="mathematics")
    ask()
    with engine.begin() as connection:
        schools = SQLModel.metadata.tables["school"]
        ring = schools.update().where(schools.c.id == first).values(parent_school_id=second)
        connection.execute(ring)
    assert in_mathematics(Coverage(engine, Settings({}))) == {
        "甲校": (1, 0),
        "乙校": (1, 1),
        "丙校": (1, 1),
    }


def test_the_county_misses_as_many_however_its_persons_are_told_apart(
    ask: Ask, county: County
) -> None:
    home = county.school("甲校", {"primary": 200})
    host = county.school("乙校", {"primary": 200}, parent_school_id=home)
    county.title(county.teacher(home, subject="mathematics"), "subject_leader")
    county.teacher(host, subject="mathematics")
    coverage = ask()
    usual = coverage.gaps(IN_REACH, on=DAY).totals
    assert (usual.required, usual.holders, usual.missing) == (6, 1, 4)  # of 3 subjects at each
    for by in ("sex", "subject,sex", "level", "subject"):
        assert coverage.gaps(IN_REACH, by=by, on=DAY).totals == usual
