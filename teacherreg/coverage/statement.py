"""The one grouped SQL statement that counts.

Written in SQLAlchemy Core, so it runs where the registry is: SQLite or PostgreSQL. What
comes back is numbers by school and stage (and by subject, level, sex …, where asked).

A person counts once and in one place: at the home post where he or she serves on the day;
at a visiting post (交流轮岗, rotated in) only where no home post is served that day. Who
serves at home and visits as well is a visitor there, which only some standards count.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from teacherreg.codes import code_table
from teacherreg.coverage.asked import TITLE_DIMENSIONS, Count, Question, school_year_of
from teacherreg.coverage.leaders import LEARNERS, is_learner, leaders_elsewhere
from teacherreg.coverage.points import merged_points, where_counted
from teacherreg.coverage.tables import COUNTY, ENROLMENT, SCHOOL, SCHOOL_STAGE, TEACHER
from teacherreg.development.hours import trained
from teacherreg.development.rotations import school_year_begins
from teacherreg.models import Attachment
from teacherreg.posts import POST
from teacherreg.titles.held import AWARD, held_on

Rows: TypeAlias = "Select[*tuple[Any, ...]]"


_NUMBERS: Final = ("students", "persons", "teachers", "holders", "visitors")
_MEMBER, _PROBATIONARY = "01", "02"  # GB/T 4762: 中共党员, 中共预备党员


def statement(question: Question) -> Rows:
    """Build the one statement; its columns are the fields of `Count`."""
    place = _places(question)
    staff = _staff(question, place)
    people = _people(question, staff)
    parts = [people, _enrolments(question), _stages_taught(question)]
    if question.standard.visiting is not None:
        parts.append(_visitors(question, place))
    if question.counts_leaders:
        learners = func.sum(case((is_learner(staff), 1), else_=0)).label(LEARNERS)
        counted = people.add_columns(learners).cte("people")
        parts[0] = select(*(column for column in counted.c if column.name != LEARNERS))
        parts.append(_leaders(question, staff, counted))
    facts = union_all(*parts).subquery("facts")
    keys = [facts.c[name] for name in ("school_id", "stage", *question.told_apart)]
    counts = (
        select(
            *keys,
            func.max(facts.c.is_enrolled).label("is_enrolled"),
            # PostgreSQL sums a sum as numeric; we want whole numbers back
            *(cast(func.sum(facts.c[name]), BigInteger).label(name) for name in _NUMBERS),
        )
        .group_by(*keys)
        .subquery("counts")
    )
    school = {"school_id": SCHOOL.c.id, "school": SCHOOL.c.name, "school_code": SCHOOL.c.code}
    found = {"county": COUNTY.c.name, **SCHOOL.c, **school, **counts.c}
    return (
        select(*(found.get(name, null()).label(name) for name in Count._fields))
        .join_from(counts, SCHOOL, SCHOOL.c.id == counts.c.school_id)
        .join(COUNTY, COUNTY.c.code == SCHOOL.c.county_code)
    )


def is_counted(
    question: Question, post: FromClause, *, is_visiting: bool = False
) -> ColumnElement[bool]:
    """Tell whether who serves at a post is counted by the question's standard.

    Args:
        question: The question.
        post: Columns of ``post``, one of them ``teacher_id``.
        is_visiting: The post is a visiting one, which nobody fills full-time.
    """
    asked, person = question.standard.counted, post.c.teacher_id
    tests: list[ColumnElement[bool]] = []
    if asked.is_full_time_only and not is_visiting:
        tests.append(post.c.is_full_time_teacher)
    if asked.title_kinds:
        tests.append(person.in_(holders(question)))
    if asked.subjects:
        tests.append(post.c.subject.in_(asked.subjects))
    if asked.education:
        tests.append(
            or_(
                *(
                    and_(post.c.stage == stage, person.in_(_educated(codes)))
                    for stage, codes in asked.education.items()
                )
            )
        )
    if asked.training_hours:
        tests.append(person.in_(trained(question.settings, question.on, asked.training_hours)))
    return and_(true(), *tests)


def holders(question: Question) -> Rows:
    """Name those who hold a title that counts, on the day."""
    return select(AWARD.c.teacher_id).where(*_counts(question))


def any_title(question: Question) -> Rows:
    """Name those who hold a title of whatever kind and level, on the day."""
    is_held = held_on(question.on, count_expired=question.count_expired)
    return select(AWARD.c.teacher_id).where(is_held)


def visitors(question: Question) -> Rows:
    """Name whom `Count.visitors` counts: teacher_id, school_id, stage and subject."""
    place = _places(question)
    return select(place.c.teacher_id, place.c.school_id, place.c.stage, place.c.subject).where(
        *_is_visitor(question, place)
    )


def _counts(question: Question) -> list[ColumnElement[bool]]:
    """Tell which awards count; any title where the standard asks for none."""
    asked = question.standard.counted
    return [
        *([AWARD.c.title_kind.in_(asked.title_kinds)] if asked.title_kinds else []),
        *([AWARD.c.level.in_(asked.levels)] if asked.title_kinds else []),
        held_on(question.on, count_expired=question.count_expired),
    ]


def _educated(codes: Sequence[str]) -> Rows:
    return select(TEACHER.c.id).where(TEACHER.c.education.in_(codes))


def _staff(question: Question, place: FromClause) -> CTE:
    """Give those in service, each person at one post, and whether the standard counts them."""
    counts = case((is_counted(question, place), true()), else_=false())
    kept = [column for column in place.c if not column.name.startswith(("preference", "subject"))]
    subject: ColumnElement[str | None] = place.c.subject
    if question.counts_leaders and "subject" not in question.by_person:
        subject = case((subject.in_(question.standard.subjects), subject))
    return (
        select(*kept, subject.label("subject"), counts.label("is_counted"))
        .where(place.c.preference == 1)
        .cte("staff")
    )


def _people(question: Question, staff: FromClause) -> Rows:
    """Count those in service by school and stage."""
    dimensions, source = _told_apart(question, staff)
    return _facts(
        question,
        staff,
        dimensions,
        persons=func.count(),
        teachers=func.sum(case((staff.c.is_full_time_teacher, 1), else_=0)),
        holders=func.sum(case((staff.c.is_counted, 1), else_=0)),
    ).select_from(source)


def _leaders(question: Question, staff: FromClause, people: CTE) -> Rows:
    """Count those within reach, one by one; they are nobody's sex or age there."""
    found = leaders_elsewhere(question, staff, people, holders(question))
    leader = found.subquery("leaders_elsewhere")
    return select(
        leader.c.school_id,
        leader.c.stage,
        *(leader.c.subject if name == "subject" else null() for name in question.told_apart),
        *(literal(int(name == "visitors")) for name in ("is_enrolled", *_NUMBERS)),
    )


def _visitors(question: Question, place: FromClause) -> Rows:
    """Count those who teach at a school beside the post at which they count."""
    dimensions, source = _told_apart(question, place)
    return (
        _facts(question, place, dimensions, visitors=func.count())
        .select_from(source)
        .where(*_is_visitor(question, place))
    )


def _is_visitor(question: Question, place: FromClause) -> list[ColumnElement[bool]]:
    return [
        place.c.preference > 1,
        place.c.preference_at_school == 1,
        place.c.attachment == Attachment.VISITING.value,
        is_counted(question, place, is_visiting=True),
    ]


def _facts(
    question: Question,
    place: FromClause,
    dimensions: dict[str, ColumnElement[Any]],
    **numbers: ColumnElement[int],
) -> Rows:
    """Give numbers of persons by school, stage and what else they are told apart by."""
    return (
        select(
            place.c.school_id,
            place.c.stage,
            *(column.label(name) for name, column in dimensions.items()),
            literal(0).label("is_enrolled"),
            *(numbers.get(name, literal(0)).label(name) for name in _NUMBERS),
        )
        .where(or_(place.c.stage.in_(question.standard.stages), place.c.stage.is_(None)))
        .group_by(place.c.school_id, place.c.stage, *dimensions.values())
    )


def _told_apart(
    question: Question, place: FromClause
) -> tuple[dict[str, ColumnElement[Any]], FromClause]:
    """Give the columns by which persons are told apart, and what they are taken from."""
    asked = question.told_apart
    source: FromClause = place
    columns: dict[str, ColumnElement[Any]] = {
        "subject": place.c.subject,
        "rank": place.c.professional_rank,
        "party": case(
            (TEACHER.c.political_status == _MEMBER, "member"),
            (TEACHER.c.political_status == _PROBATIONARY, "probationary"),
            (TEACHER.c.political_status.is_not(None), "other"),
        ),
        "sex": TEACHER.c.sex,
        "age_band": _age_band(question.on),
    }
    if {"party", "sex", "age_band"} & set(asked):
        source = source.join(TEACHER, TEACHER.c.id == place.c.teacher_id)
    titles = [name for name in asked if name in TITLE_DIMENSIONS]
    if titles:
        held = (
            select(AWARD.c.teacher_id, *(AWARD.c[name] for name in titles))
            .where(*_counts(question))
            .distinct()
            .subquery("held")
        )
        source = source.outerjoin(held, held.c.teacher_id == place.c.teacher_id)
        columns |= {name: held.c[name] for name in titles}
    return {name: columns[name] for name in asked}, source


def _age_band(on: date) -> ColumnElement[str | None]:
    """Tell the band of an age on 1 September of the school year; of a month, its first day."""
    bands, first = code_table("age_bands"), school_year_begins(on)
    born_by = {
        code: f"{max(first.year - int(bands.value(code, 'least_years')), 0):04}-09-01"
        for code in reversed(bands.codes)  # the oldest first
    }
    return case(
        *((TEACHER.c.birth_date <= day, code) for code, day in born_by.items()),
    )


def _places(question: Question) -> CTE | Subquery:
    """Give the posts served on the day, each person's best one with ``preference`` 1."""
    serving = code_table("person_status").where("counts_as_serving", "1")
    best_first = (
        case((POST.c.attachment == Attachment.HOME.value, 0), else_=1),
        func.coalesce(POST.c.starts_on, date.min).desc(),
        POST.c.id.desc(),
    )
    source, school = where_counted(question, POST)
    ranks: dict[str, Sequence[ColumnElement[Any]]] = {"preference": (POST.c.teacher_id,)}
    if question.standard.visiting is not None:
        ranks["preference_at_school"] = (POST.c.teacher_id, school)
    found = (
        select(
            POST.c.teacher_id,
            school.label("school_id"),
            POST.c.stage,
            POST.c.subject,
            POST.c.professional_rank,
            POST.c.attachment,
            POST.c.is_full_time_teacher,
            *(
                func.row_number().over(partition_by=of, order_by=best_first).label(name)
                for name, of in ranks.items()
            ),
        )
        .select_from(source)
        .where(
            or_(POST.c.starts_on.is_(None), POST.c.starts_on <= question.on),
            or_(POST.c.ends_on.is_(None), POST.c.ends_on >= question.on),
            POST.c.status.in_(serving),
        )
    )
    # what is asked of twice is better worked out once, and what is not, never written down
    return found.subquery("places") if question.standard.visiting is None else found.cte("places")


def _enrolments(question: Question) -> Rows:
    """Give each school's pupils in its newest school year that is not after the day's."""
    newest = (
        select(ENROLMENT.c.school_id, func.max(ENROLMENT.c.school_year).label("school_year"))
        .where(ENROLMENT.c.school_year <= school_year_of(question.on))
        .group_by(ENROLMENT.c.school_id)
        .subquery("newest")
    )
    return (
        select(
            ENROLMENT.c.school_id,
            ENROLMENT.c.stage,
            *(null() for _ in question.told_apart),
            literal(1),
            ENROLMENT.c.students,
            *(literal(0) for _ in _NUMBERS[1:]),
        )
        .join_from(
            ENROLMENT,
            newest,
            and_(
                newest.c.school_id == ENROLMENT.c.school_id,
                newest.c.school_year == ENROLMENT.c.school_year,
            ),
        )
        .where(ENROLMENT.c.stage.in_(question.standard.stages))
    )


def _stages_taught(question: Question) -> Rows:
    """Give the stages that schools teach, so that one without pupils or staff is seen too."""
    taught = select(
        SCHOOL_STAGE.c.school_id,
        SCHOOL_STAGE.c.stage,
        *(null() for _ in question.told_apart),
        *(literal(0) for _ in ("is_enrolled", *_NUMBERS)),
    ).where(SCHOOL_STAGE.c.stage.in_(question.standard.stages))
    if question.standard.merges_teaching_points:
        merged = select(merged_points(question).c.point_id)
        taught = taught.where(SCHOOL_STAGE.c.school_id.not_in(merged))
    return taught
