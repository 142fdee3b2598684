"""Staff numbers, and within what they are unique: the county, or each school by itself.

Where each school numbers its own staff, 007 of 第一小学 is kept as 007@第一小学, so that a
staff number still names one person. The county may change its mind while the registry is
in use: a number kept the other way is compared as if it had been kept this way, and is
kept this way from the next roster on that names it.
"""

from typing import Final

import polars as pl

from teacherreg.intake.places import Places
from teacherreg.models.teacher import BY_SCHOOL
from teacherreg.settings import Settings

_NUMBER: Final = rf"^([^{BY_SCHOOL}]+)"
_SCHOOL: Final = rf"{BY_SCHOOL}(.+)$"


def are_by_school(settings: Settings) -> bool:
    """Tell whether each school of the county numbers its own staff."""
    return settings["roster.staff_no_scope"] == "school"


def by_school(rows: pl.DataFrame, schools: Places) -> pl.Series:
    """Give staff numbers with the school within which they are unique.

    Args:
        rows: With ``staff_no`` and ``school_id``.
        schools: The schools known.

    Returns:
        Numbers such as ``007@第一小学``; without a school, as they were written.
    """
    names = {number: place.name for number, place in schools.by_id.items()}
    written = rows["staff_no"].str.extract(_SCHOOL).drop_nulls().unique()
    meant = {name: schools.resolve(name).school_id for name in written}
    called = {name: schools.name(number) or name for name, number in meant.items()}
    own = pl.col("staff_no").str.extract(_SCHOOL).replace(called)
    at = pl.col("school_id").replace_strict(names, default=None, return_dtype=pl.String())
    school = pl.coalesce(own, at)
    number = pl.col("staff_no").str.extract(_NUMBER)
    whole = pl.concat_str(number, pl.lit(BY_SCHOOL), school)
    return rows.select(pl.coalesce(whole, "staff_no").alias("staff_no")).to_series()


def of_county(numbers: pl.Series) -> pl.Series:
    """Give staff numbers as if they were unique in the county; null where they are not."""
    if not numbers.str.contains(BY_SCHOOL, literal=True).any():
        return numbers
    frame = (
        numbers.alias("whole").to_frame().with_columns(number=pl.col("whole").str.extract(_NUMBER))
    )
    is_own = ~pl.col("whole").str.contains(BY_SCHOOL, literal=True)
    settled = is_own | (pl.len().over("number") == 1)
    return frame.select(pl.when(settled).then("number").alias("staff_no")).to_series()
