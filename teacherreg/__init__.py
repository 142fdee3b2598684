"""A teacher-development registry for county education bureaus.

`Registry` is the door: open one, plan and apply imports, ask where famous teachers are
missing, publish the site that leaders read.
"""

from typing import TYPE_CHECKING

from teacherreg.errors import (
    CoverageError,
    IntakeError,
    PublishError,
    RegistryError,
    TeacherregError,
    UsageError,
)

if TYPE_CHECKING:
    from teacherreg.intake.layout import Layout
    from teacherreg.registry import Registry

__all__ = [
    "CoverageError",
    "IntakeError",
    "Layout",
    "PublishError",
    "Registry",
    "RegistryError",
    "TeacherregError",
    "UsageError",
]


def __getattr__(name: str) -> object:
    """Load what is large when it is first asked for: half a second that a web page can save."""
    if name == "Layout":
        from teacherreg.intake.layout import Layout

        return Layout
    if name == "Registry":
        from teacherreg.registry import Registry

        return Registry
    raise AttributeError(name)
