"""The questions on development that can be asked of a registry, and their answers."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

import polars as pl
from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlmodel import SQLModel

from teacherreg.codes import code_table
from teacherreg.database import clear_words
from teacherreg.development.hours import (
    MEAN_TENTHS,
    NEEDED_TENTHS,
    YEARLY_TENTHS,
    hours_of,
    hours_of_the_year,
    window,
)
from teacherreg.development.mentoring import Studio, pairs, studios_of
from teacherreg.development.rotations import Moved, Share, moved_in_year, standings
from teacherreg.development.staff import full_time_teachers
from teacherreg.models import Level, TitleAward
from teacherreg.settings import Settings

Held: TypeAlias = Callable[[date], ColumnElement[bool]]

_TITLE = SQLModel.metadata.tables[str(TitleAward.__tablename__)]
_COUNTED_LEVELS = (Level.NATIONAL, Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)


@dataclass(frozen=True)
class Hours:
    """Hours of training, as of a day.

    Attributes:
        on: The day.
        rule: Setting ``training.window``: ``calendar`` or ``rolling``.
        first: The first day on which hours count.
        people: Full-time teachers in service: ``teacher_id``, ``name``, ``staff_no``,
            ``school``, ``tenths``, ``short_tenths`` of the 360 hours, ``year_tenths`` since
            1 January.
    """

    on: date
    rule: str
    first: date
    people: pl.DataFrame

    @property
    def reached(self) -> Share:
        """Those who have 360 hours, of all; all must (教督〔2017〕6号)."""
        enough = int((self.people["short_tenths"] == 0).sum())
        return Share(self.people.height, enough, 100)

    def reached_this_year(self, tenths: int) -> int:
        """Count those who have so many tenths of hours since 1 January."""
        return int((self.people["year_tenths"] >= tenths).sum())

    def to_polars(self) -> pl.DataFrame:
        """Give the people with their hours as numbers, for reading and not for sums."""
        return self.people.select(
            *("teacher_id", "name", "staff_no", "school"),
            hours=pl.col("tenths") / 10,
            short_hours=pl.col("short_tenths") / 10,
            year_hours=pl.col("year_tenths") / 10,
        )

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "window": {
                "rule": self.rule,
                "from": self.first.isoformat(),
                "to": self.on.isoformat(),
            },
            "needed_hours": NEEDED_TENTHS / 10,
            "totals": {
                "teachers": self.reached.whole,
                "reached": self.reached.part,
                "short": self.reached.whole - self.reached.part,
                "reached_72_this_year": self.reached_this_year(MEAN_TENTHS),
                "reached_90_this_year": self.reached_this_year(YEARLY_TENTHS),
            },
            "teachers": self.to_polars().to_dicts(),
        }


@dataclass(frozen=True)
class Rotations:
    """Who is to move as of a day, and how many did in its school year.

    Attributes:
        on: The day.
        year: Those who moved, against what is asked.
        people: Each school's own full-time teachers with their standing; see
            `teacherreg.development.rotations.standings`.
    """

    on: date
    year: Moved
    people: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Give the people with their standing, as a code."""
        return self.people.drop("school_id")

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        moved, backbone = self.year.moved, self.year.backbone
        counts = self.people["standing"].value_counts()
        return {
            "on": self.on.isoformat(),
            "school_year_from": self.year.since.isoformat(),
            "eligible_on_eve": moved.whole,
            "unknown_on_eve": self.year.unknown,
            "moved": _share(moved),
            "backbone": _share(backbone),
            "standings": dict(sorted(counts.iter_rows())),
            "teachers": [
                row | {day: row[day] and row[day].isoformat() for day in ("since", "retires_on")}
                for row in self.to_polars().to_dicts()
            ],
        }


def _share(share: Share) -> dict[str, Any]:
    return {
        "count": share.part,
        "needed": share.needed,
        "percent": share.percent,
        "meets": share.meets,
    }


@dataclass(frozen=True)
class Mentors:
    """Mentors with mentees on a day, and the studios among them.

    Attributes:
        on: The day.
        pairs: See `teacherreg.development.mentoring.pairs`.
        studios: The studios.
    """

    on: date
    pairs: pl.DataFrame
    studios: Sequence[Studio]

    def to_polars(self) -> pl.DataFrame:
        """Give the pairs."""
        return self.pairs

    def to_document(self) -> dict[str, Any]:
        """Give the answer as JSON."""
        return {
            "on": self.on.isoformat(),
            "pairs": [
                row | {day: row[day] and row[day].isoformat() for day in ("starts_on", "ends_on")}
                for row in self.pairs.to_dicts()
            ],
            "studios": [asdict(studio) for studio in self.studios],
        }


class Development:
    """Asks who has trained, who is to move and who accompanies whom.

    Args:
        engine: The registry.
        settings: The settings in force.
        held: Tells, as a condition on awards, which titles are held on a day.
        schools_named: Tells which schools some written names mean.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        held: Held,
        schools_named: Callable[[Connection, Sequence[str]], Collection[int] | None],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._held = held
        self._schools_named = schools_named

    def hours(self, *, on: date | None = None, school: str | None = None) -> Hours:
        """Count the hours of training of the full-time teachers in service.

        Args:
            on: The day as of which it is asked; today if not given.
            school: Only of this school, by any of its names.

        Raises:
            RegistryError: If the school is not known, or the registry cannot be read.
        """
        day = on or _today()
        with self._reading() as connection:
            people = full_time_teachers(connection, day, self._schools(connection, school))
            ids = people["teacher_id"].to_list()
            five_years = hours_of(connection, self._settings, day, ids)
            this_year = hours_of_the_year(connection, day, ids).rename({"tenths": "year_tenths"})
        counted = people.join(five_years, "teacher_id", maintain_order="left").join(
            this_year, "teacher_id", maintain_order="left"
        )
        return Hours(
            on=day,
            rule=str(self._settings["training.window"]),
            first=window(self._settings, day)[0],
            people=counted.select(
                *("teacher_id", "name", "staff_no", "school"),
                *("tenths", "short_tenths", "year_tenths"),
            ),
        )

    def rotations(self, *, on: date | None = None, school: str | None = None) -> Rotations:
        """Tell who is to move, and whether enough did in the school year.

        Args:
            on: The day as of which it is asked; today if not given.
            school: Only of this school, by any of its names.

        Raises:
            RegistryError: If the school is not known, or the registry cannot be read.
        """
        day = on or _today()
        with self._reading() as connection:
            schools = self._schools(connection, school)
            counted = select(_TITLE.c.teacher_id).where(
                self._held(day),
                _TITLE.c.title_kind.in_(code_table("title_kinds").where("counts_backbone", "1")),
                _TITLE.c.level.in_([level.value for level in _COUNTED_LEVELS]),
            )
            backbone = set(connection.execute(counted).scalars())
            return Rotations(
                on=day,
                year=moved_in_year(connection, self._settings, day, backbone, schools),
                people=standings(connection, self._settings, day, schools),
            )

    def mentoring(self, *, on: date | None = None, school: str | None = None) -> Mentors:
        """Tell who accompanies whom, and which studios work.

        Args:
            on: The day as of which it is asked; today if not given.
            school: Only where mentor or mentee is at this school, by any of its names.

        Raises:
            RegistryError: If the school is not known, or the registry cannot be read.
        """
        day = on or _today()
        with self._reading() as connection:
            together = pairs(connection, day, self._schools(connection, school))
        return Mentors(day, together, studios_of(together))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with clear_words(self._engine.url), self._engine.connect() as connection:
            yield connection

    def _schools(self, connection: Connection, school: str | None) -> Collection[int] | None:
        return self._schools_named(connection, [school] if school else [])


def _today() -> date:
    return date.today()  # noqa: DTZ011 - a day on the officer's calendar
