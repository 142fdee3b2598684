"""The examples in the docstrings are true."""

import doctest

import pytest

from teacherreg.codes import periods, sanction_rules, words


@pytest.mark.parametrize("module", [periods, sanction_rules, words])
def test_examples_are_true(module: object) -> None:
    result = doctest.testmod(
        module,  # type: ignore[arg-type]
        extraglobs={"datetime": __import__("datetime")},
    )
    assert result.attempted > 0
    assert result.failed == 0
