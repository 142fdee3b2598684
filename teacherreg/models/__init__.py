"""What is stored: one noun a file.

A person is not a post is not a title is not a record. Whatever changes with time is a
dated row that is ended, never overwritten.
"""

from sqlmodel import SQLModel

from teacherreg.models.batch import ImportBatch, ImportFile, JournalEntry
from teacherreg.models.columns import (
    AppealResult,
    Attachment,
    BatchStatus,
    JournalAction,
    Level,
    Locality,
    PersonCategory,
    RecordKind,
    ReviewKind,
    Stage,
    TitleEventKind,
)
from teacherreg.models.conduct import ConductRecord
from teacherreg.models.development import Duty, Mentoring, Rotation, Training
from teacherreg.models.mapping import ColumnMapping
from teacherreg.models.post import Post
from teacherreg.models.prevention import CorrectiveItem, EducationSession, EthicsCase, Supervision
from teacherreg.models.review import Review
from teacherreg.models.school import County, Enrolment, School, SchoolAlias, SchoolStage, Setting
from teacherreg.models.teacher import Teacher
from teacherreg.models.title import LocalTitleKind, TitleAward, TitleEvent

__all__ = [
    "AppealResult",
    "Attachment",
    "BatchStatus",
    "ColumnMapping",
    "ConductRecord",
    "CorrectiveItem",
    "County",
    "Duty",
    "EducationSession",
    "Enrolment",
    "EthicsCase",
    "ImportBatch",
    "ImportFile",
    "JournalAction",
    "JournalEntry",
    "Level",
    "LocalTitleKind",
    "Locality",
    "Mentoring",
    "PersonCategory",
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
    "Supervision",
    "Teacher",
    "TitleAward",
    "TitleEvent",
    "TitleEventKind",
    "Training",
]
