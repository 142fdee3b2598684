"""Which post stands for a person on a day, as portable SQL.

Somebody may have several posts at once: a home post and visiting ones. Every question that
counts persons takes one of them, and all must take the same.
"""

from datetime import date
from typing import Any

from sqlalchemy import CTE, Select, case, func, literal, or_, select
from sqlmodel import SQLModel

from teacherreg.codes import code_table
from teacherreg.models import Attachment, Post

POST = SQLModel.metadata.tables[str(Post.__tablename__)]


def post_of_the_day(
    on: date, *, only_serving: bool = False, of: "Select[*tuple[Any, ...]] | None" = None
) -> CTE:
    """Give the one post of each person that stands for the person on a day.

    A home post comes before a visiting one, the newest before older ones. Who has no post
    on the day is not in it.

    Args:
        on: The day; the first and the last day of a post count.
        only_serving: Leave out who is away, retired or gone.
        of: Numbers of those who are asked for; everybody if not given.
    """
    best_first = (
        case((POST.c.attachment == Attachment.HOME.value, 0), else_=1),
        func.coalesce(POST.c.starts_on, literal(date.min)).desc(),
        POST.c.id.desc(),
    )
    place = func.row_number().over(partition_by=POST.c.teacher_id, order_by=best_first)
    ranked = select(POST, place.label("preference")).where(
        or_(POST.c.starts_on.is_(None), POST.c.starts_on <= on),
        or_(POST.c.ends_on.is_(None), POST.c.ends_on >= on),
    )
    if only_serving:
        serving = code_table("person_status").where("counts_as_serving", "1")
        ranked = ranked.where(POST.c.status.in_(serving))
    if of is not None:
        ranked = ranked.where(POST.c.teacher_id.in_(of))
    found = ranked.subquery("ranked_posts")
    name = "serving_posts" if only_serving else "posts_of_the_day"
    return select(found).where(found.c.preference == 1).cte(name)
