"""Which version of the rules a decision on a sanction falls under.

The kinds are in ``data/codes/sanctions.csv``, a row for each version of the rules with
the days from which and to which it holds. A decision keeps the version of its day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from teacherreg.codes.periods import sanction_end
from teacherreg.codes.tables import Row, code_table

StaffCategory = Literal["staff", "manager", "private"]

# Where several versions hold on a day, the one that is made for the category comes first.
# A kind that only another category's rules know (撤职 of somebody on a staff post) is taken
# from there: the decision says that the person was judged under them.
_PREFERRED: Final[dict[StaffCategory, tuple[str, ...]]] = {
    "staff": ("staff_2023", "staff_2012", "manager_2020"),
    "manager": ("manager_2020", "staff_2012", "staff_2023"),
    "private": ("teacher_2018", "teacher_2014"),
}


@dataclass(frozen=True)
class SanctionRule:
    """What one version of the rules says of one kind.

    Attributes:
        kind: Code of the kind.
        rule_version: Name of the version; stored with the decision.
        months: Length of the period; None where the kind has none.
        document: The official document.
    """

    kind: str
    rule_version: str
    months: int | None
    document: str

    def ends_on(self, decided_on: date) -> date | None:
        """Work out the last day of the period; None where the kind has none."""
        return None if self.months is None else sanction_end(decided_on, self.months)


def sanction_rule(
    kind: str, decided_on: date, category: StaffCategory = "staff"
) -> SanctionRule | None:
    """Pick the rule under which a decision was made.

    Args:
        kind: Code of ``sanctions``.
        decided_on: The day of the decision.
        category: Of the person: public staff, a manager among them, or a teacher of a
            private school or outside the establishment.

    Returns:
        The rule; None where no version knew the kind on that day.

    Raises:
        KeyError: If there is no such kind.

    Example:
        >>> rule = sanction_rule("warning", date(2023, 8, 31))
        >>> rule.rule_version, rule.months, rule.ends_on(date(2023, 8, 31))
        ('staff_2012', 6, datetime.date(2024, 2, 29))
    """
    day = decided_on.isoformat()
    valid = [
        row
        for row in code_table("sanctions").rows(kind)
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]
    if not valid:
        return None
    preferred = _PREFERRED[category]
    row = min(valid, key=lambda row: _place(row["rule_version"], preferred))
    return _rule(row)


def _place(version: str, preferred: tuple[str, ...]) -> int:
    return preferred.index(version) if version in preferred else len(preferred)


def _rule(row: Row) -> SanctionRule:
    months = int(row["months"]) if row["months"] else None
    return SanctionRule(row["code"], row["rule_version"], months, row["document"])
