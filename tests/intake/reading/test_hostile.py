"""Files that would end, fill or stop the program that opens them."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from teacherreg.errors import IntakeError
from teacherreg.intake import apart, messages, reader, workbooks
from teacherreg.intake.read import read_files
from teacherreg.locale import speaking
from tests.intake.reading import formats, hostile
from tests.intake.reading.made import ON


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_is_refused_in_words(read: Any, name: str) -> None:
    make, code = hostile.HOSTILE[name]
    content = make()
    begun = time.monotonic()
    with pytest.raises(IntakeError) as raised:
        read("teachers", content, name="roster.xlsx")
    assert raised.value.code == code
    assert time.monotonic() - begun < 30
    for language in ("zh", "en"):
        with speaking(language):
            assert "roster.xlsx" in raised.value.message
            assert raised.value.hint


def test_what_takes_too_long_is_given_up(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 1)
    with pytest.raises(IntakeError) as raised:
        read("teachers", hostile.endless_tags(), name="roster.xlsx")
    assert raised.value.code == "file-too-slow"
    assert (
        raised.value.message
        == "roster.xlsx was not read through after 1 seconds, and was given up."
    )


def test_the_other_files_of_a_folder_are_read(tmp_path: Path, settings: Any) -> None:
    good = formats.xlsx(hostile.ROWS)
    contents = [good, hostile.string_bomb(), hostile.far_cell(), formats.xlsb(hostile.ROWS), b""]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.xlsx").write_bytes(content)
    with pytest.raises(IntakeError) as raised:
        read_files("teachers", [tmp_path], settings=settings, on=ON)
    assert raised.value.parameters["count"] == 3
    reading = read_files("teachers", [tmp_path], settings=settings, on=ON, skip_unreadable=True)
    assert [file.name for file in reading.files] == ["0.xlsx", "3.xlsx"]
    assert [problem.file for problem in reading.problems if problem.code == "file-skipped"] == [
        "1.xlsx", "2.xlsx", "4.xlsx",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the limits of a process")
def test_the_system_itself_holds_the_limits(read: Any) -> None:
    import resource

    read("teachers", formats.xlsx(hostile.ROWS), name="roster.xlsx")
    (process,) = apart._kept
    held = {
        limit: resource.prlimit(process.number, limit)[0]
        for limit in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_CPU)
    }
    assert held[resource.RLIMIT_AS] == reader.MOST_MEMORY < 1_000_000_000
    assert held[resource.RLIMIT_CORE] == 0
    assert messages.MOST_SECONDS <= held[resource.RLIMIT_CPU] < 100


def test_a_device_without_end_is_no_roster(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teacherreg.intake.read.MOST_BYTES", 2_000_000)
    with pytest.raises(IntakeError) as raised:
        read_files("teachers", [Path("/dev/zero")], settings=settings, on=ON)
    assert raised.value.code == "file-too-large"
    assert "2 MB" in raised.value.message


def test_a_panic_of_the_reader_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Rust's panics become in Python is no `Exception`, and its class cannot be imported."""

    class PanicException(BaseException):
        pass

    def panic(_content: object) -> None:
        raise PanicException("called `Option::unwrap()` on a `None` value")

    monkeypatch.setattr(workbooks.CalamineWorkbook, "from_filelike", panic, raising=True)
    with pytest.raises(IntakeError) as raised:
        list(workbooks.read_workbook(formats.xlsx(hostile.ROWS), "roster.xlsx"))
    assert raised.value.code == "file-damaged"
