"""Which school a name means: by its name, an alias, its code, or so much of it as is unique.

People write 一小, 县第一小学, 青禾县第一小学 or 第一小学（东校区） and mean one school. What fits
several is never guessed, and what fits none is answered with the nearest known names.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, select

from teacherreg.codes import code_table
from teacherreg.intake.tables import COUNTY, SCHOOL, SCHOOL_ALIAS, SCHOOL_STAGE

How = Literal["exact", "part", "several", "unknown"]

_SPACES: Final = re.compile(r"[\s\u3000\u00a0\ufeff]+")
_CAMPUS: Final = re.compile(r"（[^（）]*(?:校区|校部|本部|分部)）$")
_SHORTEST_PART: Final = 3
_NEAREST: Final = 3


@dataclass(frozen=True)
class Place:
    """A school as planning needs it."""

    id: int
    name: str
    code: str | None = None
    school_type: str | None = None
    township: str | None = None
    locality: str | None = None
    parent_school_id: int | None = None


@dataclass(frozen=True)
class Meant:
    """What a written name means.

    Attributes:
        school_id: The one school; None where it is unknown or several fit.
        how: Whether the name is one of its own, only part of one, or settles nothing.
        names: The schools that fit; where none does, the nearest known names.
    """

    school_id: int | None
    how: How
    names: tuple[str, ...] = ()


def tidy(name: str) -> str:
    """Bring a school's name to one form: NFKC, no spaces, Chinese brackets."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", name))
    return plain.replace("(", "（").replace(")", "）")


class Places:
    """The schools that a plan knows: those of the registry, and those it will make."""

    def __init__(
        self,
        county_name: str,
        schools: Iterable[Place] = (),
        aliases: Iterable[tuple[int, str]] = (),
        stages: Iterable[tuple[int, str]] = (),
    ) -> None:
        self.county_name = county_name
        self.by_id: dict[int, Place] = {}
        self.aliases: dict[int, set[str]] = defaultdict(set)
        self.stages: dict[int, set[str]] = defaultdict(set)
        self.county_tidy = tidy(county_name)
        self._by_full: dict[str, set[int]] = defaultdict(set)
        self._by_code: dict[str, int] = {}
        self._by_alias: dict[str, set[int]] = defaultdict(set)
        self._by_short: dict[str, set[int]] = defaultdict(set)
        for school in schools:
            self.add(school)
        for school_id, alias in aliases:
            self.add_alias(school_id, alias)
        for school_id, stage in stages:
            self.stages[school_id].add(stage)

    @classmethod
    def read(cls, connection: Connection) -> "Places":
        """Read the schools of a registry."""
        names = [c for c in SCHOOL.c if c.name != "county_code"]
        return cls(
            connection.execute(select(COUNTY.c.name)).scalar_one(),
            [Place(**row) for row in connection.execute(select(*names)).mappings()],
            [
                (row.school_id, row.name)
                for row in connection.execute(select(SCHOOL_ALIAS.c.school_id, SCHOOL_ALIAS.c.name))
            ],
            [
                (row.school_id, row.stage)
                for row in connection.execute(
                    select(SCHOOL_STAGE.c.school_id, SCHOOL_STAGE.c.stage)
                )
            ],
        )

    def add(self, school: Place) -> None:
        """Take in a school."""
        self.by_id[school.id] = school
        name = tidy(school.name)
        self._by_full[name] = {school.id}
        if school.code:
            self._by_code[school.code] = school.id
        for short in self._without_prefixes(name, school.township):
            self._by_short[short].add(school.id)

    def add_alias(self, school_id: int, alias: str) -> None:
        """Take in a name by which a school is called."""
        self.aliases[school_id].add(alias)
        self._by_alias[tidy(alias)].add(school_id)

    def call(self, school_id: int, name: str, code: str | None) -> None:
        """Take in what a file calls a school; a new one is taken in whole."""
        if school_id not in self.by_id:
            self.add(Place(school_id, name, code))
        else:
            self._by_full[tidy(name)] = {school_id}
            if code:
                self._by_code[code] = school_id

    def release(self, school_id: int) -> None:
        """Let the code of a school be another's from now on."""
        self._by_code.pop(self.by_id[school_id].code or "", None)

    def registered_names(self, school_id: int) -> set[str]:
        """Give the names of a school that are on record, in one form, short forms too."""
        school = self.by_id[school_id]
        full = tidy(school.name)
        short = self._without_prefixes(full, school.township)
        return {full, *short, *(tidy(alias) for alias in self.aliases.get(school_id, ()))}

    def name(self, school_id: int | None) -> str:
        """Give the name of a school."""
        return self.by_id[school_id].name if school_id is not None else ""

    def by_code(self, code: str | None) -> int | None:
        """Find a school by its ten-digit code."""
        return self._by_code.get(code) if code else None

    def by_name(self, name: str) -> int | None:
        """Find a school by its own full name, and nothing else."""
        return next(iter(self._by_full.get(tidy(name), ())), None)

    def only_stage(self, school_id: int) -> str | None:
        """Tell the stage of a school that teaches one stage only."""
        stages = self.stages.get(school_id) or set(
            stages_of_type(self.by_id[school_id].school_type)
        )
        return next(iter(stages)) if len(stages) == 1 else None

    def stages_of(self, school_id: int) -> set[str]:
        """Tell the stages that a school teaches: those on record, else those of its type."""
        recorded = self.stages.get(school_id)
        return recorded or set(stages_of_type(self.by_id[school_id].school_type))

    def resolve(self, written: str) -> Meant:
        """Tell which school a written name means."""
        name = tidy(written)
        without_campus = tidy(_CAMPUS.sub("", name))
        for form in dict.fromkeys((name, without_campus)):
            meant = self._own_name(form)
            if meant is not None:
                return meant
        for form in dict.fromkeys((name, without_campus)):
            fitting = self._partly(form)
            if len(fitting) == 1:
                return Meant(next(iter(fitting)), "part", self._names(fitting))
            if fitting:
                return Meant(None, "several", self._names(fitting))
        return Meant(None, "unknown", self._nearest(name))

    def own_name(self, written: str) -> Meant | None:
        """Tell which school a name means if it is one's own, or one's after its place.

        Part of a name is not enough, and nothing like it is looked for.
        """
        name = tidy(written)
        meant = self._own_name(name)
        if meant is not None or len(name) < _SHORTEST_PART:
            return meant
        fitting = self._after_place(name)
        if not fitting:
            return None
        return Meant(next(iter(fitting)) if len(fitting) == 1 else None, "part")

    def _own_name(self, name: str) -> Meant | None:
        exact = self.by_name(name) or self.by_code(name)
        if exact is not None:
            return Meant(exact, "exact")
        for index in (self._by_alias, self._by_short):
            fitting = index.get(name, set())
            if len(fitting) == 1:
                return Meant(next(iter(fitting)), "exact")
            if fitting:
                return Meant(None, "several", self._names(fitting))
        return None

    def _partly(self, name: str) -> set[int]:
        """Find schools called so after their county or township, else those whose name holds it."""
        if len(name) < _SHORTEST_PART:
            return set()
        fitting = self._after_place(name)
        return fitting or {i for own, ids in self._by_full.items() if name in own for i in ids}

    def _after_place(self, name: str) -> set[int]:
        """Find schools whose own name stands here after their county or township."""
        for index in (self._by_full, self._by_short):
            fitting = {
                (len(own), school_id)
                for own, ids in index.items()
                if name.endswith(own)
                for school_id in ids
                if self._is_where(school_id, name.removesuffix(own))
            }
            if fitting:
                longest = max(fitting)[0]
                return {school_id for length, school_id in fitting if length == longest}
        return set()

    def _is_where(self, school_id: int, prefix: str) -> bool:
        """Tell whether words before a name say the county or the township of that school."""
        township = tidy(self.by_id[school_id].township or "")
        forms = (*_forms_of_place(self.county_tidy), *_forms_of_place(township))
        # 县 or 镇 alone says which only where nothing stands before it.
        return prefix in forms or prefix.endswith(tuple(form for form in forms if len(form) > 1))

    def _without_prefixes(self, name: str, township: str | None) -> set[str]:
        """Give the shorter forms of a name: without the county's, the township's, or both."""
        forms = {name}
        for place in (self.county_tidy, tidy(township or "")):
            for prefix in _forms_of_place(place):
                forms |= {form.removeprefix(prefix) for form in forms}
        return {form for form in forms if len(form) >= _SHORTEST_PART and form != name}

    def _names(self, ids: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.by_id[i].name for i in ids))

    def _nearest(self, name: str) -> tuple[str, ...]:
        known: dict[str, int] = {}
        for index in (self._by_alias, self._by_short, self._by_full):
            known |= {form: next(iter(ids)) for form, ids in index.items() if len(ids) == 1}
        close = difflib.get_close_matches(name, known, n=2 * _NEAREST, cutoff=0.5)
        schools = dict.fromkeys(self.by_id[known[form]].name for form in close)
        return tuple(schools)[:_NEAREST]


def stages_of_type(school_type: str | None) -> tuple[str, ...]:
    """Tell the stages that a type of school teaches."""
    if not school_type:
        return ()
    stages = code_table("school_types").value(school_type, "stages")
    return tuple(stage for stage in stages.split(";") if stage)


def _forms_of_place(place: str) -> tuple[str, ...]:
    """青禾县 is also written 青禾 or 县; a township 城关镇 also 城关 or 镇."""
    if len(place) < 2:
        return ()
    return (place, place[:-1], place[-1]) if len(place) > 2 else (place, place[-1])
