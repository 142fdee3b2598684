"""Telling a list of another kind by its columns: titles given as a roster, and so on.

A list of titles has names and schools, so it would pass for a roster of teachers. What it
has beside them tells: the columns that only one of the two kinds knows are counted. A
roster that merely has a column for titles, and all else of a roster, stays one.
"""

from dataclasses import dataclass

from teacherreg.intake.fields import Kind
from teacherreg.intake.header import Header, find_header
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.layout import AS_FOUND
from teacherreg.intake.listed import Listed
from teacherreg.intake.sheets import Sheet
from teacherreg.locale import t


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
    is_usable = header is not None and not header.missing(kind)
    own = header.fields if header is not None else frozenset()
    found: list[tuple[int, OtherKind]] = []
    for other in KINDS.values():
        read = find_header(sheet, other, AS_FOUND) if other is not kind else None
        if read is None or read.missing(other) or not _is_marked(other, read.fields):
            continue
        special = read.fields - kind.names
        if not special or len(own - other.names) > len(special):
            continue
        if is_usable and (_is_proved(kind, own, other) or not _can_prove(other, kind)):
            continue
        labels = (column.label for column in read.columns if column.field in special)
        found.append((len(special), OtherKind(other.name, Listed(tuple(labels)))))
    return max(found, key=lambda one: one[0], default=(0, None))[1]


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
