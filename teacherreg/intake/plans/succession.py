"""How a person's posts go on from what a roster says.

A post is never overwritten by a change in the world: the old one ends on the day before the
new one begins. It is amended where nothing changed but our knowledge: a value that was not
known, or a correction of what began on that same day. Nothing here knows a database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from teacherreg.codes import code_table
from teacherreg.models import Attachment

HOME: Final = Attachment.HOME.value
VISITING: Final = Attachment.VISITING.value
ON_ROTATION_HERE: Final = "101"  # 交流轮岗到本校
IN_SERVICE: Final = "100"  # 在本单位任职, what a roster means where it does not say

_COMPARED: Final = (
    "school_id",
    "stage",
    "subject",
    "professional_rank",
    "staff_category",
    "is_full_time_teacher",
    "status",
)


@dataclass(frozen=True)
class PostFacts:
    """What a post holds; days are text."""

    school_id: int
    stage: str | None = None
    subject: str | None = None
    professional_rank: str | None = None
    staff_category: str | None = None
    is_full_time_teacher: bool = True
    attachment: str = HOME
    status: str = IN_SERVICE
    starts_on: str | None = None
    ends_on: str | None = None


@dataclass(frozen=True)
class Held:
    """A post that the registry knows."""

    id: int
    facts: PostFacts


@dataclass(frozen=True)
class Said:
    """What one row of a roster says of a post; None is an empty cell.

    Attributes:
        source: Place of the row in the reading.
        is_visit: The row says that the person's own school is another.
    """

    source: int
    school_id: int | None
    stage: str | None = None
    subject: str | None = None
    professional_rank: str | None = None
    staff_category: str | None = None
    is_full_time_teacher: bool | None = None
    status: str | None = None
    school_joined_on: str | None = None
    is_visit: bool = False


@dataclass(frozen=True)
class Step:
    """One thing to do about a post.

    Attributes:
        source: Place of the row that asks for it.
        action: ``amend`` the post as it is, let another ``follow`` it, or ``begin`` one.
        held: The post that is known; None where one begins.
        facts: The post amended, following or begun.
    """

    source: int
    action: Literal["amend", "follow", "begin"]
    held: Held | None
    facts: PostFacts


@dataclass(frozen=True)
class SchoolStages:
    """What is known of the stages of schools."""

    only_stage: Callable[[int], str | None]
    teaches: Callable[[int, str], bool]


@cache
def left_codes() -> frozenset[str]:
    """The codes of people who left service: retired, dead, resigned …"""
    return frozenset(code_table("person_status").where("group", "left"))


def has_left(status: str | None) -> bool:
    """Tell whether a status is one of people who left service."""
    return status in left_codes()


def succeed(
    held: Sequence[Held], said: Sequence[Said], on: date, stages: SchoolStages
) -> list[Step]:
    """Work out what a person's posts come to.

    Args:
        held: All posts of the person.
        said: The person's rows, each at another school, in the order of the file.
        on: The day as of which the rows are true.
        stages: What is known of the schools.

    Returns:
        What to do; empty where all is as it was.
    """
    home = home_of(held)
    paired = [(row, known_at(held, row.school_id)) for row in said]
    if home is not None and home.facts.ends_on is not None and len(said) > 1:
        # Whoever left serves again where a status says so; other rows are of other schools.
        paired = [
            (row, None if post is home and row.status is None else post)
            for row, post in sorted(paired, key=lambda pair: pair[0].status is None)
        ]
    is_home_named = any(post is home for _, post in paired if post is not None)
    steps: list[Step | None] = []
    for row, post in paired:
        if post is not None:
            steps.append(_go_on(row, post, len(held) == 1, on, stages))
        elif is_home_named or (row.is_visit and home is not None):
            steps.append(_begin(row, VISITING, on, stages))
        else:
            is_home_named = True
            steps.append(
                _begin(row, HOME, on, stages)
                if home is None
                else _go_on(row, home, len(held) == 1, on, stages)
            )
    return [step for step in steps if step is not None]


def home_of(held: Sequence[Held]) -> Held | None:
    """Give the open home post; of somebody who left, the post that records it."""
    last = last_home(held)
    if last is None or last.facts.ends_on is None or has_left(last.facts.status):
        return last
    return None


def last_home(held: Sequence[Held]) -> Held | None:
    """Give the home post that is open, or else the last one."""
    homes = [post for post in held if post.facts.attachment == HOME]
    return max(homes, key=lambda post: (post.facts.ends_on or "9999", post.id), default=None)


def known_at(held: Sequence[Held], school_id: int | None) -> Held | None:
    """Give a person's post at a school, the home post before others; without one, home."""
    home = home_of(held)
    if home is not None and school_id in (None, home.facts.school_id):
        return home
    visits = (post for post in held if post.facts.ends_on is None)
    return next((post for post in visits if post.facts.school_id == school_id), None)


def _begin(row: Said, attachment: str, on: date, stages: SchoolStages) -> Step | None:
    if row.school_id is None:
        return None
    status = row.status or IN_SERVICE
    starts_on = row.school_joined_on
    facts = PostFacts(
        school_id=row.school_id,
        stage=row.stage or stages.only_stage(row.school_id),
        subject=row.subject,
        professional_rank=row.professional_rank,
        staff_category=row.staff_category,
        is_full_time_teacher=row.is_full_time_teacher is not False,
        attachment=attachment,
        status=status,
        starts_on=starts_on,
        ends_on=max(on.isoformat(), starts_on or "") if has_left(status) else None,
    )
    return Step(row.source, "begin", None, facts)


def _go_on(
    row: Said, post: Held, is_only_post: bool, on: date, stages: SchoolStages
) -> Step | None:
    """Compare a row with the post that it continues."""
    old = post.facts
    new = _with_said(row, old, stages)
    is_closed = old.ends_on is not None
    if is_closed and row.status is None:
        return None  # somebody who left stays so until a roster says otherwise
    differing = [name for name in _COMPARED if getattr(new, name) != getattr(old, name)]
    corrects_start = (
        is_only_post
        and not is_closed
        and row.school_joined_on not in (None, old.starts_on)
        and new.school_id == old.school_id
    )
    if all(_was_unknown(old, name) for name in differing):
        if corrects_start:
            new = replace(new, starts_on=row.school_joined_on)
        return Step(row.source, "amend", post, new) if new != old else None
    start = _start(row, old, new, on)
    ends_on = start if has_left(new.status) else None
    last_day = old.ends_on or old.starts_on
    if last_day is not None and start <= last_day:
        if is_only_post and row.school_joined_on is not None:
            new = replace(new, starts_on=row.school_joined_on)
        amended_end = max(start, new.starts_on or start) if ends_on else None
        return Step(row.source, "amend", post, replace(new, ends_on=amended_end))
    return Step(row.source, "follow", post, replace(new, starts_on=start, ends_on=ends_on))


def _was_unknown(old: PostFacts, name: str) -> bool:
    """Full time was only supposed where the staff category is not known."""
    known_by = "staff_category" if name == "is_full_time_teacher" else name
    return getattr(old, known_by) is None


def _with_said(row: Said, old: PostFacts, stages: SchoolStages) -> PostFacts:
    """Write what a row says over what is known; an empty cell never erases."""
    school_id = row.school_id if row.school_id is not None else old.school_id
    return replace(
        old,
        school_id=school_id,
        stage=row.stage or _stage_at(school_id, old, stages),
        subject=row.subject or old.subject,
        professional_rank=row.professional_rank or old.professional_rank,
        staff_category=row.staff_category or old.staff_category,
        is_full_time_teacher=(
            old.is_full_time_teacher
            if row.is_full_time_teacher is None
            else row.is_full_time_teacher
        ),
        status=row.status or (IN_SERVICE if has_left(old.status) else old.status),
    )


def _stage_at(school_id: int, old: PostFacts, stages: SchoolStages) -> str | None:
    if school_id == old.school_id:
        return old.stage or stages.only_stage(school_id)
    only = stages.only_stage(school_id)
    if only is None and old.stage is not None and stages.teaches(school_id, old.stage):
        return old.stage
    return only


def _start(row: Said, old: PostFacts, new: PostFacts, on: date) -> str:
    """A new school counts from the day of joining it, all else from the day of the roster."""
    joined = row.school_joined_on
    earliest = old.ends_on or old.starts_on
    is_new_here = new.school_id != old.school_id or old.ends_on is not None
    if is_new_here and joined is not None and (earliest is None or joined > earliest):
        return joined
    return on.isoformat()


def day_before(day: str) -> str:
    """Give the day before a day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
