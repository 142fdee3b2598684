"""The tables that coverage reads, as SQLAlchemy knows them."""

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from teacherreg.models import (
    County,
    Enrolment,
    Mentoring,
    Rotation,
    School,
    SchoolAlias,
    SchoolStage,
    Teacher,
)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


COUNTY: Final = _table(County)
SCHOOL: Final = _table(School)
SCHOOL_ALIAS: Final = _table(SchoolAlias)
SCHOOL_STAGE: Final = _table(SchoolStage)
ENROLMENT: Final = _table(Enrolment)
TEACHER: Final = _table(Teacher)
MENTORING: Final = _table(Mentoring)
ROTATION: Final = _table(Rotation)
