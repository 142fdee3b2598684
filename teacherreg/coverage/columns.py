"""Which code table the values of an answer's columns belong to, whatever the answer."""

from collections.abc import Mapping
from typing import Final

CODED: Final[Mapping[str, str]] = {
    "stage": "stages",
    "subject": "subjects",
    "locality": "localities",
    "compared_with": "localities",
    "school_type": "school_types",
    "title_kind": "title_kinds",
    "level": "levels",
    "professional_rank": "professional_rank",
    "sex": "sex",
    "indicator": "indicators",
    "party": "party_membership",
    "age_band": "age_bands",
    "rank": "professional_rank",
    "outside": "outside_reasons",
}
