"""What every question of coverage needs: the registry, the settings, the day."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from teacherreg.coverage.cells import Count, Question, count
from teacherreg.coverage.standards import (
    Standard,
    standard_of,
)
from teacherreg.database import clear_words
from teacherreg.settings import Settings


class Asking:
    """Holds the registry and the settings in force.

    Args:
        engine: The registry.
        settings: The settings in force; ``titles.count_expired`` matters here, and those of
            retirement and ``forecast.leave_percent_per_year`` for a forecast.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings

    def _question(
        self, standard: str | Path | Standard, on: date | None, *, by_person: tuple[str, ...] = ()
    ) -> Question:
        return Question(
            standard=standard if isinstance(standard, Standard) else standard_of(standard),
            on=on or date.today(),  # noqa: DTZ011 - a day on the officer's calendar
            count_expired=bool(self._settings["titles.count_expired"]),
            by_person=by_person,
            settings=self._settings,
        )

    def _count(self, question: Question) -> Sequence[Count]:
        with self._reading() as connection:
            return count(connection, question)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with clear_words(self._engine.url), self._engine.connect() as connection:
            yield connection


@contextmanager
def many_rows() -> Iterator[None]:
    """Let Python look for no cycles while rows are made by the hundred thousand.

    None is in a cycle, and looking through all of them again and again makes a large county
    take longer than its size.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
