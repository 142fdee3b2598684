"""Which titles are held on a day. A stand-in until the real module comes."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import SQLModel

from teacherreg.models import TitleAward

_TITLE = SQLModel.metadata.tables[str(TitleAward.__tablename__)]


def held_on(day: date) -> ColumnElement[bool]:
    """Tell, as a condition on awards, which are held on a day."""
    return and_(
        _TITLE.c.awarded_on <= day,
        or_(_TITLE.c.term_ends_on.is_(None), _TITLE.c.term_ends_on >= day),
        or_(_TITLE.c.revoked_on.is_(None), _TITLE.c.revoked_on > day),
    )
