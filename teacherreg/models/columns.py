"""Small builders for the columns that every table shares.

SQLModel's ``table=True`` classes validate nothing, so what must hold is said to the
database: closed sets of codes, order of dates, keys. Only what SQLite and PostgreSQL
both understand is used.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, MetaData
from sqlmodel import SQLModel

# Named constraints, so that a later migration can find and drop them.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Stage(StrEnum):
    """学段: the stages of schooling (keys of ``data/codes/stages.csv``)."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"


class Locality(StrEnum):
    """城乡类型: city (城区), town (镇区) or rural (乡村)."""

    CITY = "city"
    TOWN = "town"
    RURAL = "rural"


class Level(StrEnum):
    """级别 of a title, high to low (keys of ``data/codes/levels.csv``)."""

    NATIONAL = "national"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    SCHOOL = "school"


class Attachment(StrEnum):
    """How a person stands at a school: its own (home) or from elsewhere (visiting)."""

    HOME = "home"
    VISITING = "visiting"


class RecordKind(StrEnum):
    """记录类别 of a conduct record."""

    REVIEW = "review"
    COMMENDATION = "commendation"
    HANDLING = "handling"
    SANCTION = "sanction"


class TitleEventKind(StrEnum):
    """事项 in the life of a title, beside its award (keys of ``data/codes/title_events.csv``)."""

    NOMINATED = "nominated"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ReviewKind(StrEnum):
    """考核类别: the yearly review of the person, or that of a title (``review_kinds.csv``)."""

    ANNUAL = "annual"
    TITLE = "title"


class PersonCategory(StrEnum):
    """Whose rules a decision follows (keys of ``data/codes/person_categories.csv``)."""

    STAFF = "staff"
    MANAGER = "manager"
    PRIVATE = "private"


class AppealResult(StrEnum):
    """What came of an appeal against a decision (keys of ``appeal_results.csv``)."""

    UPHELD = "upheld"
    CHANGED = "changed"
    ANNULLED = "annulled"


class BatchStatus(StrEnum):
    """Whether an import stands or was taken back."""

    APPLIED = "applied"
    UNDONE = "undone"


class JournalAction(StrEnum):
    """What an import did to one row."""

    INSERT = "insert"
    UPDATE = "update"


def one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """Constrain a text column to a closed set of codes (NULL passes, as in SQL).

    Written with OR, because SQLite builds a table for each IN of three or more on every row
    of a bulk insert.
    """
    listed = " OR ".join(f"{column} = '{code}'" for code in codes)
    return CheckConstraint(listed, name=f"{column}_known")


def in_order(earlier: str, later: str) -> CheckConstraint:
    """Constrain two dates to stand in order; an open end passes."""
    return CheckConstraint(f"{later} >= {earlier}", name=f"{later}_after_{earlier}")
