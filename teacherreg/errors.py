"""Every exception that teacherreg raises on purpose.

    TeacherregError
    ├── RegistryError       the registry refuses: missing, locked, not ours, no such batch
    ├── IntakeError         a file that cannot be read as a roster at all
    ├── CoverageError       a question that cannot be asked: unknown standard, dimension
    ├── PublishError        a site that cannot be built or served
    └── UsageError          a value whose form is wrong: a code, a setting (exit code 2)

A bad row is not here: it is data (`teacherreg.intake.problems`), not an exception.

An error is a code with parameters; its sentence and its hint come from the catalogue
``errors.toml`` in the language in force when somebody reads it. Parameters never hold an
ID number, a phone number or a conduct text.
"""

from teacherreg.locale import has, t


class TeacherregError(Exception):
    """The root: catch this to catch everything that teacherreg refuses.

    Args:
        code: Stable name of what went wrong; key of its sentence in ``errors.toml``.
        parameters: What the sentence names: a path, a kind, a limit.
    """

    def __init__(self, code: str, /, **parameters: object) -> None:
        self.code = code
        self.parameters = parameters
        super().__init__(code, parameters)

    @property
    def message(self) -> str:
        """What went wrong and where, in the language in force."""
        return t(f"errors.{self.code}", **self.parameters)

    @property
    def hint(self) -> str:
        """What to do about it; empty where the message says it already."""
        key = f"errors.{self.code}.hint"
        return t(key, **self.parameters) if has(key) else ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RegistryError(TeacherregError):
    """The registry is missing, locked, foreign or too new, or has not what was asked for."""


class IntakeError(TeacherregError):
    """A file cannot be read as a roster: wrong format, no header, password."""


class CoverageError(TeacherregError):
    """A coverage question cannot be asked: unknown standard or dimension."""


class PublishError(TeacherregError):
    """A site cannot be built or served."""


class UsageError(TeacherregError):
    """A value given by a person is of the wrong form: a code, a setting, a password."""
