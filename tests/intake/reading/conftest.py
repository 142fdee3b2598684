"""Made-up rosters: written as text or as workbooks, and read back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from teacherreg.intake.read import Reading, read_files
from teacherreg.settings import Settings
from tests.intake.reading.made import ON, as_text


@dataclass
class Workbook:
    """An .xlsx in the making: rows, merges and oddities of one or several sheets."""

    path: Path

    def write(
        self,
        rows: Sequence[Sequence[Any]],
        *,
        merges: Iterable[tuple[int, int, int, int]] = (),
        name: str = "Sheet1",
        **more: Sequence[Sequence[Any]],
    ) -> Path:
        book = xlsxwriter.Workbook(str(self.path), {"default_date_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, list(row))
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
        for other, cells in more.items():
            extra = book.add_worksheet(other)
            for number, row in enumerate(cells):
                extra.write_row(number, 0, list(row))
        book.close()
        return self.path


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    return Workbook(tmp_path / "roster.xlsx")


@pytest.fixture
def settings() -> Settings:
    return Settings({}, "640199", "青禾县")


Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path, settings: Settings) -> Read:
    """Read a kind from rows, a text, or paths."""

    def run(kind: str, *sources: Any, on: date = ON, name: str = "roster.csv") -> Reading:
        paths = []
        for place, source in enumerate(sources):
            if isinstance(source, Path):
                paths.append(source)
                continue
            path = tmp_path / (name if len(sources) == 1 else f"{place}-{name}")
            path.write_bytes(source if isinstance(source, bytes) else as_text(source).encode())
            paths.append(path)
        return read_files(kind, paths, settings=settings, on=on)

    return run
