"""Every code by which the importer complains is listed with its meaning and its cure."""

import re
from pathlib import Path
from typing import get_args

import pytest

import teacherreg.intake
from teacherreg.errors import UsageError
from teacherreg.intake.problem_codes import all_codes, as_markdown, find_code
from teacherreg.intake.recognise import What
from teacherreg.locale import LANGUAGES, sentences, speaking
from teacherreg.shipped import shipped

FOLDER = Path(teacherreg.intake.__file__).parent
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.py")))
# What writing workbooks refuses; nothing is wrong with a roster then.
OF_OUTPUT = re.compile(r"export-|report-|file-exists|file-changed|folder-missing")


def listed(scope: str) -> set[str]:
    return {one.code for one in all_codes() if one.scope == scope}


def test_every_problem_of_rows_and_sheets_is_listed_and_no_other() -> None:
    room = "intake.problem."
    known = {key.removeprefix(room) for key in sentences("zh") if key.startswith(room)}
    assert listed("row") == known


def test_every_error_that_stops_a_file_is_listed_and_no_other() -> None:
    raised = set(re.findall(r'IntakeError\(\s*"([a-z0-9-]+)"', SOURCES))
    assert "file-password" in raised
    raised |= set(get_args(What)) - {"rules"}  # rules are passed over, and a notice says so
    files = {code for code in raised if not OF_OUTPUT.match(code)}
    assert listed("file") == files - listed("row")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_codes_is_the_catalogues(language: str) -> None:
    """To renew it: teacherreg --lang zh problems --format markdown."""
    with speaking(language):  # type: ignore[arg-type]
        page = shipped(f"data/problem_codes.{language}.md").read_text(encoding="utf-8")
        assert page == as_markdown()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_what_it_means_and_what_to_do(language: str) -> None:
    with speaking(language):  # type: ignore[arg-type]
        for one in all_codes():
            assert len(one.meaning) > 5, one.code
            assert len(one.cure) > 3, one.code
            assert "|" not in one.meaning + one.cure


def test_one_code_is_explained() -> None:
    assert "check digit" in find_code(" ID-checksum ").meaning
    with pytest.raises(UsageError) as caught:
        find_code("no-such")
    assert caught.value.code == "problem-code-unknown"
