"""Finding one person in the registry; what is on file about whom is in `careers`."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine
from sqlmodel import Session, col, select

from teacherreg.errors import RegistryError
from teacherreg.locale import t
from teacherreg.models import Attachment, Post, School, Teacher
from teacherreg.models.teacher import BY_SCHOOL
from teacherreg.search import finds, name_tokens

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
