"""Titles (称号) in force: which are held on a day, when their terms end, what is due by then."""

from teacherreg.titles.held import awards_on, held_on, titles_held, titles_of

__all__ = ["awards_on", "held_on", "titles_held", "titles_of"]
