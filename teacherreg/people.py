"""Finding one person in the registry, and what is on file about that person's career.

Nothing of conduct is here: who may read that is another question (see `publish`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine
from sqlmodel import Session, col, select

from teacherreg.errors import RegistryError
from teacherreg.locale import t
from teacherreg.models import Attachment, Post, School, Teacher, TitleAward
from teacherreg.models.teacher import BY_SCHOOL
from teacherreg.search import finds, name_tokens
from teacherreg.titles.held import titles_of

_NAMED: Final = 6  # people named in a message at most


@dataclass(frozen=True)
class Found:
    """A person whom a search found, and where he or she stands now."""

    id: int
    name: str
    staff_no: str | None
    school: str | None
    stage: str | None
    subject: str | None


@dataclass(frozen=True)
class PersonFile:
    """What is on file about one person, in order of time; codes, not labels.

    Attributes:
        teacher: The person.
        posts: All posts, with the names of the schools.
        titles: All awards.
        states: What each of these is on the day that was asked for, by its number: a code of
            ``title_states``.
    """

    teacher: Teacher
    posts: Sequence[tuple[Post, str]]
    titles: Sequence[TitleAward]
    states: Mapping[int | None, str]


def find(engine: Engine, text: str) -> list[Found]:
    """Find persons by name, pinyin, initials or staff number.

    Args:
        engine: The registry.
        text: 张伟, zhangwei, zhangw, zw, or a staff number from its beginning.

    Returns:
        Those found, by name; a person with several posts stands at the latest home post.
    """
    asked = text.strip()
    with engine.connect() as connection:
        return (
            [
                person
                for person in _everybody(connection)
                if finds(asked, name_tokens(person.name))
                or (person.staff_no or "\n").startswith(asked)
            ]
            if asked
            else []
        )


def _everybody(connection: Connection) -> list[Found]:
    """Give each person once, with the latest home post (an open one is the latest)."""
    latest = (
        col(Post.ends_on).is_(None).desc(),
        (col(Post.attachment) == Attachment.HOME.value).desc(),
        col(Post.ends_on).desc(),
        col(Post.starts_on).desc(),
    )
    rows = connection.execute(
        select(Teacher.id, Teacher.name, Teacher.staff_no, School.name, Post.stage, Post.subject)  # type: ignore[call-overload]
        .select_from(Teacher)
        .outerjoin(Post, col(Post.teacher_id) == col(Teacher.id))
        .outerjoin(School, col(School.id) == col(Post.school_id))
        .order_by(Teacher.name, Teacher.id, *latest)
    )
    first: dict[int, Found] = {}
    for row in rows:
        first.setdefault(row[0], Found(*row))
    return list(first.values())


def identify(session: Session, identifier: str) -> Teacher:
    """Find the one person whom an ID number, a staff number or our own number names.

    Raises:
        RegistryError: If it names nobody, or two people. The number is not repeated.
    """
    asked = identifier.strip()
    named: list[ColumnElement[bool]] = [
        col(Teacher.id_number) == asked.upper(),
        col(Teacher.staff_no) == asked,
        # Where each school numbers its own staff, the number alone may be enough.
        col(Teacher.staff_no).startswith(f"{asked}{BY_SCHOOL}", autoescape=True),
    ]
    for condition in named:
        teachers = session.exec(select(Teacher).where(condition).limit(_NAMED)).all()
        if len(teachers) > 1:
            several = t("imports.list-comma").join(f"{one.name} {one.staff_no}" for one in teachers)
            raise RegistryError("teacher-several", people=several)
        if teachers:
            return teachers[0]
    if identifier.isascii() and identifier.isdigit() and len(identifier) < 15:
        teacher = session.get(Teacher, int(identifier))
        if teacher is not None:
            return teacher
    raise RegistryError("teacher-unknown")


def person_file(engine: Engine, identifier: str, on: date) -> PersonFile:
    """Give what is on file about one person, titles with their state on a day.

    Raises:
        RegistryError: If the identifier names nobody.
    """
    with Session(engine, expire_on_commit=False) as session:
        teacher = identify(session, identifier)
        posts = session.exec(
            select(Post, School.name)
            .join(School, col(School.id) == col(Post.school_id))
            .where(col(Post.teacher_id) == teacher.id)
            .order_by(col(Post.starts_on).nulls_first(), col(Post.id))
        ).all()
        titles = session.exec(
            select(TitleAward)
            .where(col(TitleAward.teacher_id) == teacher.id)
            .order_by(col(TitleAward.awarded_on).nulls_last(), col(TitleAward.id))
        ).all()
        states = titles_of(session.connection(), on, [teacher.id or 0])
        return PersonFile(
            teacher, list(posts), list(titles), dict(states.select("award_id", "state").iter_rows())
        )
