"""Making the whole county: draw it, write it, say what was written."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from faker import Faker

from teacherreg.codes import code_table
from teacherreg.demo.careers import Award, honour
from teacherreg.demo.clerks import Row
from teacherreg.demo.conduct import Record, conduct_records
from teacherreg.demo.county import DemoSchool, draw_schools
from teacherreg.demo.development import Development, develop
from teacherreg.demo.duties import duty_rows
from teacherreg.demo.enrolment import earlier_years
from teacherreg.demo.faults import Fault, Line
from teacherreg.demo.people import Person
from teacherreg.demo.prevention import Prevention, prevent
from teacherreg.demo.rosters import CSV, LONG, SHEETS, Block, Writing
from teacherreg.demo.staff import hire
from teacherreg.demo.tables import table
from teacherreg.demo.workbooks import (
    write_csv_roster,
    write_long_roster,
    write_sheets_roster,
    write_table,
)

STUDENT_FIELDS = {
    "primary_students": "primary",
    "junior_students": "junior",
    "senior_students": "senior",
    "kindergarten_children": "kindergarten",
}
SCHOOL_YEAR_BEGINS = 9  # on 1 September
SAMPLE_TEACHERS = 60
SAMPLE_FAULTS = (
    "id-check-digit",
    "id-as-number",
    "birth-differs",
    "note-in-name",
    "row-doubled",
    "award-date-missing",
    "result-unknown",
)


@dataclass(frozen=True)
class DemoCounty:
    """A county made up from a seed, and the workbooks in which it was written down.

    ``workbooks`` pairs a kind of import with its files, in the order in which to import
    them; ``faults`` are the mistakes put in on purpose.
    """

    code: str
    name: str
    workbooks: list[tuple[str, list[Path]]]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Population:
    """Everything that is true of a made-up county before anybody writes it down."""

    schools: list[DemoSchool]
    earlier_schools: list[list[DemoSchool]]  # as they were, the latest school year first
    people: list[Person]
    awards: list[Award]
    records: list[Record]
    development: Development
    duties: list[Row]
    prevention: Prevention


def populate(
    teachers: int, rng: random.Random, seed: int, on: date, only: Sequence[str] = ()
) -> Population:
    """Draw schools, people and what befell them; ``only`` names schools to keep."""
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    schools = draw_schools(teachers, rng, only)
    people = hire(schools, rng, faker, on)
    awards = honour(people, schools, rng, on)
    records = conduct_records(people, awards, rng, on)
    development = develop(people, schools, awards, records, seed, on)
    duties = list(duty_rows(awards, seed, on))
    prevention = prevent(people, schools, awards, seed, on)
    return Population(
        schools,
        earlier_years(schools, seed),
        people,
        awards,
        records,
        development,
        duties,
        prevention,
    )


def make_county(folder: Path, *, teachers: int = 3000, seed: int = 1, on: date) -> DemoCounty:
    """Make up a county and write its workbooks as people would hand them in.

    The same arguments give the same county, and the same bytes.

    Args:
        folder: Where the workbooks go; made if it is not there, files in it are replaced.
        teachers: Staff of the whole county, from 200 to 20,000.
        seed: Which county.
        on: Day of the rosters; nobody looks at the clock.

    Returns:
        The county's code and name, its workbooks in the order of import, and the faults.
    """
    rng = random.Random(seed)  # noqa: S311
    population = populate(teachers, rng, seed, on)
    writing = Writing(population.schools, rng)
    words = _words(on)
    form = table("workbooks")
    folder.mkdir(parents=True, exist_ok=True)
    schools = write_table(
        folder / form["schools"]["file"], *_schools_table(population, words, on), on
    )
    rotations = population.development.rotations
    rosters = _write_rosters(folder, writing.rosters(population.people, rotations), words, on)
    titles = _write_titles(folder, writing.titles(population.awards), words, on)
    lines = writing.conduct(population.records)
    conduct = write_table(folder / form["conduct"]["file"], *_conduct_table(lines, words), on)
    others = [
        (kind, [write_table(folder / form[kind]["file"], *sheets, on)])
        for kind, sheets in _plain_tables(population, words).items()
    ]
    county = table("county")
    return DemoCounty(
        code=county["code"],
        name=county["name"],
        workbooks=[
            ("schools", [schools]),
            ("teachers", rosters),
            ("titles", titles),
            ("conduct", [conduct]),
            *others,
        ],
        faults=tuple(writing.faults),
    )


def make_samples(folder: Path, *, seed: int = 1, on: date = date(2026, 9, 15)) -> DemoCounty:
    """Write the small workbooks of ``data/samples``: six schools, 60 people.

    Each kind of import has one workbook, each with a fault or two. Made again by
    ``python -m teacherreg.demo FOLDER``.

    Args:
        folder: Where the workbooks go.
        seed: Which county.
        on: Day of the rosters.

    Returns:
        The county with the workbooks and their faults.
    """
    rng = random.Random(seed)  # noqa: S311
    form = table("workbooks")
    names = table("county")["samples"]["schools"]
    population = populate(SAMPLE_TEACHERS, rng, seed, on, names)
    writing = Writing(population.schools, rng, SAMPLE_FAULTS)
    words = _words(on)
    blocks = writing.rosters(population.people, population.development.rotations, CSV)[CSV]
    tables = {
        "schools": _schools_table(population, words, on),
        "teachers": _staff_table(blocks, words),
        "titles": _titles_table(writing.titles(population.awards), "titles_local", words),
        "conduct": _conduct_table(writing.conduct(population.records), words),
        **_plain_tables(population, words),
    }
    folder.mkdir(parents=True, exist_ok=True)
    workbooks = [
        (kind, [write_table(folder / form["samples"]["files"][kind], *sheets, on)])
        for kind, sheets in tables.items()
    ]
    county = table("county")
    return DemoCounty(county["code"], county["name"], workbooks, tuple(writing.faults))


def _words(on: date) -> dict[str, str]:
    """What the titles and notes of the county's tables name."""
    return {
        "county": table("county")["name"],
        "year": str(on.year),
        "month": str(on.month),
        "day": str(on.day),
    }


Sheets = tuple[dict[str, list[Row]], dict[str, Any]]  # rows by sheet; how they are framed


def _framed(entry: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """Fill in a table's title and notes; ``{sheet}`` stays for the writer."""
    title = entry["title"] if isinstance(entry["title"], list) else [entry["title"]]
    filling = {**words, "sheet": "{sheet}"}
    return {
        **entry,
        "title": [line.format(**filling) for line in title],
        "notes": [note.format(**words) for note in entry["notes"]],
    }


def _schools_table(county: Population, words: Mapping[str, str], on: date) -> Sheets:
    """The schools and their pupils, a sheet for each school year."""
    entry = table("workbooks")["schools"]
    this_year = on.year if on.month >= SCHOOL_YEAR_BEGINS else on.year - 1
    sheets: dict[str, list[Row]] = {}
    for ago, schools in enumerate([county.schools, *county.earlier_schools]):
        year = f"{this_year - ago}-{this_year - ago + 1}"
        sheets[entry["sheet"].format(school_year=year)] = [
            _school_row(school, year) for school in schools
        ]
    return sheets, _framed(entry, words)


def _school_row(school: DemoSchool, school_year: str) -> Row:
    students: Row = {field: school.students.get(stage) for field, stage in STUDENT_FIELDS.items()}
    return {
        "school_name": school.name,
        "school_code": school.code,
        "short_name": "、".join(school.short_names),
        "township": school.township,
        "locality": code_table("localities").label(school.locality, "zh"),
        "school_type": code_table("school_types").label(school.school_type, "zh"),
        "parent_school": school.parent,
        "school_year": school_year,
        **students,
    }


def _staff_table(blocks: Sequence[Block], words: Mapping[str, str]) -> Sheets:
    """The staff of a small sample on one sheet, the school on every line."""
    entry = table("workbooks")["roster_csv"]
    rows = [line.row for block in blocks for line in block.lines]
    frame = {**entry, "title": table("workbooks")["samples"]["teachers_title"], "notes": []}
    return {"Sheet1": rows}, _framed(frame, words)


def _titles_table(lines: Sequence[Line], form: str, words: Mapping[str, str]) -> Sheets:
    entry = table("workbooks")[form]
    return {entry["sheet"]: [line.row for line in lines]}, _framed(entry, words)


def _conduct_table(lines: Sequence[Line], words: Mapping[str, str]) -> Sheets:
    """Reviews and commendations on one sheet, handlings and sanctions on the other."""
    entry = table("workbooks")["conduct"]
    praise, cases = entry["sheets"]["praise"], entry["sheets"]["cases"]
    rows: dict[str, list[Row]] = {praise: [], cases: []}
    for line in lines:
        rows[cases if line.row["sanction_kind"] else praise].append(line.row)
    headers = {praise: entry["headers_praise"], cases: entry["headers_cases"]}
    return rows, _framed({**entry, "headers": headers}, words)


def _plain_tables(county: Population, words: Mapping[str, str]) -> dict[str, Sheets]:
    """Tables that the bureau keeps itself, without faults, in the order of import."""
    lists = vars(county.development) | {"duties": county.duties} | vars(county.prevention)
    tables = {}
    for kind, rows in lists.items():
        entry = table("workbooks")[kind]
        tables[kind] = ({entry["sheet"]: rows}, _framed(entry, words))
    return tables


def _write_rosters(
    folder: Path, rosters: Mapping[str, list[Block]], words: Mapping[str, str], on: date
) -> list[Path]:
    form = table("workbooks")
    written: list[Path] = []
    for layout, blocks in sorted(rosters.items(), key=lambda item: form[item[0]]["file"]):
        path = folder / form[layout]["file"]
        if layout == LONG:
            written.append(write_long_roster(path, blocks, words, on))
        elif layout == SHEETS:
            written.append(write_sheets_roster(path, blocks, words, on))
        else:
            written.append(write_csv_roster(path, blocks))
    return written


def _write_titles(
    folder: Path, lines: Sequence[Line], words: Mapping[str, str], on: date
) -> list[Path]:
    """Two lists: the region's own titles with ID numbers, the others without."""
    region = code_table("levels")
    by_form: dict[str, list[Line]] = {"titles_local": [], "titles_region": []}
    for line in lines:
        is_region = region.resolve(str(line.row["level"] or "")).code == "province"
        by_form["titles_region" if is_region else "titles_local"].append(line)
    form = table("workbooks")
    return [
        write_table(folder / form[name]["file"], *_titles_table(part, name, words), on)
        for name, part in by_form.items()
    ]
