"""How long a title is held: by its kind's usual term, unless the county or a document says else."""

from datetime import date, timedelta
from typing import Final

from teacherreg.codes import code_table, term_end
from teacherreg.models import Level
from teacherreg.settings import Settings

_HIGH_LEVELS: Final = (Level.NATIONAL.value, Level.PROVINCE.value)


def usual_end(kind: str, level: str | None, begins_on: date, settings: Settings) -> date | None:
    """Work out the last day of a term that nobody wrote down.

    Args:
        kind: A code of ``title_kinds``.
        level: The title's level; national and provincial terms have a length of their own.
        begins_on: First day of the term.
        settings: The county's: lengths that hold for every kind, and which day is the last.

    Returns:
        The last day; None for a kind without a term, or of unknown length.
    """
    kinds = code_table("title_kinds")
    if kind not in kinds or kinds.value(kind, "has_term") != "1":
        return None
    column = "term_years_province" if level in _HIGH_LEVELS else "term_years"
    years = settings.number(f"titles.{column}") or int(kinds.value(kind, column) or 0)
    if not years:
        return None
    last = term_end(begins_on, years)
    return last + timedelta(days=1) if settings["titles.end_rule"] == "anniversary" else last
