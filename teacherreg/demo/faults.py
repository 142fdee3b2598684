"""The mistakes that people make in rosters, put into a made-up county's rows.

Each is a row of the error table that the importer is built against: a line of the roster
is taken, one of its cells is spoilt, and what was done is written down, so that tests and
readers can tell a planted fault from a real one. A line has one fault at most.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from teacherreg.demo.clerks import Cell, Row
from teacherreg.demo.people import MAN, Person

CHECK_CHARACTERS = "0123456789X"


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault: in which kind of workbook, which mistake, on whom."""

    kind: str
    mistake: str
    staff_no: str


@dataclass(slots=True)
class Line:
    """One line of a roster and the person whom it is about."""

    person: Person
    row: Row
    has_school_cell: bool = False  # in this layout each line names its school itself


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake: how often it is made in 1,000 lines, what it does, on which lines it can."""

    name: str
    per_1000: float
    spoil: Callable[[Line, random.Random], None]
    can_happen: Callable[[Line], bool] = lambda line: True


def spoil(
    lines: Sequence[Line],
    kind: str,
    mistakes: Sequence[Mistake],
    rng: random.Random,
    only: Collection[str] = (),
) -> list[Fault]:
    """Put mistakes into lines, in place.

    Args:
        lines: Lines of one kind of workbook.
        kind: That kind.
        mistakes: What can go wrong.
        rng: Source of everything random.
        only: Names of mistakes to make exactly once each, for a small sample; where empty,
            each is made as often as people make it. Fractions are carried to the next
            mistake, so that a short roster has a few faults too.

    Returns:
        What was planted, in the order of the mistakes.
    """
    order = rng.sample(range(len(lines)), len(lines))
    planted: list[Fault] = []
    carried = rng.random()
    for mistake in mistakes:
        expected = carried + mistake.per_1000 * len(lines) / 1000
        count = int(mistake.name in only) if only else int(expected)
        carried = expected - int(expected)
        chosen = [i for i in order if mistake.can_happen(lines[i])][:count]
        order = [i for i in order if i not in set(chosen)]
        for i in chosen:
            mistake.spoil(lines[i], rng)
            planted.append(Fault(kind, mistake.name, lines[i].person.staff_no))
    return planted


def put(field: str, cell: Cell) -> Callable[[Line, random.Random], None]:
    """Make a mistake that writes one fixed value."""

    def spoil_one(line: Line, rng: random.Random) -> None:
        line.row[field] = cell

    return spoil_one


def _id_as_number(line: Line, rng: random.Random) -> None:
    """Excel keeps 15 digits of a number: the last three are gone for good."""
    line.row["id_number"] = float(line.person.id_number[:15] + "000")


def _wrong_check(line: Line, rng: random.Random) -> None:
    right = line.person.id_number
    wrong = rng.choice(CHECK_CHARACTERS.replace(right[-1], ""))
    line.row["id_number"] = right[:-1] + wrong


def _apostrophe(line: Line, rng: random.Random) -> None:
    line.row["id_number"] = "'" + line.person.id_number


def _spaced_id(line: Line, rng: random.Random) -> None:
    number = line.person.id_number
    line.row["id_number"] = f"{number[:6]} {number[6:14]} {number[14:]}"


def _other_birth_month(line: Line, rng: random.Random) -> None:
    """The archive's birth month differs from the ID number's, as it does for many."""
    born = line.person.birth_date
    month = born.month % 12 + 1
    line.row["birth_date"] = f"{born.year}-{month:02d}-{min(born.day, 28):02d}"


def _other_sex(line: Line, rng: random.Random) -> None:
    line.row["sex"] = "女" if line.person.sex == MAN else "男"


def _note_in_name(line: Line, rng: random.Random) -> None:
    line.row["name"] = f"{line.person.name}（{'男' if line.person.sex == MAN else '女'}）"


def _lost_zero(line: Line, rng: random.Random) -> None:
    """1990.10 typed as a number is 1990.1 ever after."""
    line.row["work_started_on"] = line.person.work_started_on.year + 0.1


def _date_to_come(line: Line, rng: random.Random) -> None:
    line.row["school_joined_on"] = "22" + f"{line.person.school_joined_on:%y}-09"


def _cut_phone(line: Line, rng: random.Random) -> None:
    line.row["phone"] = line.person.phone[:-1]


def _misspelt_school(line: Line, rng: random.Random) -> None:
    """One character of the township's name is left out: 青禾县红乡……"""
    school = line.person.school
    line.row["school_name"] = school[:4] + school[5:]


def _has_school_cell(line: Line) -> bool:
    return line.has_school_cell


def _is_teacher(line: Line) -> bool:
    return line.person.subject != "none"


ROSTER_MISTAKES: Sequence[Mistake] = (
    Mistake("school-misspelt", 1.0, _misspelt_school, _has_school_cell),
    Mistake("id-as-number", 1.3, _id_as_number),
    Mistake("id-check-digit", 1.7, _wrong_check),
    Mistake("id-apostrophe", 1.0, _apostrophe),
    Mistake("id-spaced", 1.0, _spaced_id),
    Mistake("id-missing", 2.4, put("id_number", None)),
    Mistake("birth-differs", 2.0, _other_birth_month),
    Mistake("sex-differs", 1.3, _other_sex),
    Mistake("note-in-name", 1.0, _note_in_name),
    Mistake("month-lost-zero", 0.7, _lost_zero),
    Mistake("date-to-come", 0.7, _date_to_come),
    Mistake("phone-cut", 1.3, _cut_phone),
    Mistake("subject-ambiguous", 1.0, put("subject", "综合"), _is_teacher),
    Mistake("subject-unknown", 0.7, put("subject", "阅读与写作"), _is_teacher),
    Mistake("ethnicity-unknown", 0.7, put("ethnicity", "维吾族")),
)

TITLE_MISTAKES: Sequence[Mistake] = (
    Mistake("name-unknown", 4.0, put("name", "某已调离")),
    Mistake("award-date-missing", 3.0, put("awarded_on", None)),
    Mistake("title-unknown", 2.0, put("title_kind", "课改先锋")),
    Mistake("title-candidate", 2.0, put("title_kind", "骨干教师培养对象")),
    Mistake("level-missing", 2.0, put("level", None)),
)

CONDUCT_MISTAKES: Sequence[Mistake] = (
    Mistake("result-unknown", 4.0, put("result", "待定"), lambda line: _kind(line) == "师德考核"),
    Mistake("sanction-undated", 2.5, put("decided_on", None), lambda line: _kind(line) == "处分"),
    Mistake("year-missing", 2.5, put("year", None), lambda line: _kind(line) == "师德考核"),
)


def _kind(line: Line) -> Cell:
    return line.row["record_kind"]
