"""Code tables, the catalogue of columns and the headers that people write.

Codes are what the registry stores; labels are what people read, in Chinese and English;
aliases are what rosters hold. All of it lives in ``data``, each row with its document.
"""

from teacherreg.codes.columns import ColumnEntry, column_of
from teacherreg.codes.headers import synonyms
from teacherreg.codes.periods import add_months, sanction_end, term_end
from teacherreg.codes.sanction_rules import SanctionRule, sanction_rule
from teacherreg.codes.tables import (
    CodeTable,
    Found,
    Match,
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
    "SanctionRule",
    "add_months",
    "code_table",
    "column_of",
    "lay_over",
    "lift",
    "normalise",
    "sanction_end",
    "sanction_rule",
    "shipped_table",
    "synonyms",
    "table_names",
    "term_end",
]
