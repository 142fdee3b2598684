"""Sentences for people, in Chinese and English.

A sentence is asked for by key: ``t("cli.init.done", name="青禾县")`` takes the entry
``init.done`` of ``zh/cli.toml`` or ``en/cli.toml`` and fills in ``{name}``. An
entry that counts something may be a table with ``one`` and ``other``, chosen by the
parameter ``count``. The language is a context variable: the command line sets it once,
the site sets it for each request, a script may use ``speaking``.
"""

import locale as system_locale
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, Literal

Language = Literal["zh", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

_language: ContextVar[Language | None] = ContextVar("teacherreg_language", default=None)


def language() -> Language:
    """Tell the language in force: the one set, else that of the environment."""
    return _language.get() or language_of_environment()


def speak(code: Language) -> None:
    """Set the language of the current context."""
    _language.set(code)


@contextmanager
def speaking(code: Language) -> Iterator[None]:
    """Use a language for the length of a ``with`` block."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def language_of_environment() -> Language:
    """Read the locale; where it says nothing (``C``, ``POSIX``, unset), Chinese."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            break
    else:
        value = system_locale.getlocale()[0] or ""
    name = value.split(".")[0].lower()
    if name in {"", "c", "posix"} or name.startswith(("zh", "chinese")):
        return "zh"
    return "en"


@cache
def sentences(code: Language) -> dict[str, str | dict[str, str]]:
    """Load a language's catalogue: ``{"cli.init.done": "…"}``."""
    loaded: dict[str, str | dict[str, str]] = {}
    for path in sorted((Path(__file__).parent / code).glob("*.toml")):
        for key, sentence in tomllib.loads(path.read_text(encoding="utf-8")).items():
            loaded[f"{path.stem}.{key}"] = sentence
    return loaded


def has(key: str) -> bool:
    """Tell whether there is a sentence under a key."""
    return key in sentences(language())


def t(key: str, /, **parameters: object) -> str:
    """Say a sentence in the language in force.

    Args:
        key: ``room.sentence``, as in the catalogues.
        parameters: What stands in its braces; ``count`` also chooses ``one`` or ``other``.

    Returns:
        The sentence, filled in.

    Raises:
        KeyError: If no catalogue has the key: a mistake in the program, held by a test.
    """
    entry = sentences(language())[key]
    if isinstance(entry, dict):
        form = "one" if parameters.get("count") == 1 and "one" in entry else "other"
        entry = entry[form]
    return entry.format(**parameters)
