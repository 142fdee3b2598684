"""Columns and values of planned changes in words: labels for codes, numbers masked.

What a conduct record says is not shown at all: a screen has more readers than a file. The
officer's own report alone shows values whole.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.codes.columns import ColumnEntry, column_of
from teacherreg.intake.departures import Departure
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.kinds.conduct import CONDUCT
from teacherreg.intake.left_over import guarded
from teacherreg.intake.meanings import meanings
from teacherreg.intake.problems import HIDDEN, mask_value
from teacherreg.locale import t
from teacherreg.masks import mask_id_number, mask_phone

# Columns of the registry that the catalogue knows by another name.
_CALLED: Final = {
    ("school", "name"): "school",
    ("school", "code"): "school_code",
    ("school_alias", "name"): "short_name",
    ("post", "school_id"): "school",
    ("school", "parent_school_id"): "parent_school",
    ("supervision", "school_id"): "school",
    ("training", "tenths_of_hours"): "hours",
}
_HIDDEN: Final = frozenset(
    (table, column)
    for table, columns in {
        "conduct_record": (*CONDUCT.hidden, "appeal_result"),
        "review": ("result",),
        "ethics_case": ("topic", "act"),
        "corrective_item": ("item",),
        "education_session": ("topic",),
    }.items()
    for column in columns
)
_MASKS: Final = {"id_number": mask_id_number, "phone": mask_phone}
_KEPT: Final = "unmapped"  # columns without a field of their own
_OURS: Final = frozenset().union(*(kind.names for kind in KINDS.values()))
_NOT_TOLD: Final = frozenset({"is_term_by_rule", "id", "teacher_id"})


def is_told(column: str) -> bool:
    """Tell whether a change of a column says something to a person."""
    return column not in _NOT_TOLD


def column_label(table: str, column: str) -> str:
    """Name a column of the registry in the language in force."""
    entry = _entry(table, column)
    return entry.label() if entry is not None else column


def value_text(table: str, column: str, value: Any, *, is_whole: bool = False) -> str:
    """Say a value so that a screen may show it, or whole for the officer who sent it."""
    if value is None or value == "":
        return t("imports.empty")
    if not is_whole and (table, column) in _HIDDEN:
        return HIDDEN
    if column in _MASKS:
        return str(value) if is_whole else _MASKS[column](str(value)) or ""
    if isinstance(value, bool):
        return t("cli.yes") if value else t("cli.no")
    if column == _KEPT:
        parts = [
            f"{key}={text if is_whole else mask_value(str(text))}"
            for key, text in _kept(value).items()
        ]
        return t("imports.list-semicolon").join(parts)
    if column.startswith("tenths_of_"):
        return f"{value / 10:g}"
    entry = _entry(table, column)
    if entry is not None and entry.code_table and isinstance(value, str):
        return code_table(entry.code_table).label(value)
    return str(value)


def told_changes(
    table: str, old: Mapping[str, Any], new: Mapping[str, Any], *, is_whole: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Say what becomes different in a row, column by column.

    Args:
        table: The row's table.
        old: What was known, by column; a screen may always show it.
        new: What becomes known.
        is_whole: Whether the new values are for the officer who sent them.

    Yields:
        The column, the old value and the new one; columns without a field of their own each
        under its header.
    """
    for column in filter(is_told, new):
        if column == _KEPT:
            yield from _kept_changes(_kept(old[column]), _kept(new[column]), is_whole=is_whole)
        else:
            was = value_text(table, column, old[column])
            yield (
                column_label(table, column), was,
                value_text(table, column, new[column], is_whole=is_whole),
            )  # fmt: skip


def _kept_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], *, is_whole: bool
) -> Iterator[tuple[str, str, str]]:
    for header in dict.fromkeys([*old, *new]):
        was, becomes = old.get(header), new.get(header)
        if was != becomes:
            label = guarded(header) if _OURS.intersection(meanings(header)) else header
            shown = becomes if is_whole else mask_value(becomes)
            yield label, mask_value(was) or t("imports.empty"), shown or t("imports.empty")


def _kept(value: Any) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(value) if isinstance(value, str) else value or {}
    return kept


def masked(table: str, column: str, value: Any) -> Any:
    """Give a value as it is stored, but so that a screen may show it."""
    if value is None or value == "":
        return value
    if (table, column) in _HIDDEN:
        return HIDDEN
    if column in _MASKS:
        return _MASKS[column](str(value))
    if isinstance(value, dict):
        return {key: mask_value(str(text)) for key, text in value.items()}
    return value


def departure_text(one: Departure) -> str:
    """Say of somebody who is missing what the registry knows, and what becomes of the post."""
    levels, kinds = code_table("levels"), code_table("title_kinds")
    comma = t("imports.list-comma")
    parts = []
    if one.staff_no is not None:
        parts.append(t("imports.departures.staff-no", number=one.staff_no))
    if one.since is not None:
        parts.append(t("imports.departures.since", day=one.since))
    if one.titles:
        titles = [
            (levels.label(level) if level else "") + kinds.label(k) for k, level in one.titles
        ]
        parts.append(t("imports.departures.titles", titles=comma.join(titles)))
    if one.listed_at:
        parts.append(t("imports.departures.listed-at", schools=comma.join(one.listed_at)))
    if one.in_doubt:
        parts.append(t("imports.departures.in-doubt"))
    elif one.ends_on is not None:
        parts.append(t("imports.departures.ends", day=one.ends_on))
    return t("imports.departures.clause-comma").join(parts)


def _entry(table: str, column: str) -> ColumnEntry | None:
    try:
        return column_of("*", _CALLED.get((table, column), column))
    except KeyError:
        return None
