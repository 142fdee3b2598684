"""A person's file on a screen: facts first, then a line for each thing, in order of time.

What stands in a line follows from its row: columns that an audience may not see are not in
the row, so they are not in the line either.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from teacherreg.careers import PARTS, Part, PersonFile, Row, when
from teacherreg.cli.lines import print_line, table_of
from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.development.hours import written
from teacherreg.locale import t
from teacherreg.models import Attachment

# What is shown of a row, in the order in which one reads it.
_SHOWN: Final[Mapping[str, Sequence[str]]] = {
    "posts": ("school", "attachment", "stage", "subject", "professional_rank", "status"),
    "titles": (
        *("title_kind", "level", "subject", "term_ends_on", "revoked_on", "state"),
        *("issuer", "document_no"),
    ),
    "title_events": (
        *("event", "title_kind", "level", "subject", "ends_on", "issuer", "document_no"),
    ),
    "reviews": (
        *("review_kind", "year", "title_kind", "level", "result", "reviewed_by", "document_no"),
    ),
    "duties": ("duty_kind", "theme", "amount", "level", "organiser"),
    "mentoring": ("mentor", "mentee", "studio", "subject", "aim"),
    "rotations": ("from_school", "to_school", "rotation_kind"),
    "supervision": ("team", "school", "issuer", "document_no"),
    "conduct": (
        *("record_kind", "year", "sanction_kind", "result", "act", "state", "ends_on"),
        *("extended_to", "released_on", "appealed_on", "appeal_decided_on", "appeal_result"),
        "annulled_on",
        *("decided_by", "document_no", "summary"),
    ),
}
# What does not say by itself what it is.
_NAMED: Final = frozenset(
    {
        *("term_ends_on", "revoked_on", "ends_on", "extended_to", "released_on", "appealed_on"),
        *("appeal_decided_on", "appeal_result", "annulled_on", "mentor", "mentee"),
        *("from_school", "to_school", "amount", "aim"),
    }
)
_PERSON: Final = "staff.teachers"  # where the catalogue of columns says what facts are called
_CATALOGUE: Final = {"titles": ("staff", "titles"), "conduct": ("conduct", "records")}
_RUNS: Final = frozenset({"posts", "mentoring", "rotations", "supervision"})  # from a day to a day
# What is told by months: a month that somebody wrote is kept by its first day, as an end by its
# last.
_BY_MONTH: Final = frozenset({"rotations"})
_MONTHS: Final = frozenset({"party_joined_on", "work_started_on"})
_FACTS: Final = (
    *("id", "staff_no", "id_number", "sex", "birth_date", "birth_year", "ethnicity"),
    *("political_status", "party_joined_on", "education", "degree", "work_started_on", "phone"),
)

Line = tuple[date, str, str, str]  # sorted by the first, which is not shown


def show_person(person: PersonFile, to: Console) -> None:
    """Show a person's file, or that the audience sees nothing of it."""
    if not person.person:
        print_line(to, t("person.nothing"))
        return
    print_line(to, f"[bold]{escape(person.person['name'])}[/bold]  {_facts(person.person)}")
    lines = sorted(_lines(person), key=lambda line: line[0])
    if lines:
        headings = [t(f"person.{name}") for name in ("time", "what", "details")]
        to.print(table_of(headings, [line[1:] for line in lines]))
    else:
        print_line(to, t("person.empty"))
    if five := person.five_years:
        print_line(
            to,
            t(
                "person.five-years",
                first=five["window_from"],
                last=five["window_to"],
                hours=written(five["tenths"]),
                needed=written(five["needed_tenths"]),
                short=written(five["short_tenths"]),
            ),
        )


def _facts(person: Row) -> str:
    shown = {name: person.get(name) for name in _FACTS if person.get(name) is not None}
    if "birth_date" in shown:
        shown.pop("birth_year", None)
    named = (
        (column_of(_PERSON, name).label(), _word(_PERSON, name, value))
        for name, value in shown.items()
    )
    return "  ".join(f"[dim]{escape(label)}[/dim] {escape(word)}" for label, word in named)


def _lines(person: PersonFile) -> Iterator[Line]:
    for part in PARTS:
        rows = person.parts[part.name]
        if part.name == "training":
            yield from _training(person, rows)
            continue
        for row in rows:
            since = when(part, row)
            yield (
                since or date.min,
                _time(part, row, since),
                t(f"person.part.{part.name}"),
                _text(part.name, row),
            )


def _training(person: PersonFile, rows: Sequence[Row]) -> Iterator[Line]:
    """Give a line for each year of training, with its sum and its courses."""
    for year, tenths in person.tenths_by_year.items():
        courses = [
            t("person.course", project=row["project"], hours=written(row["tenths_of_hours"]))
            for row in rows
            if row["ends_on"].year == year
        ]
        text = t("person.year", hours=written(tenths), courses=t("person.comma").join(courses))
        yield date(year, 12, 31), str(year), t("person.part.training"), text


def _time(part: Part, row: Row, since: date | None) -> str:
    if part.name not in _RUNS:
        is_year = part.year and row.get(part.since) is None
        return t("person.undated") if since is None else str(since.year if is_year else since)
    ends = row.get("ends_on")
    first, last = (_from_month, _to_month) if part.name in _BY_MONTH else (str, str)
    return t(
        "person.period",
        first=first(since) if since else t("person.before-records"),
        last=last(ends) if ends else t("person.until-now"),
    )


def _from_month(day: date) -> str:
    return f"{day:%Y-%m}" if day.day == 1 else str(day)


def _to_month(day: date) -> str:
    return f"{day:%Y-%m}" if (day + timedelta(days=1)).day == 1 else str(day)


def _text(part: str, row: Row) -> str:
    shown = [
        (name, row[name])
        for name in _SHOWN[part]
        if row.get(name) is not None and (name, row[name]) != ("attachment", Attachment.HOME.value)
    ]
    table = ".".join(_CATALOGUE.get(part, ("*",)))
    words = ((name, _word(table, name, value)) for name, value in shown)
    return " · ".join(
        f"{column_of(table, name).label()} {word}" if name in _NAMED else word
        for name, word in words
    )


def _word(table: str, name: str, value: Any) -> str:
    """Write a value of a table of the catalogue as people read it."""
    if name == "year":
        return t("person.of-year", year=value)
    if name in _MONTHS:
        return _from_month(value)
    codes = column_of(table, name).code_table
    return code_table(codes).label(value) if codes else str(value)
