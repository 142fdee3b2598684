"""The ladder of titles: which must be held before another.

The steps are data: usual levels and ``ladder`` of the kinds of title, which a county may
change (`teacherreg.titles.kinds`). Where the ladder begins is a figure of the rule.
"""

from collections.abc import Iterable
from typing import NamedTuple

from teacherreg.codes import code_table
from teacherreg.titles.kinds import steps_below


class Step(NamedTuple):
    """A title of a kind at a level, or a higher one."""

    kind: str
    level: str

    def is_reached_by(self, kind: str, level: str | None) -> bool:
        """Tell whether a title is this one, or the same kind at a higher level."""
        levels = code_table("levels").codes  # high to low
        is_high_enough = level in levels and levels.index(level) <= levels.index(self.level)
        return kind == self.kind and is_high_enough


def steps_before(kind: str, level: str, lowest: str) -> list[Step]:
    """Name the titles of which one must be held before a title.

    Args:
        kind: Code of the kind of title that is asked for.
        level: Its level.
        lowest: The level at which the ladder begins; nothing lower is asked for.

    Returns:
        The steps; none where the ladder asks for nothing.

    Example:
        >>> steps_before("subject_leader", "prefecture", "county")
        [Step(kind='subject_leader', level='county')]
    """
    levels = code_table("levels").codes
    if kind not in code_table("title_kinds"):
        return []
    steps: Iterable[tuple[str, str]] = steps_below(kind, level)
    return [Step(*step) for step in steps if levels.index(step[1]) <= levels.index(lowest)]
