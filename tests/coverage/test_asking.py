"""Python's search for cycles rests while many rows are made, and goes on as it was."""

import gc

import pytest

from teacherreg.coverage.asking import many_rows


def test_the_search_for_cycles_rests_and_goes_on_whatever_happens() -> None:
    def go_wrong() -> None:
        with many_rows():
            assert not gc.isenabled()
            raise ValueError("wrong")

    assert gc.isenabled()
    with pytest.raises(ValueError, match="wrong"):
        go_wrong()
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with many_rows():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
