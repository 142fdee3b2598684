"""Persons: what is true of somebody wherever he or she works."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from teacherreg.models.columns import one_of

# Stands between number and school where each school numbers its own staff: 007@第一小学.
BY_SCHOOL = "@"
SEX_CODES = ("0", "1", "2", "9")  # GB/T 2261.1


class Teacher(SQLModel, table=True):
    """A person on a roster. Where the person works and in which rank is `Post`."""

    __table_args__ = (
        one_of("sex", SEX_CODES),
        CheckConstraint("length(id_number) = 18", name="id_number_length"),
        CheckConstraint("length(birth_date) IN (7, 10)", name="birth_date_form"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    # Unique by index: a constraint could not be made after a bulk load.
    id_number: str | None = Field(
        default=None, unique=True, index=True
    )  # 公民身份号码, GB 11643-1999
    staff_no: str | None = Field(default=None, unique=True, index=True)  # 教职工号
    sex: str | None = None
    birth_date: str | None = None  # ISO 8601: 1985-03-15, or 1985-03 where the day is unknown
    ethnicity: str | None = None  # GB/T 3304
    political_status: str | None = None  # GB/T 4762
    party_joined_on: date | None = None  # 入党时间
    education: str | None = None  # GB/T 4658, the highest
    degree: str | None = None  # GB/T 6864
    work_started_on: date | None = None  # 参加工作年月, first day of the month
    phone: str | None = None
    unmapped: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )  # columns nobody knows, by header: kept, never guessed, published nowhere
