"""A plan, and a past import, as a person sees them in a terminal or a pipe."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from teacherreg.cli.frame import aside, local_time, on_screen
from teacherreg.intake.departures import Departure
from teacherreg.intake.journal import Edit, Touched
from teacherreg.intake.plan import Change, Plan
from teacherreg.intake.problems import Problem
from teacherreg.intake.shown import column_label, departure_text, is_told, value_text
from teacherreg.intake.understood import columns_understood
from teacherreg.locale import t
from teacherreg.models import ImportBatch, ImportFile

CHANGES_SHOWN: Final = 20
DEPARTURES_SHOWN: Final = 20
PROBLEMS_SHOWN: Final = 5  # of each kind


def show(plan: Plan, *, on_stdout: bool) -> None:
    """Show counts and changes as the result, problems and notices aside.

    Args:
        plan: What would be written.
        on_stdout: Whether the result may go to stdout; JSON is alone there.
    """
    screen, side = on_screen() if on_stdout else aside(), aside()
    for notice in plan.notices:
        side.print(escape(notice.message), style="cyan")
    _show_problems(side, plan.problems)
    _show_unknown_columns(side, plan)
    _show_changes(screen, plan.changed())
    _show_departures(screen, plan.departures)
    counts = plan.counts.to_document()
    screen.print(t("imports.counts", kind=t(f"imports.kind.{plan.kind}"), **counts), style="bold")
    added = [
        t("imports.rows-of-table", table=t(f"imports.stored.{name}"), count=count)
        for name, count in plan.added_rows().items()
    ]
    if added:
        screen.print(t("imports.new-rows", tables=t("imports.list-comma").join(added)))


def show_batch(
    batch: ImportBatch,
    files: Sequence[ImportFile],
    touched: Sequence[Touched],
    edits: Sequence[Edit],
) -> None:
    """Show a past import."""
    screen = on_screen()
    screen.print(
        t(
            "imports.batch.line",
            batch=batch.id,
            kind=t(f"imports.kind.{batch.kind}"),
            at=local_time(batch.imported_at),
            by=batch.imported_by,
            on=batch.on_date,
            status=t(f"imports.status.{batch.status}"),
        ),
        style="bold",
    )
    for file in files:
        screen.print(f"{escape(file.name)}  {file.size_bytes} B  SHA-256 {file.sha256}")
    counts = {
        "read": batch.rows_read,
        "added": batch.rows_added,
        "changed": batch.rows_changed,
        "unchanged": batch.rows_unchanged,
        "rejected": batch.rows_rejected,
    }
    screen.print(t("imports.counts", kind=t(f"imports.kind.{batch.kind}"), **counts))
    table = Table(*(t(f"imports.batch.{heading}") for heading in ("table", "added", "changed")))
    for one in touched:
        table.add_row(t(f"imports.stored.{one.table}"), str(one.added), str(one.changed))
    screen.print(table)
    for edit in edits:
        place = f"{t(f'imports.stored.{edit.table}')} {edit.row_id}"
        screen.print(_change_line(place, edit.table, edit.before, edit.after))
    rest = sum(one.changed for one in touched) - len(edits)
    if rest > 0:
        screen.print(t("imports.more-changes", count=rest), style="dim")


def _show_changes(screen: Console, changes: Sequence[Change]) -> None:
    for change in changes[:CHANGES_SHOWN]:
        screen.print(_change_line(change.who, change.table, change.old, change.new))
    if len(changes) > CHANGES_SHOWN:
        screen.print(t("imports.more-changes", count=len(changes) - CHANGES_SHOWN), style="dim")


def _show_departures(screen: Console, departures: Sequence[Departure]) -> None:
    """Show who is missing from a complete roster, and whether anything ends."""
    if not departures:
        return
    persons = len({one.teacher_id for one in departures})
    screen.print(t("imports.departures.count", count=persons), style="bold yellow")
    for one in departures[:DEPARTURES_SHOWN]:
        words = t("imports.departures.line", school=one.school, known=departure_text(one))
        screen.print(f"  [bold]{escape(one.name)}[/bold]  {escape(words)}")
    if len(departures) > DEPARTURES_SHOWN:
        screen.print(
            "  " + t("imports.departures.more", count=len(departures) - DEPARTURES_SHOWN),
            style="dim",
        )
    ended = {one.teacher_id: one.ends_on for one in departures if one.ends_on is not None}
    if ended:
        day = next(iter(ended.values()))
        screen.print(t("imports.departures.ended", ended=len(ended), day=day), style="yellow")
    else:
        certain = len({one.teacher_id for one in departures if not one.in_doubt})
        screen.print(t("imports.departures.listed", count=certain), style="yellow")


def _change_line(who: str, table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    parts = [
        t(
            "imports.was-becomes",
            column=column_label(table, name),
            old=value_text(table, name, old[name]),
            new=value_text(table, name, new[name]),
        )
        for name in new
        if is_told(name)
    ]
    return f"[bold]{escape(who)}[/bold]  {escape(t('imports.list-semicolon').join(parts))}"


def _show_problems(side: Console, problems: Iterable[Problem]) -> None:
    """Show problems by kind, errors first; of many alike only some."""
    ordered = sorted(problems, key=lambda problem: (problem.severity, problem.code))
    for (severity, code), group in groupby(ordered, lambda p: (p.severity, p.code)):
        alike = list(group)
        colour = "red" if severity == "error" else "yellow"
        side.print(
            t(f"imports.group.{severity}", code=code, count=len(alike)), style=f"bold {colour}"
        )
        for problem in alike[:PROBLEMS_SHOWN]:
            side.print(f"  {escape(_place(problem))}{escape(problem.message)}")
        if len(alike) > PROBLEMS_SHOWN:
            rest = len(alike) - PROBLEMS_SHOWN
            side.print("  " + t("imports.more-problems", count=rest), style="dim")


def _place(problem: Problem) -> str:
    parts = [problem.file, problem.sheet]
    parts += [t("imports.row", row=problem.row)] if problem.row is not None else []
    parts += [problem.column] if problem.column else []
    return " ".join(part for part in parts if part) + t("imports.colon")


def _show_unknown_columns(side: Console, plan: Plan) -> None:
    """Tell of columns that give no field, by what becomes of them."""
    for fate in ("kept", "left-out"):
        named = dict.fromkeys(c.header for c in columns_understood(plan) if c.fate == fate)
        if named:
            listed = t("imports.list-comma").join(named)
            side.print(escape(t(f"imports.unknown-columns.{fate}", columns=listed)))
