"""Schools, the names people call them by, and how many pupils they have."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import Locality, Stage, one_of


class County(SQLModel, table=True):
    """The county whose bureau keeps this registry."""

    code: str = Field(primary_key=True)
    name: str


class Setting(SQLModel, table=True):
    """A value of ``data/settings.toml`` that this county has changed; ``value`` is JSON."""

    key: str = Field(primary_key=True)
    value: str


class School(SQLModel, table=True):
    """A school, a kindergarten or a teaching point (教学点, with a parent school)."""

    __table_args__ = (
        UniqueConstraint("county_code", "name"),
        one_of("locality", Locality),
        CheckConstraint("parent_school_id <> id", name="not_its_own_parent"),
    )

    id: int | None = Field(default=None, primary_key=True)
    county_code: str = Field(foreign_key="county.code")
    name: str
    code: str | None = Field(default=None, unique=True)  # 学校标识码, ten digits
    school_type: str | None = None  # key of data/codes/school_types.csv
    township: str | None = Field(default=None, index=True)
    locality: str | None = None
    parent_school_id: int | None = Field(default=None, foreign_key="school.id", index=True)


class SchoolAlias(SQLModel, table=True):
    """A short, old or usual name of a school; one name may fit several schools."""

    __tablename__ = "school_alias"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    name: str = Field(index=True)


class SchoolStage(SQLModel, table=True):
    """A stage that a school teaches."""

    __tablename__ = "school_stage"
    __table_args__ = (UniqueConstraint("school_id", "stage"), one_of("stage", Stage))

    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    stage: str


class Enrolment(SQLModel, table=True):
    """Pupils of a school, by stage and school year."""

    __table_args__ = (
        UniqueConstraint("school_id", "stage", "school_year"),
        one_of("stage", Stage),
        CheckConstraint("students >= 0", name="students_not_negative"),
        CheckConstraint("length(school_year) = 9", name="school_year_form"),
    )

    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    stage: str
    school_year: str  # "2026-2027": from 1 September to 31 August
    students: int
