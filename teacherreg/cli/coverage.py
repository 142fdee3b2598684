"""Asking where title holders are missing, and how evenly they are spread."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
import polars as pl
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from teacherreg.cli.frame import WIDTH_OF_A_PIPE, Group, on_option, on_screen, option, pass_registry
from teacherreg.codes import code_table
from teacherreg.coverage import Equity, Gaps, Standard
from teacherreg.coverage.cells import school_year_of
from teacherreg.coverage.standards import DEFAULT_STANDARD, shipped_standards
from teacherreg.coverage.units import NO_ENROLMENT
from teacherreg.errors import UsageError
from teacherreg.export import labelled, write_csv, write_xlsx
from teacherreg.locale import has, language, t
from teacherreg.registry import Registry

TABLE, JSON, CSV, XLSX = FORMS = ("table", "json", "csv", "xlsx")
_ROOMY: Final = 100  # columns of a screen that takes everything but what is for files

# What a screen has no room for; files have it.
_FOR_FILES: Final = frozenset(
    {"school_code", "school_type", "locality", "missing_to_floor", "outside", "indicator"}
)
_PLACES: Final = frozenset({"school", "township", "locality", "subject"})

form_option = option("--format", "form", type=click.Choice(FORMS), help="coverage.format")
out_option = option("--out", type=click.Path(path_type=Path, dir_okay=False), help="coverage.out")
standard_option = option(
    "--standard",
    default=DEFAULT_STANDARD,
    show_default=True,
    metavar="ID|FILE.toml",
    help="coverage.standard",
)


@click.group("coverage", cls=Group, help="coverage.coverage")
def coverage() -> None:
    """Find the gaps."""


@coverage.command("gaps", help="coverage.gaps")
@standard_option
@option("--by", default="school,stage", show_default=True, metavar="DIM[,DIM]", help="coverage.by")
@on_option
@form_option
@out_option
@pass_registry
def gaps(
    registry: Registry, standard: str, by: str, on: date | None, form: str | None, out: Path | None
) -> None:
    """List how many title holders are missing where."""
    answer = registry.coverage.gaps(standard, by=by, on=on)
    _give(answer, form, out, sheet=t("coverage.sheet.gaps"), show=lambda to: _show_gaps(answer, to))


@coverage.command("equity", help="coverage.equity")
@standard_option
@on_option
@form_option
@out_option
@pass_registry
def equity(
    registry: Registry, standard: str, on: date | None, form: str | None, out: Path | None
) -> None:
    """List the coefficient of variation of each stage."""
    answer = registry.coverage.equity(standard, on=on)
    _give(
        answer,
        form,
        out,
        sheet=t("coverage.sheet.equity"),
        show=lambda to: _show_equity(answer, to),
    )


@coverage.command("standards", help="coverage.standards")
@option(
    "--format",
    "form",
    type=click.Choice([TABLE, JSON]),
    default=TABLE,
    show_default=True,
    help="coverage.format-standards",
)
def standards(form: str) -> None:
    """List the standards and explain them."""
    known = shipped_standards().values()
    if form == JSON:
        click.echo(json.dumps([one.to_document() for one in known], ensure_ascii=False))
        return
    for standard in known:
        click.echo(standard.id)
        for line in _explained(standard):
            click.echo(f"  {line}")


def _give(
    answer: Gaps | Equity,
    form: str | None,
    out: Path | None,
    *,
    sheet: str,
    show: Callable[[Console], None],
) -> None:
    """Give an answer in the form asked for, on stdout or to a file."""
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    form = form or (suffix if suffix in FORMS else TABLE)
    if out and not out.parent.is_dir():
        raise UsageError("folder-missing", folder=out.parent)
    if form == XLSX:
        if out is None and sys.stdout.isatty():
            raise UsageError("export-needs-file")
        write_xlsx(_for_people(answer), out or sys.stdout.buffer, sheet)
    elif form == CSV:
        write_csv(_for_people(answer), out or sys.stdout.buffer)
    elif form == JSON:
        text = json.dumps(answer.to_document(), ensure_ascii=False)
        out.write_text(f"{text}\n", encoding="utf-8") if out else click.echo(text)
    elif out:
        with out.open("w", encoding="utf-8") as file:
            show(Console(file=file, width=WIDTH_OF_A_PIPE, highlight=False))
    else:
        show(on_screen())


def _for_people(answer: Gaps | Equity) -> pl.DataFrame:
    """Give the answer's table in words, for a file."""
    frame = answer.to_polars()
    if "reason" in frame.columns:
        words = [t(f"coverage.reason.{code}") if code else None for code in frame["reason"]]
        frame = frame.with_columns(pl.Series("reason", words, dtype=pl.String))
    table = "overview.equity" if isinstance(answer, Equity) else "overview.school_gaps"
    names = {
        name: t(f"coverage.column.{name}")
        for name in frame.columns
        if has(f"coverage.column.{name}")
    }
    return labelled(frame, table, names)


def _show_gaps(answer: Gaps, to: Console) -> None:
    """Show the gaps as a table, with what a reader must know under it."""
    if not answer.cells:
        to.print(t("coverage.gaps.none"))
        return
    to.print(
        _table(
            answer,
            t(
                "coverage.gaps.title",
                standard=answer.standard.name,
                document=answer.standard.document,
                on=answer.on,
            ),
            to.width,
        )
    )
    total = answer.totals
    to.print(
        t(
            "coverage.gaps.total",
            required=total.required,
            holders=total.holders,
            missing=total.missing,
            schools=total.schools,
            short=total.schools_short,
        )
    )
    for note in _notes(answer):
        to.print(note)


def _notes(answer: Gaps) -> Iterable[str]:
    by_subject = "subject" in answer.by
    yield t("coverage.gaps.no-subject-figure" if by_subject else "coverage.gaps.no-netting")
    unplaced = answer.unplaced
    if unplaced.teachers or unplaced.holders:
        yield t("coverage.gaps.unplaced", teachers=unplaced.teachers, holders=unplaced.holders)
    unknown = {cell.school for cell in answer.cells if cell.outside == NO_ENROLMENT}
    if unknown:
        year = school_year_of(answer.on)
        yield t("coverage.gaps.no-enrolment", schools=len(unknown), year=year)


def _show_equity(answer: Equity, to: Console) -> None:
    title = t("coverage.equity.title", document=answer.standard.document, on=answer.on)
    to.print(_table(answer, title, to.width))


def _table(answer: Gaps | Equity, title: str, width: int) -> Table:
    """Draw the answer's table: words on the left, numbers on the right, no empty column."""
    frame, words = answer.to_polars(), _for_people(answer)
    words.columns = frame.columns
    if "outside" in frame.columns:  # who is not judged neither meets nor misses
        words = words.with_columns(meets=pl.coalesce("outside", "meets"))
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False)
    shown: list[list[str]] = []
    for name in _on_screen(answer, width):
        if not frame[name].count() and name not in _PLACES:
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


def _on_screen(answer: Gaps | Equity, width: int) -> list[str]:
    """Choose columns: what was asked for, and of the rest what the screen has room for."""
    asked = answer.by if isinstance(answer, Gaps) else ()
    left_out = _FOR_FILES if width >= _ROOMY else _FOR_FILES | {"township", "teachers"}
    return [name for name in answer.to_polars().columns if name in asked or name not in left_out]


def _shown(name: str, value: Any) -> str:
    if value is None:
        return t("coverage.unknown") if name in _PLACES else ""
    if isinstance(value, float):
        return f"{value:.3f}" if name in {"cv", "limit"} else f"{value:.2f}"
    return str(value)


def _explained(standard: Standard) -> Iterable[str]:
    """Explain a standard, a line for each thing that it says."""
    stages = _listed("stages", standard.stages)
    types = _listed("school_types", sorted(standard.school_types_outside))
    least = standard.teaching_points_under_students
    limits = _joined(
        f"{code_table('stages').label(stage)} {float(limit):g}"
        for stage, limit in standard.cv_limits.items()
    )
    yield standard.name
    yield t(
        "coverage.standards.source",
        document=standard.document,
        title=standard.document_title,
        article=standard.article,
        date=standard.date,
    )
    yield t(
        "coverage.standards.figure", stages=stages, figure=f"{float(standard.per_100_students):g}"
    )
    yield t("coverage.standards.floor", floor=f"{float(100 * standard.floor):g}")
    yield t(
        "coverage.standards.holders",
        kinds=_listed("title_kinds", standard.title_kinds),
        levels=_listed("levels", standard.levels),
    )
    if types:
        yield t("coverage.standards.outside", types=types, least=least)
    elif least:
        yield t("coverage.standards.outside-points", least=least)
    if limits:
        yield t("coverage.standards.limits", limits=limits)
    if standard.settings:
        yield t("coverage.standards.settings", keys=_joined(standard.settings))


def _listed(table: str, codes: Iterable[str]) -> str:
    return _joined(code_table(table).label(code) for code in codes)


def _joined(words: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)
