"""Posts, mentors and rotations that contradict each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from teacherreg.codes import code_table
from teacherreg.contradictions.answer import Found
from teacherreg.contradictions.ground import POST, SCHOOL, Ground, table
from teacherreg.eligibility.answer import Word
from teacherreg.models import Attachment

MENTORING, ROTATION, SCHOOL_STAGE = table("mentoring"), table("rotation"), table("school_stage")


def home_posts_overlap(ground: Ground) -> Iterator[Found]:
    """Find people with two home posts at once."""
    one, other = POST.alias("one"), POST.alias("other")
    school, other_school = SCHOOL.alias("school_of_one"), SCHOOL.alias("school_of_other")
    asked = (
        select(
            one.c.teacher_id,
            one.c.id,
            other.c.id.label("other"),
            school.c.name,
            other_school.c.name.label("other_name"),
        )
        .join(other, and_(one.c.teacher_id == other.c.teacher_id, one.c.id < other.c.id))
        .join(school, school.c.id == one.c.school_id)
        .join(other_school, other_school.c.id == other.c.school_id)
        .where(
            one.c.attachment == Attachment.HOME.value,
            other.c.attachment == Attachment.HOME.value,
            _by(one.c.starts_on, ground.on),
            _by(other.c.starts_on, ground.on),
            _by(one.c.starts_on, other.c.ends_on),
            _by(other.c.starts_on, one.c.ends_on),
        )
    )
    for row in ground.connection.execute(asked):
        records = (("post", row.id), ("post", row.other))
        named = {"school": row.name, "other": row.other_name}
        yield Found("home-posts-overlap", row.teacher_id, records, named)


def _by(first: ColumnElement[Any], last: ColumnElement[Any] | date) -> ColumnElement[bool]:
    """Say that a first day is not after a last one; where either is open, it is not."""
    if isinstance(last, date):
        return or_(first.is_(None), first <= last)
    return or_(first.is_(None), last.is_(None), first <= last)


def outside_stages(ground: Ground) -> Iterator[Found]:
    """Find posts of the day in a stage that their school does not teach."""
    stages = _stages(ground)
    asked = (
        select(POST.c.id, POST.c.teacher_id, POST.c.school_id, POST.c.stage, SCHOOL.c.name)
        .join(SCHOOL, SCHOOL.c.id == POST.c.school_id)
        .where(POST.c.stage.is_not(None), *ground.lasts(POST.c.starts_on, POST.c.ends_on))
    )
    for row in ground.connection.execute(asked):
        known = stages.get(row.school_id)
        if known and row.stage not in known:
            named = {"school": row.name, "stage": Word("stages", row.stage)}
            yield Found("stage-not-of-school", row.teacher_id, (("post", row.id),), named)


def _stages(ground: Ground) -> Mapping[int, set[str]]:
    """Give the stages of each school: those on file, else those of its type."""
    stages: defaultdict[int, set[str]] = defaultdict(set)
    asked = select(SCHOOL_STAGE.c.school_id, SCHOOL_STAGE.c.stage)
    for school, stage in ground.connection.execute(asked):
        stages[school].add(stage)
    types = code_table("school_types")
    for school, kind in ground.connection.execute(select(SCHOOL.c.id, SCHOOL.c.school_type)):
        if school not in stages and kind in types and types.value(kind, "stages"):
            stages[school] = set(types.value(kind, "stages").split(";"))
    return stages


def mentor_gone(ground: Ground) -> Iterator[Found]:
    """Find mentorings that go on though the mentor is gone."""
    for row in _mentorings(ground):
        if row.teacher_id in ground.gone:
            yield Found("mentor-gone", row.teacher_id, (("mentoring", row.id),))


def mentee_gone(ground: Ground) -> Iterator[Found]:
    """Find mentorings that go on though the mentee is gone."""
    for row in _mentorings(ground):
        if row.mentee_id in ground.gone:
            yield Found("mentee-gone", row.mentee_id, (("mentoring", row.id),))


def _mentorings(ground: Ground) -> Iterator[Any]:
    asked = select(MENTORING.c.id, MENTORING.c.teacher_id, MENTORING.c.mentee_id)
    going_on = ground.lasts(MENTORING.c.starts_on, MENTORING.c.ends_on)
    yield from ground.connection.execute(asked.where(*going_on))


def rotation_without_post(ground: Ground) -> Iterator[Found]:
    """Find rotations that run on the day, of people who have no post at the other school.

    What is over is left alone: a roster of today cannot mend it, and the registry may have
    begun later.
    """
    there = exists().where(
        POST.c.teacher_id == ROTATION.c.teacher_id,
        POST.c.school_id == ROTATION.c.to_school_id,
        *ground.lasts(POST.c.starts_on, POST.c.ends_on),
    )
    asked = (
        select(ROTATION.c.id, ROTATION.c.teacher_id, ROTATION.c.starts_on, SCHOOL.c.name)
        .join(SCHOOL, SCHOOL.c.id == ROTATION.c.to_school_id)
        .where(*ground.lasts(ROTATION.c.starts_on, ROTATION.c.ends_on), ~there)
    )
    for row in ground.connection.execute(asked):
        named = {"school": row.name, "starts_on": row.starts_on}
        yield Found("rotation-without-post", row.teacher_id, (("rotation", row.id),), named)
