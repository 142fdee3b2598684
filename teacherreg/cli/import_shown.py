"""A past import as a person, or a script, sees it."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from teacherreg.cli.frame import local_time, on_screen
from teacherreg.cli.lines import print_line, table_of
from teacherreg.cli.plan_shown import change_line
from teacherreg.intake.journal import Done, Touched
from teacherreg.intake.shown import column_label, masked, value_text
from teacherreg.locale import t
from teacherreg.models import ImportBatch, ImportFile

ROWS_SHOWN: Final = 20  # of those changed, and of those added

# What tells an added row from others of the same person or school.
_TELLING: Final = {
    "school_alias": ("name",),
    "school_stage": ("stage",),
    "enrolment": ("school_year", "stage", "students"),
    "post": ("school", "stage", "subject", "professional_rank", "status", "starts_on"),
    "title_award": ("title_kind", "level", "subject", "awarded_on"),
    "title_event": ("title_kind", "level", "event", "happened_on", "ends_on"),
    "conduct_record": ("record_kind", "year"),
    "training": ("project", "tenths_of_hours", "ends_on"),
    "review": ("review_kind", "year", "title_kind", "result"),
    "duty": ("duty_kind", "done_on", "amount", "theme"),
    "mentoring": ("studio", "subject", "starts_on", "ends_on"),
    "rotation": ("from_school", "to_school", "starts_on", "ends_on"),
    "ethics_case": ("level", "circulated_on"),
    "corrective_item": ("responsible", "due_on", "closed_on"),
    "education_session": ("organiser", "audience"),
    "supervision": ("team", "school", "starts_on", "ends_on"),
}


def show_import(
    batch: ImportBatch,
    files: Sequence[ImportFile],
    touched: Sequence[Touched],
    changed: Sequence[Done],
    added: Sequence[Done],
) -> None:
    """Show a past import: who, when, which files, how much, and row by row.

    Args:
        batch: The import.
        files: Its files.
        touched: How many rows of each table it wrote.
        changed: Rows that it changed, all or the first.
        added: Rows that it added, all or the first.
    """
    screen = on_screen()
    _show_head(screen, batch, files)
    headings = [t(f"imports.batch.{heading}") for heading in ("table", "added", "changed")]
    rows = [(t(f"imports.stored.{one.table}"), str(one.added), str(one.changed)) for one in touched]
    screen.print(table_of(headings, rows))
    rest = sum(one.changed for one in touched) - len(changed)
    _show_rows(screen, "changes", [_changed_line(one) for one in changed], rest)
    if batch.undone_at is not None and added:
        print_line(screen, t("imports.batch.additions-gone"))
        return
    rest = sum(one.added for one in touched) - len(added)
    _show_rows(screen, "additions", [_added_line(one) for one in added], rest)


def _show_head(screen: Console, batch: ImportBatch, files: Sequence[ImportFile]) -> None:
    line = t(
        "imports.batch.line",
        batch=batch.id,
        kind=t(f"imports.kind.{batch.kind}"),
        at=local_time(batch.imported_at),
        by=batch.imported_by,
        on=batch.on_date,
        status=t(f"imports.status.{batch.status}"),
    )
    print_line(screen, escape(line), style="bold")
    if batch.undone_at is not None:
        undone = t("imports.batch.undone", by=batch.undone_by, at=local_time(batch.undone_at))
        print_line(screen, escape(undone), style="yellow")
    for file in files:
        print_line(screen, f"{escape(file.name)}  {file.size_bytes} B  SHA-256 {file.sha256}")
    counts = {
        "read": batch.rows_read,
        "added": batch.rows_added,
        "changed": batch.rows_changed,
        "unchanged": batch.rows_unchanged,
        "rejected": batch.rows_rejected,
    }
    print_line(screen, t("imports.counts", kind=t(f"imports.kind.{batch.kind}"), **counts))


def _show_rows(screen: Console, heading: str, lines: Sequence[str], rest: int) -> None:
    if lines:
        print_line(screen, t(f"imports.batch.{heading}"), style="bold")
    for line in lines:
        print_line(screen, f"  {line}")
    if rest > 0:
        print_line(screen, "  " + t("imports.batch.more", count=rest), style="dim")


def _named(row: Done) -> str:
    return t("imports.row-of", who=row.who or row.row_id, table=t(f"imports.stored.{row.table}"))


def _changed_line(row: Done) -> str:
    return change_line(_named(row), row.table, row.before, row.after)


def _added_line(row: Done) -> str:
    parts = [
        t(
            "imports.column-value",
            column=column_label(row.table, name),
            value=value_text(row.table, name, row.after[name]),
        )
        for name in _TELLING.get(row.table, ())
        if name in row.after
    ]
    told = escape(t("imports.list-semicolon").join(parts))
    return f"[bold]{escape(_named(row))}[/bold]  {told}".rstrip()


def row_document(row: Done) -> dict[str, Any]:
    """Give a row as JSON: codes as they are stored, numbers masked, conduct hidden."""
    return {
        "action": row.action,
        "table": row.table,
        "row": row.row_id,
        "who": row.who,
        "old": {name: masked(row.table, name, value) for name, value in row.before.items()},
        "new": {name: masked(row.table, name, value) for name, value in row.after.items()},
    }
