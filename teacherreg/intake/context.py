"""What every planner has at hand: the rows, the registry as it is, and where to note things."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from sqlalchemy import Connection, select

from teacherreg.errors import RegistryError
from teacherreg.intake.departures import Departure
from teacherreg.intake.faults import Faults
from teacherreg.intake.file_schools import schools_of_files
from teacherreg.intake.ledger import Ledger
from teacherreg.intake.listed import Listed
from teacherreg.intake.notices import Notice
from teacherreg.intake.places import Meant, Place, Places
from teacherreg.intake.read import Reading
from teacherreg.intake.staff_numbers import are_by_school, by_school
from teacherreg.intake.tables import COUNTY, SCHOOL
from teacherreg.settings import Settings


@dataclass
class Context:
    """One plan in the making.

    Attributes:
        connection: The registry, in one transaction.
        reading: What the files hold.
        rows: Its rows, numbered in ``i``; dates as text.
        settings: The county's settings.
        on: The day as of which the rows are true.
        school: The school of rows that name none, as the officer wrote it.
        add_schools: Make the schools that are not known yet.
        full: The files are the complete roster of the schools that they hold.
        allow_departures: How many posts of people who are missing may be ended; None: none
            is, and nothing is refused for it.
        schools: The schools of the registry.
        faults: What is wrong with rows.
        ledger: What would be written.
        notices: What else a person may want to know.
        departures: Who is missing from a complete roster.
    """

    connection: Connection
    reading: Reading
    settings: Settings
    on: date
    school: str | None = None
    add_schools: bool = False
    full: bool = False
    allow_departures: int | None = None
    notices: list[Notice] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)

    _may_make: bool = False

    def __post_init__(self) -> None:
        self.notices.extend(self.reading.notices)
        self.rows = as_text(self.reading.rows)
        self.schools = Places.read(self.connection)
        self.faults = Faults(self.reading)
        self.ledger = Ledger(self.connection)
        self.county_code = self.connection.execute(select(COUNTY.c.code)).scalar_one()

    @property
    def day(self) -> str:
        """The day as of which the rows are true, as text."""
        return self.on.isoformat()

    @property
    def day_before(self) -> str:
        """The day before it, as text."""
        return (self.on - timedelta(days=1)).isoformat()

    def notice(self, code: str, **parameters: object) -> None:
        """Note something that a person may want to know."""
        self.notices.append(Notice(code, parameters))

    def with_schools(self, rows: pl.DataFrame, *, may_make: bool) -> pl.DataFrame:
        """Find the school that each row names.

        Args:
            rows: With ``school_name``.
            may_make: Schools that are not known may be made, if that was asked for.

        Returns:
            The rows with ``school_id`` (null where none is named or it is not known), and
            ``staff_no`` with the school where each school numbers its own staff.

        Raises:
            RegistryError: If the school that the officer named is not known.
        """
        if self.school is not None:
            fallback = self._school_option(self.school, may_make=may_make)
            rows = rows.with_columns(pl.col("school_name").fill_null(fallback))
        else:
            rows = self._with_schools_of_files(rows)
        written = rows["school_name"].drop_nulls().unique(maintain_order=True)
        self.meanings = {name: self.schools.resolve(name) for name in written}
        if self.add_schools and may_make:
            self._make_unknown(rows)
        ids = pl.DataFrame(
            [(name, meant.school_id) for name, meant in self.meanings.items()],
            schema={"school_name": pl.String(), "school_id": pl.Int64()},
            orient="row",
        )
        self._tell_parts(rows)
        self._may_make = may_make
        rows = rows.join(ids, on="school_name", how="left", maintain_order="left")
        return self._with_staff_numbers(rows)

    @property
    def numbers_by_school(self) -> bool:
        """Whether each school of the county numbers its own staff."""
        return are_by_school(self.settings)

    def _with_staff_numbers(self, rows: pl.DataFrame) -> pl.DataFrame:
        if not self.numbers_by_school:
            return rows
        return rows.with_columns(staff_no=by_school(rows, self.schools))

    def refuse_unknown_schools(self, rows: pl.DataFrame, severity: str = "error") -> pl.DataFrame:
        """Note rows whose school is not known, or fits several; leave out the rejected."""
        unsettled = rows.filter(pl.col("school_name").is_not_null() & pl.col("school_id").is_null())
        for index, name in unsettled.select("i", "school_name").iter_rows():
            meant = self.meanings[name]
            self.faults.add(
                index,
                self._why_no_school(meant),
                "error" if severity == "error" else "warning",
                "school_name",
                name,
                {"schools": Listed(meant.names)},
            )
        return self.faults.keep(rows)

    def with_school_of(self, rows: pl.DataFrame, column: str) -> pl.DataFrame:
        """Find the school that a column names; rows whose school is not known are refused.

        Returns:
            The other rows, with ``_id`` after the column's name; null where none is named.
        """
        meant = {name: self.schools.resolve(name) for name in rows[column].drop_nulls().unique()}
        ids = {name: found.school_id for name, found in meant.items()}
        for index, name in rows.select("i", column).drop_nulls().iter_rows():
            if ids[name] is None:
                named = {"schools": Listed(meant[name].names)}
                self.faults.add(
                    index, self._why_no_school(meant[name]), "error", column, name, named
                )
        found = pl.col(column).replace_strict(ids, default=None, return_dtype=pl.Int64())
        return self.faults.keep(rows.with_columns(found.alias(f"{column}_id")))

    def _why_no_school(self, meant: Meant) -> str:
        if meant.how == "several":
            return "school-ambiguous"
        code = "school-unknown" if self._may_make else "school-unknown-here"
        return code if meant.names else f"{code}-no-nearest"

    def _with_schools_of_files(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Let the name of a file, or of its folder, say the school that none of its rows says."""
        if "school_name" not in self.rows.columns:  # a row is about several schools
            return rows
        named = pl.col("school_name").is_not_null().any()
        whole = self.rows.group_by("file", maintain_order=True).agg(named, pl.len())
        nameless = dict(whole.filter(~pl.col("school_name")).select("file", "len").rows())
        found = schools_of_files(nameless, self.schools)
        if not found:
            return rows
        names = {file: self.schools.name(school) for file, school in found.items()}
        for file, school in names.items():
            self.notice("school-of-file", file=file, school=school, count=nameless[file])
        of_file = pl.col("file").replace_strict(names, default=None, return_dtype=pl.String())
        return rows.with_columns(pl.col("school_name").fill_null(of_file))

    def _school_option(self, written: str, *, may_make: bool) -> str:
        meant = self.schools.resolve(written)
        if meant.school_id is not None:
            return self.schools.name(meant.school_id)
        if meant.how == "unknown" and self.add_schools and may_make:
            return written
        near = "school-option" if meant.names else "school-option-no-nearest"
        code = "school-option-several" if meant.how == "several" else near
        raise RegistryError(code, school=written, schools=Listed(meant.names))

    def _make_unknown(self, rows: pl.DataFrame) -> None:
        """Make schools by name only; the next list of schools brings the rest."""
        unknown = [name for name, meant in self.meanings.items() if meant.how == "unknown"]
        if not unknown:
            return
        first_rows = dict(rows.group_by("school_name").agg(pl.col("i").first()).rows())
        made: dict[str, int] = {}
        for name in unknown:
            number = self.schools.by_name(name)  # spelt otherwise, it may be made already
            if number is None:
                number = self.ledger.take_numbers(SCHOOL, 1)
                self.schools.add(Place(number, name))
                made[name] = number
            self.meanings[name] = Meant(number, "exact")
        frame = pl.DataFrame(
            {"id": made.values(), "name": made.keys()},
            schema={"id": pl.Int64(), "name": pl.String()},
        ).with_columns(county_code=pl.lit(self.county_code))
        self.ledger.insert(SCHOOL, frame, pl.Series([first_rows[name] for name in made]))
        self.notice("schools-made", schools=Listed(tuple(made)), count=len(made))

    def _tell_parts(self, rows: pl.DataFrame) -> None:
        counts = dict(rows["school_name"].value_counts().rows())
        for name, meant in self.meanings.items():
            if meant.how == "part":
                self.notice(
                    "school-taken-as", written=name, school=meant.names[0], count=counts[name]
                )


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Number the rows in ``i`` and write days as text, as the registry does."""
    numbered = rows.with_columns(pl.int_range(rows.height, dtype=pl.Int64()).alias("i"))
    days = [name for name, kind in rows.schema.items() if kind == pl.Date()]
    return numbered.with_columns(pl.col(name).dt.to_string("%Y-%m-%d") for name in days)
