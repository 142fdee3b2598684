"""Every code by which the importer complains: what it means and how to cure it.

A problem's own sentence tells of one cell; here stands what holds for all cells with the
fault, in the catalogue ``problems.toml``. Codes are stable: scripts and letters to schools
name them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from teacherreg.errors import UsageError
from teacherreg.locale import sentences, t

# Errors that stop a whole file are listed with those of rows and sheets.
Scope = Literal["row", "file"]

_ROOM: Final = "problems."
_MEANING: Final = ".meaning"


@dataclass(frozen=True)
class ProblemCode:
    """One code.

    Attributes:
        code: Its stable name.
        scope: Whether it is about rows and sheets, or stops the whole file.
    """

    code: str
    scope: Scope

    @property
    def meaning(self) -> str:
        """What is wrong, in the language in force."""
        return t(f"problems.{self.code}.meaning")

    @property
    def cure(self) -> str:
        """What to do, in the language in force."""
        return cure_of(self.code)

    def to_document(self) -> dict[str, str]:
        """Give it as JSON."""
        return {
            "code": self.code,
            "scope": self.scope,
            "meaning": self.meaning,
            "cure": self.cure,
        }


def cure_of(code: str) -> str:
    """Say shortly how a problem is cured, in the language in force."""
    return t(f"problems.{code}.cure")


def all_codes() -> list[ProblemCode]:
    """List the codes: those of rows and sheets by name, then those that stop a file."""
    return sorted(_listed(), key=lambda one: (one.scope != "row", one.code))


def find_code(code: str) -> ProblemCode:
    """Find a code.

    Raises:
        UsageError: If there is none of that name.
    """
    found = next((one for one in _listed() if one.code == code.strip().casefold()), None)
    if found is None:
        raise UsageError("problem-code-unknown", code=code)
    return found


def as_markdown(codes: Sequence[ProblemCode] | None = None) -> str:
    """Write the reference page, of all codes or of some, in the language in force."""
    parts = [f"# {t('imports.codes.title')}", t("imports.codes.intro")]
    codes = all_codes() if codes is None else codes
    for scope in ("row", "file"):
        parts.append(f"## {t(f'imports.codes.{scope}')}")
        head = " | ".join(t(f"imports.codes.{name}") for name in ("code", "meaning", "cure"))
        lines = [f"| {head} |", "|---|---|---|"]
        lines += [
            f"| `{one.code}` | {one.meaning} | {one.cure} |" for one in codes if one.scope == scope
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _listed() -> Iterator[ProblemCode]:
    for key in sentences("zh"):
        if key.startswith(_ROOM) and key.endswith(_MEANING):
            code = key.removeprefix(_ROOM).removesuffix(_MEANING)
            is_of_rows = f"intake.problem.{code}" in sentences("zh")
            yield ProblemCode(code, "row" if is_of_rows else "file")
