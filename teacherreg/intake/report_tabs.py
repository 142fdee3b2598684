"""Naming the tabs of a report, which gathers the sheets of several files.

A tab's name may carry the school of all its rows, so a name that does is kept and one that
does not is never made to. Spreadsheet programs allow 31 characters, not all of them, and no
name twice whatever its case; what is said twice gets a number, as they give a copied tab.
"""

import re
from pathlib import PurePath
from typing import Final

from teacherreg.intake.extract import looks_like_school
from teacherreg.locale import t

LONGEST: Final = 31
# A word that keeps the name of a file from being taken for a school.
_LIST: Final = "名单"
_NOT_ALLOWED: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Tabs:
    """The names given so far."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # Excel keeps it for itself
        self.shortened: dict[str, str] = {}

    def name(self, file: str, sheet: str, *, school: str | None = None) -> str:
        """Name the tab of a sheet, the first that is free of several wishes.

        Args:
            file: Name of the file that the sheet comes from.
            sheet: Its name there; empty for a text file.
            school: The school of its rows where only the file's name says it.

        Returns:
            A name that no other tab has. Where a school's name had to be cut,
            ``shortened`` tells it.
        """
        if school is not None and not looks_like_school(sheet):
            sheet = school
        name = self._free(self._wish(PurePath(file).stem, sheet))
        is_lost = not looks_like_school(name) or len(_allowed(sheet)) > LONGEST
        if is_lost and (school is not None or looks_like_school(sheet)):
            self.shortened[sheet] = name
        return name

    def _wish(self, stem: str, sheet: str) -> str:
        is_school = looks_like_school(sheet)
        wishes = [sheet] if is_school else [sheet, stem, f"{stem}{_LIST}"]
        for name in map(_allowed, wishes):
            is_free = name.casefold() not in self._taken
            if name and is_free and looks_like_school(name) == is_school:
                return name
        return _allowed(sheet) or t("imports.report.tab")

    def own(self, name: str) -> str:
        """Name a tab of the report's own."""
        return self._free(name)

    def _free(self, wish: str) -> str:
        name, number = wish[:LONGEST], 2
        while name.casefold() in self._taken:
            suffix = f" ({number})"
            name, number = wish[: LONGEST - len(suffix)] + suffix, number + 1
        self._taken.add(name.casefold())
        return name


def _allowed(name: str) -> str:
    return _NOT_ALLOWED.sub("_", name).strip().strip("'")
