"""The examples in the docstrings are true."""

import doctest

import pytest

from teacherreg.codes import periods, words
from teacherreg.conduct import rules


@pytest.mark.parametrize("module", [periods, rules, words])
def test_examples_are_true(module: object) -> None:
    result = doctest.testmod(
        module,  # type: ignore[arg-type]
        extraglobs={"datetime": __import__("datetime")},
    )
    assert result.attempted > 0
    assert result.failed == 0
