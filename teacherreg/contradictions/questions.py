"""The question: what in the registry contradicts itself, as of a day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection, Engine, select

from teacherreg.contradictions import careers, conduct, titles
from teacherreg.contradictions.answer import Contradiction, Contradictions
from teacherreg.contradictions.ground import SCHOOL, TEACHER, Check, Ground
from teacherreg.database import clear_words
from teacherreg.errors import UsageError
from teacherreg.posts import post_of_the_day
from teacherreg.settings import Settings

# Each code with what finds it, in the order in which they are told.
CHECKS: Final[Mapping[str, Check]] = {
    "serving-after-dismissal": conduct.serving_after_dismissal,
    "title-under-sanction": titles.under_sanction,
    "release-before-decision": conduct.released_before_decision,
    "sanction-not-in-rules": conduct.outside_rules,
    "grade-against-sanction": conduct.graded_against_sanction,
    "passed-despite-ethics": conduct.passed_despite_ethics,
    "lower-title-missing": titles.before_lower_level,
    "term-missing": titles.without_term,
    "home-posts-overlap": careers.home_posts_overlap,
    "stage-not-of-school": careers.outside_stages,
    "rotation-without-post": careers.rotation_without_post,
    "mentor-gone": careers.mentor_gone,
    "mentee-gone": careers.mentee_gone,
}
CODES: Final = tuple(CHECKS)


def check(
    engine: Engine, settings: Settings, on: date, codes: Collection[str] = CODES
) -> Contradictions:
    """Find what contradicts itself.

    Args:
        engine: The registry.
        settings: Those in force.
        on: The day; what begins or was decided later does not count.
        codes: Which contradictions to look for.

    Returns:
        All that are found, by code, school and name.

    Raises:
        UsageError: If there is no such code.
    """
    unknown = [code for code in codes if code not in CHECKS]
    if unknown:
        raise UsageError("contradiction-unknown", contradiction=unknown[0], known=", ".join(CODES))
    with clear_words(engine.url), engine.connect() as connection:
        ground = Ground(connection, settings, on)
        found = [one for code in CODES if code in codes for one in CHECKS[code](ground)]
        people = _people(connection, on) if found else {}
    named = [Contradiction(one, *people[one.teacher_id]) for one in found]
    named.sort(key=lambda one: (CODES.index(one.code), one.school or "", one.name, one.records))
    return Contradictions(on, named)


def _people(connection: Connection, on: date) -> Mapping[int, tuple[str, str | None]]:
    """Give everybody's name, and the school of the day."""
    post = post_of_the_day(on)
    asked = (
        select(TEACHER.c.id, TEACHER.c.name, SCHOOL.c.name.label("school"))
        .outerjoin(post, post.c.teacher_id == TEACHER.c.id)
        .outerjoin(SCHOOL, SCHOOL.c.id == post.c.school_id)
    )
    return {row.id: (row.name, row.school) for row in connection.execute(asked)}
