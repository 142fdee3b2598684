"""Telling a list of another kind by its columns: titles given as a roster, and so on.

A list of titles has names and schools, so it would pass for a roster of teachers. What it
has beside them tells: the columns that only one of the two kinds knows are counted. A
roster that merely has a column for titles, and all else of a roster, stays one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from teacherreg.intake.fields import Kind
from teacherreg.intake.header import Header, find_header
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.layout import AS_FOUND
from teacherreg.intake.listed import Listed
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t

_TELLING: Final = frozenset({"sanction_kind", "act"})


@dataclass(frozen=True)
class KindNamed:
    """A kind in a sentence, as the language in force calls it."""

    name: str

    def __str__(self) -> str:
        """Name it."""
        return t(f"imports.kind.{self.name}")


@dataclass(frozen=True)
class OtherKind:
    """Another kind than was asked for, and the headers that tell it."""

    name: str
    headers: Listed

    @property
    def named(self) -> KindNamed:
        """The kind as a sentence calls it."""
        return KindNamed(self.name)


def other_kind(sheet: Sheet, kind: Kind, header: Header | None) -> OtherKind | None:
    """Tell what else a sheet is, if it is not what was asked for.

    Args:
        sheet: The sheet.
        kind: The kind that was asked for.
        header: Its header, read as that kind; None where it has none.

    Returns:
        The kind whose columns tell more of the sheet; None where that is the one asked for.
    """
    read = {
        one.name: find_header(sheet, one, AS_FOUND) for one in KINDS.values() if one is not kind
    }
    read[kind.name] = header
    likelier = [one for one in KINDS.values() if _is_likelier(one, kind, read)]
    # What it is called must hold when it is given as that.
    surest = [one for one in likelier if not any(_is_likelier(o, one, read) for o in likelier)]
    best = max(
        surest or likelier, key=lambda one: len(_special(read[one.name], kind)), default=None
    )
    found = None if best is None else read[best.name]
    if best is None or found is None:
        return None
    special = _special(found, kind)
    labels = (column.label for column in found.columns if column.field in special)
    return OtherKind(best.name, Listed(tuple(labels)))


def _is_likelier(other: Kind, kind: Kind, read: Mapping[str, Header | None]) -> bool:
    """Tell whether a sheet is rather of another kind."""
    as_other, as_kind = read[other.name], read[kind.name]
    if other is kind or as_other is None or as_other.missing(other):
        return False
    if not _is_marked(other, as_other.fields):
        return False
    is_usable = as_kind is not None and not as_kind.missing(kind)
    special, own = _special(as_other, kind), _special(as_kind, other)
    # In doubt it is what was asked for; but who has a name is no school, and nobody's
    # sanction is read as a column of a roster.
    holds_doubt = is_usable and "name" in kind.names and not special & _TELLING
    if not special or len(own) + holds_doubt > len(special):
        return False
    is_proved = as_kind is not None and _is_proved(kind, as_kind.fields, other)
    return not is_usable or (not is_proved and _can_prove(other, kind))


def _special(header: Header | None, other: Kind) -> frozenset[str]:
    """Give the fields that have a column and that another kind does not know."""
    return frozenset() if header is None else header.fields - other.names


def _is_marked(kind: Kind, fields: frozenset[str]) -> bool:
    return all(fields.intersection(group) for group in kind.marks)


def _can_prove(kind: Kind, other: Kind) -> bool:
    """Tell whether something marks a kind that another does not know.

    A roster with a column for titles is a good list of titles too.
    """
    return any(not other.names.intersection(group) for group in kind.marks)


def _is_proved(kind: Kind, own: frozenset[str], other: Kind) -> bool:
    """Tell whether a list of persons has what marks its kind and the other kind has not.

    A list of schools is never proved so: rosters carry the code and the township too.
    """
    return "name" in kind.names and _is_marked(kind, own) and _can_prove(kind, other)
