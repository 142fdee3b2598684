"""Whom title holders reach, school by school, for the public file."""

from collections.abc import Iterator, Mapping
from typing import Final

from teacherreg.coverage.reach import PARTS, Reach
from teacherreg.publish.tables import Row, Table, word

WAYS: Final = PARTS[:-1]  # the last part is nobody

REACH = Table(
    "reach",
    {
        "id": int,
        "school": str,
        "none": int,
        "teachers": int,
        **dict.fromkeys(WAYS, int),
        "township": str,
        "locality": str,
    },
    label="school",
    sort="none",
    is_descending=True,
    facets=("township", "locality"),
    sortable=("school", "teachers", *WAYS),
    searched={"school": "place", "township": "place"},
)


def reach_rows(reach: Reach, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Give a row for each school.

    Args:
        reach: The answer by school.
        numbers: Number of each school, by its name.
    """
    for cell in reach.cells:
        yield (
            numbers[str(cell.school)],
            cell.school,
            cell.numbers["none"],
            cell.teachers,
            *(cell.numbers[part] for part in WAYS),
            cell.township,
            word("localities", cell.locality),
        )
