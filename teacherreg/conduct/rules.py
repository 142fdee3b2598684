"""Which version of the rules a decision on a sanction falls under.

The kinds are in ``data/codes/sanctions.csv``, a row for each version of the rules with
the days from which and to which it holds. A decision keeps the version of its day. Where
the rules leave something open, a county's settings decide (``sanctions.*``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from teacherreg.codes import Row, add_months, code_table
from teacherreg.settings import Settings, Value

StaffCategory = Literal["staff", "manager", "private"]

# Where several versions hold on a day, the one that is made for the category comes first.
# A kind that only another category's rules know (撤职 of somebody on a staff post) is taken
# from there, and `rules_without` tells that it was.
_PREFERRED: Final[dict[StaffCategory, tuple[str, ...]]] = {
    "staff": ("staff_2023", "staff_2012", "manager_2020"),
    "manager": ("manager_2020", "staff_2012", "staff_2023"),
    "private": ("teacher_2018", "teacher_2014"),
}

# What ``applies_to`` of the table says of the rules that are made for a category.
_MADE_FOR: Final[dict[StaffCategory, frozenset[str]]] = {
    "staff": frozenset({"public_staff"}),
    "manager": frozenset({"public_staff", "public_manager"}),
    "private": frozenset({"all_teachers"}),
}

SAME_DAY: Final = "same_day"
END_RULES: Final = (SAME_DAY, "day_before")

# 政务处分法 第十五条; 事业单位工作人员处分规定: no period is longer, however many acts.
LONGEST_MONTHS: Final = 48

DEFAULTS: Final = Settings({})

_LAST_OF_2012: Final = "2023-11-05"  # in the table; 撤职 left the provisions of 2012 earlier


@dataclass(frozen=True)
class SanctionRule:
    """What one version of the rules says of one kind.

    Attributes:
        kind: Code of the kind.
        rule_version: Name of the version; stored with the decision.
        months: Length of the period; None where the kind has none.
        document: The official document.
        end_rule: How the last day is told, as the setting ``sanctions.end_rule``.
    """

    kind: str
    rule_version: str
    months: int | None
    document: str
    end_rule: str = SAME_DAY

    def ends_on(self, decided_on: date) -> date | None:
        """Work out the last day of the period; None where the kind has none."""
        return None if self.months is None else last_day(decided_on, self.months, self.end_rule)


def last_day(starts_on: date, months: int, end_rule: str = SAME_DAY) -> date:
    """Work out the last day of a period that begins on a day.

    Args:
        starts_on: The day of the decision, on which it takes effect.
        months: Length of the period.
        end_rule: ``same_day``: the same day of the last month, or the last day of a month
            that lacks it. ``day_before``: the day before that.

    Source:
        民法典 第二百零一条、第二百零二条, as the model for what the rules leave open.

    Example:
        >>> last_day(date(2023, 8, 31), 6)
        datetime.date(2024, 2, 29)
    """
    same_day = add_months(starts_on, months)
    return same_day if end_rule == SAME_DAY else same_day - timedelta(days=1)


def sanction_rule(
    kind: str,
    decided_on: date,
    category: StaffCategory = "staff",
    settings: Mapping[str, Value] = DEFAULTS,
) -> SanctionRule | None:
    """Pick the rule under which a decision was made.

    Args:
        kind: Code of ``sanctions``.
        decided_on: The day of the decision.
        category: Of the person: public staff, a manager among them, or a teacher of a
            private school or outside the establishment.
        settings: Of the county.

    Returns:
        The rule; None where no version knew the kind on that day.

    Raises:
        KeyError: If there is no such kind.

    Example:
        >>> rule = sanction_rule("warning", date(2023, 8, 31))
        >>> rule.rule_version, rule.months, rule.ends_on(date(2023, 8, 31))
        ('staff_2012', 6, datetime.date(2024, 2, 29))
    """
    switch = date.fromisoformat(str(settings["sanctions.staff_rule_switch"]))
    valid = [row for row in code_table("sanctions").rows(kind) if _held_on(row, decided_on, switch)]
    if not valid:
        return None
    preferred = _PREFERRED[category]
    row = min(valid, key=lambda row: _place(row["rule_version"], preferred))
    return _rule(row, settings)


def rules_without(
    kind: str,
    decided_on: date,
    category: StaffCategory,
    settings: Mapping[str, Value] = DEFAULTS,
) -> str | None:
    """Tell whether the rules made for a category of persons lack a kind of sanction.

    Args:
        kind: Code of ``sanctions``.
        decided_on: The day of the decision.
        category: Of the person.
        settings: Of the county.

    Returns:
        The document of those rules, where they do not know the kind on that day. None where
        they do, where the tables have no such rules as early as that, and of a kind that is
        no disciplinary sanction, which is the same for every category.

    Example:
        >>> rules_without("removal", date(2024, 3, 1), "staff")
        '人社部发〔2023〕58号'
    """
    table = code_table("sanctions")
    if kind not in table or table.value(kind, "category") != "disciplinary":
        return None
    switch = date.fromisoformat(str(settings["sanctions.staff_rule_switch"]))
    own = [
        row
        for code in table.where("category", "disciplinary")
        for row in table.rows(code)
        if row["applies_to"] in _MADE_FOR[category] and _held_on(row, decided_on, switch)
    ]
    if not own:
        return None
    preferred = _PREFERRED[category]
    first = min(own, key=lambda row: _place(row["rule_version"], preferred))
    known = {row["code"] for row in own if row["rule_version"] == first["rule_version"]}
    return None if kind in known else first["document"]


def rule_of(
    kind: str, rule_version: str | None, settings: Mapping[str, Value] = DEFAULTS
) -> SanctionRule | None:
    """Give what the version of the rules that a decision keeps says of its kind.

    Returns:
        The rule; None where the decision keeps none or the tables no longer know it.
    """
    table = code_table("sanctions")
    rows = table.rows(kind) if kind in table else ()
    found = (row for row in rows if row["rule_version"] == rule_version)
    return next((_rule(row, settings) for row in found), None)


def _held_on(row: Row, day: date, switch: date) -> bool:
    """Tell whether a version held on a day; 人社部发〔2023〕58号 from the day of the setting."""
    first = date.fromisoformat(row["valid_from"])
    last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
    if row["rule_version"] == "staff_2023":
        first = switch
    elif row["rule_version"] == "staff_2012" and row["valid_to"] == _LAST_OF_2012:
        last = switch - timedelta(days=1)
    return first <= day <= last


def _place(version: str, preferred: tuple[str, ...]) -> int:
    return preferred.index(version) if version in preferred else len(preferred)


def _rule(row: Row, settings: Mapping[str, Value]) -> SanctionRule:
    months = int(row["months"]) if row["months"] else None
    if row["code"] == "disqualification":
        months = int(settings["sanctions.disqualification_months"])
    return SanctionRule(
        row["code"],
        row["rule_version"],
        months,
        row["document"],
        str(settings["sanctions.end_rule"]),
    )
