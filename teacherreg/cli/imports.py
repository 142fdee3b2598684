"""Importing workbooks, looking at past imports, taking one back."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from teacherreg.cli import import_shown, plan_shown
from teacherreg.cli.frame import (
    EXIT_ATTENTION,
    EXIT_DONE,
    EXIT_REFUSED,
    Command,
    Group,
    can_ask,
    local_time,
    on_option,
    on_screen,
    option,
    pass_registry,
    progress_shown,
)
from teacherreg.cli.lines import table_of
from teacherreg.errors import FileError, IntakeError
from teacherreg.intake.journal import added_by, changed_by, touched_by
from teacherreg.intake.layout import Layout, Said, columns_said
from teacherreg.intake.listed import Listed
from teacherreg.intake.mappings import to_document
from teacherreg.intake.new_workbook import require_workbook_name
from teacherreg.intake.plan import PLANNERS, Plan
from teacherreg.intake.report import write_report
from teacherreg.intake.report_marks import is_report
from teacherreg.locale import t
from teacherreg.models import ImportBatch
from teacherreg.models.batch import in_utc
from teacherreg.registry import Registry

kind_argument = click.argument("kind", metavar="KIND", type=click.Choice(tuple(PLANNERS)))

form_option = option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format"
)


@click.command("import", cls=Command, help="imports.help.import")
@kind_argument
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(path_type=Path)
)
@option("--dry-run", is_flag=True, help="imports.help.dry-run")
@option("--yes", is_flag=True, help="imports.help.yes")
@option("--report", type=click.Path(path_type=Path), metavar="OUT.xlsx", help="imports.help.report")
@option("--school", metavar="NAME", help="imports.help.school")
@option("--add-schools", is_flag=True, help="imports.help.add-schools")
@option("--sheet", "sheets", multiple=True, metavar="NAME", help="imports.help.sheet")
@option("--header-row", type=click.IntRange(min=0), metavar="N", help="imports.help.header-row")
@option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="imports.help.map")
@option("--full", is_flag=True, help="imports.help.full")
@option(
    "--allow-departures",
    type=click.IntRange(min=0),
    metavar="N",
    help="imports.help.allow-departures",
)
@option("--skip-unreadable", is_flag=True, help="imports.help.skip-unreadable")
@on_option
@form_option
@pass_registry
def import_(
    registry: Registry,
    kind: str,
    files: tuple[Path, ...],
    dry_run: bool,
    yes: bool,
    report: Path | None,
    school: str | None,
    add_schools: bool,
    sheets: tuple[str, ...],
    header_row: int | None,
    mapped: tuple[str, ...],
    full: bool,
    allow_departures: int | None,
    skip_unreadable: bool,
    on: date | None,
    form: str,
) -> int:
    """Read workbooks, show what would change, ask, and write."""
    if report is not None:
        _require_apart(report, files)
    layout = Layout(sheets, header_row, columns_said(mapped))
    with progress_shown() as progress:
        plan = registry.plan_import(
            kind,
            *files,
            on=on,
            layout=layout,
            school=school,
            add_schools=add_schools,
            full=full,
            allow_departures=allow_departures,
            skip_unreadable=skip_unreadable,
            progress=progress,
        )
    plan_shown.show(plan, on_stdout=form == "text")
    if report is not None:
        _write_report(plan, report)
    attention = EXIT_ATTENTION if plan.needs_attention else EXIT_DONE
    if dry_run or plan.is_empty:
        click.echo(t("imports.dry-run" if dry_run else "imports.nothing"), err=True)
        return _end(plan, None, form, attention, dry_run=dry_run)
    if not yes and not _agreed(plan):
        return _end(plan, None, form, EXIT_REFUSED)
    with progress_shown() as progress:
        progress("write", 0, 1)
        batch = registry.apply(plan)
    click.echo(t("imports.done", batch=batch.id), err=form == "json")
    return _end(plan, batch, form, attention)


def _write_report(plan: Plan, report: Path) -> None:
    """Write the report, and say so; without it nothing is imported."""
    try:
        write_report(plan, report)
    except FileError as error:
        raise FileError("report-not-written", **error.parameters) from error
    click.echo(t("imports.report.written", file=report), err=True)


def _require_apart(report: Path, files: tuple[Path, ...]) -> None:
    """Refuse a report that no program would open, or that would take another file's place."""
    place = report.resolve()
    for file in files:
        if place == file.resolve():
            raise IntakeError("report-over-file", file=report)
        if file.is_dir() and place.is_relative_to(file.resolve()):
            raise IntakeError("report-in-folder", file=report, folder=file)
    require_workbook_name(report)
    if report.is_file() and not is_report(report):
        raise IntakeError("report-over-other", file=report)


def _agreed(plan: Plan) -> bool:
    """Ask the person at the terminal; where there is none, nothing is written."""
    if not can_ask():
        click.echo(t("imports.not-asked"), err=True)
        return False
    if click.confirm(t("imports.ask", counts=plan_shown.counts_text(plan)), err=True):
        return True
    click.echo(t("cli.aborted"), err=True)
    return False


def _end(
    plan: Plan, batch: ImportBatch | None, form: str, code: int, *, dry_run: bool = False
) -> int:
    if form == "json":
        document = plan.to_document(batch.id if batch else None, dry_run=dry_run)
        click.echo(json.dumps(document, ensure_ascii=False))
    return code


@click.group("imports", cls=Group, help="imports.help.imports")
def imports() -> None:
    """Look at past imports, and take one back."""


@imports.command("list", help="imports.help.list")
@form_option
@pass_registry
def list_imports(registry: Registry, form: str) -> None:
    """List the imports, the newest first."""
    batches = registry.batches()
    if form == "json":
        click.echo(json.dumps([_document(batch) for batch in batches], ensure_ascii=False))
        return
    if not batches:
        click.echo(t("imports.none"))
        return
    headings = ("batch", "kind", "on", "at", "by", "added", "changed", "rejected", "status")
    rows = [
        (
            str(batch.id),
            t(f"imports.kind.{batch.kind}"),
            batch.on_date.isoformat(),
            local_time(batch.imported_at),
            batch.imported_by,
            str(batch.rows_added),
            str(batch.rows_changed),
            str(batch.rows_rejected),
            t(f"imports.status.{batch.status}"),
        )
        for batch in batches
    ]
    on_screen().print(table_of([t(f"imports.batch.{heading}") for heading in headings], rows))


def _document(batch: ImportBatch) -> dict[str, Any]:
    """Give a batch as JSON, its times in UTC."""
    at = {
        name: in_utc(moment).isoformat(timespec="seconds") if moment else None
        for name, moment in (("imported_at", batch.imported_at), ("undone_at", batch.undone_at))
    }
    return {"batch": batch.id} | batch.model_dump(mode="json", exclude={"id"}) | at


@imports.command("show", help="imports.help.show")
@click.argument("batch_id", type=int, metavar="ID")
@option("--all", "every", is_flag=True, help="imports.help.show-all")
@form_option
@pass_registry
def show_import(registry: Registry, batch_id: int, every: bool, form: str) -> None:
    """Show one import: who, when, which files, what it changed."""
    batch, files = registry.batch(batch_id)
    touched = touched_by(registry.engine, batch_id)
    limit = None if every or form == "json" else import_shown.ROWS_SHOWN
    changed = changed_by(registry.engine, batch_id, limit)
    added = added_by(registry.engine, batch_id, limit)
    if form == "json":
        document = _document(batch) | {
            "files": [file.model_dump(mode="json", exclude={"batch_id"}) for file in files],
            "tables": [vars(one) for one in touched],
            "changes": [import_shown.row_document(row) for row in (*changed, *added)],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    import_shown.show_import(batch, files, touched, changed, added)


@imports.command("undo", help="imports.help.undo")
@click.argument("batch_id", type=int, metavar="ID")
@option("--dry-run", is_flag=True, help="imports.help.undo-dry-run")
@pass_registry
def undo(registry: Registry, batch_id: int, dry_run: bool) -> None:
    """Take back everything that an import wrote."""
    undone = registry.undo(batch_id, dry_run=dry_run)
    click.echo(
        t(
            "imports.undo-preview" if dry_run else "imports.undone",
            batch=batch_id,
            removed=undone.rows_removed,
            restored=undone.rows_restored,
        )
    )


@imports.command("mappings", help="imports.help.mappings")
@form_option
@pass_registry
def mappings(registry: Registry, form: str) -> None:
    """List what is remembered of headers, the newest first."""
    remembered = registry.mappings()
    if form == "json":
        click.echo(json.dumps([to_document(one) for one in remembered], ensure_ascii=False))
        return
    if not remembered:
        click.echo(t("imports.mapping.none"))
        return
    headings = ("id", "kind", "header", "said", "batch")
    rows = [
        (
            str(one.id),
            t(f"imports.kind.{one.kind}"),
            str(Listed(one.header)),
            str(Said(one)),
            str(one.batch_id),
        )
        for one in remembered
    ]
    on_screen().print(table_of([t(f"imports.mapping.{heading}") for heading in headings], rows))


@imports.command("forget", help="imports.help.forget")
@click.argument("mapping_id", type=int, metavar="ID")
@pass_registry
def forget(registry: Registry, mapping_id: int) -> None:
    """Forget what is remembered of one header."""
    forgotten = registry.forget_mapping(mapping_id)
    click.echo(t("imports.mapping.forgotten", mapping=mapping_id, said=Said(forgotten)))
