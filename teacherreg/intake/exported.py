"""Exports: what the registry knows, as a workbook that imports again and changes nothing.

It is the template filled in, so it can be corrected and sent back. Columns that came with
a roster and that nobody knows go out under their own headers; one whose header would be
taken for a field of ours goes out under a header that the reader knows to be such a one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy import Engine

from teacherreg import database
from teacherreg.codes import code_table
from teacherreg.codes.words import normalise
from teacherreg.errors import IntakeError, RegistryError, UsageError
from teacherreg.export import write_csv
from teacherreg.intake.fields import Kind
from teacherreg.intake.form import (
    LAST_ROW,
    LONGEST_TEXT,
    FormColumn,
    form_columns,
    table_of,
    write_form,
)
from teacherreg.intake.left_over import guarded, unguarded
from teacherreg.intake.listed import Listed
from teacherreg.intake.meanings import SERIAL_NUMBER, meanings
from teacherreg.intake.new_workbook import new_workbook
from teacherreg.intake.places import Places
from teacherreg.intake.registered import Asked, Registered, registered
from teacherreg.intake.template import kind_named, starred
from teacherreg.locale import t

ENDINGS: Final = (".xlsx", ".csv")


@dataclass(frozen=True)
class Exported:
    """A file that was written.

    Attributes:
        file: The file.
        kind: Of what it holds rows.
        on: The day as of which they are true.
        rows: How many it holds.
    """

    file: Path
    kind: str
    on: date
    rows: int


def export(
    engine: Engine,
    kind: str,
    out: Path,
    *,
    on: date | None = None,
    schools: Sequence[str] = (),
    township: str | None = None,
) -> Exported:
    """Write the registry's rows of a kind to a file that only its owner may read.

    Args:
        engine: The registry.
        kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
        out: The file to make, .xlsx or .csv; names, codes and headers are in the language
            in force.
        on: The day as of which teachers and schools are asked for. Without it teachers are
            those of today, and schools have a row for each school year.
        schools: Only of these schools, by any of their names.
        township: Only of the schools of this township.

    Raises:
        IntakeError: If the kind is unknown, the file exists, its folder is missing, or it
            cannot hold what is asked for.
        RegistryError: If a school or township is not known, or there is nothing to export.
        UsageError: If the file is neither .xlsx nor .csv.
    """
    which = kind_named(kind)
    if out.suffix.lower() not in ENDINGS:
        raise UsageError("export-ending", file=out, endings=" ".join(ENDINGS))
    if not out.parent.is_dir():
        raise IntakeError("folder-missing", folder=out.parent)
    if out.exists():
        raise IntakeError("file-exists", file=out)
    today = date.today()  # noqa: DTZ011 - a day on the officer's calendar
    with database.clear_words(engine.url), engine.connect() as connection:
        known = Places.read(connection)
        only = schools_wanted(known, schools, township)
        found = registered(which, Asked(connection, known, on, today, only))
    if found.rows.is_empty():
        raise RegistryError("export-empty", kind=t(f"imports.kind.{kind}"))
    names = sorted(place.name for place in known.by_id.values())
    columns = (*form_columns(which, starred(which), names), *_extra_columns(which, found.extra))
    words = _in_words(which, found, columns)
    if out.suffix.lower() == ".csv":
        write_csv(words, out, only_owner=True)
    else:
        _write_workbook(which, out, columns, words)
    return Exported(out, kind, on or today, words.height)


def schools_wanted(
    known: Places, schools: Sequence[str], township: str | None = None
) -> frozenset[int] | None:
    """Tell which schools are meant by their names and a township; None means all.

    Raises:
        RegistryError: If a name fits no school or several, or the township is not known.
    """
    if not schools and township is None:
        return None
    wanted: set[int] = set(known.by_id) if not schools else set()
    for written in schools:
        meant = known.resolve(written)
        if meant.school_id is None:
            near = "export-school" if meant.names else "export-school-no-nearest"
            code = "export-school-several" if meant.how == "several" else near
            raise RegistryError(code, school=written, schools=Listed(meant.names))
        wanted.add(meant.school_id)
    if township is not None:
        there = {place.id for place in known.by_id.values() if _is_in(township, place.township)}
        if not there:
            names = tuple(sorted({p.township for p in known.by_id.values() if p.township}))
            raise RegistryError("export-township", township=township, known=Listed(names))
        wanted &= there
    return frozenset(wanted)


def _is_in(written: str, township: str | None) -> bool:
    return township is not None and normalise(written) == normalise(township)


def _extra_columns(kind: Kind, extra: Iterable[str]) -> list[FormColumn]:
    return [
        FormColumn(header, guarded(header) if _is_ours(kind, header) else header)
        for header in extra
    ]


def _is_ours(kind: Kind, header: str) -> bool:
    """Tell whether the reader would take a header for a field, or for a serial number."""
    ours = {*kind.names, SERIAL_NUMBER}
    return unguarded(header) != header or not ours.isdisjoint(meanings(header))


def _in_words(kind: Kind, found: Registered, columns: Sequence[FormColumn]) -> pl.DataFrame:
    """Write codes as the words of the language in force, under the headings of the form."""
    series: list[pl.Series] = []
    for column in columns:
        values = found.extra.get(column.name)
        if values is None:
            values = found.rows[column.name]
            table = table_of(kind, kind.field(column.name))
            if table and column.name not in found.worded:
                values = _worded(values, table)
        series.append(values.alias(column.heading))
    return pl.DataFrame(series)


def _worded(values: pl.Series, table: str) -> pl.Series:
    codes = code_table(table)
    if values.dtype == pl.Boolean:
        values = values.cast(pl.Int8).cast(pl.String)
    return values.replace({code: codes.word(code) for code in codes.codes})


def _write_workbook(
    kind: Kind, out: Path, columns: Sequence[FormColumn], words: pl.DataFrame
) -> None:
    if words.height > LAST_ROW:
        raise IntakeError("export-too-long", rows=words.height, most=LAST_ROW)
    for name, dtype in words.schema.items():
        longest = words[name].str.len_chars().max() if dtype == pl.String else None
        if isinstance(longest, int) and longest > LONGEST_TEXT:
            raise IntakeError("export-text-too-long", column=name, most=LONGEST_TEXT)
    with new_workbook(out, only_owner=True, row_by_row=True) as workbook:
        write_form(workbook, t(f"imports.kind.{kind.name}"), columns, rows=words.iter_rows())
