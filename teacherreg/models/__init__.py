"""What is stored: one noun a file.

A person is not a post is not a title is not a record. Whatever changes with time is a
dated row that is ended, never overwritten.
"""

from sqlmodel import SQLModel

from teacherreg.models.batch import ImportBatch, ImportFile, JournalEntry
from teacherreg.models.columns import (
    Attachment,
    BatchStatus,
    JournalAction,
    Level,
    Locality,
    RecordKind,
    ReviewKind,
    Stage,
)
from teacherreg.models.conduct import ConductRecord
from teacherreg.models.development import Mentoring, Rotation, Training
from teacherreg.models.mapping import ColumnMapping
from teacherreg.models.post import Post
from teacherreg.models.review import Review
from teacherreg.models.school import County, Enrolment, School, SchoolAlias, SchoolStage, Setting
from teacherreg.models.teacher import Teacher
from teacherreg.models.title import TitleAward

__all__ = [
    "Attachment",
    "BatchStatus",
    "ColumnMapping",
    "ConductRecord",
    "County",
    "Enrolment",
    "ImportBatch",
    "ImportFile",
    "JournalAction",
    "JournalEntry",
    "Level",
    "Locality",
    "Mentoring",
    "Post",
    "RecordKind",
    "Review",
    "ReviewKind",
    "Rotation",
    "SQLModel",
    "School",
    "SchoolAlias",
    "SchoolStage",
    "Setting",
    "Stage",
    "Teacher",
    "TitleAward",
    "Training",
]
