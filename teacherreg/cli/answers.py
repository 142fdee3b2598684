"""Giving the answer to a coverage question: on the screen, as JSON, CSV or a workbook."""

import json
import sys
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import click
import polars as pl
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from teacherreg.cli.frame import WIDTH_OF_A_PIPE, OutFile, aside, on_screen, option
from teacherreg.codes import code_table
from teacherreg.coverage.columns import CODED
from teacherreg.coverage.standards import DEFAULT_STANDARD, Standard
from teacherreg.errors import UsageError
from teacherreg.export import labelled, replacing, write_csv, write_xlsx
from teacherreg.locale import has, t

if TYPE_CHECKING:
    from teacherreg.charts.theme import Picture

TABLE, JSON, CSV, XLSX = FORMS = ("table", "json", "csv", "xlsx")
_ENDINGS: Final = ("", ".txt", ".md", *(f".{form}" for form in FORMS))  # of an answer's file
CHART_FORMS: Final = ("svg", "png", "html")  # as teacherreg.charts.files has them
PLACES: Final = frozenset(  # "(unknown)" if empty
    {"school", "township", "locality", "subject", "party", "sex", "age_band", "rank"}
)
_OF_A_STANDARD: Final = ("per_100_students", "counted_per_100", "percent_of_teachers")
_CENT, _TENTH = Decimal("0.01"), Decimal("0.1")
_SCHOOL_GAPS: Final = "overview.school_gaps"

form_option = option("--format", "form", type=click.Choice(FORMS), help="coverage.format")
out_option = option("--out", type=OutFile(), metavar="FILE", help="coverage.out")
standard_option = option(
    "--standard",
    default=DEFAULT_STANDARD,
    show_default=True,
    metavar="ID|FILE.toml",
    help="coverage.standard",
)


class ChartFile(OutFile):
    """A file to draw a chart in: its name says the form."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Take its path, or say why no chart can be drawn there."""
        path = super().convert(value, param, ctx)
        if path.suffix.lower().removeprefix(".") not in CHART_FORMS:
            raise UsageError("chart-form", file=path.name, known=", ".join(CHART_FORMS))
        return path


chart_option = option(
    "--chart", type=ChartFile(), metavar="FILE.svg|png|html", help="coverage.chart"
)


class Answer(Protocol):
    """What a question of `teacherreg.coverage` gives."""

    def to_polars(self) -> pl.DataFrame:
        """Give it as a data frame, coded values as codes."""

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON."""


def give(
    answer: Answer,
    form: str | None,
    out: Path | None,
    *,
    sheet: str,
    show: Callable[[Console], None],
    labels: str = _SCHOOL_GAPS,
    title: str = "",
    chart: Path | None = None,
    picture: Callable[[], "Picture"] | None = None,
    names_people: bool = False,
) -> None:
    """Give an answer in the form asked for, on stdout or to a file.

    A table of words is for a file that says no other form by its name.

    Args:
        answer: The answer.
        form: One of `FORMS`; None: as the file's name says, else a table.
        out: The file; None: stdout.
        sheet: Name of the sheet in a workbook.
        show: Writes it for the screen.
        labels: Table of the catalogue of columns whose headings come first, see `in_words`.
        title: What stands above a chart.
        chart: Where to draw it as well; see `chart_option`.
        picture: Makes the drawing; None where the answer has none.
        names_people: Keep its files from other accounts of the machine.

    Raises:
        FileError: If the file cannot be written.
        UsageError: If a chart was asked for and there is none, or the file's name says a form
            that answers do not have.
    """
    if out and form is None and out.suffix.lower() not in _ENDINGS:
        known = ", ".join(f".{known}" for known in FORMS if known != TABLE)
        raise UsageError("out-form", file=out.name, known=known)
    if chart:
        if picture is None:
            raise UsageError("chart-of-persons")
        _draw(picture(), title, chart, only_owner=names_people)
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    form = form or (suffix if suffix in FORMS else TABLE)
    if form in (XLSX, CSV):
        _give_sheet(in_words(answer.to_polars(), labels), form, out, sheet, names_people)
    elif out is None:
        if form == JSON:
            click.echo(_as_json(answer))
        else:
            show(on_screen())
    else:
        with (
            replacing(out, only_owner=names_people) as unfinished,
            unfinished.open("w", encoding="utf-8") as file,
        ):
            if form == JSON:
                file.write(f"{_as_json(answer)}\n")
            else:
                show(Console(file=file, width=WIDTH_OF_A_PIPE, highlight=False))


def _give_sheet(
    table: pl.DataFrame, form: str, out: Path | None, sheet: str, names_people: bool
) -> None:
    if form == CSV:
        write_csv(table, out or sys.stdout.buffer, only_owner=names_people)
        return
    if out is None and sys.stdout.isatty():
        raise UsageError("export-needs-file")
    write_xlsx(table, out or sys.stdout.buffer, sheet, only_owner=names_people)


def _as_json(answer: Answer) -> str:
    return json.dumps(answer.to_document(), ensure_ascii=False)


def _draw(picture: "Picture", title: str, chart: Path, *, only_owner: bool) -> None:
    from teacherreg.charts.files import chart_file, titled  # takes a second to load

    form = chart.suffix.lower().removeprefix(".")
    content = chart_file(titled(picture, title), title, form)
    with replacing(chart, only_owner=only_owner) as unfinished:
        unfinished.write_bytes(content)
    aside().print(t("coverage.chart.written", file=chart), markup=False, highlight=False)


def in_words(frame: pl.DataFrame, labels: str = _SCHOOL_GAPS) -> pl.DataFrame:
    """Put a frame in words, for a file: headings, codes, yes and no.

    A heading is the one of the catalogue of columns, else the sentence
    ``coverage.column.NAME``, else the short one, ``coverage.short.NAME``.
    """
    if "reason" in frame.columns:
        words = [t(f"coverage.reason.{code}") if code else None for code in frame["reason"]]
        frame = frame.with_columns(pl.Series("reason", words, dtype=pl.String))
    names = {name: heading for name in frame.columns if (heading := _heading(name))}
    return labelled(frame, labels, names, CODED)


def headed(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Call columns after what a standard counts: only backbone teachers are called so."""
    if standard.title_kinds == code_table("title_kinds").where("counts_backbone", "1"):
        return frame
    names = {"holders": "counted", "required": "asked", "per_100_students": "counted_per_100"}
    return frame.rename(names, strict=False)


def _heading(name: str) -> str | None:
    for key in (f"coverage.column.{name}", f"coverage.short.{name}"):
        if has(key):
            return t(key)
    return None


class TitledTable(Table):
    """An open table whose title has the whole width of the screen, not the table's alone."""

    def __init__(self, title: str) -> None:
        super().__init__(box=SIMPLE_HEAD, padding=0, pad_edge=False)
        self._words = Text(title, style="table.title")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Write the title, then the table."""
        yield self._words
        yield from super().__rich_console__(console, options)


def table_of(
    frame: pl.DataFrame,
    title: str,
    columns: Sequence[str] | None = None,
    words: pl.DataFrame | None = None,
) -> Table:
    """Draw a frame for the screen: words on the left, numbers on the right, no empty column.

    Args:
        frame: Coded values as codes.
        title: What stands above it.
        columns: Which columns, in which order; all if not given.
        words: The same rows in words, under the same names; see `in_words`.
    """
    if words is None:
        words = in_words(frame)
        words.columns = frame.columns
    table = TitledTable(title)
    shown: list[list[str]] = []
    for name in columns or frame.columns:
        if not frame[name].count() and name not in PLACES:
            continue
        is_number = frame[name].dtype.is_numeric()
        cells = [_shown(name, value) for value in words[name]]
        table.add_column(
            t(f"coverage.short.{name}"),
            justify="right" if is_number else "left",
            no_wrap=is_number or name == "school",
            overflow="fold",
            min_width=max((cell_len(word) for cell in cells for word in cell.split()), default=1),
        )
        shown.append(cells)
    for row in zip(*shown, strict=True):
        table.add_row(*row)
    return table


def _shown(name: str, value: Any) -> str:
    if value is None:
        return t("coverage.unknown") if name in PLACES else ""
    if isinstance(value, float):
        if name.endswith(_OF_A_STANDARD):
            return _not_up_to_a_figure(Decimal(str(value)))
        return f"{value:.3f}" if name in {"cv", "limit"} else f"{value:.2f}"
    return str(value)


def _not_up_to_a_figure(value: Decimal) -> str:
    """Round to two places, but 0.999 down: it must not read as reaching a standard of 1."""
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    is_figure = rounded == rounded.quantize(_TENTH)  # as the figures of standards are
    return str(value.quantize(_CENT, ROUND_FLOOR) if is_figure else rounded)
