"""The README is true: its commands and its example run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from teacherreg.shipped import shipped

TOP = Path(__file__).resolve().parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
SHELL = [block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.S)]
COMMANDS = [line for block in SHELL for line in block if line.startswith("teacherreg ")]
PYTHON = re.findall(r"```python\n(.*?)```", README, re.S)
DONE = {0, 3}  # the samples hold rows that need attention


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(shipped("data/samples"), folder / "samples")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = command.split()
    assert words[0] == "teacherreg"
    # A person types a password twice at the prompt; there is no terminal here.
    asked = ["--password-stdin"] if words[1] == "accounts" else []
    return subprocess.run(
        [sys.executable, "-c", "from teacherreg.cli import main; main()", *words[1:], *asked],
        cwd=folder,
        env=os.environ | {"TEACHERREG_LANG": "en"},
        input="correct horse battery\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_its_commands_run_one_after_the_other(county: Path) -> None:
    served = [command for command in COMMANDS if command.startswith("teacherreg serve")]
    assert len(served) == 1  # tried in tests/site
    for command in COMMANDS:
        if command in served:
            continue
        result = run(command, county)
        assert result.returncode in DONE, (command, result.stdout, result.stderr)
        assert "Traceback" not in result.stderr


def test_its_example_runs_on_a_registry_with_schools(tmp_path: Path) -> None:
    shutil.copytree(shipped("data/samples"), tmp_path / "samples")
    for command in COMMANDS[:2]:
        assert run(command, tmp_path).returncode in DONE
    (example,) = PYTHON
    result = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "'read': 61" in result.stdout


def test_it_links_to_files_that_exist() -> None:
    for target in re.findall(r"\]\((?!#|http)([^)]+)\)", README):
        assert (TOP / target).exists(), target


def test_ci_runs_its_test_command() -> None:
    commands = [line for block in SHELL for line in block if line.startswith("python3 ")]
    assert [line for line in commands if line.endswith("pytest")] == commands[1:]
    assert "grep -m1 -E '^python3 .*pytest$' README.md" in (TOP / ".ci/run").read_text("utf-8")
