"""How the made-up county's clerks write what they know.

None of this is wrong: one clerk writes 1985.07 and 党员, the next 85年7月 and 中共党员, a
third spaces out short names and types in full width. Every school has a clerk of its own
who keeps to his habits. Mistakes are `faults`.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from teacherreg.codes import code_table
from teacherreg.demo.careers import Award
from teacherreg.demo.conduct import Record
from teacherreg.demo.people import Person
from teacherreg.demo.tables import table

Cell = str | int | float | date | None
Row = dict[str, Cell]

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SPACES = ("", "", "", " ", "　", "  ")  # between the two characters of a short name
BRIEF_SHARE = 0.4  # of clerks who write 汉 for 汉族 and 85年 for 1985年
LOWER_X_SHARE = 0.3
FULL_WIDTH_SHARE = 0.08
NUMBER_PHONE_SHARE = 0.3

DAY_FORMS: Sequence[Callable[[date], Cell]] = (
    lambda day: day,  # a real date cell
    lambda day: day.isoformat(),
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
)
MONTH_FORMS: Sequence[Callable[[date], Cell]] = (
    lambda day: day.replace(day=1),
    lambda day: f"{day:%Y.%m}",
    lambda day: f"{day:%Y%m}",
    lambda day: f"{day:%Y-%m}",
    lambda day: f"{day.year}年{day.month}月",
    lambda day: f"{day:%Y}/{day.month}",
)


class Clerk:
    """Somebody who fills in a table, always in the same way."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._day = rng.choice(DAY_FORMS)
        self._month = rng.choice(MONTH_FORMS)
        self._space = rng.choice(SPACES)
        self._is_brief = rng.random() < BRIEF_SHARE
        self._writes_lower_x = rng.random() < LOWER_X_SHARE
        self._types_full_width = rng.random() < FULL_WIDTH_SHARE
        self._writes_phone_as_number = rng.random() < NUMBER_PHONE_SHARE
        self._words: dict[tuple[str, str], str] = {}

    def word(self, codes: str, code: str) -> str:
        """Write a code's name, or the word that this clerk uses for it."""
        key = (codes, code)
        if key not in self._words:
            label = code_table(codes).label(code, "zh")
            words: Mapping[str, Sequence[str]] = table("workbooks")["words"].get(codes, {})
            choices = list(words.get(code, ())) or [label]
            if codes == "ethnicity" and self._is_brief:
                choices = [label.removesuffix("族")]
            elif codes == "ethnicity":
                choices = [label]
            self._words[key] = self._rng.choice(choices)
        return self._words[key]

    def day(self, day: date | None) -> Cell:
        """Write a day."""
        return None if day is None else self._day(day)

    def month(self, day: date | None) -> Cell:
        """Write a month; brief clerks leave the century out where it is the last one."""
        if day is None:
            return None
        if self._is_brief and day.year < 2000:
            return f"{day:%y}年{day.month}月"
        return self._month(day)

    def name(self, name: str) -> str:
        """Write a name; two characters may be spaced out to the width of three."""
        return self._space.join(name) if len(name) == 2 else name

    def id_number(self, id_number: str) -> str:
        """Write an ID number: some clerks type the check letter small or in full width."""
        if self._types_full_width:
            return id_number.translate(FULL_WIDTH)
        return id_number.lower() if self._writes_lower_x else id_number

    def phone(self, phone: str) -> Cell:
        """Write a phone number, as text or as the number that Excel makes of it."""
        return int(phone) if self._writes_phone_as_number else phone

    def staff_row(self, person: Person, school: str, *, is_birth_by_month: bool = False) -> Row:
        """Write one line of a staff roster."""
        birth = f"{person.birth_date:%Y.%m}" if is_birth_by_month else self.day(person.birth_date)
        colleges = table("workbooks")["colleges"][person.education]
        return {
            "name": self.name(person.name),
            "id_number": self.id_number(person.id_number),
            "staff_no": person.staff_no,
            "sex": code_table("sex").label(person.sex, "zh"),
            "birth_date": birth,
            "ethnicity": self.word("ethnicity", person.ethnicity),
            "political_status": self.word("political_status", person.politics),
            "education": self.word("education", person.education),
            "graduated_from": colleges[int(person.staff_no) % len(colleges)],
            "professional_rank": self.word("professional_rank", person.rank),
            "staff_category": self.word("staff_categories", person.category),
            "status": self.word("person_status", person.status),
            "school_name": school,
            "stage": self.word("stages", person.stage),
            "subject": self.word("subjects", person.subject),
            "work_started_on": self.month(person.work_started_on),
            "school_joined_on": self.month(person.school_joined_on),
            "phone": self.phone(person.phone),
            "note": None,
        }

    def title_row(self, award: Award, school: str) -> Row:
        """Write one line of a title list."""
        person = award.person
        return {
            "name": self.name(person.name),
            "id_number": person.id_number,
            "school_name": school,
            "birth_date": f"{person.birth_date:%Y-%m}",
            "subject": None if person.subject == "none" else self.word("subjects", person.subject),
            "title_kind": self.word("title_kinds", award.kind),
            "level": self.word("levels", award.level),
            "awarded_on": self.day(award.awarded_on),
            "term_ends_on": self.day(award.term_ends_on),
            "issuer": award.issuer,
            "document_no": award.document_no,
            "revoked_on": self.day(award.revoked_on),
        }

    def conduct_row(self, record: Record, school: str) -> Row:
        """Write one line of a conduct list."""
        result = record.result
        if record.record_kind == "review" and result:
            result = code_table("review_results").label(result, "zh")
        return {
            "name": self.name(record.person.name),
            "id_number": record.person.id_number,
            "school_name": school,
            "record_kind": code_table("record_kinds").label(record.record_kind, "zh"),
            "year": record.year,
            "result": result,
            "sanction_kind": _label("sanctions", record.sanction_kind),
            "act": _label("ethics_acts", record.act),
            "decided_on": self.day(record.decided_on),
            "released_on": self.day(record.released_on),
            "decided_by": record.decided_by,
            "document_no": record.document_no,
            "summary": record.summary,
        }


def _label(codes: str, code: str | None) -> str | None:
    return None if code is None else code_table(codes).label(code, "zh")
