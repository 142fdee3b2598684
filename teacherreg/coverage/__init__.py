"""Where title holders and other teachers are missing, how many, and how evenly they are spread.

`cells` counts in SQL, `units` judges each unit of a standard, `grouping` adds them up,
`gaps`, `equity`, `verdict`, `forecast`, `trend`, `reach`, `pipeline`, `plan` and `honours`
hold the answers; `ahead` works the forecast out, `moving` plans who moves, `transport` proves
that none could do better; `questions` is the door. Knows no file but the standards', no
screen and no command line.
"""

from teacherreg.coverage.equity import Equity
from teacherreg.coverage.forecast import Forecast
from teacherreg.coverage.gaps import Gaps
from teacherreg.coverage.grouping import UnknownDimensionError
from teacherreg.coverage.honours import Honours
from teacherreg.coverage.pipeline import Candidates, Pipeline
from teacherreg.coverage.plan import Plan
from teacherreg.coverage.questions import Coverage
from teacherreg.coverage.reach import Masters, Reach
from teacherreg.coverage.standards import Standard, UnknownStandardError
from teacherreg.coverage.trend import Trend
from teacherreg.coverage.verdict import Verdict

__all__ = [
    "Candidates",
    "Coverage",
    "Equity",
    "Forecast",
    "Gaps",
    "Honours",
    "Masters",
    "Pipeline",
    "Plan",
    "Reach",
    "Standard",
    "Trend",
    "UnknownDimensionError",
    "UnknownStandardError",
    "Verdict",
]
