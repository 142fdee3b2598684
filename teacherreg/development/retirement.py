"""When a person reaches the statutory retirement age, which rises month by month since 2025.

Pure arithmetic of birth month and schedule. Leaving early or late (弹性退休) is the person's
choice, so it is never foreseen for one: `leaving_month` tells only how far it may go.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from teacherreg.codes import code_table
from teacherreg.codes.periods import add_months

_FIRST_YEAR: Final = 2025  # in force from 2025-01-01
_SENIOR_TIERS: Final = ("senior", "full_senior")
_BAND_MONTHS: Final = 36  # 弹性退休: at most three years earlier or later


class Track(StrEnum):
    """Which schedule applies to a person."""

    MALE = "male"
    FEMALE_55 = "female55"  # on 专业技术 or 管理 posts
    FEMALE_50 = "female50"  # 工勤


class Leave(StrEnum):
    """When people go: at the statutory age, or as early or as late as they may."""

    EARLY = "early"
    STATUTORY = "statutory"
    LATE = "late"


@dataclass(frozen=True)
class _Schedule:
    base_years: int
    step_months: int  # one more month for each so many months of birth
    most_months: int


_SCHEDULES: Final = {
    Track.MALE: _Schedule(60, 4, 36),
    Track.FEMALE_55: _Schedule(55, 4, 36),
    Track.FEMALE_50: _Schedule(50, 2, 60),
}


def retirement_month(born: date, track: Track) -> date:
    """Work out the month in which a person reaches the statutory retirement age.

    Args:
        born: Date of birth; only its year and month count.
        track: The schedule that applies to the person.

    Returns:
        The first day of the retirement month.

    Source:
        全国人大常委会 2024-09-13 决定; 国务院关于渐进式延迟法定退休年龄的办法, annexes.

    Example:
        >>> retirement_month(date(1965, 5, 20), Track.MALE)
        datetime.date(2025, 7, 1)
    """
    rule = _SCHEDULES[track]
    since_first = (born.year + rule.base_years - _FIRST_YEAR) * 12 + born.month - 1
    delay = 0 if since_first < 0 else min(rule.most_months, since_first // rule.step_months + 1)
    return add_months(born.replace(day=1), 12 * rule.base_years + delay)


def leaving_month(born: date, track: Track, leave: Leave) -> date:
    """Work out the month at whose end a person goes.

    Args:
        born: Date of birth; only its year and month count.
        track: The schedule that applies to the person.
        leave: At the statutory age, or at most three years earlier, but not before the age
            of 60, 55 or 50 that was statutory until 2024, or at most three years later.

    Returns:
        The first day of the month.

    Source:
        人社部发〔2024〕94号; whether somebody has paid in for long enough to go early is not
        in the registry.

    Example:
        >>> leaving_month(date(1976, 9, 1), Track.MALE, Leave.EARLY)
        datetime.date(2036, 9, 1)
    """
    statutory = retirement_month(born, track)
    if leave is Leave.EARLY:
        least = add_months(born.replace(day=1), 12 * _SCHEDULES[track].base_years)
        return max(least, add_months(statutory, -_BAND_MONTHS))
    return add_months(statutory, _BAND_MONTHS) if leave is Leave.LATE else statutory


def last_working_day(born: date, track: Track) -> date:
    """Give the last day of the retirement month, at whose end a person leaves."""
    month = retirement_month(born, track)
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def track_of(
    sex: str | None, staff_category: str | None, rank: str | None, senior_women: str
) -> Track | None:
    """Tell which schedule applies to a person; None where the sex is not on file.

    Args:
        sex: Code of GB/T 2261.1.
        staff_category: Key of ``staff_categories``: 工勤 have a schedule of their own.
        rank: Key of ``professional_rank``, the highest held.
        senior_women: Setting ``retirement.senior_women``: the schedule of women with 高级职称.

    Source:
        组通字〔2015〕14号 for women with 高级职称.
    """
    if sex == "1":
        return Track.MALE
    if sex != "2":
        return None
    if staff_category == "logistics":
        return Track.FEMALE_50
    ranks = code_table("professional_rank")
    is_senior = rank in ranks and ranks.value(str(rank), "tier") in _SENIOR_TIERS
    return Track(senior_women) if is_senior else Track.FEMALE_55
