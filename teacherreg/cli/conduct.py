"""Conduct on the command line: what is still open, and what a person's decisions bar."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import click
from rich.markup import escape

from teacherreg.cli.frame import Group, on_option, on_screen, option, pass_registry
from teacherreg.cli.lines import print_line, table_of
from teacherreg.codes import code_table
from teacherreg.conduct.consequences import Consequences, last_day_of
from teacherreg.conduct.effects import Effect
from teacherreg.conduct.open_matters import OpenMatters
from teacherreg.conduct.sanctions import SanctionState, State
from teacherreg.locale import t
from teacherreg.registry import Registry

form_option = option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format"
)
_NAMES: Final = frozenset({"name", "item"})  # left out unless asked for

Part = tuple[str, Sequence[str], list[Sequence[str]]]


@click.group("conduct", cls=Group, help="conduct.conduct")
def conduct() -> None:
    """Ask about conduct."""


@conduct.command("open", help="conduct.open")
@on_option
@option("--names", is_flag=True, help="conduct.open.names")
@option("--within", type=click.IntRange(0, 60), default=3, show_default=True,
        metavar="MONTHS", help="conduct.open.within")  # fmt: skip
@form_option
@pass_registry
def open_(registry: Registry, on: date | None, names: bool, within: int, form: str) -> None:
    """List what is still open; names only where they are asked for."""
    matters = registry.open_conduct(on, within_months=within)
    if form == "json":
        click.echo(json.dumps(matters.to_document(names=names), ensure_ascii=False))
        return
    screen = on_screen()
    if matters.is_empty:
        print_line(screen, t("conduct.nothing", on=matters.on))
        return
    for title, headings, rows in _parts(matters, names=names):
        screen.print(table_of(headings, rows, title=title))
    if matters.sessions_missing:
        print_line(screen, _sessions(matters))
    if not names:
        click.echo(t("conduct.names-hint"), err=True)


@conduct.command("bars", help="conduct.bars")
@click.argument("teacher", metavar="TEACHER")
@on_option
@form_option
@pass_registry
def bars(registry: Registry, teacher: str, on: date | None, form: str) -> None:
    """Tell what a person's handlings and sanctions bar, until when and by what."""
    found = registry.consequences(teacher, on=on)
    if form == "json":
        click.echo(json.dumps(found.to_document(), ensure_ascii=False))
        return
    _show_bars(found)


def _show_bars(found: Consequences) -> None:
    screen = on_screen()
    named = {"name": found.name, "on": found.on}
    if not found.decisions:
        print_line(screen, t("conduct.bars.none", **named))
        return
    print_line(screen, t("conduct.bars.head", **named))
    for one in found.decisions:
        print_line(screen, escape(_decision(one)))
        for effect in one.effects:
            print_line(screen, f"  {escape(_effect(effect))}")
        if not one.is_carried_out and one.state is not State.ANNULLED:
            print_line(screen, f"  {t('conduct.bars.taken-up')}")
        elif one.rule_version is None and one.category == "disciplinary":
            print_line(screen, f"  {t('conduct.bars.no-rules')}")
        elif not one.effects:
            print_line(screen, f"  {t('conduct.bars.nothing')}")
    if found.titles_to_review:
        levels, kinds = code_table("levels"), code_table("title_kinds")
        titles = t("imports.list-comma").join(
            (levels.label(level) if level else "") + kinds.label(kind)
            for kind, level in found.titles_to_review
        )
        print_line(screen, escape(t("conduct.bars.titles", titles=titles)))


def _decision(one: SanctionState) -> str:
    states, kinds = code_table("record_states"), code_table("sanctions")
    parts = [t("conduct.bars.decision", day=one.decided_on, kind=kinds.label(one.kind))]
    if one.state is not State.NO_PERIOD:
        parts.append(states.label(one.state.value))
    if one.ends_on is not None:
        parts.append(t("conduct.bars.ends", day=one.ends_on))
    if one.document:
        parts.append(one.document)
    return " · ".join(parts)


def _effect(effect: Effect) -> str:
    what = code_table("sanction_effects").label(effect.what)
    limit = t(f"conduct.limit.{effect.limit}") if effect.limit else ""
    last = last_day_of(effect.until)
    until = t("conduct.bars.until", day=last) if last else t("conduct.bars.for-good")
    by = t("conduct.bars.local") if effect.document == "local" else effect.document
    parts = (f"{what}{limit}", until, f"{by} {effect.article}".strip())
    return " · ".join(parts)


def _sessions(matters: OpenMatters) -> str:
    return t(
        "conduct.sessions",
        year=matters.on.year,
        wanted=matters.sessions_wanted,
        held=matters.sessions_held,
        missing=matters.sessions_missing,
    )


def _parts(matters: OpenMatters, *, names: bool) -> Iterator[Part]:
    """Give the tables that have rows, each with its title and headings."""
    states, kinds = code_table("item_states"), code_table("sanctions")
    items: list[Sequence[str]] = [
        (one.case_no, one.item, one.responsible or "", _day(one.due_on),
         states.label("overdue" if one.is_overdue else "open"))
        for one in matters.items
    ]  # fmt: skip
    sanctions: list[Sequence[str]] = [
        (str(one.record_id), one.name, kinds.label(one.kind), one.decided_on.isoformat(),
         one.ended_on.isoformat())
        for one in matters.unreleased
    ]  # fmt: skip
    terms: list[Sequence[str]] = [
        (str(one.supervision_id), one.name, one.team or "",
         one.school or t("conduct.whole-county"), one.ends_on.isoformat())
        for one in matters.terms
    ]  # fmt: skip
    parts: tuple[Part, ...] = (
        (t("conduct.items"), ("case", "item", "responsible", "due", "state"), items),
        (t("conduct.sanctions"), ("record", "name", "kind", "decided", "ended"), sanctions),
        (t("conduct.supervisors"), ("term", "name", "team", "school", "ends"), terms),
    )
    for title, columns, rows in parts:
        shown = [place for place, name in enumerate(columns) if names or name not in _NAMES]
        headings = [t(f"conduct.column.{columns[place]}") for place in shown]
        if rows:
            yield title, headings, [[row[place] for place in shown] for row in rows]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
