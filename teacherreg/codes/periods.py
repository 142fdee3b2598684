"""Arithmetic of days: months later, and when a title's term ends.

Both count in whole months or years of the calendar; where a month lacks the day, its last
day stands for it.
"""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, or the last day of a month that lacks it.

    Raises:
        OverflowError: If that is after the year 9999.

    Source:
        民法典 第二百零二条.

    Example:
        >>> add_months(date(2023, 8, 31), 6)
        datetime.date(2024, 2, 29)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(year)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def term_end(awarded_on: date, years: int) -> date:
    """Work out the last day of a title's term: the day before the anniversary.

    Args:
        awarded_on: First day of the term; of a month, its first day.
        years: Length of the term.

    Returns:
        The last day on which the title is held. A term from 29 February ends on the last
        day of February.

    Example:
        >>> term_end(date(2022, 9, 1), 3)
        datetime.date(2025, 8, 31)
    """
    anniversary = add_months(awarded_on, 12 * years)
    if anniversary.day < awarded_on.day:  # no such day that year: the term is full with February
        return anniversary
    return anniversary - timedelta(days=1)
