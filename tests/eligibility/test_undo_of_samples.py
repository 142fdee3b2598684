"""Undoing each import of the samples leaves every table and every answer as it was before."""

import json
from datetime import date
from typing import Any

from sqlmodel import SQLModel

from teacherreg import Registry
from teacherreg.conduct.open_matters import open_matters
from teacherreg.demo.tables import table
from teacherreg.shipped import shipped

ON = date(2026, 9, 15)
DAYS = (date(2024, 10, 1), ON)
KINDS = tuple(table("workbooks")["samples"]["files"])
UNDONE = KINDS[KINDS.index("training") :]
EVERY = 9  # of the persons' files, so many apart
# What the registry keeps of every import, be it undone: that it was, and what it did.
OF_THE_IMPORTS = {"import_batch", "import_file", "journal_entry"}


def state(registry: Registry) -> tuple[dict[str, Any], dict[str, str]]:
    """Every row of every table, and what the registry answers on two days."""
    with registry.session() as session:
        connection = session.connection()
        rows = {
            name: sorted(map(repr, connection.execute(one.select()).all()))
            for name, one in SQLModel.metadata.tables.items()
            if name not in OF_THE_IMPORTS
        }
        opened = [open_matters(connection, registry.settings, day) for day in DAYS]
        people = len(rows["teacher"])
    answers: dict[str, Any] = {"open": [one.to_document(names=True) for one in opened]}
    for day in DAYS:
        due = registry.titles_due(36, on=day, also_in_order=True)
        answers[f"due {day}"] = [one.to_document() for one in due]
        who = registry.eligibility_of_all("subject_leader", level="county", on=day)
        answers[f"eligibility {day}"] = who.to_document()
        answers[f"check {day}"] = registry.check(on=day).to_document()
        for question in ("hours", "rotations", "mentoring"):
            answer = getattr(registry.development, question)(on=day)
            answers[f"{question} {day}"] = answer.to_document()
    files = (registry.teacher(str(number), on=ON) for number in range(1, people + 1, EVERY))
    answers["files"] = [one.to_document() for one in files]
    return rows, {
        name: json.dumps(answer, sort_keys=True, default=str) for name, answer in answers.items()
    }


def test_every_import_changes_a_table_and_its_undo_gives_back_tables_and_answers(
    registry: Registry,
) -> None:
    before = []
    for kind in KINDS:
        if kind in UNDONE:
            before.append((kind, *state(registry)))
        plan = registry.plan_import(kind, shipped(f"data/samples/{kind}.xlsx"), on=ON)
        registry.apply(plan)
    last, _ = state(registry)
    for kind, rows, answers in reversed(before):
        assert last != rows, kind
        registry.undo(KINDS.index(kind) + 1)
        last, now = state(registry)
        assert last == rows, kind
        assert now == answers, kind
