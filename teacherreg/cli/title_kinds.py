"""The kinds of title: those that ship, and those of the county."""

import json
from typing import Any

import click

from teacherreg.cli.frame import Group, on_screen, option, pass_registry
from teacherreg.cli.lines import table_of
from teacherreg.codes import code_table, shipped_table
from teacherreg.errors import UsageError
from teacherreg.locale import t
from teacherreg.registry import Registry
from teacherreg.titles.duties import USUAL, read_duties
from teacherreg.titles.kinds import CATEGORIES, LONGEST_TERM, KindChange, steps_below

YEARS = click.IntRange(0, LONGEST_TERM)

_OPTIONS = (
    option("--name", metavar="NAME", help="title.kinds.name"),
    option("--name-en", metavar="NAME", help="title.kinds.name-en"),
    option("--alias", "aliases", multiple=True, metavar="NAME", help="title.kinds.alias"),
    option("--category", type=click.Choice(CATEGORIES), help="title.kinds.category"),
    option("--term-years", type=YEARS, metavar="N", help="title.kinds.term-years"),
    option("--term-years-province", type=YEARS, metavar="N", help="title.kinds.term-province"),
    option("--level", "levels", multiple=True, metavar="LEVEL", help="title.kinds.level"),
    option("--backbone/--no-backbone", "counts_backbone", default=None,
           help="title.kinds.backbone"),
    option("--rank", "rank_order", type=click.IntRange(0, 999), metavar="N",
           help="title.kinds.rank"),
    option("--first", "ladder", multiple=True, metavar="KIND", help="title.kinds.first"),
    option("--duties", metavar="TEXT", help="title.kinds.duties"),
)  # fmt: skip


def _kind_options(function: Any) -> Any:
    for one in reversed(_OPTIONS):
        function = one(function)
    return function


@click.group("kinds", cls=Group, help="title.kinds")
def kinds() -> None:
    """The kinds of title, and what the county has of its own."""


@kinds.command("list", help="title.kinds.list")
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="cli.format")
@pass_registry
def list_kinds(registry: Registry, form: str) -> None:
    """List every kind: its term, its levels, its ladder, its duties."""
    local = registry.local_title_kinds()
    listed = [
        _document(code) | {"local": code in local} for code in code_table("title_kinds").codes
    ]
    if form == "json":
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    headings = ("code", "kind", "term", "levels", "counts", "needs", "owes", "own")
    rows = [_row(one) for one in listed]
    on_screen().print(table_of([t(f"title.kinds.{heading}") for heading in headings], rows))


@kinds.command("add", help="title.kinds.add")
@click.argument("code", metavar="CODE")
@_kind_options
@pass_registry
def add(registry: Registry, code: str, **said: Any) -> None:
    """Add a kind of the county's own."""
    registry.add_title_kind(code, _change(said))
    click.echo(t("title.kinds.added", kind=code_table("title_kinds").label(code), code=code))


@kinds.command("change", help="title.kinds.change")
@click.argument("code", metavar="CODE")
@_kind_options
@pass_registry
def change(registry: Registry, code: str, **said: Any) -> None:
    """Change a kind, be it the county's own or one that ships."""
    code = _meant(code)
    registry.change_title_kind(code, _change(said))
    click.echo(t("title.kinds.changed", kind=code_table("title_kinds").label(code), code=code))


@kinds.command("remove", help="title.kinds.remove")
@click.argument("code", metavar="CODE")
@pass_registry
def remove(registry: Registry, code: str) -> None:
    """Remove a kind of the county's own, or take back what it changed."""
    code = _meant(code)
    name = code_table("title_kinds").label(code)
    registry.remove_title_kind(code)
    done = "restored" if code in shipped_table("title_kinds") else "removed"
    click.echo(t(f"title.kinds.{done}", kind=name, code=code))


def _change(said: dict[str, Any]) -> KindChange:
    """Read the options; an option that may be given several times and was not says nothing."""
    levels = [_code("levels", word) for word in said.pop("levels")]
    ladder = [_code("title_kinds", word) for word in said.pop("ladder")]
    aliases = said.pop("aliases")
    return KindChange(levels=levels or None, ladder=ladder or None, aliases=aliases or None, **said)


def _code(table: str, word: str) -> str:
    match = code_table(table).resolve(word)
    if match.code is None or match.is_ambiguous:
        raise UsageError("title-kind-value", value=word, known=code_table(table).listed())
    return match.code


def _meant(word: str) -> str:
    """Take a kind by its name too; what means none stays as it was written."""
    return code_table("title_kinds").resolve(word).code or word


def _duties(written: str) -> str:
    if written == USUAL:
        return t("title.kinds.usual")
    return t("imports.list-comma").join(
        f"{t(f'title.duty.{owed}')} {figure}" for owed, figure in read_duties(written).items()
    )


def _document(code: str) -> dict[str, Any]:
    table = code_table("title_kinds")

    def years(column: str) -> int | None:
        return int(table.value(code, column) or 0) or None

    levels = [level for level in table.value(code, "usual_levels").split(";") if level]
    return {
        "code": code,
        "name": table.label(code),
        "category": table.value(code, "category"),
        "term_years": years("term_years") if table.value(code, "has_term") == "1" else None,
        "term_years_province": years("term_years_province"),
        "levels": levels,
        "counts_backbone": table.value(code, "counts_backbone") == "1",
        "needs_first": {
            level: [
                {"title_kind": kind, "level": lower} for kind, lower in steps_below(code, level)
            ]
            for level in levels
        },
        "duties": table.value(code, "duties") or "none",
    }


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    """Say one kind in the cells of a row."""
    comma = t("imports.list-comma")
    levels, table = code_table("levels"), code_table("title_kinds")
    ladder = [part for part in table.value(one["code"], "ladder").split(";") if part]
    term = t("title.kinds.years", count=one["term_years"]) if one["term_years"] else ""
    return (
        one["code"],
        one["name"],
        term,
        comma.join(levels.label(level) for level in one["levels"]),
        t("cli.yes") if one["counts_backbone"] else "",
        comma.join(table.label(kind) for kind in ladder),
        _duties(one["duties"]),
        t("cli.yes") if one["local"] else "",
    )
