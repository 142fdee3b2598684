"""The questions: may this person, or who may, be nominated for a title."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from teacherreg.codes import CodeTable, code_table
from teacherreg.database import clear_words
from teacherreg.eligibility.answer import Answer, Answers, Asked, Note, Reason
from teacherreg.eligibility.case import Case, Look
from teacherreg.eligibility.facts import Facts, facts_of
from teacherreg.eligibility.grounds import look_of
from teacherreg.eligibility.rules import beside_rules, rules_of
from teacherreg.errors import RegistryError, UsageError
from teacherreg.settings import Settings
from teacherreg.titles.kinds import only_level

_SHI = frozenset({"市", "市级"})
_QU = frozenset({"区", "区级", "全区"})


class Eligibility:
    """Asks who may be nominated for a title, as of a day, by the rules of that day.

    Args:
        engine: The registry.
        settings: The settings in force; they switch rules on and off and hold figures.
        title_kind: Code or name of the kind of title.
        level: Code or name of its level; None: the one that the kind has, or none where it
            has several.
        on: The day.
        rules: A county's own file of rules beside those that ship.

    Raises:
        UsageError: If there is no such kind or level.
        EligibilityError: If the file of rules is wrong; file, line or key, and reason are named.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        title_kind: str,
        *,
        level: str | None,
        on: date,
        rules: str | Path | None = None,
    ) -> None:
        self._engine = engine
        self._settings = settings
        kinds = code_table("title_kinds")
        kind = _code(kinds, title_kind, "eligibility-title")
        stands = rules_of(Path(rules) if rules is not None else None)
        self.asked = Asked(
            title_kind=kind,
            level=only_level(kind) if level is None else _level(level, settings),
            on=on,
            version=stands.version_on(settings, on),
            changed=sorted((stands.settings_used() | beside_rules()) & set(settings.changed)),
        )
        category = kinds.value(kind, "category")
        self._rules = stands.asked(settings, on, kind, category, self.asked.level)

    def of(self, teacher_id: int) -> Answer:
        """Tell whether one person may be nominated.

        Args:
            teacher_id: The registry's own number of the person.

        Raises:
            RegistryError: If it is nobody's.
        """
        for answer in self.of_these([teacher_id]):
            return answer
        raise RegistryError("teacher-unknown")

    def of_these(self, teacher_ids: Collection[int]) -> list[Answer]:
        """Tell it of several persons, by number; who is nobody is left out."""
        return self._judged(self._known(teacher_ids))

    def of_all(self) -> Answers:
        """Tell it of everybody who has a post on the day and is not gone."""
        left = code_table("person_status").where("group", "left")
        people = self._judged(
            facts
            for facts in self._known(None)
            if any(post.status not in left for post in facts.posts)
        )
        people.sort(key=lambda one: (one.school or "", one.name, one.teacher_id))
        return Answers(self.asked, people)

    def _known(self, ids: Collection[int] | None) -> Iterator[Facts]:
        with clear_words(self._engine.url), self._engine.connect() as connection:
            yield from facts_of(connection, self._settings, self._rules, self.asked.on, ids)

    def _judged(self, known: Iterable[Facts]) -> list[Answer]:
        looks = [look_of(Case(self.asked, rule, self._settings)) for rule in self._rules]
        return [self._judge(facts, looks) for facts in known]

    def _judge(self, facts: Facts, looks: Sequence[Look]) -> Answer:
        found = [finding for look in looks for finding in look(facts)]
        return Answer(
            asked=self.asked,
            teacher_id=facts.teacher_id,
            name=facts.name,
            staff_no=facts.staff_no,
            school=facts.school,
            reasons=tuple([finding for finding in found if isinstance(finding, Reason)]),
            notes=tuple([finding for finding in found if isinstance(finding, Note)]),
        )


def _code(table: CodeTable, word: str, error: str) -> str:
    match = table.resolve(word)
    if match.code is None:
        raise UsageError(error, word=word, known=table.listed())
    return match.code


def _level(word: str, settings: Settings) -> str:
    """Read a level; 市级 and 区级 mean what the county's settings say."""
    asked = word.strip()
    if asked in _SHI:
        return str(settings["levels.shi_word"])
    if asked in _QU:
        return str(settings["levels.qu_word"])
    return _code(code_table("levels"), asked, "eligibility-level")
