"""Columns and values of planned changes in words: labels for codes, numbers masked.

What a conduct record says is not shown at all: a screen has more readers than a file.
"""

from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.codes.columns import ColumnEntry, column_of
from teacherreg.intake.problems import mask_value
from teacherreg.locale import t
from teacherreg.masks import mask_id_number, mask_phone

# Columns of the registry that the catalogue knows by another name.
_CALLED: Final = {
    ("school", "name"): "school_name",
    ("school", "code"): "school_code",
    ("school_alias", "name"): "short_name",
    ("post", "school_id"): "school",
    ("school", "parent_school_id"): "parent_school",
}
_CONDUCT: Final = "conduct_record"
_SECRET: Final = frozenset({"result", "act", "summary", "sanction_kind"})
_NOT_TOLD: Final = frozenset({"is_term_by_rule", "id"})


def is_told(column: str) -> bool:
    """Tell whether a change of a column says something to a person."""
    return column not in _NOT_TOLD


def column_label(table: str, column: str) -> str:
    """Name a column of the registry in the language in force."""
    entry = _entry(table, column)
    return entry.label() if entry is not None else column


def value_text(table: str, column: str, value: Any) -> str:
    """Say a value so that a screen may show it."""
    if value is None or value == "":
        return t("imports.empty")
    if table == _CONDUCT and column in _SECRET:
        return "***"
    if column == "id_number":
        return mask_id_number(str(value)) or ""
    if column == "phone":
        return mask_phone(str(value)) or ""
    if isinstance(value, bool):
        return t("cli.yes") if value else t("cli.no")
    if isinstance(value, dict):
        return "; ".join(f"{key}={mask_value(str(text))}" for key, text in value.items())
    entry = _entry(table, column)
    if entry is not None and entry.code_table and isinstance(value, str):
        return code_table(entry.code_table).label(value)
    return str(value)


def _entry(table: str, column: str) -> ColumnEntry | None:
    try:
        return column_of("*", _CALLED.get((table, column), column))
    except KeyError:
        return None
