"""Leaders within reach (示范带动), as a part of the one statement: no pairs of persons.

The ways are those of `teacherreg.coverage.reached`, which names the persons: studio and
mentoring, rotation and visiting, the school group. Here it only matters which leader reaches
anybody of his or her own subject at which school, so places are joined and not persons.
"""

from typing import Any, Final, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    and_,
    cast,
    func,
    not_,
    null,
    or_,
    select,
    union,
    union_all,
)

from teacherreg.codes import code_table
from teacherreg.coverage.asked import Question
from teacherreg.coverage.tables import MENTORING, ROTATION, SCHOOL
from teacherreg.models import Attachment
from teacherreg.posts import POST, post_of_the_day

Rows: TypeAlias = "Select[*tuple[Any, ...]]"

LEARNERS: Final = "learners"
NO_SUBJECT: Final = ("other", "none")  # two who teach "other" need not teach the same


def is_learner(staff: FromClause) -> ColumnElement[bool]:
    """Tell whether somebody of the staff can be led: a full-time teacher who is no leader."""
    return and_(staff.c.is_full_time_teacher, not_(staff.c.is_counted))


def leaders_elsewhere(
    question: Question, staff: FromClause, people: FromClause, titled: Rows
) -> Rows:
    """Name who reaches a school's teachers of his or her own subject from elsewhere.

    Args:
        question: The day, and the standard: its subjects matter.
        staff: Everybody in service once: ``teacher_id``, ``school_id``, ``stage``,
            ``subject``, ``is_full_time_teacher`` and ``is_counted`` by the standard.
        people: The same counted by school, stage and subject, or more finely; `LEARNERS` tells
            how many of them are such that somebody can lead.
        titled: The numbers of those who hold a title that counts.

    Returns:
        ``leader_id``, ``school_id``, ``subject`` and ``stage``: each leader once for a school
        and subject, at the first stage by code of those where he or she reaches somebody.
    """
    leader = _leaders(question, staff, titled)
    reached = union(
        _through_studio_or_mentor(question, leader, staff),
        _at_a_school(question, leader, people),
    ).subquery("reached")
    kept = (reached.c.leader_id, reached.c.school_id, reached.c.subject)
    return select(*kept, func.min(reached.c.stage).label("stage")).group_by(*kept)


def _leaders(question: Question, staff: FromClause, titled: Rows) -> CTE:
    """Name the leaders of the standard's subjects; who is away has no ``school_id``."""
    subjects = question.standard.subjects
    serving = select(staff.c.teacher_id, staff.c.school_id, staff.c.stage, staff.c.subject).where(
        staff.c.is_counted, staff.c.subject.in_(subjects)
    )
    counted = select(staff.c.teacher_id).where(staff.c.is_counted)
    post = post_of_the_day(question.on, of=titled)
    away = select(post.c.teacher_id, null(), post.c.stage, post.c.subject).where(
        post.c.status.not_in(code_table("person_status").where("group", "left")),
        post.c.subject.in_(subjects),
        post.c.teacher_id.not_in(counted),
    )
    return union_all(serving, away).cte("leaders")


def _through_studio_or_mentor(question: Question, leader: CTE, staff: FromClause) -> Rows:
    return (
        select(
            leader.c.teacher_id.label("leader_id"),
            staff.c.school_id,
            staff.c.subject,
            staff.c.stage,
        )
        .join_from(leader, MENTORING, MENTORING.c.teacher_id == leader.c.teacher_id)
        .join(staff, staff.c.teacher_id == MENTORING.c.mentee_id)
        .where(
            *_runs(question, MENTORING),
            is_learner(staff),
            staff.c.stage.in_(question.standard.stages),
            staff.c.subject == leader.c.subject,
            _is_elsewhere(leader, staff),
        )
    )


def _at_a_school(question: Question, leader: CTE, people: FromClause) -> Rows:
    """Pair those whom a school has through a visit or its group with its learners' places.

    The schools that a leader can be of use to are few: so they are found before the learners.
    """
    near = union(_through_a_visit(question, leader), _through_the_group(leader)).subquery("near")
    learner = (
        select(people.c.school_id, people.c.stage, people.c.subject)
        .where(people.c[LEARNERS] > 0, people.c.stage.is_not(None))
        .distinct()
        .subquery("learners")
    )
    return select(near.c.teacher_id, near.c.at_id, near.c.subject, learner.c.stage).join_from(
        near,
        learner,
        and_(
            learner.c.school_id == near.c.at_id,
            learner.c.subject == near.c.subject,
            or_(near.c.only_stage.is_(None), learner.c.stage == near.c.only_stage),
            near.c.subject.not_in(NO_SUBJECT),
            _is_elsewhere(near, learner),
        ),
    )


def _through_a_visit(question: Question, leader: CTE) -> Rows:
    """Name who rotates into a school, or has a visiting post there: for its every stage."""
    moved = select(ROTATION.c.teacher_id, ROTATION.c.to_school_id.label("school_id")).where(
        *_runs(question, ROTATION)
    )
    visiting = select(POST.c.teacher_id, POST.c.school_id).where(
        POST.c.attachment == Attachment.VISITING.value,
        POST.c.status.in_(code_table("person_status").where("counts_as_serving", "1")),
        *_runs(question, POST),
    )
    guest = union_all(moved, visiting).subquery("guests")
    return select(
        *leader.c, guest.c.school_id.label("at_id"), cast(null(), String).label("only_stage")
    ).join_from(leader, guest, guest.c.teacher_id == leader.c.teacher_id)


def _through_the_group(leader: CTE) -> Rows:
    """Name the other schools of each leader's group: for his or her own stage."""
    group = _groups()
    own, other = group.alias("own_group"), group.alias("other_group")
    return (
        select(*leader.c, other.c.school_id.label("at_id"), leader.c.stage.label("only_stage"))
        .join_from(leader, own, own.c.school_id == leader.c.school_id)
        .join(other, other.c.head_id == own.c.head_id)
        .where(other.c.school_id != own.c.school_id, leader.c.stage.is_not(None))
    )


def _groups() -> CTE:
    """Name each school's group by the school at its head: ``school_id``, ``head_id``.

    Schools that name each other in a ring have no head: the first number stands for it.
    """
    own = select(SCHOOL.c.id.label("school_id"), SCHOOL.c.parent_school_id.label("above_id"))
    above = own.where(SCHOOL.c.parent_school_id.is_not(None)).cte("above", recursive=True)
    above = above.union(
        select(above.c.school_id, SCHOOL.c.parent_school_id)
        .join(SCHOOL, SCHOOL.c.id == above.c.above_id)
        .where(SCHOOL.c.parent_school_id.is_not(None))
    )
    ring = above.alias("ring")
    in_a_ring = select(ring.c.school_id).where(ring.c.school_id == ring.c.above_id)
    below = (
        select(above.c.school_id, func.min(above.c.above_id).label("head_id"))
        .join(SCHOOL, SCHOOL.c.id == above.c.above_id)
        .where(or_(SCHOOL.c.parent_school_id.is_(None), SCHOOL.c.id.in_(in_a_ring)))
        .group_by(above.c.school_id)
    )
    heads = select(SCHOOL.c.id, SCHOOL.c.id).where(SCHOOL.c.parent_school_id.is_(None))
    return union_all(below, heads).cte("school_groups")


def _is_elsewhere(leader: FromClause, place: FromClause) -> ColumnElement[bool]:
    """Tell whether a leader's own place is another one: there he or she counts already."""
    return or_(
        leader.c.school_id.is_distinct_from(place.c.school_id),
        leader.c.stage.is_distinct_from(place.c.stage),
    )


def _runs(question: Question, table: Table) -> list[ColumnElement[bool]]:
    return [
        or_(table.c.starts_on.is_(None), table.c.starts_on <= question.on),
        or_(table.c.ends_on.is_(None), table.c.ends_on >= question.on),
    ]
