"""What can be told of equity, row by row; `spread` works it out, `equity` lists it.

Every row begins with what it is about: the stage, the indicator, and the id of the standard
that says who counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Indicator:
    """How evenly one thing is spread over the schools of a stage.

    Attributes:
        standard: Id of the standard that says who counts.
        schools: Schools that the standard counts.
        mean: Holders for each 100 students of the county; None without students.
        cv: Coefficient of variation, for display; None where it cannot be worked out.
        limit: What it may be at most; None where the standard sets none.
        meets: Whether it is within the limit, compared exactly; None where unknown.
        reason: Why there is no coefficient; None where there is one.
        gini, theil: Two other measures, weighted by students too; None where unknown.
        parts: What of these lies between and within localities and townships; None for a
            grouping that leaves all schools in one group. Named as in `Parts`.
    """

    stage: str
    indicator: str
    standard: str
    schools: int
    students: int
    holders: int
    mean: float | None
    cv: float | None
    limit: float | None
    meets: bool | None
    reason: str | None
    gini: float | None
    theil: float | None
    parts: Mapping[str, Mapping[str, float] | None]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one school adds to the squared coefficient of variation of a stage.

    Attributes:
        value: Holders for each 100 students.
        from_mean: The same, less the county's mean.
        above_mean: Whether it lies above the mean; None exactly at it.
        share: Its share of the squared coefficient, exactly; a stage's shares add up to 1.
            None where all schools are alike.
    """

    stage: str
    indicator: str
    standard: str
    school: str
    school_code: str | None
    township: str | None
    locality: str | None
    students: int
    holders: int
    value: float
    from_mean: float
    above_mean: bool | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class BestMove:
    """The move of one holder that lowers the coefficient of variation of a stage most.

    It moves a holder and no pupils, and looks at this indicator alone.

    Attributes:
        squared_before, squared_after: Exact squares of the coefficients.
        moves_to_limit: Fewest moves that bring it within the limit, 0 where it is; None
            where no moves do, or where there is no limit.
        reason: Why there is no such move; then all that it would have told is None.
        from_holders, to_holders: Holders of the two schools before the move.
        giver_meets: Whether the giving school has what the standard requires of it, after.
        meets: Whether the coefficient is within its limit after the move.
    """

    stage: str
    indicator: str
    standard: str
    squared_before: Fraction | None
    cv_before: float | None
    limit: float | None
    moves_to_limit: int | None
    reason: str | None = None
    from_school: str | None = None
    from_students: int | None = None
    from_holders: int | None = None
    to_school: str | None = None
    to_students: int | None = None
    to_holders: int | None = None
    giver_meets: bool | None = None
    squared_after: Fraction | None = None
    cv_after: float | None = None
    meets: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The schools of a locality or a township, within a stage.

    Attributes:
        schools: Schools that the standard counts.
        mean: Holders for each 100 students of the group.
        cv: Coefficient of variation among its schools; None with its ``reason``.
        ratio_to_county: Its mean over the county's; None where nobody is counted.
        compared_with: For localities ``city``, or ``town`` in a county without one; None for
            townships, and where there is neither.
        ratio: Its mean over the mean of that locality; None where that is 0.
    """

    stage: str
    indicator: str
    standard: str
    locality: str | None
    township: str | None
    schools: int
    students: int
    holders: int
    mean: float | None
    cv: float | None
    reason: str | None
    ratio_to_county: float | None
    compared_with: str | None
    ratio: float | None
