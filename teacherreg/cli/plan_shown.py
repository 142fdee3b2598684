"""A plan as a person sees it in a terminal or a pipe."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from teacherreg.cli.frame import aside, on_screen
from teacherreg.cli.lines import print_line
from teacherreg.intake.departures import Departure
from teacherreg.intake.plan import Change, Plan
from teacherreg.intake.problems import Problem
from teacherreg.intake.rows import reason_in_words
from teacherreg.intake.shown import departure_text, is_told, told_changes
from teacherreg.intake.tables import POST
from teacherreg.intake.understood import columns_understood
from teacherreg.locale import t

CHANGES_SHOWN: Final = 20
DEPARTURES_SHOWN: Final = 20
PROBLEMS_SHOWN: Final = 5  # of each kind
NOTICES_SHOWN: Final = 5  # of each kind


def show(plan: Plan, *, on_stdout: bool) -> None:
    """Show counts and changes as the result; problems and notices aside.

    Args:
        plan: What would be written.
        on_stdout: Whether the result may go to stdout; JSON is alone there.
    """
    screen, side = on_screen() if on_stdout else aside(), aside()
    _show_counts(screen, plan)
    _show_changes(screen, plan.changed())
    _show_departures(screen, plan.departures)
    _show_notices(side, plan)
    _show_unknown_columns(side, plan)
    _show_problems(side, plan)


def _show_notices(side: Console, plan: Plan) -> None:
    """Show what is to be known of the whole; of many alike only some."""
    shown = Counter[str]()
    for notice in plan.notices:
        shown[notice.code] += 1
        if shown[notice.code] <= NOTICES_SHOWN:
            print_line(side, escape(notice.message), style="cyan")
    rest = sum(max(count - NOTICES_SHOWN, 0) for count in shown.values())
    if rest:
        print_line(side, t("imports.more-notices", count=rest), style="dim")


def counts_text(plan: Plan) -> str:
    """Say in a line how many records come to what."""
    counts = plan.counts.to_document()
    return t("imports.counts", kind=t(f"imports.kind.{plan.kind}"), **counts)


def _show_counts(screen: Console, plan: Plan) -> None:
    print_line(screen, counts_text(plan), style="bold")
    comma = t("imports.list-comma")
    added = [
        t("imports.rows-of-table", table=t(f"imports.stored.{name}"), count=count)
        for name, count in plan.added_rows().items()
    ]
    if added:
        print_line(screen, "  " + t("imports.new-rows", tables=comma.join(added)))
    skipped = [
        t("imports.skipped-rows", reason=reason_in_words(reason), count=count)
        for reason, count in plan.skipped.items()
    ]
    if skipped:
        print_line(screen, "  " + t("imports.skipped", rows=comma.join(skipped)), style="dim")


def _show_changes(screen: Console, changes: Sequence[Change]) -> None:
    for change in changes[:CHANGES_SHOWN]:
        print_line(screen, "  " + change_line(change.who, change.table, change.old, change.new))
    if len(changes) > CHANGES_SHOWN:
        rest = len(changes) - CHANGES_SHOWN
        print_line(screen, "  " + t("imports.more-changes-in-report", count=rest), style="dim")


def _show_departures(screen: Console, departures: Sequence[Departure]) -> None:
    """Show who is missing from a complete roster, and whether anything ends."""
    if not departures:
        return
    persons = len({one.teacher_id for one in departures})
    print_line(screen, t("imports.departures.count", count=persons), style="bold yellow")
    for one in departures[:DEPARTURES_SHOWN]:
        known = departure_text(one)
        words = (
            t("imports.departures.line", school=one.school, known=known) if known else one.school
        )
        print_line(screen, f"  [bold]{escape(one.name)}[/bold]  {escape(words)}")
    if len(departures) > DEPARTURES_SHOWN:
        print_line(
            screen,
            "  " + t("imports.departures.more", count=len(departures) - DEPARTURES_SHOWN),
            style="dim",
        )
    ended = {one.teacher_id: one.ends_on for one in departures if one.ends_on is not None}
    if ended:
        day = next(iter(ended.values()))
        print_line(screen, t("imports.departures.ended", ended=len(ended), day=day), style="yellow")
    else:
        certain = len({one.teacher_id for one in departures if not one.in_doubt})
        print_line(screen, t("imports.departures.listed", count=certain), style="yellow")


def change_line(who: str, table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Say in a line, with colours, what becomes different about somebody."""
    told = [name for name in new if is_told(name)]
    since = ""
    if table == POST.name and "starts_on" in told and len(told) > 1:
        told.remove("starts_on")  # nothing about the old post becomes different: another begins
        since = "  " + t("imports.from-day", day=new["starts_on"])
    parts = [
        t(
            "imports.was-becomes",
            column=escape(label),
            old=f"[red]{escape(was)}[/red]",
            new=f"[green]{escape(becomes)}[/green]",
        )
        for label, was, becomes in told_changes(table, old, {name: new[name] for name in told})
    ]
    return f"[bold]{escape(who)}[/bold]  {t('imports.list-semicolon').join(parts)}{since}"


def _show_problems(side: Console, plan: Plan) -> None:
    """Show problems by kind, errors first; of many alike only some."""
    place = _place_in(plan)
    rejected = {_row_of(problem) for problem in plan.problems if problem.severity == "error"}
    ordered = sorted(plan.problems, key=lambda problem: (problem.severity, problem.code))
    for (severity, code), group in groupby(ordered, lambda p: (p.severity, p.code)):
        alike = list(group)
        colour = "red" if severity == "error" else "yellow"
        alone = "" if _have_one_fate(alike, rejected) else "-alone"
        heading = t(f"imports.group.{severity}{alone}", code=code, count=len(alike))
        print_line(side, heading, style=f"bold {colour}")
        for problem in alike[:PROBLEMS_SHOWN]:
            print_line(side, f"  [bold]{escape(place(problem))}[/bold]{escape(problem.message)}")
        if len(alike) > PROBLEMS_SHOWN:
            rest = len(alike) - PROBLEMS_SHOWN
            print_line(side, "  " + t("imports.more-problems", count=rest), style="dim")
    if plan.problems:
        print_line(side, t("imports.problems-explained"), style="dim")


def _row_of(problem: Problem) -> tuple[str, str, int | None]:
    return problem.file, problem.sheet, problem.row


def _have_one_fate(alike: Sequence[Problem], rejected: Set[tuple[str, str, int | None]]) -> bool:
    """Tell whether problems are about rows that are all imported, or all not.

    A row with a warning may be rejected for another fault; a sheet is no row.
    """
    rows = {_row_of(problem) for problem in alike if problem.row is not None}
    return bool(rows) and (alike[0].severity == "error" or rows.isdisjoint(rejected))


def _place_in(plan: Plan) -> Callable[[Problem], str]:
    """Name places without what is the same for all: the only file, its only sheet."""
    sheets = {(table.file, table.sheet) for table in plan.tables}
    is_one_file, is_one_sheet = len(plan.files) == 1, len(sheets) == 1

    def place(problem: Problem) -> str:
        own = (problem.file, problem.sheet) in sheets
        parts = [] if is_one_file else [problem.file]
        parts += [] if is_one_sheet and own else [problem.sheet]
        parts += [t("imports.row", row=problem.row)] if problem.row is not None else []
        parts += [problem.column] if problem.column else []
        named = " ".join(part for part in parts if part)
        return named + t("imports.colon") if named else ""

    return place


def _show_unknown_columns(side: Console, plan: Plan) -> None:
    """Tell of columns that give no field, by what becomes of them."""
    for fate in ("kept", "left-out"):
        named = dict.fromkeys(c.header for c in columns_understood(plan) if c.fate == fate)
        if named:
            listed = t("imports.list-comma").join(named)
            print_line(side, escape(t(f"imports.unknown-columns.{fate}", columns=listed)))
