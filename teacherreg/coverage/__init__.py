"""Where title holders are missing, how many, and how evenly they are spread.

`cells` counts in SQL, `units` judges each school and stage by a standard, `grouping` adds
them up, `gaps` and `equity` hold the answers; `questions` is the door. Knows no file but
the standards', no screen and no command line.
"""

from teacherreg.coverage.equity import Equity
from teacherreg.coverage.gaps import Gaps
from teacherreg.coverage.grouping import UnknownDimensionError
from teacherreg.coverage.questions import Coverage
from teacherreg.coverage.standards import Standard, UnknownStandardError

__all__ = [
    "Coverage",
    "Equity",
    "Gaps",
    "Standard",
    "UnknownDimensionError",
    "UnknownStandardError",
]
