"""The leaders' file: people, posts, titles, training. Numbers masked; nothing on conduct."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from teacherreg.codes import code_table
from teacherreg.development.hours import hours_of
from teacherreg.masks import mask_id_number, mask_phone
from teacherreg.posts import POST, post_of_the_day
from teacherreg.publish import development, source
from teacherreg.publish.overview import SCHOOLS
from teacherreg.publish.source import SCHOOL, TEACHER, TITLE
from teacherreg.publish.tables import Filled, Row, Table, word
from teacherreg.settings import Settings
from teacherreg.titles.held import awards_on, held_on, state_for_leaders

TEACHERS = Table(
    "teachers",
    {
        "id": int,
        "name": str,
        "school": str,
        "stage": str,
        "subject": str,
        "professional_rank": str,
        "highest_title": str,
        "highest_level": str,
        "training_hours": float,
        "status": str,
        "township": str,
        "sex": str,
        "birth_year": int,
        "ethnicity": str,
        "education": str,
        "degree": str,
        "political_status": str,
        "party_joined_on": str,
        "staff_no": str,
        "id_number": str,
        "phone": str,
    },
    label="name",
    facets=(
        *("township", "stage", "subject", "professional_rank", "highest_level", "status"),
        "political_status",
    ),
    sortable=(
        "name",
        "school",
        "highest_title",
        "training_hours",
        "birth_year",
        "sex",
        "ethnicity",
        "education",
        "degree",
        "party_joined_on",
        "staff_no",
    ),
    searched={"name": "person", "staff_no": "word"},
)
POSTS = Table(
    "posts",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "school": str,
        "starts_on": str,
        "ends_on": str,
        "stage": str,
        "subject": str,
        "professional_rank": str,
        "attachment": str,
        "status": str,
    },
    label="name",
    sort="starts_on",
    is_descending=True,
    facets=("stage", "subject", "attachment", "status"),
    sortable=("name", "school", "ends_on", "professional_rank"),
    references={"teacher_id": "teachers"},
)
TITLES = Table(
    "titles",
    {
        "id": int,
        "teacher_id": int,
        "name": str,
        "school": str,
        "title_kind": str,
        "level": str,
        "subject": str,
        "awarded_on": str,
        "term_ends_on": str,
        "state": str,
        "issuer": str,
        "document_no": str,
    },
    label="name",
    sort="awarded_on",
    is_descending=True,
    facets=("title_kind", "level", "subject", "state"),
    sortable=("name", "school", "term_ends_on"),
    references={"teacher_id": "teachers"},
)
TABLES = (TEACHERS, POSTS, TITLES, *development.TABLES, SCHOOLS)

_UNRANKED = 999  # kinds without an order of rank come last within their level


def filled(
    connection: Connection, settings: Settings, on: date, schools: list[Row]
) -> list[Filled]:
    """Give each table with its rows, read as they are written.

    Args:
        connection: The registry; must stay open until the rows are read.
        settings: The settings in force; ``training.window`` matters here.
        on: The day on which posts and titles are looked at.
        schools: What the public file says of the schools.
    """
    return [
        (TEACHERS, _teachers(connection, settings, on)),
        (POSTS, _posts(connection)),
        (TITLES, _titles(connection, on)),
        *development.filled(connection, on),
        (SCHOOLS, schools),
    ]


def _teachers(connection: Connection, settings: Settings, on: date) -> Iterator[Row]:
    highest = highest_titles(connection, on)
    counted = hours_of(connection, settings, on)
    tenths = dict(zip(counted["teacher_id"], counted["tenths"], strict=True))
    post = post_of_the_day(on)
    asked = (
        select(
            *(column for column in TEACHER.c if column.name != "unmapped"),
            post.c.stage,
            post.c.subject,
            post.c.professional_rank,
            post.c.status,
            SCHOOL.c.name.label("school"),
            SCHOOL.c.township,
        )
        .outerjoin(post, post.c.teacher_id == TEACHER.c.id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .order_by(TEACHER.c.id)
    )
    for row in source.stream(connection, asked):
        kind, level = highest.get(row.id, (None, None))
        yield (
            row.id,
            row.name,
            row.school,
            word("stages", row.stage),
            word("subjects", row.subject),
            word("professional_rank", row.professional_rank),
            word("title_kinds", kind),
            word("levels", level),
            tenths[row.id] / 10,
            word("person_status", row.status),
            row.township,
            word("sex", row.sex),
            int(row.birth_date[:4]) if row.birth_date else None,
            word("ethnicity", row.ethnicity),
            word("education", row.education),
            word("degree", row.degree),
            word("political_status", row.political_status),
            _day(row.party_joined_on),
            row.staff_no,
            mask_id_number(row.id_number),
            mask_phone(row.phone),
        )


def highest_titles(connection: Connection, on: date) -> dict[int, tuple[str, str | None]]:
    """Find the highest title that each person holds on a day.

    The level decides, then the rank of the kind. Commendations are no titles.

    Returns:
        Kind and level, as codes, by the person's number.
    """
    kinds, levels = code_table("title_kinds"), code_table("levels").codes
    commendations = set(kinds.where("category", "commendation"))
    held = select(TITLE.c.teacher_id, TITLE.c.title_kind, TITLE.c.level).where(
        held_on(on), TITLE.c.title_kind.not_in(commendations)
    )

    def place(title: tuple[str, str | None]) -> tuple[int, int]:
        kind, level = title
        rank = kinds.value(kind, "rank_order") if kind in kinds else ""
        return (
            levels.index(level) if level in levels else len(levels),
            int(rank) if rank else _UNRANKED,
        )

    highest: dict[int, tuple[str, str | None]] = {}
    for teacher, kind, level in source.stream(connection, held):
        best = highest.get(teacher)
        if best is None or place((kind, level)) < place(best):
            highest[teacher] = (kind, level)
    return highest


def _posts(connection: Connection) -> Iterator[Row]:
    asked = (
        select(POST, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .join(TEACHER, TEACHER.c.id == POST.c.teacher_id)
        .join(SCHOOL, SCHOOL.c.id == POST.c.school_id)
        .order_by(POST.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.school,
            _day(row.starts_on),
            _day(row.ends_on),
            word("stages", row.stage),
            word("subjects", row.subject),
            word("professional_rank", row.professional_rank),
            word("attachments", row.attachment),
            word("person_status", row.status),
        )


def _titles(connection: Connection, on: date) -> Iterator[Row]:
    post, title = post_of_the_day(on), awards_on(on)
    asked = (
        select(title, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .join(TEACHER, TEACHER.c.id == title.c.teacher_id)
        .outerjoin(post, post.c.teacher_id == title.c.teacher_id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
        .order_by(title.c.id)
    )
    for row in source.stream(connection, asked):
        yield (
            row.id,
            row.teacher_id,
            row.name,
            row.school,
            word("title_kinds", row.title_kind),
            word("levels", row.level),
            word("subjects", row.subject),
            _day(row.awarded_on),
            _day(row.term_ends_on),
            word("title_states", state_for_leaders(row.state, row.term_ends_on, on)),
            row.issuer,
            row.document_no,
        )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
