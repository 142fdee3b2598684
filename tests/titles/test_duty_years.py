"""The years of a title's term, over which its duties are counted."""

from datetime import date

from teacherreg.codes.periods import term_end
from teacherreg.titles.duties import _years


def test_a_term_from_a_leap_day_has_as_many_years_as_it_was_given_for():
    began_on = date(2024, 2, 29)
    years = list(_years(began_on, term_end(began_on, 3)))
    assert years == [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2027, 2, 28)),
    ]


def test_the_years_of_an_ordinary_term_begin_on_its_day():
    assert list(_years(date(2022, 9, 1), date(2024, 8, 31))) == [
        (date(2022, 9, 1), date(2023, 8, 31)),
        (date(2023, 9, 1), date(2024, 8, 31)),
    ]
