"""What may be asked of a registry; nothing is written."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlmodel import Session, col, select

from teacherreg import careers, database, people
from teacherreg.careers import PersonFile
from teacherreg.codes.columns import Audience
from teacherreg.conduct.consequences import Consequences, consequences
from teacherreg.conduct.open_matters import OpenMatters, open_matters
from teacherreg.contradictions import CODES, Contradictions, check
from teacherreg.coverage import Coverage
from teacherreg.development.hours import hours_of
from teacherreg.development.questions import Development
from teacherreg.eligibility import Answer, Answers, Eligibility
from teacherreg.errors import RegistryError
from teacherreg.intake.exported import schools_wanted
from teacherreg.intake.layout import Remembered
from teacherreg.intake.mappings import recall
from teacherreg.intake.places import Places
from teacherreg.models import County, ImportBatch, ImportFile, School
from teacherreg.people import Found
from teacherreg.settings import Settings
from teacherreg.titles import kinds
from teacherreg.titles.due import Due, titles_due
from teacherreg.titles.held import held_on, titles_held


class Questions:
    """Every question about a registry; `Registry` is the door to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def county(self) -> County:
        """The county whose registry this is."""
        with self.session() as session:
            return session.exec(select(County)).one()

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        with self.engine.connect() as connection:
            return Settings.read(connection)

    def session(self) -> Session:
        """Open an ORM session on the tables of `teacherreg.models`, for reading."""
        return Session(self.engine, expire_on_commit=False)

    def local_title_kinds(self) -> dict[str, dict[str, str]]:
        """Give what the county added or changed: by code, the columns that differ."""
        with self.engine.connect() as connection:
            return kinds.local_kinds(connection)

    def mappings(self) -> Sequence[Remembered]:
        """List what is remembered of headers, the newest first."""
        return recall(self.engine)

    def batches(self) -> Sequence[ImportBatch]:
        """List the imports, the newest first."""
        with self.session() as session:
            return session.exec(select(ImportBatch).order_by(col(ImportBatch.id).desc())).all()

    def batch(self, batch_id: int) -> tuple[ImportBatch, Sequence[ImportFile]]:
        """Give one import and its files.

        Raises:
            RegistryError: If there is no such batch.
        """
        with self.session() as session:
            found = session.get(ImportBatch, batch_id)
            if found is None:
                raise RegistryError("batch-unknown", batch=batch_id)
            files = session.exec(select(ImportFile).where(ImportFile.batch_id == batch_id)).all()
            return found, files

    def school_names(self) -> list[str]:
        """Name every school on record, in order."""
        with self.session() as session:
            return sorted(session.exec(select(School.name)).all())

    def find_teachers(self, text: str) -> list[Found]:
        """Find persons by name, pinyin, initials or staff number."""
        return people.find(self.engine, text)

    def teacher(
        self, identifier: str, *, on: date | None = None, audience: Audience | None = None
    ) -> PersonFile:
        """Give what is on file about one person's career, in order of time.

        Args:
            identifier: An ID number, a staff number, or the registry's own number.
            on: Only what was known on this day; without it all, with states as of today.
            audience: What this audience would see of it; without it the officer's own view.

        Raises:
            RegistryError: If it names nobody, or several people.
        """
        return careers.person_file(self.engine, identifier, self.settings, on=on, audience=audience)

    def titles_due(
        self, within_months: int, *, on: date | None = None, also_in_order: bool = False
    ) -> list[Due]:
        """List the titles whose term ends soon, and for which something is still short.

        Args:
            within_months: How soon.
            on: The day as of which it is asked; today if not given.
            also_in_order: List those too for which nothing is short.

        Raises:
            UsageError: If the months are below 0 or more than fifty years.
        """
        day = or_today(on)
        with database.clear_words(self.engine.url), self.engine.connect() as connection:
            return titles_due(
                connection,
                Settings.read(connection),
                within_months,
                day,
                hours_of,
                also_in_order=also_in_order,
            )

    @property
    def coverage(self) -> Coverage:
        """The questions about who is missing where."""
        return Coverage(self.engine, self.settings)

    def eligibility(
        self,
        teacher: str | int,
        title_kind: str,
        *,
        level: str | None = None,
        on: date | None = None,
        rules: str | Path | None = None,
    ) -> Answer:
        """Tell whether a person may be nominated for a title, and each reason against it.

        Args:
            teacher: An ID number, a staff number, or the registry's own number.
            title_kind: Code or name of the kind of title: ``subject_leader``, 学科带头人.
            level: Code or name of its level: ``county``, 县级; a kind with one level has that.
            on: The day as of which the question is asked, by the rules of that day; today if
                not given.
            rules: A county's own file of rules, whose rules take the place of the shipped
                ones with the same id.

        Raises:
            RegistryError: If nobody, or more than one, is named.
            UsageError: If there is no such kind or level.
            EligibilityError: If the file of rules is wrong.
        """
        asked = self._eligibility(title_kind, level, on, rules)
        with self.session() as session:
            person = people.identify(session, str(teacher))
        return asked.of(person.id or 0)

    def eligibility_of_all(
        self,
        title_kind: str,
        *,
        level: str | None = None,
        on: date | None = None,
        rules: str | Path | None = None,
    ) -> Answers:
        """Tell it of everybody in post on the day; arguments and errors as in `eligibility`."""
        return self._eligibility(title_kind, level, on, rules).of_all()

    def _eligibility(
        self, title_kind: str, level: str | None, on: date | None, rules: str | Path | None
    ) -> Eligibility:
        day = or_today(on)
        return Eligibility(self.engine, self.settings, title_kind, level=level, on=day, rules=rules)

    def check(self, *, on: date | None = None, codes: Sequence[str] = CODES) -> Contradictions:
        """Find contradictions in the registry, each with what to do about it.

        Args:
            on: The day as of which the question is asked; today if not given.
            codes: Which to look for; all if not given.

        Raises:
            UsageError: If there is no such code.
        """
        day = or_today(on)
        return check(self.engine, self.settings, day, codes)

    def open_conduct(self, on: date | None = None, *, within_months: int = 3) -> OpenMatters:
        """Tell what is still open in conduct and its prevention.

        Args:
            on: The day as of which it is asked; today if not given.
            within_months: How far ahead the end of a supervisor's term is told.
        """
        day = or_today(on)
        with database.clear_words(self.engine.url), self.engine.connect() as connection:
            return open_matters(connection, Settings.read(connection), day, within_months)

    def consequences(self, teacher: str, *, on: date | None = None) -> Consequences:
        """Tell what a person's handlings and sanctions bar on a day, until when and by what.

        Args:
            teacher: An ID number, a staff number, or the registry's own number.
            on: The day as of which it is asked; today if not given.

        Raises:
            RegistryError: If nobody, or more than one, is named.
        """
        day = or_today(on)
        with self.session() as session:
            person = people.identify(session, teacher)
            connection, number = session.connection(), person.id or 0
            held = titles_held(connection, day, [number]).select("title_kind", "level").rows()
            return consequences(connection, self.settings, number, person.name, day, held)

    @property
    def development(self) -> Development:
        """The questions about training, rotations, mentors and mentees."""
        return Development(self.engine, self.settings, held_on, _schools_named)


def _schools_named(connection: Connection, names: Sequence[str]) -> frozenset[int] | None:
    return schools_wanted(Places.read(connection), names) if names else None


def or_today(on: date | None) -> date:
    """Take the day asked for; today if there is none."""
    return on or date.today()  # noqa: DTZ011 - a day on the officer's calendar
