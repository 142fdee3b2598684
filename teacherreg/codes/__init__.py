"""Code tables, the catalogue of columns and the headers that people write.

Codes are what the registry stores; labels are what people read, in Chinese and English;
aliases are what rosters hold. All of it lives in ``data``, each row with its document.
"""

from teacherreg.codes.columns import ColumnEntry, column_of
from teacherreg.codes.headers import synonyms
from teacherreg.codes.periods import add_months, term_end
from teacherreg.codes.tables import (
    CodeTable,
    Found,
    Match,
    Row,
    code_table,
    lay_over,
    lift,
    shipped_table,
    table_names,
)
from teacherreg.codes.words import normalise

__all__ = [
    "CodeTable",
    "ColumnEntry",
    "Found",
    "Match",
    "Row",
    "add_months",
    "code_table",
    "column_of",
    "lay_over",
    "lift",
    "normalise",
    "shipped_table",
    "synonyms",
    "table_names",
    "term_end",
]
