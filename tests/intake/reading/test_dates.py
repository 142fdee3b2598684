"""Dates and months as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.intake.dates import DateForm, read_date


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1985.07", "1985-07-01"),
        ("1985.7", "1985-07-01"),
        ("198507", "1985-07-01"),
        ("1985-07", "1985-07-01"),
        ("1985/7", "1985-07-01"),
        ("1985年7月", "1985-07-01"),
        ("85.07", "1985-07-01"),
        ("一九八五年七月", "1985-07-01"),
        ("二〇二一年十二月", "2021-12-01"),
        ("二○○三年十月二十一日", "2003-10-21"),
        ("19850712", "1985-07-12"),
        ("1985-07-12", "1985-07-12"),
        ("1985/7/12", "1985-07-12"),
        ("1985.7.12", "1985-07-12"),
        ("1985年7月12日", "1985-07-12"),
        ("1985年07月12日 00:00:00", "1985-07-12"),
        ("1985-07-12 00:00:00", "1985-07-12"),
        ("1985-7-1 08:30", "1985-07-01"),
        ("7/15/1985 12:00:00 AM", "1985-07-15"),
        ("1985-07-12T08:30:00Z", "1985-07-12"),
        ("１９８５．７．１２", "1985-07-12"),
        ("1985 年 7 月", "1985-07-01"),
        ("31229", "1985-07-01"),
        ("850712", "1985-07-12"),
        ("85年7月12日", "1985-07-12"),
        ("07/1985", "1985-07-01"),
        ("15/7/1985", "1985-07-15"),
        ("7/15/1985", "1985-07-15"),
        ("7/7/1985", "1985-07-07"),
        ("Jul-85", "1985-07-01"),
        ("12-Jul-1985", "1985-07-12"),
        ("2009年9月起", "2009-09-01"),
        ("2009.09至今", "2009-09-01"),
        ("1985.07.", "1985-07-01"),
    ],
)
def test_reads_the_forms_that_rosters_hold(written: str, day: str) -> None:
    assert read_date(written, DateForm(latest_year=2026)).value == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("3/4/1985", "date-ambiguous"),
        ("05-07-12", "date-ambiguous"),
        ("1985-02-30", "date-unreadable"),
        ("1985.13", "date-unreadable"),
        ("不详的一天", "date-unreadable"),
        ("12", "date-unreadable"),
        ("99999", "date-unreadable"),
        ("1985年13月", "date-unreadable"),
        ("二十五年", "date-unreadable"),
    ],
)
def test_does_not_guess(written: str, fault: str) -> None:
    assert read_date(written).fault == fault


@pytest.mark.parametrize("written", ["1985", "1985年", "1985年秋", "一九八五年"])
def test_keeps_a_year_that_stands_alone_as_such(written: str) -> None:
    read = read_date(written)
    assert (read.value, read.precision) == (date(1985, 1, 1), "year")


def test_a_number_may_have_lost_the_zero_of_october() -> None:
    assert read_date("1990.1", DateForm(is_number=True)).fault == "date-ambiguous"
    assert read_date("1990.1").value == date(1990, 1, 1)
    assert read_date("1990.2", DateForm(is_number=True)).value == date(1990, 2, 1)
    assert read_date("1990.11", DateForm(is_number=True)).value == date(1990, 11, 1)


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2025-08", "2025-08-31"),
        ("2024年2月", "2024-02-29"),
        ("2025年", "2025-12-31"),
        ("2025-08-31", "2025-08-31"),
        ("2022年9月至2025年8月", "2025-08-31"),
        ("2022.09-2025.08", "2025-08-31"),
        ("2022-09-01至2025-08-31", "2025-08-31"),
    ],
)
def test_an_end_is_the_last_day_of_what_is_written(written: str, last: str) -> None:
    assert read_date(written, DateForm(end=True)).value == date.fromisoformat(last)


@pytest.mark.parametrize("written", ["长期", "至今", "2022年9月至今", "2022.09-至今"])
def test_no_end_is_no_fault(written: str) -> None:
    read = read_date(written, DateForm(end=True))
    assert (read.value, read.fault) == (None, None)


def test_day_numbers_of_old_macintosh_workbooks_count_from_1904() -> None:
    assert read_date("29767", DateForm(serial_offset_days=1462)).value == date(1985, 7, 1)


@pytest.mark.parametrize(("written", "year"), [("05.09", 2005), ("26.09", 2026), ("27.09", 1927)])
def test_a_short_year_lies_behind_us(written: str, year: int) -> None:
    read = read_date(written, DateForm(latest_year=2026))
    assert read.value is not None
    assert read.value.year == year


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_whatever_form_a_day_is_written_in_it_is_the_same_day(day: date) -> None:
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 00:00:00")
    assert {read_date(day.strftime(form)).value for form in forms} == {day}


@given(st.text(max_size=20))
def test_reads_or_refuses_any_text_without_failing(text: str) -> None:
    read = read_date(text)
    assert read.fault is None or read.value is None
