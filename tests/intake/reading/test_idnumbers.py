"""ID numbers over whole columns. The vectors come of GB 11643-1999."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from teacherreg.intake.idnumbers import birth_date_of, check_character, is_valid, sex_of


@pytest.mark.parametrize(
    "number",
    ["640199198503150012", "640199198802290023", "64019919830405006X", "11010519491231002X"],
)
def test_knows_numbers_that_are_right(number: str) -> None:
    assert is_valid(pl.Series([number])).to_list() == [True]


@pytest.mark.parametrize(
    "number",
    [
        "640199198503150013",  # the check is wrong
        "64019919900229002X",  # 29 February 1990
        "64019919850315001",
        "64019919850315001２",
        "",
    ],
)
def test_knows_numbers_that_are_not(number: str) -> None:
    assert is_valid(pl.Series([number])).to_list() == [False]


def test_tells_birth_date_and_sex() -> None:
    numbers = pl.Series(["640199198503150012", "640199198802290023", None])
    assert birth_date_of(numbers).dt.to_string("%Y-%m-%d").to_list() == [
        "1985-03-15", "1988-02-29", None,
    ]  # fmt: skip
    assert sex_of(numbers).to_list() == ["1", "2", None]


@given(st.text(alphabet="0123456789", min_size=17, max_size=17))
def test_computes_the_check_as_python_stdnum_does(first_17: str) -> None:
    assert check_character(pl.Series([first_17])).to_list() == [
        ric.calc_check_digit(first_17 + "0")
    ]
