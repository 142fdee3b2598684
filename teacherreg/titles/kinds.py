"""A county's own kinds of title, and what it changed in those of ``title_kinds.csv``.

They are rows of ``local_title_kind``: the columns of the code table that are a county's
own. Laid over the code table while the registry is open, they are known to imports, labels,
standards and duties like any other kind.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select
from sqlmodel import SQLModel

from teacherreg.codes import CodeTable, code_table, normalise, shipped_table
from teacherreg.errors import RegistryError, UsageError
from teacherreg.models import LocalTitleKind, Review, TitleAward, TitleEvent
from teacherreg.titles.duties import NO_DUTIES, USUAL, read_duties

KINDS: Final[Table] = SQLModel.metadata.tables[str(LocalTitleKind.__tablename__)]
TABLE: Final = "title_kinds"
CATEGORIES: Final = ("title", "role", "commendation")

LONGEST_TERM: Final = 20  # years
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_USED_IN: Final = (TitleAward, TitleEvent, Review)


@dataclass(frozen=True)
class KindChange:
    """What a county says of a kind; None leaves it as it is.

    Attributes:
        name: What it is called.
        name_en: The same in English; the Chinese name where there is none.
        aliases: What else people write for it.
        category: One of `CATEGORIES`; a commendation has neither term nor duties.
        term_years: Years of a term; 0: without a term.
        term_years_province: The same of provincial and national titles.
        levels: Codes of the levels at which it is usual.
        counts_backbone: Whether it counts as 骨干教师 in the standards.
        rank_order: Its place among the kinds of one level; the lower the number the higher.
        ladder: Codes of the kinds of which one is needed first, at the same level.
        duties: ``usual``, ``none``, or figures such as ``mentees=3;paper=2``; what is owed
            may be called by its name: ``论文=2``.
    """

    name: str | None = None
    name_en: str | None = None
    aliases: Sequence[str] | None = None
    category: str | None = None
    term_years: int | None = None
    term_years_province: int | None = None
    levels: Sequence[str] | None = None
    counts_backbone: bool | None = None
    rank_order: int | None = None
    ladder: Sequence[str] | None = None
    duties: str | None = None

    def columns(self) -> dict[str, str]:
        """Give the columns of the code table that it sets.

        Raises:
            UsageError: If the duties cannot be read.
        """
        texts = {
            "name_zh": self.name,
            "name_en": self.name_en,
            "aliases": _joined(self.aliases),
            "category": self.category,
            "term_years": _number(self.term_years),
            "term_years_province": _number(self.term_years_province),
            "usual_levels": _joined(self.levels),
            "counts_backbone": None if self.counts_backbone is None else str(+self.counts_backbone),
            "rank_order": _number(self.rank_order),
            "ladder": _joined(self.ladder),
            "duties": _duties(self.duties),
        }
        if self.term_years is not None:
            texts["has_term"] = "1" if self.term_years else "0"
        return {column: text.strip() for column, text in texts.items() if text is not None}


def local_kinds(connection: Connection) -> dict[str, dict[str, str]]:
    """Read what the county added or changed: by code, the columns that differ."""
    asked = select(KINDS.c.code, KINDS.c.columns).order_by(KINDS.c.code)
    return {code: json.loads(columns) for code, columns in connection.execute(asked)}


def add_kind(connection: Connection, code: str, change: KindChange) -> None:
    """Add a kind.

    Raises:
        UsageError: If the code is none or known already, the name is missing or means
            another kind, or a value does not fit.
    """
    if not _CODE.fullmatch(code):
        raise UsageError("title-kind-code", kind=code)
    if code in code_table(TABLE):
        raise UsageError("title-kind-known", kind=code, name=code_table(TABLE).label(code))
    own = change.columns()
    if not own.get("name_zh"):
        raise UsageError("title-kind-nameless")
    usual = {"name_en": own["name_zh"], "category": "title", "has_term": "0",
             "counts_backbone": "0", "document": "local", "status": "setting"}  # fmt: skip
    _check(code, own)
    connection.execute(insert(KINDS).values(code=code, columns=_as_json({**usual, **own})))


def change_kind(connection: Connection, code: str, change: KindChange) -> None:
    """Change a kind, be it the county's own or one of those that ship.

    Raises:
        RegistryError: If there is no such kind.
        UsageError: If nothing is to be changed, or a value does not fit.
    """
    known = local_kinds(connection)
    if code not in known and code not in shipped_table(TABLE):
        raise RegistryError("title-kind-unknown", kind=code)
    own = change.columns()
    if not own:
        raise UsageError("title-kind-unchanged")
    _check(code, own)
    _delete(connection, code)
    columns = known.get(code, {}) | own
    connection.execute(insert(KINDS).values(code=code, columns=_as_json(columns)))


def remove_kind(connection: Connection, code: str) -> None:
    """Remove a kind of the county's own, or take back what it changed in one that ships.

    Raises:
        RegistryError: If the county has no such kind, or titles of that kind are on file.
    """
    if code not in local_kinds(connection):
        raise RegistryError("title-kind-not-local", kind=code)
    if code not in shipped_table(TABLE):
        used = sum(_count(connection, model, code) for model in _USED_IN)
        if used:
            raise RegistryError("title-kind-used", kind=code_table(TABLE).label(code), count=used)
    _delete(connection, code)


def only_level(kind: str) -> str | None:
    """Give the level of a kind that has one alone; None where it has several, or none is said."""
    levels = _listed(code_table(TABLE), kind, "usual_levels") if kind in code_table(TABLE) else []
    return levels[0] if len(levels) == 1 else None


def steps_below(kind: str, level: str) -> list[tuple[str, str]]:
    """Tell which titles the ladder asks for first; one of them is enough.

    Returns:
        Kinds with their level: those of the kind's ladder at the same level, else the kind
        itself at the next lower level that is usual for it; none at the foot of the ladder.

    Source:
        Local (``ladder`` and ``usual_levels`` of the kinds).
    """
    table = code_table(TABLE)
    ladder = _listed(table, kind, "ladder")
    if ladder:
        return [(lower, level) for lower in ladder]
    order = code_table("levels").codes
    usual = sorted(_listed(table, kind, "usual_levels"), key=order.index)
    lower_levels = [one for one in usual if order.index(one) > order.index(level)]
    return [(kind, lower_levels[0])] if lower_levels else []


def _check(code: str, own: Mapping[str, str]) -> None:
    """Refuse values that do not fit, and words that mean another kind already."""
    table = code_table(TABLE)
    named = [own.get("name_zh", ""), own.get("name_en", ""), *own.get("aliases", "").split(";")]
    for word in filter(None, named):
        meant = {*table.resolve(word).candidates} - {code}
        if meant:
            raise UsageError("title-kind-word", word=word, kind=table.label(sorted(meant)[0]))
    for column in ("term_years", "term_years_province"):
        if int(own.get(column) or 0) > LONGEST_TERM:
            raise UsageError("title-kind-term", most=LONGEST_TERM)
    levels = code_table("levels")
    others = [one for one in table.codes if one != code]
    for column, known, listed in (
        ("usual_levels", levels.codes, levels.listed()),
        ("ladder", others, table.listed(others)),
        ("category", CATEGORIES, ", ".join(CATEGORIES)),
    ):
        for text in filter(None, own.get(column, "").split(";")):
            if text not in known:
                raise UsageError("title-kind-value", value=text, known=listed)


def _count(connection: Connection, model: type[SQLModel], code: str) -> int:
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    asked = select(func.count()).select_from(table).where(table.c.title_kind == code)
    return connection.execute(asked).scalar_one()


def _delete(connection: Connection, code: str) -> None:
    connection.execute(delete(KINDS).where(KINDS.c.code == code))


def _listed(table: CodeTable, kind: str, column: str) -> list[str]:
    return [one for one in table.value(kind, column).split(";") if one]


def _joined(texts: Sequence[str] | None) -> str | None:
    return None if texts is None else ";".join(normalise(text) for text in texts)


def _duties(written: str | None) -> str | None:
    """Write duties by their codes, whatever they were called."""
    if written is None or written.strip() in (USUAL, NO_DUTIES):
        return written
    return ";".join(f"{owed}={figure}" for owed, figure in read_duties(written).items())


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)


def _as_json(columns: Mapping[str, str]) -> str:
    return json.dumps(dict(columns), ensure_ascii=False, sort_keys=True)
