"""One person's file: everything dated that the registry holds on a career, in order of time.

Asked as of a past day it is what it was: what began or was decided later is not in it, and
of what stood then a later end, release or revocation is not told. An audience sees of it
what its published file holds and the catalogue of columns gives it, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, Table, select
from sqlmodel import Session, SQLModel

from teacherreg.codes.columns import Audience, column_of
from teacherreg.conduct.sanctions import SanctionState, State, sanctions_of
from teacherreg.database import clear_words
from teacherreg.development.hours import hours_by_year, hours_of
from teacherreg.masks import mask_id_number, mask_phone
from teacherreg.models import (
    ConductRecord,
    Duty,
    Mentoring,
    Post,
    Review,
    Rotation,
    School,
    Supervision,
    Teacher,
    TitleAward,
    TitleEvent,
    Training,
)
from teacherreg.people import identify
from teacherreg.settings import Settings
from teacherreg.titles.held import IN_FORCE, state_for_leaders, titles_of

Row = dict[str, Any]

_MASKS: Final = {"id_number": mask_id_number, "phone": mask_phone}
# The parts that each audience's published file holds; discipline officers' has names alone.
PUBLISHED: Final[Mapping[Audience, frozenset[str]]] = {
    "overview": frozenset(),
    "staff": frozenset({"posts", "titles", "training", "mentoring", "rotations"}),
    "conduct": frozenset({"conduct"}),
}
_NAMED: Final = frozenset({"id", "name"})
_OVER: Final = frozenset({State.RELEASED.value, State.ENDED.value, State.ANNULLED.value})
_PERSON: Final = "teacher_id"  # who may not see whom a row is about sees no row


@dataclass(frozen=True)
class Part:
    """One table of a person's file.

    Attributes:
        name: Its name in the file.
        table: Where its rows are.
        since: The day from which a row is known.
        tells: The column without which a row tells nothing: who may not see it, sees no row.
        later: Days that may come later, each with the columns that are known with it.
        year: A year that tells when a row is about, where ``since`` is empty.
    """

    name: str
    table: Table
    since: str
    tells: str
    later: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year: str | None = None


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


SCHOOL, TEACHER, MENTORING = _table(School), _table(Teacher), _table(Mentoring)
TITLE = _table(TitleAward)

PARTS: Final = (
    Part("posts", _table(Post), "starts_on", "school", {"ends_on": ()}),
    Part("titles", TITLE, "awarded_on", "title_kind", {"revoked_on": ()}),
    Part("title_events", _table(TitleEvent), "happened_on", "event"),
    Part("training", _table(Training), "ends_on", "project"),
    Part("reviews", _table(Review), "reviewed_on", "review_kind", year="year"),
    Part("duties", _table(Duty), "done_on", "duty_kind"),
    Part("mentoring", MENTORING, "starts_on", "mentee_id"),
    Part("rotations", _table(Rotation), "starts_on", "to_school_id"),
    Part("supervision", _table(Supervision), "starts_on", "team"),
    Part(
        "conduct",
        _table(ConductRecord),
        "decided_on",
        "record_kind",
        {
            "released_on": ("released_by", "release_document_no"),
            "extended_on": ("extended_to",),
            "appealed_on": (),
            "appeal_decided_on": ("appeal_result",),
            "annulled_on": (),
        },
        year="year",
    ),
)


@dataclass(frozen=True)
class PersonFile:
    """What is on file about one person; codes, not labels; numbers masked.

    Attributes:
        on: The day on which states are looked at.
        audience: Whose view it is; None: the officer's own.
        person: What is true of the person everywhere.
        parts: Rows by the name of their `Part`, each in order of time.
        tenths_by_year: Tenths of hours of training by year.
        five_years: The hours of five years; see `teacherreg.development.hours.hours_of`.
            Empty for who may not see training.
    """

    on: date
    audience: Audience | None
    person: Row
    parts: Mapping[str, list[Row]]
    tenths_by_year: Mapping[int, int]
    five_years: Row

    def to_document(self) -> Row:
        """Give it as JSON, with days as ISO 8601."""
        hours = [
            {"year": year, "hours": tenths / 10} for year, tenths in self.tenths_by_year.items()
        ]
        five = self.five_years
        sums = {
            "from": five.get("window_from"),
            "to": five.get("window_to"),
            **{name: five[f"{key}"] / 10 for name, key in _HOURS.items() if five},
        }
        document = self.person | {"on": self.on, "audience": self.audience, **self.parts}
        document |= {"training_by_year": hours, "training_of_five_years": sums if five else None}
        return {key: _written(value) for key, value in document.items()}


_HOURS: Final = {
    "hours": "tenths",
    "needed_hours": "needed_tenths",
    "short_hours": "short_tenths",
}


def person_file(
    engine: Engine,
    identifier: str,
    settings: Settings,
    *,
    on: date | None = None,
    audience: Audience | None = None,
) -> PersonFile:
    """Give what is on file about one person.

    Args:
        engine: The registry.
        identifier: An ID number, a staff number, or the registry's own number.
        settings: ``training.window`` says which five years of training are added up.
        on: Only what was known on this day; without it all, with states as of today.
        audience: What this audience would see of it; without it the officer's own view.

    Raises:
        RegistryError: If the identifier names nobody, or several people.
    """
    today = date.today()  # noqa: DTZ011 - a day on the officer's calendar
    day = on or today
    with clear_words(engine.url), Session(engine) as session:
        teacher = identify(session, identifier)
        person = {
            name: getattr(teacher, name) for name in Teacher.model_fields if name != "unmapped"
        }
        number = int(person["id"])
        connection = session.connection()
        parts = {part.name: _rows(connection, part, number, on) for part in PARTS}
        parts["titles"] = _with_states(connection, parts["titles"], number, day)
        decided = sanctions_of(connection, settings, day, [number])
        parts["conduct"] = _as_decided(parts["conduct"], decided)
        whole = PersonFile(
            on=day,
            audience=None,
            person={
                name: _MASKS[name](value) if name in _MASKS else value
                for name, value in person.items()
            },
            parts=parts,
            tenths_by_year=hours_by_year(connection, number, on or date.max),
            five_years=hours_of(connection, settings, day, [number]).row(0, named=True),
        )
    if audience == "conduct" and settings["ethics.hide_released"]:
        parts["conduct"] = [row for row in parts["conduct"] if row["state"] not in _OVER]
    return seen_by(whole, audience) if audience else whole


def seen_by(whole: PersonFile, audience: Audience) -> PersonFile:
    """Leave in a file what an audience may see in its published file.

    Of a title that was suspended or revoked leaders see that it is not in force, and of its
    events none.
    """
    if _hidden(_PERSON, audience):
        nothing: dict[str, list[Row]] = {part.name: [] for part in PARTS}
        return PersonFile(whole.on, audience, {}, nothing, {}, {})
    born = whole.person["birth_date"]
    if audience == "staff":
        titles = [
            row | {"state": state_for_leaders(row["state"], row["term_ends_on"], whole.on)}
            for row in whole.parts["titles"]
        ]
        whole = replace(whole, parts={**whole.parts, "titles": titles})
    person = whole.person | {"birth_year": int(born[:4]) if born else None}
    parts = {
        part.name: []
        if part.name not in PUBLISHED[audience] or _hidden(part.tells, audience)
        else [_visible(row, audience) for row in whole.parts[part.name]]
        for part in PARTS
    }
    if audience == "conduct":
        person = {name: value for name, value in person.items() if name in _NAMED}
    sees_hours = "training" in PUBLISHED[audience]
    return replace(
        whole,
        audience=audience,
        person=_visible(person, audience),
        parts=parts,
        tenths_by_year=whole.tenths_by_year if sees_hours else {},
        five_years=whole.five_years if sees_hours else {},
    )


def _visible(row: Row, audience: Audience) -> Row:
    """Leave what is seen whole or masked; numbers are masked already."""
    return {name: value for name, value in row.items() if not _hidden(name, audience)}


def _hidden(column: str, audience: Audience) -> bool:
    """Tell whether an audience does not see a column; what the catalogue lacks nobody sees."""
    try:
        return column_of("*", column).visible_to(audience) == "none"
    except KeyError:
        return True


def _rows(connection: Connection, part: Part, number: int, on: date | None) -> list[Row]:
    rows = [dict(row) for row in connection.execute(_asked(part, number)).mappings()]
    if on is not None:
        rows = [_as_known(part, row, on) for row in rows if _is_known(part, row, on)]
    return sorted(rows, key=lambda row: when(part, row) or date.min)


def _with_states(connection: Connection, titles: list[Row], number: int, day: date) -> list[Row]:
    """Tell of each title its state on a day, and its last day as events by then left it."""
    found = titles_of(connection, day, [number]).rows_by_key("award_id", named=True, unique=True)
    return [
        row
        | {
            "state": found[row["id"]]["state"],
            "is_held": found[row["id"]]["state"] == IN_FORCE,
            "term_ends_on": found[row["id"]]["term_ends_on"],
        }
        for row in titles
    ]


def _as_decided(records: list[Row], decided: Iterable[SanctionState]) -> list[Row]:
    """Tell of each handling and sanction how it stands, and its last day over all records.

    What has no period has no state either.
    """
    states = {
        one.record_id: {
            "state": None if one.state is State.NO_PERIOD else one.state.value,
            "ends_on": one.ends_on,
        }
        for one in decided
    }
    return [row | states.get(row["id"], {"state": None}) for row in records]


def _asked(part: Part, number: int) -> "Select[*tuple[Any, ...]]":
    """Ask for the rows of a part, with the names behind the numbers of schools and people."""
    table = part.table
    asked = select(table).where(table.c.teacher_id == number).order_by(table.c.id)
    for side in ("", "from_", "to_"):
        if f"{side}school_id" in table.c:
            school = SCHOOL.alias(f"{side}school")
            asked = asked.add_columns(school.c.name.label(f"{side}school"))
            asked = asked.outerjoin(school, school.c.id == table.c[f"{side}school_id"])
    if table is not MENTORING:
        return asked
    mentor, mentee = TEACHER.alias("mentor"), TEACHER.alias("mentee")
    return (
        select(table, mentor.c.name.label("mentor"), mentee.c.name.label("mentee"))
        .join(mentor, mentor.c.id == table.c.teacher_id)
        .join(mentee, mentee.c.id == table.c.mentee_id)
        .where((table.c.teacher_id == number) | (table.c.mentee_id == number))
        .order_by(table.c.id)
    )


def when(part: Part, row: Mapping[str, Any]) -> date | None:
    """Tell where a row stands in time; a year without a day stands at its end."""
    since = row.get(part.since)
    if isinstance(since, date):
        return since
    year = row.get(part.year) if part.year else None
    return date(year, 12, 31) if year else None


def _is_known(part: Part, row: Row, on: date) -> bool:
    """Tell whether a row was there on a day; of a year it is known from the year's last day.

    One without a day or a year was always there.
    """
    known = when(part, row)
    return known is None or known <= on


def _as_known(part: Part, row: Row, on: date) -> Row:
    """Empty what came after a day."""
    unknown = [
        name
        for day, others in part.later.items()
        if row[day] is not None and row[day] > on
        for name in (day, *others)
    ]
    return row | dict.fromkeys(unknown)


def _written(value: Any) -> Any:
    """Write days as ISO 8601, however deep they stand."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    return value
