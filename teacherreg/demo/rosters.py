"""Which line stands in which workbook of the made-up county, written by which clerk.

Turns people, awards and records into rows of cells and puts the faults in. Laying the rows
out on sheets is `workbooks`.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from teacherreg.demo.careers import Award
from teacherreg.demo.clerks import Clerk, Row
from teacherreg.demo.conduct import Record
from teacherreg.demo.county import SEAT, DemoSchool
from teacherreg.demo.faults import (
    CONDUCT_MISTAKES,
    ROSTER_MISTAKES,
    TITLE_MISTAKES,
    Fault,
    Line,
    spoil,
)
from teacherreg.demo.people import Person
from teacherreg.demo.tables import table

LONG, SHEETS, CSV = "roster_long", "roster_sheets", "roster_csv"  # tables of workbooks.toml
FULL_NAME_SHARE = 0.7  # of schools that a list calls by their full name
SAME_AS_ABOVE_SHARE = 0.25
DOUBLED_PER_1000 = 0.8
TWO_SCHOOLS_PER_1000 = 0.5
ON_ROTATION_HERE = "101"  # data/codes/person_status.csv


@dataclass(slots=True)
class Block:
    """The lines of one school in a staff roster, and what the school is called there."""

    school: DemoSchool
    written: str
    lines: list[Line]
    says_same_as_above: bool = False  # 同上 instead of the school's name from line two on


class Writing:
    """Has clerks write the county's tables; collects the faults that they plant."""

    def __init__(
        self, schools: Sequence[DemoSchool], rng: random.Random, only: Sequence[str] = ()
    ) -> None:
        self.faults: list[Fault] = []
        self._schools = {school.name: school for school in schools}
        self._rng = rng
        self._only = only

    def rosters(
        self, people: Sequence[Person], rotations: Sequence[Row], layout: str | None = None
    ) -> dict[str, list[Block]]:
        """Write everybody into staff rosters: blocks of a school by layout.

        Args:
            people: Everybody, school by school.
            rotations: Rows of the county's list. Whose stay has no end yet stands in the
                roster of the receiving school too.
            layout: The one layout to use; else each school has its township's.
        """
        staff: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            staff[person.school].append(person)
        rosters: dict[str, list[Block]] = defaultdict(list)
        for name, members in staff.items():
            school = self._schools[name]
            form = layout or _layout(school)
            rosters[form].append(self._block(school, members, form))
        blocks = [block for form in rosters.values() for block in form]
        lines = [line for block in blocks for line in block.lines]
        received = _received(blocks, rotations)
        self.faults += spoil(lines, "teachers", ROSTER_MISTAKES, self._rng, self._only)
        self._double(blocks)
        for block in blocks:
            block.lines += received[block.school.name]
        return dict(rosters)

    def titles(self, awards: Sequence[Award]) -> list[Line]:
        """Write a title list; one clerk of the bureau writes it all."""
        clerk = Clerk(self._rng)
        lines = [
            Line(award.person, clerk.title_row(award, self._called(award.person)))
            for award in awards
        ]
        self.faults += spoil(lines, "titles", TITLE_MISTAKES, self._rng, self._only)
        return lines

    def conduct(self, records: Sequence[Record]) -> list[Line]:
        """Write the list of conduct records."""
        clerk = Clerk(self._rng)
        lines = [
            Line(record.person, clerk.conduct_row(record, self._called(record.person)))
            for record in records
        ]
        self.faults += spoil(lines, "conduct", CONDUCT_MISTAKES, self._rng, self._only)
        return lines

    def _block(self, school: DemoSchool, members: Sequence[Person], form: str) -> Block:
        clerk = Clerk(self._rng)
        written = school.name
        if form != SHEETS and self._rng.random() > FULL_NAME_SHARE:
            written = school.short_names[0]
        lines = [
            Line(
                person,
                clerk.staff_row(person, written, is_birth_by_month=form == SHEETS),
                has_school_cell=form == CSV,
            )
            for person in members
        ]
        return Block(school, written, lines, self._rng.random() < SAME_AS_ABOVE_SHARE)

    def _called(self, person: Person) -> str:
        school = self._schools[person.school]
        is_full = self._rng.random() < FULL_NAME_SHARE
        return school.name if is_full else school.short_names[0]

    def _double(self, blocks: Sequence[Block]) -> None:
        """List some people twice: copied within the school, or kept on by the last one.

        The last one teaches the person's stage; where no other school does, it is a copy.
        """
        total = sum(len(block.lines) for block in blocks)
        copied = round(DOUBLED_PER_1000 * total / 1000)
        kept_on = round(TWO_SCHOOLS_PER_1000 * total / 1000)
        if self._only:
            copied, kept_on = int("row-doubled" in self._only), 0
        planted = {fault.staff_no for fault in self.faults}
        sound = [
            (block, line)
            for block in blocks
            for line in block.lines
            if line.person.staff_no not in planted
        ]
        chosen = self._rng.sample(sound, min(copied + kept_on, len(sound)))
        for number, (home, line) in enumerate(chosen):
            block = home if number < copied else self._last_school(blocks, home, line.person)
            is_copy = block is home
            row = line.row if is_copy else {**line.row, "school_name": block.written}
            block.lines.append(replace(line, row=dict(row)))
            mistake = "row-doubled" if is_copy else "two-schools"
            self.faults.append(Fault("teachers", mistake, line.person.staff_no))

    def _last_school(self, blocks: Sequence[Block], home: Block, person: Person) -> Block:
        others = [block for block in blocks if block is not home]
        first = self._rng.randrange(len(others))
        in_turn = (*others[first:], *others[:first])
        return next((block for block in in_turn if person.stage in block.school.staff), home)


def _received(blocks: Sequence[Block], rotations: Sequence[Row]) -> dict[str, list[Line]]:
    """Give each school the lines of those who are on rotation there.

    It copies the line of the sending school, before anybody spoils that, and writes the
    status and the month of arrival anew.
    """
    called = {block.school.name: block.written for block in blocks}
    own = {line.person.id_number: line for block in blocks for line in block.lines}
    status = table("workbooks")["words"]["person_status"][ON_ROTATION_HERE][0]
    received: dict[str, list[Line]] = defaultdict(list)
    for stay in rotations:
        if stay["ends_on"] is not None:
            continue
        school, line = str(stay["to_school"]), own[str(stay["id_number"])]
        said = {"status": status, "school_joined_on": stay["starts_on"]}
        row = {**line.row, **said, "school_name": called[school]}
        received[school].append(replace(line, row=row))
    return received


def _layout(school: DemoSchool) -> str:
    if school.terrain == SEAT:
        return LONG
    return CSV if school.terrain == "mountain" else SHEETS
