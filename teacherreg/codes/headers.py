"""What people write over a column, and the fields that they mean by it.

``data/codes/header_synonyms.csv`` lists the headers met in rosters. A header may mean
several fields; then its usual one stands first, and a kind of workbook takes the first
that it has. Besides the list, a field's own name and its labels in the catalogue of
columns are headers, so whatever our template writes is read back.
"""

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from teacherreg.codes.columns import IMPORT_KINDS, catalogue
from teacherreg.codes.words import normalise
from teacherreg.shipped import shipped


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Give the fields that each header may mean.

    Returns:
        Normalised header to field names, the usual one first.
    """
    known: dict[str, list[str]] = {}
    fields: dict[str, None] = {}
    with shipped("data/codes/header_synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for field in row["fields"].split(";"):
                _add(known, row["header"], field)
                fields[field] = None
    for (table, column), entry in catalogue().items():
        if table in IMPORT_KINDS:
            fields[column] = None
            for label in entry.labels.values():
                _add(known, label, column)
    for field in fields:
        _add(known, field, field)
    return MappingProxyType({header: tuple(named) for header, named in known.items()})


def _add(known: dict[str, list[str]], header: str, field: str) -> None:
    """Add a meaning to a header, behind those that it has."""
    named = known.setdefault(normalise(header), [])
    if field not in named:
        named.append(field)
