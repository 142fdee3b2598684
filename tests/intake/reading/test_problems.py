"""Problems: masked, said in both languages, one sentence a code."""

import re
from pathlib import Path

import pytest

import teacherreg.intake
from teacherreg.intake.problems import Problem, mask_value
from teacherreg.locale import sentences, speaking


def problem(code: str, value: str | None = None, **parameters: object) -> Problem:
    return Problem("a.xlsx", "Sheet1", 17, "身份证件号", code, "error", value, parameters)


@pytest.mark.parametrize(
    ("value", "code", "masked"),
    [
        ("640199198503150013", "id-checksum", "640199********0013"),
        ("64019919850315001", "id-length", "640199*******5001"),
        ("640199850315001", "id-15-digits", "640************"),
        ("6.40199E+17", "id-lost-digits", "6.4********"),
        ("13800001234", "phone-unreadable", "138****1234"),
        ("1380000123", "phone-unreadable", "138*******"),
        ("640199198503150013", "name-unreadable", "640199********0013"),
        ("电话13800001234转", "code-unknown", "电话138****1234转"),
        ("语文", "code-unknown", "语文"),
        ("1985-03-16", "id-birth-date", "1985-03-16"),
        ("2019-09-01", "date-unreadable", "2019-09-01"),
        (None, "name-missing", None),
    ],
)
def test_hides_what_tells_who_somebody_is(value: str | None, code: str, masked: str | None) -> None:
    assert mask_value(value, code) == masked


def test_the_report_keeps_what_the_screen_hides() -> None:
    told = problem("id-checksum", "640199198503150013")
    assert told.value == "640199198503150013"
    assert "19850315" not in told.message
    assert told.to_document() == {
        "file": "a.xlsx",
        "sheet": "Sheet1",
        "row": 17,
        "column": "身份证件号",
        "code": "id-checksum",
        "severity": "error",
        "value": "640199********0013",
        "message": told.message,
    }


def test_a_sentence_quotes_no_more_of_a_cell_than_a_line_holds() -> None:
    told = problem("code-unknown", "长" * 30_000)
    assert len(told.message) < 200
    assert len(told.in_full) < 200
    assert told.value == "长" * 30_000


def test_speaks_the_language_in_force() -> None:
    told = problem("id-length", "123", length=3)
    with speaking("zh"):
        assert told.message == "身份证件号应为 18 位，这里是 3 位。请核对后补正。"
    with speaking("en"):
        assert told.message.startswith("An ID number has 18 characters, this one has 3.")


def test_every_code_of_the_reading_side_has_its_sentence() -> None:
    folder = Path(teacherreg.intake.__file__).parent
    sources = [*folder.glob("*.py"), *(folder / "kinds").glob("*.py")]
    named = r'(?:report(?:_sheet)?|refuse|warn|Fault|Cell\(None, Fault)\(\s*"([a-z0-9-]+)"'
    found = {code for source in sources for code in re.findall(named, source.read_text("utf-8"))}
    assert "id-lost-digits" in found
    for language in ("zh", "en"):
        known = {key.removeprefix("intake.problem.") for key in sentences(language)}
        assert found <= known
