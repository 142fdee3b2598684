"""Telling how far a long import has come, to whoever wants to show it.

Whoever works calls a `Progress` once for a file, a step or a chunk of rows, never for each
row. Whether anything is shown is the caller's decision; by default nothing is.
"""

from collections.abc import Callable

# Name of the step (``imports.step.<name>`` in the catalogue), how much is done, of how much.
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Show nothing."""
