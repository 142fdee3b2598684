"""Masks hide the middle of a number, and all of what is too short."""

import pytest

from teacherreg.masks import mask_id_number, mask_phone


def test_an_id_number_keeps_its_area_and_last_four() -> None:
    assert mask_id_number("640199198503150012") == "640199********0012"


def test_a_phone_number_keeps_first_three_and_last_four() -> None:
    assert mask_phone("13800001234") == "138****1234"


@pytest.mark.parametrize("broken", ["1234567", "64019919850", "1", ""])
def test_what_is_too_short_shows_nothing(broken: str) -> None:
    assert set(mask_id_number(broken) or "*") == {"*"}


def test_nothing_stays_nothing() -> None:
    assert mask_phone(None) is None
