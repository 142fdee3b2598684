"""What was settled while files were read or planned and that a person may want to know.

A notice is no problem: no row is at fault, and nobody has to do anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from teacherreg.locale import t


@dataclass(frozen=True)
class Notice:
    """Something that was settled; its sentence is ``notice.<code>`` in ``imports.toml``."""

    code: str
    parameters: Mapping[str, object]

    @property
    def message(self) -> str:
        """The sentence, in the language in force."""
        return t(f"imports.notice.{self.code}", **self.parameters)
