"""Workbooks to fill in: a form with an example row that the reader skips.

What is starred and what the example says stands in ``data/template.csv``; a kind that is
not there yet has the stars of its required fields and an example that is only marked.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from teacherreg.codes import code_table
from teacherreg.errors import IntakeError
from teacherreg.intake.form import FormColumn, form_columns, table_of, write_form
from teacherreg.intake.kinds import KINDS, Kind
from teacherreg.intake.new_workbook import new_workbook
from teacherreg.locale import LANGUAGES, language, t
from teacherreg.shipped import shipped


@dataclass(frozen=True)
class _Shown:
    """What the template shows of a column: its star, and its example by language."""

    is_starred: bool
    examples: dict[str, str]


def write_template(kind: str, out: Path, *, schools: Sequence[str] = ()) -> None:
    """Write a workbook to fill in, in the language in force.

    Args:
        kind: ``schools``, ``teachers``, ``titles`` or ``conduct``.
        out: The workbook to make.
        schools: Names of schools to choose from.

    Raises:
        IntakeError: If the kind is unknown, the file exists or its folder is missing.
    """
    which = kind_named(kind)
    if out.exists():
        raise IntakeError("file-exists", file=out)
    columns = form_columns(which, starred(which), schools)
    with new_workbook(out) as workbook:
        write_form(workbook, t(f"imports.kind.{kind}"), columns, example=_example(which, columns))


def kind_named(kind: str) -> Kind:
    """Give a kind by its name.

    Raises:
        IntakeError: If there is none.
    """
    if kind not in KINDS:
        raise IntakeError("kind-unknown", kind=kind, known=", ".join(KINDS))
    return KINDS[kind]


def starred(kind: Kind) -> frozenset[str]:
    """Name the fields that people must fill in."""
    required = {field.name for field in kind.fields if field.is_required}
    shown = {column for (table, column), one in _shown().items()
             if table == kind.name and one.is_starred}  # fmt: skip
    return frozenset(required | shown)


def _example(kind: Kind, columns: Sequence[FormColumn]) -> list[str]:
    """Make the example row; its first cell says that it is one."""
    cells = []
    for column in columns:
        shown = _shown().get((kind.name, column.name))
        text = shown.examples[language()] if shown else ""
        table = table_of(kind, kind.field(column.name))
        cells.append(code_table(table).word(text) if table and text else text)
    return [t("imports.template.example", text=cells[0]), *cells[1:]]


@cache
def _shown() -> dict[tuple[str, str], _Shown]:
    with shipped("data/template.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["column"]): _Shown(
                row["starred"] == "1", {lang: row[f"example_{lang}"] for lang in LANGUAGES}
            )
            for row in csv.DictReader(file)
        }
