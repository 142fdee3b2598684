"""Everybody judged together gets the answers that each gets alone."""

import random
from datetime import date, timedelta
from typing import Any

from teacherreg.codes import code_table
from teacherreg.eligibility import Answer, Eligibility
from teacherreg.eligibility.facts import ASKED_BY_NUMBER
from teacherreg.settings import Settings, known

from .conftest import DAY, County

MANY = ASKED_BY_NUMBER + 20
LEVELS = ("county", "prefecture", "province", None)
KINDS = ("backbone_teacher", "subject_leader", "rising_teacher", "special_grade_teacher")
EVERY_RULE = {
    key: True
    for key, setting in known().items()
    if key.startswith("eligibility.") and isinstance(setting.default, bool)
}


def add_somebody(county: County, chance: random.Random) -> None:
    """Add a person of whom some things are on file, most of which some rule looks at."""
    ranks, statuses = code_table("professional_rank").codes, code_table("person_status").codes

    def some_day() -> date:
        return date(2018, 1, 1) + timedelta(days=chance.randrange(3300))

    def post() -> dict[str, Any]:
        return {
            "school_id": chance.choice((1, 2)),
            "professional_rank": chance.choice((None, "senior_teacher", *ranks)),
            "is_full_time_teacher": chance.random() < 0.8,
            "status": chance.choice(("100", "100", "205", *statuses)),
            "starts_on": chance.choice((None, some_day())),
        }

    own = {
        "birth_date": chance.choice((None, "1975-03", "1990-02-28", "1995-12-31")),
        "work_started_on": chance.choice((None, date(2021, 9, 2), some_day())),
    }
    person = county.nobody(**own) if chance.random() < 0.1 else county.person(**own, **post())
    if chance.random() < 0.2:
        county.add("post", teacher_id=person, stage="junior", attachment="visiting", **post())
    for year in (2024, 2025, 2026):
        told_on = chance.choice((None, date(year, 12, 20)))
        results = chance.choices(("qualified", "unqualified"), k=2)
        review = {"teacher_id": person, "year": year}
        county.add("review", review_kind="annual", result=results[0], reviewed_on=told_on, **review)
        county.add("conduct_record", record_kind="review", result=results[1], decided_on=told_on,
                   **review)  # fmt: skip
    if chance.random() < 0.3:
        decided_on = some_day()
        ends_on = chance.choice((None, decided_on + timedelta(days=365)))
        kind = chance.choice(code_table("sanctions").codes)
        county.sanction(person, kind, str(decided_on), ends_on=ends_on)
    for kind in chance.sample(KINDS, chance.choice((0, 1, 2))):
        awarded_on = some_day()
        ends_on = chance.choice((None, awarded_on + timedelta(days=1000)))
        county.title(person, chance.choice(LEVELS), title_kind=kind, awarded_on=awarded_on,
                     term_ends_on=ends_on)  # fmt: skip
    hours = chance.choice((0, 3595, 3600))
    if hours:
        county.add("training", teacher_id=person, project="研修", tenths_of_hours=hours,
                   ends_on=date(2025, 7, 10))  # fmt: skip


def test_everybody_together_is_judged_as_each_alone(county: County) -> None:
    chance = random.Random(20260901)
    with county.at_once():
        for _ in range(MANY):
            add_somebody(county, chance)
    settings = Settings(EVERY_RULE)
    seen: set[str] = set()
    for kind, level in (("subject_leader", "prefecture"), *((kind, None) for kind in KINDS[2:])):
        asked = Eligibility(county.engine, settings, kind, level=level, on=DAY)
        together = asked.of_these(range(1, MANY + 1))
        assert [one.teacher_id for one in together] == list(range(1, MANY + 1))
        sample = together[:: 4 if level else 20]
        assert sample == [asked.of(one.teacher_id) for one in sample]
        assert asked.of_these(range(100, 90, -1)) == together[90:100]  # few are asked by number
        everybody = asked.of_all().people
        assert sorted(everybody, key=_number) == [
            one for one in together if one.teacher_id in {other.teacher_id for other in everybody}
        ]
        seen |= {reason.rule for one in together for reason in one.reasons}
    assert {f"eligibility.{rule}" for rule in seen} == set(EVERY_RULE)


def _number(one: Answer) -> int:
    return one.teacher_id
