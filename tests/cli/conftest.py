"""Running the program as a person would: a command line in, exit code and two streams out."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from teacherreg import cli
from teacherreg.locale import language, speak


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    exit_code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder, with no terminal, in English unless asked otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEACHERREG_REGISTRY", raising=False)

    def run(*words: str, lang: str = "en", answer: str = "") -> Ran:
        before = language()
        monkeypatch.setattr(sys, "argv", ["teacherreg", "--lang", lang, *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        speak(before)
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
