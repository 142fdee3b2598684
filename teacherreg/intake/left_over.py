"""What no field takes is kept with its row, as JSON by header: never guessed, never lost.

Such a header may be one of ours: under 任教学科 stands what could not be read as a subject.
In an export it is guarded, so that it comes back as what it was.
"""

import json
from collections.abc import Mapping

import polars as pl

from teacherreg.locale import LANGUAGES, sentences, t


def as_json(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    """Write the columns that nobody knows as one JSON object for each row.

    Args:
        columns: Texts by header, all of one length.
        height: That length.

    Returns:
        JSON text such as ``{"备注":"返聘"}`` without empty cells; null where nothing is left.
    """
    parts = [
        pl.lit(f"{json.dumps(header, ensure_ascii=False)}:") + _quoted(column)
        for header, column in columns.items()
        if column.null_count() < column.len()
    ]
    if not parts:
        return pl.Series("unmapped", [None] * height, dtype=pl.String)
    joined = pl.concat_str(parts, separator=",", ignore_nulls=True)
    whole = pl.when(joined != "").then(pl.lit("{") + joined + pl.lit("}"))
    return pl.select(whole.alias("unmapped")).to_series()


def guarded(header: str) -> str:
    """Give a header that no reader takes for a field, in the language in force."""
    return t("imports.export.as-written", header=header)


def unguarded(header: str) -> str:
    """Give the header that was guarded, in whichever language; any other stays as it is."""
    for lang in LANGUAGES:
        before, _, after = str(sentences(lang)["imports.export.as-written"]).partition("{header}")
        if header.startswith(before) and header.endswith(after):
            return header[len(before) : len(header) - len(after)]
    return header


def _quoted(column: pl.Series) -> pl.Expr:
    """Write each text as JSON does; null stays null."""
    escaped = pl.struct(column.alias("")).struct.json_encode()
    return pl.when(pl.lit(column).is_not_null()).then(
        escaped.str.slice(4).str.head(-1)  # what stands between {"": and }
    )
