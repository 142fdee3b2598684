"""Registry: the door for scripts. The command line is one of them."""

import getpass
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine

from teacherreg import database
from teacherreg.codes import lay_over, lift
from teacherreg.database import OnWait
from teacherreg.errors import RegistryError
from teacherreg.intake.apply import apply
from teacherreg.intake.exported import Exported, export
from teacherreg.intake.layout import AS_FOUND, Layout, Remembered
from teacherreg.intake.mappings import forget
from teacherreg.intake.plan import Plan, plan_import
from teacherreg.intake.progress import Progress, silent
from teacherreg.intake.undo import Undone, undo
from teacherreg.models import ImportBatch
from teacherreg.registry.questions import Questions, or_today
from teacherreg.settings import Value
from teacherreg.settings import change as change_setting
from teacherreg.settings import reset as reset_setting
from teacherreg.titles import kinds
from teacherreg.titles.kinds import KindChange

if TYPE_CHECKING:
    from teacherreg.publish.build import Published


class Registry(Questions):
    """A county's registry: import workbooks, ask questions, publish a site.

    Example:
        ::

            with Registry.open("registry.db") as registry:
                plan = registry.plan_import("teachers", "roster.xlsx")
                batch = registry.apply(plan)
                gaps = registry.coverage.gaps("quality-balance-2017-backbone")
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._lay_kinds_over()

    @classmethod
    def open(cls, target: str | Path, *, on_wait: OnWait | None = None) -> Self:
        """Open a registry; an older one is upgraded after a backup.

        Args:
            target: A SQLite file, or an SQLAlchemy URL.
            on_wait: Told, whenever another program is writing, that its end is awaited: up
                to a minute, then whatever was to be done is refused (on SQLite).

        Raises:
            RegistryError: If it is missing, locked, damaged, not ours or too new.
        """
        return cls(database.open_existing(target, on_wait))

    @classmethod
    def create(cls, target: str | Path, *, county_code: str, county_name: str) -> Self:
        """Make an empty registry and open it.

        Raises:
            RegistryError: If there is one already.
            UsageError: If the county's code or name cannot be used.
        """
        return cls(database.create(target, county_code, county_name))

    def close(self) -> None:
        """Let go of the database, and of the county's own kinds of title."""
        lift(kinds.TABLE, self)
        self.engine.dispose()

    def _lay_kinds_over(self) -> None:
        with database.clear_words(self.engine.url), self.engine.connect() as connection:
            lay_over(kinds.TABLE, self, kinds.local_kinds(connection))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def change_setting(self, key: str, text: str) -> Value:
        """Change a setting; see ``data/settings.toml``.

        Raises:
            UsageError: If there is no such setting, or the value does not fit.
        """
        with database.writing(self.engine) as connection:
            return change_setting(connection, key, text)

    def reset_setting(self, key: str) -> Value:
        """Put a setting back to its default, which is returned."""
        with database.writing(self.engine) as connection:
            return reset_setting(connection, key)

    def add_title_kind(self, code: str, change: KindChange) -> None:
        """Add a kind of title of the county's own; see `teacherreg.titles.kinds`.

        Raises:
            UsageError: If the code or the name is taken, or a value does not fit.
        """
        with database.writing(self.engine) as connection:
            kinds.add_kind(connection, code, change)
        self._lay_kinds_over()

    def change_title_kind(self, code: str, change: KindChange) -> None:
        """Change a kind of title, be it the county's own or one that ships.

        Raises:
            RegistryError: If there is no such kind.
            UsageError: If nothing is to be changed, or a value does not fit.
        """
        with database.writing(self.engine) as connection:
            kinds.change_kind(connection, code, change)
        self._lay_kinds_over()

    def remove_title_kind(self, code: str) -> None:
        """Remove a kind of the county's own, or take back what it changed in one that ships.

        Raises:
            RegistryError: If the county has no such kind, or titles of it are on file.
        """
        with database.writing(self.engine) as connection:
            kinds.remove_kind(connection, code)
        self._lay_kinds_over()

    def plan_import(
        self,
        kind: str,
        *files: str | Path,
        on: date | None = None,
        layout: Layout = AS_FOUND,
        school: str | None = None,
        add_schools: bool = False,
        skip_unreadable: bool = False,
        full: bool = False,
        allow_departures: int | None = None,
        progress: Progress = silent,
    ) -> Plan:
        """Read and check workbooks, and work out what importing them would do.

        Args:
            kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
            files: One batch, in any mix of .xlsx, .xls and .csv; a folder stands for all
                rosters in it and below.
            on: The day as of which the rows are true; today if not given.
            layout: Which sheets to read, which row is the header, what columns mean; once
                applied it is remembered for the next file with the same header.
            school: The school of every row that names none.
            add_schools: Make the schools that the registry does not know yet.
            skip_unreadable: Go on without files that cannot be read; each is a problem then.
            full: The files are the complete roster of the schools that they hold: who is
                missing there is listed among the plan's departures.
            allow_departures: End the posts of those missing, if they are at most so many
                persons; with more, nothing is planned at all.
            progress: Told how far the work has come.

        Returns:
            The plan. Nothing has been written.

        Raises:
            IntakeError: If files cannot be read as rosters at all, or more people are
                missing than may leave.
            UsageError: If the kind is not known, or options do not go together.
        """
        return plan_import(
            self.engine,
            kind,
            [Path(file) for file in files],
            settings=self.settings,
            on=or_today(on),
            layout=layout,
            school=school,
            add_schools=add_schools,
            skip_unreadable=skip_unreadable,
            full=full,
            allow_departures=allow_departures,
            progress=progress,
        )

    def apply(self, plan: Plan, *, by: str | None = None) -> ImportBatch:
        """Write a plan, in one transaction with its journal.

        Raises:
            RegistryError: If somebody else changed the registry since the plan was made,
                or it cannot be written. Then nothing is.
        """
        return apply(self.engine, plan, by=by or login())

    def undo(self, batch_id: int, *, by: str | None = None, dry_run: bool = False) -> Undone:
        """Take back everything that a batch wrote.

        Args:
            batch_id: Number of the import.
            by: Who takes it back; the login name if not given.
            dry_run: Only tell what that would do, or what stands in its way.

        Raises:
            RegistryError: If there is no such batch, it was taken back already, or later
                imports changed the same rows; they are named.
        """
        return undo(self.engine, batch_id, by=by or login(), dry_run=dry_run)

    def export(
        self,
        kind: str,
        file: str | Path,
        *,
        on: date | None = None,
        schools: Sequence[str] = (),
        township: str | None = None,
    ) -> Exported:
        """Write what the registry knows to a workbook that imports again and changes nothing.

        Args:
            kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
            file: An .xlsx or .csv that does not exist yet; only its owner may read it.
            on: The day as of which teachers and schools are asked for. Without it teachers
                are those of today, and schools have a row for each school year.
            schools: Only of these schools, by any of their names.
            township: Only of the schools of this township.

        Raises:
            IntakeError: If the kind is unknown, or the file exists or cannot be made.
            RegistryError: If a school or township is not known, or nothing fits.
            UsageError: If the file is neither .xlsx nor .csv.
        """
        return export(self.engine, kind, Path(file), on=on, schools=schools, township=township)

    def forget_mapping(self, mapping_id: int) -> Remembered:
        """Forget what is remembered of one header.

        Raises:
            RegistryError: If there is no such mapping.
        """
        return forget(self.engine, mapping_id)

    def publish(self, folder: str | Path, *, on: date | None = None) -> "Published":
        """Build, or refresh, the site that Datasette serves.

        Args:
            folder: Made if it is missing; a site in it is refreshed while it is served.
            on: The day as of which the figures are true; today if not given.
        """
        from teacherreg.publish.build import publish  # charts take half a second to load

        day = or_today(on)
        return publish(self.engine, self.settings, Path(folder), day)

    def backup(self, file: str | Path) -> Path:
        """Copy the registry consistently while others write, and prove the copy sound.

        Raises:
            RegistryError: If the file exists, or the registry is on a server.
        """
        target = Path(file)
        source = database.file_of(self.engine.url)
        if source is None:
            raise RegistryError("backup-sqlite-only")
        if target.exists():
            raise RegistryError("backup-exists", backup=target)
        if not target.parent.is_dir():
            raise RegistryError("folder-missing", folder=target.parent)
        database.copy(source, target, self.engine.get_execution_options().get("on_wait"))
        return target


def login() -> str:
    """Tell who is at the machine, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
