"""What every check stands on: the registry, the settings and the day; the tables as Core."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, or_, select
from sqlmodel import SQLModel

from teacherreg.codes import code_table
from teacherreg.conduct.sanctions import SanctionState, sanctions_of
from teacherreg.contradictions.answer import Found
from teacherreg.posts import post_of_the_day
from teacherreg.settings import Settings
from teacherreg.titles.held import titles_of


def table(name: str) -> Table:
    """Give a table by its name."""
    return SQLModel.metadata.tables[name]


TEACHER: Final = table("teacher")
POST: Final = table("post")
SCHOOL: Final = table("school")


@dataclass(frozen=True)
class Ground:
    """The registry as of a day; what several checks ask for is asked once."""

    connection: Connection
    settings: Settings
    on: date

    @cached_property
    def titles(self) -> pl.DataFrame:
        """All awards with their state, as `titles_of` gives them."""
        return titles_of(self.connection, self.on)

    @cached_property
    def sanctions(self) -> list[SanctionState]:
        """All handlings and sanctions, as they stand."""
        return sanctions_of(self.connection, self.settings, self.on)

    @cached_property
    def statuses(self) -> Mapping[int, str]:
        """The status of everybody who has a post on the day, by number."""
        post = post_of_the_day(self.on)
        rows = self.connection.execute(select(post.c.teacher_id, post.c.status))
        return {row.teacher_id: row.status for row in rows}

    @cached_property
    def gone(self) -> Collection[int]:
        """Those who have had a post and have none on the day, or are retired or gone."""
        left = code_table("person_status").where("group", "left")
        began = or_(POST.c.starts_on.is_(None), POST.c.starts_on <= self.on)
        known = self.connection.execute(select(POST.c.teacher_id).where(began).distinct())
        return {
            number
            for (number,) in known
            if number not in self.statuses or self.statuses[number] in left
        }

    def lasts(
        self, starts_on: ColumnElement[date], ends_on: ColumnElement[date]
    ) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Say that something that has a first and perhaps a last day goes on that day."""
        return (
            or_(starts_on.is_(None), starts_on <= self.on),
            or_(ends_on.is_(None), ends_on >= self.on),
        )


Check = Callable[[Ground], Iterator[Found]]
