"""The list of schools: names, types, places, parents, stages and pupils.

Schools are few, so this planner goes row by row. One school may have several rows, for
instance one a stage; what they say is put together, and what contradicts is a fault.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from teacherreg.intake.context import Context
from teacherreg.intake.ledger import Changed
from teacherreg.intake.listed import Listed
from teacherreg.intake.places import Place, stages_of_type, tidy
from teacherreg.intake.tables import ENROLMENT, SCHOOL, SCHOOL_ALIAS, SCHOOL_STAGE, fetch
from teacherreg.intake.writes import Row
from teacherreg.models import Stage

ATTRIBUTES: Final = ("name", "code", "school_type", "township", "locality")
PUPILS: Final = {
    "kindergarten_children": Stage.KINDERGARTEN.value,
    "primary_students": Stage.PRIMARY.value,
    "junior_students": Stage.JUNIOR.value,
    "senior_students": Stage.SENIOR.value,
}
_FIELD_OF: Final = {"name": "school_name", "code": "school_code"}
_SEPARATORS: Final = re.compile(r"[、,，;；/\n]+")
_SCHOOL_YEAR_BEGINS: Final = 9  # 1 September


@dataclass
class Draft:
    """One school as the rows of the file describe it.

    Attributes:
        id: Its number; a new one's is given out when the first row names it.
        source: Place of the first row.
        known: What the registry knows of it; None for a new school.
        said: What the file says, by column.
        aliases: Other names that the file gives.
        pupils: Pupils by stage and school year.
        counted_in: Place of the first row that gives each of these.
        parent: Number of the parent school, where the file names one.
    """

    id: int
    source: int
    known: Place | None
    said: Row = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    pupils: dict[tuple[str, str], int] = field(default_factory=dict)
    counted_in: dict[tuple[str, str], int] = field(default_factory=dict)
    parent: int | None = None


def plan_schools(context: Context) -> None:
    """Plan a list of schools."""
    codes = _release_codes(context)
    drafts: dict[int, Draft] = {}
    parents: list[tuple[Draft, dict[str, Any]]] = []
    for row in context.rows.iter_rows(named=True):
        draft = _draft_of(context, row, drafts)
        if draft is None or not _take(context, draft, row):
            continue
        drafts[draft.id] = draft
        context.schools.call(draft.id, row["school_name"], row["school_code"])
        if row["parent_school"] is not None:
            parents.append((draft, row))
    _require_free_codes(context, drafts, codes)
    for draft, row in parents:
        _take_parent(context, draft, row)
    _write_schools(context, drafts)
    _write_names_and_stages(context, drafts)
    _write_pupils(context, drafts)


def _release_codes(context: Context) -> dict[str, int]:
    """Free the codes of schools to which the file gives another: they were mixed up.

    Returns:
        Which school of the registry has each code.
    """
    schools = context.schools
    holders = {place.code: place.id for place in schools.by_id.values() if place.code}
    for name, code in context.rows.select("school_name", "school_code").drop_nulls().iter_rows():
        school_id = schools.by_name(name)
        if school_id is not None and schools.by_id[school_id].code not in (None, code):
            schools.release(school_id)
    return holders


def _require_free_codes(
    context: Context, drafts: dict[int, Draft], holders: dict[str, int]
) -> None:
    """Refuse codes whose school was to get another, but does not; see what that leaves."""
    while True:
        taken = [
            draft
            for draft in drafts.values()
            if (holder := holders.get(draft.said.get("code") or "", draft.id)) != draft.id
            and not (holder in drafts and _gets_another_code(drafts[holder]))
        ]
        if not taken:
            return
        for draft in taken:
            del drafts[draft.id]
            names = (context.schools.name(holders[draft.said["code"]]), draft.said["name"])
            parameters = {"schools": Listed(names)}
            context.faults.add(
                draft.source, "school-two", "error", "school_code", draft.said["code"], parameters
            )


def _gets_another_code(draft: Draft) -> bool:
    known = _registered_code(draft)
    return draft.said.get("code", known) != known


def _draft_of(context: Context, row: dict[str, Any], drafts: dict[int, Draft]) -> Draft | None:
    """Find the school that a row is about, or make a new one."""
    schools = context.schools
    by_code = schools.by_code(row["school_code"])
    by_name = schools.by_name(row["school_name"])
    meant = schools.resolve(row["school_name"])
    found = by_code or by_name
    if by_code is not None and by_name not in (None, by_code):
        _note_two_schools(context, row, (schools.name(by_code), schools.name(by_name)))
        return None
    is_of_this_file = by_code in drafts and row["school_code"] != _registered_code(drafts[by_code])
    if by_name is None and is_of_this_file and by_code is not None:
        _note_two_schools(context, row, (schools.name(by_code), row["school_name"]))
        return None
    if found is None and meant.how == "exact" and meant.school_id is not None:
        known_code = schools.by_id[meant.school_id].code
        same_code = row["school_code"] is None or known_code in (None, row["school_code"])
        found = meant.school_id if same_code else None
    if found is None:
        return Draft(context.ledger.take_numbers(SCHOOL, 1), row["i"], None)
    return drafts.get(found) or Draft(found, row["i"], schools.by_id[found])


def _note_two_schools(context: Context, row: dict[str, Any], names: tuple[str, ...]) -> None:
    """Note a code that stands for one school and a name that stands for another."""
    parameters = {"schools": Listed(names)}
    context.faults.add(
        row["i"], "school-two", "error", "school_code", row["school_code"], parameters
    )


def _registered_code(draft: Draft) -> str | None:
    return draft.known.code if draft.known is not None else None


def _take(context: Context, draft: Draft, row: dict[str, Any]) -> bool:
    """Add what a row says to its school; a contradiction within the file is a fault."""
    said: Row = {name: row[_FIELD_OF.get(name, name)] for name in ATTRIBUTES}
    if draft.known is not None:
        said["name"] = _name_of(context, draft.known, row)
    pupils = {
        (stage, row["school_year"] or school_year(context.on)): row[name]
        for name, stage in PUPILS.items()
        if row[name] is not None
    }
    clashes = [
        _FIELD_OF.get(name, name)
        for name, value in said.items()
        if value is not None and draft.said.get(name, value) != value
    ]
    clashes += [
        name
        for name, stage in PUPILS.items()
        for key, count in pupils.items()
        if key[0] == stage and draft.pupils.get(key, count) != count
    ]
    if clashes:
        parameters = {"rows": context.faults.rows_of([draft.source], seen_from=row["i"])}
        context.faults.add(
            row["i"], "school-twice", "error", clashes[0], row["school_name"], parameters
        )
        return False
    draft.said |= {name: value for name, value in said.items() if value is not None}
    draft.pupils |= pupils
    draft.counted_in = dict.fromkeys(pupils, row["i"]) | draft.counted_in
    draft.aliases += [
        alias for part in _SEPARATORS.split(row["short_name"] or "") if (alias := part.strip())
    ]
    return True


def _name_of(context: Context, known: Place, row: dict[str, Any]) -> str:
    """Give the name of a known school: a new one, where its code tells which it is."""
    written: str = row["school_name"]
    is_by_code = row["school_code"] is not None and row["school_code"] == known.code
    is_called_so = tidy(written) in context.schools.registered_names(known.id)
    return known.name if is_called_so or not is_by_code else written


def _take_parent(context: Context, draft: Draft, row: dict[str, Any]) -> None:
    meant = context.schools.resolve(row["parent_school"])
    if meant.school_id is not None and meant.school_id != draft.id:
        draft.parent = meant.school_id
        return
    codes = {"several": "school-ambiguous", "unknown": "parent-school-unknown"}
    code = codes.get(meant.how, "parent-school-itself")
    context.faults.add(
        row["i"],
        code,
        "warning",
        "parent_school",
        row["parent_school"],
        {"schools": Listed(meant.names)},
    )


def _write_schools(context: Context, drafts: dict[int, Draft]) -> None:
    new = [draft for draft in drafts.values() if draft.known is None]
    frame = pl.DataFrame(
        [
            {"id": draft.id, "county_code": context.county_code}
            | {name: draft.said.get(name) for name in ATTRIBUTES}
            for draft in new
        ],
        schema={"id": pl.Int64()} | dict.fromkeys(("county_code", *ATTRIBUTES), pl.String()),
    )
    context.ledger.insert(SCHOOL, frame, pl.Series([draft.source for draft in new]))
    context.ledger.mark_added(draft.source for draft in new)
    given = {draft.said.get("code") for draft in drafts.values()}
    for draft in drafts.values():
        if _gets_another_code(draft) and _registered_code(draft) in given - {None}:
            code = {"code": _registered_code(draft)}
            context.ledger.update(SCHOOL, draft.id, code, {"code": None})
    for draft in drafts.values():
        if draft.known is not None:
            _update(context, draft, draft.known, given)
        elif draft.parent is not None:
            context.ledger.update(
                SCHOOL, draft.id, {"parent_school_id": None}, {"parent_school_id": draft.parent}
            )


def _update(context: Context, draft: Draft, known: Place, given: set[str | None]) -> None:
    """Change what the file knows otherwise; an empty cell never erases.

    Of a school whose code is ``given`` to another, that was taken out before.
    """
    new = {name: v for name, v in draft.said.items() if v != getattr(known, name)}
    old = {name: getattr(known, name) for name in new}
    if new:
        stored = old | {"code": None} if "code" in new and known.code in given else old
        context.ledger.update(SCHOOL, draft.id, stored, new)
        context.ledger.show(Changed(draft.source, known.name, SCHOOL.name, draft.id, old, new))
    if "name" in new:
        draft.aliases.append(known.name)
    if draft.parent is not None and draft.parent != known.parent_school_id:
        before: Row = {"parent_school_id": known.parent_school_id}
        after: Row = {"parent_school_id": draft.parent}
        context.ledger.update(SCHOOL, draft.id, before, after)
        shown = (
            {
                "parent_school_id": context.schools.name(known.parent_school_id),
            },
            {"parent_school_id": context.schools.name(draft.parent)},
        )
        context.ledger.show(Changed(draft.source, known.name, SCHOOL.name, draft.id, *shown))


def _write_names_and_stages(context: Context, drafts: dict[int, Draft]) -> None:
    aliases: list[tuple[int, Row]] = []
    stages: list[tuple[int, Row]] = []
    for draft in drafts.values():
        own_name = draft.said.get("name") or (draft.known.name if draft.known else "")
        known_names = {tidy(name) for name in context.schools.aliases.get(draft.id, set())}
        for alias in dict.fromkeys(draft.aliases):
            if tidy(alias) not in known_names | {tidy(own_name)}:
                known_names.add(tidy(alias))
                aliases.append((draft.source, {"school_id": draft.id, "name": alias}))
        taught = dict.fromkeys(stages_of_type(draft.said.get("school_type")))
        taught |= dict.fromkeys(stage for (stage, _), count in draft.pupils.items() if count)
        recorded = context.schools.stages.get(draft.id, set())
        new_stages = [stage for stage in taught if stage not in recorded]
        stages += [(draft.source, {"school_id": draft.id, "stage": stage}) for stage in new_stages]
    for which, records in ((SCHOOL_ALIAS, aliases), (SCHOOL_STAGE, stages)):
        _insert(context, which, records)


def _write_pupils(context: Context, drafts: dict[int, Draft]) -> None:
    known = {
        (school_id, stage, year): (number, students)
        for number, school_id, stage, year, students in fetch(
            context.connection, ENROLMENT.c, (ENROLMENT.c.school_id, list(drafts))
        )
        .select("id", "school_id", "stage", "school_year", "students")
        .rows()
    }
    new: list[tuple[int, Row]] = []
    for draft in drafts.values():
        for (stage, year), students in draft.pupils.items():
            source = draft.counted_in[stage, year]
            row_id, before = known.get((draft.id, stage, year), (None, None))
            if row_id is None and students:
                key = {"school_id": draft.id, "stage": stage, "school_year": year}
                new.append((source, key | {"students": students}))
            elif row_id is not None and before != students:
                _update_pupils(context, draft, (source, row_id), before, students)
    _insert(context, ENROLMENT, new)


def _update_pupils(
    context: Context, draft: Draft, places: tuple[int, int], before: int | None, after: int
) -> None:
    source, row_id = places
    old, new = {"students": before}, {"students": after}
    context.ledger.update(ENROLMENT, row_id, old, new)
    who = context.schools.name(draft.id)
    context.ledger.show(Changed(source, who, ENROLMENT.name, row_id, old, new))


def _insert(context: Context, which: Any, records: list[tuple[int, Row]]) -> None:
    """Plan new rows, each with the place of the row of the file that asks for it."""
    if not records:
        return
    sources = [source for source, _ in records]
    context.ledger.insert_records(which, [row for _, row in records], sources)
    for source in sources:
        context.ledger.outcomes.setdefault(source, "change")


def school_year(on: date) -> str:
    """Tell the school year of a day; it begins on 1 September.

    Example:
        >>> school_year(date(2026, 8, 31))
        '2025-2026'
    """
    first = on.year if on.month >= _SCHOOL_YEAR_BEGINS else on.year - 1
    return f"{first}-{first + 1}"
