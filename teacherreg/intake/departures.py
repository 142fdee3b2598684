"""Somebody who was at a school and is missing from that school's complete roster.

A departure is told, never assumed: only the officer knows whether a person left or was
forgotten. What becomes of the post is said by ``ends_on``. Working out who is missing is
the work of `plans.departures`.
"""

from dataclasses import dataclass
from typing import Any

from teacherreg.masks import mask_id_number


@dataclass(frozen=True)
class Departure:
    """One open post at a school of the files, of a person who is not listed there.

    Attributes:
        teacher_id: The registry's number of the person.
        post_id: The open post.
        name: Name of the person.
        id_number: Whole, so mask it before it is shown.
        staff_no: Staff number.
        birth_date: As far as it is known.
        school: Name of the school.
        attachment: ``home``, or ``visiting`` for a post beside another.
        since: First day of the stay at that school; None where nobody wrote it down.
        titles: Kind and level of each title held on the day of the roster.
        listed_at: Other schools at which the files list the person.
        in_doubt: Whether the person may stand in a row or table that could not be read.
        ends_on: Last day of the post, where it is to be ended; else None.
    """

    teacher_id: int
    post_id: int
    name: str
    id_number: str | None
    staff_no: str | None
    birth_date: str | None
    school: str
    attachment: str
    since: str | None
    titles: tuple[tuple[str, str | None], ...]
    listed_at: tuple[str, ...]
    in_doubt: bool
    ends_on: str | None = None

    def to_document(self) -> dict[str, Any]:
        """Give the departure as JSON may show it."""
        return {
            "teacher": self.teacher_id,
            "name": self.name,
            "id_number": mask_id_number(self.id_number),
            "staff_no": self.staff_no,
            "birth_date": self.birth_date,
            "school": self.school,
            "attachment": self.attachment,
            "since": self.since,
            "titles": [{"title_kind": kind, "level": level} for kind, level in self.titles],
            "listed_at": list(self.listed_at),
            "in_doubt": self.in_doubt,
            "ends_on": self.ends_on,
        }
