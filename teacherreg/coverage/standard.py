"""A standard: how many persons of which kind a unit must have, and who says so.

What its file says is read by `standards`; how many persons are missing is judged by `units`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from teacherreg.codes import code_table
from teacherreg.coverage.figures import OF_ROTATION, Figure, FigureKind, Whole
from teacherreg.locale import language

DEFAULT_STANDARD: Final = "quality-balance-2017-backbone"
SCHOOL_AND_STAGE: Final = ("school", "stage")
UNIT_DIMENSIONS: Final = (*SCHOOL_AND_STAGE, "subject", "township", "locality", "county")
LOCAL: Final = "local"  # stands for the document of a standard that is nobody's rule


@dataclass(frozen=True)
class Counted:
    """Who counts: persons in service on the day of whom everything that is asked is true.

    Attributes:
        title_kinds: Kinds of title, one of which must be held; none: no title is asked for.
        levels: Levels at which it must be held.
        education: Codes of the highest education, by stage taught.
        subjects: Subjects, one of which must be taught.
        training_hours: Hours of training of five years.
        is_full_time_only: Whether only full-time teachers (专任教师) count.
        is_within_reach: Whether holders elsewhere count too who reach a teacher of their subject
            at the school (示范带动): through a studio, mentoring, rotation or the school group.
    """

    title_kinds: tuple[str, ...]
    levels: tuple[str, ...]
    education: Mapping[str, tuple[str, ...]]
    subjects: tuple[str, ...]
    training_hours: int
    is_full_time_only: bool
    is_within_reach: bool = False


@dataclass(frozen=True)
class Visiting:
    """Where visiting teachers count too: at small schools of the country and teaching points.

    Attributes:
        least_students: The school has at least so many students.
        under_students: It has fewer than so many.
        localities: Localities of such schools; a teaching point is one anywhere.
    """

    least_students: int
    under_students: int
    localities: tuple[str, ...]

    def allows(self, students: int, locality: str | None, *, is_teaching_point: bool) -> bool:
        """Tell whether visiting teachers of a school count."""
        is_small = self.least_students <= students < self.under_students
        return is_small and (is_teaching_point or locality in self.localities)


@dataclass(frozen=True)
class Standard:
    """A figure that each unit must reach: each school and stage, if it names no other unit.

    Attributes:
        document: Number of the document that sets it, such as 教督〔2017〕6号; or ``local``.
        date: Day, month or year of the document, ISO 8601.
        settings: Dotted names of the keys that are no rule of the document.
        indicator: Code of ``indicators.csv``, else the standard's own id.
        figure: How many persons.
        floor: Share of the figure below which a school fails whatever else it reaches.
        unit: Of which the figure is asked, a selection of `UNIT_DIMENSIONS`.
        subjects: Of which the figure is asked each, where the unit names the subject.
        counted: Who counts.
        visiting: Where visiting teachers count too; None: nowhere.
        school_types_outside: Types of school that stand outside.
        teaching_points_under_students: A teaching point with fewer stands outside.
        cv_limits: Most that the coefficient of variation may be, by stage.
        merges_teaching_points: Whether a teaching point without a number of pupils of its own
            counts with its parent school; see `teacherreg.coverage.points`.
    """

    id: str
    name_zh: str
    name_en: str
    document: str
    document_title: str
    article: str
    date: str
    settings: tuple[str, ...]
    indicator: str
    figure: Figure
    floor: Fraction
    unit: tuple[str, ...]
    subjects: tuple[str, ...]
    stages: tuple[str, ...]
    counted: Counted
    visiting: Visiting | None
    school_types_outside: frozenset[str]
    teaching_points_under_students: int
    cv_limits: Mapping[str, Fraction]
    merges_teaching_points: bool = False

    @property
    def name(self) -> str:
        """What it is called, in the language in force."""
        return self.name_zh if language() == "zh" else self.name_en

    @property
    def title_kinds(self) -> tuple[str, ...]:
        """Kinds of title that count; none where no title is asked for."""
        return self.counted.title_kinds

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels of title that count."""
        return self.counted.levels

    @property
    def is_about_rotation(self) -> bool:
        """Whether those are counted who moved to another school in the school year."""
        return self.figure.kind in OF_ROTATION

    @property
    def per_100_students(self) -> Fraction | None:
        """The figure for each 100 students, where it is one number for all stages."""
        is_one = self.figure.kind is FigureKind.PER_100_STUDENTS
        return self.figure.amount if is_one else None

    def subjects_of(self, stage: str) -> tuple[str, ...]:
        """Give those of its subjects that are taught in a stage."""
        table = code_table("subjects")
        return tuple(
            subject
            for subject in self.subjects
            if stage in table.value(subject, "stages").split(";")
        )

    def required(self, whole: Whole) -> int:
        """Work out how many persons a unit must have: whole ones, rounded up.

        Example:
            >>> from teacherreg.coverage.standards import standard_of
            >>> standard = standard_of("quality-balance-2017-backbone")
            >>> standard.required(Whole({"primary": 812}, teachers=45, schools=1))
            9
        """
        return self.figure.required(whole)

    def required_for_floor(self, whole: Whole) -> int:
        """Work out how many persons reach the floor; as `required`."""
        return self._floor_figure.required(whole)

    @cached_property
    def _floor_figure(self) -> Figure:
        return self.figure.part(self.floor)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON: every figure, its document, and what is a setting."""
        return {
            "id": self.id,
            "name": self.name,
            "document": self.document,
            "document_title": self.document_title,
            "article": self.article,
            "date": self.date,
            "indicator": self.indicator,
            **{kind.value: None for kind in FigureKind},
            self.figure.kind.value: _number(self.figure),
            "floor": float(self.floor),
            "unit": list(self.unit),
            "subjects": list(self.subjects),
            "stages": list(self.stages),
            "title_kinds": list(self.title_kinds),
            "levels": list(self.levels),
            "education": {stage: list(of) for stage, of in self.counted.education.items()},
            "teaching": list(self.counted.subjects),
            "training_hours": self.counted.training_hours or None,
            "full_time_only": self.counted.is_full_time_only,
            "within_reach": self.counted.is_within_reach,
            "visiting": None if self.visiting is None else vars(self.visiting),
            "school_types_outside": sorted(self.school_types_outside),
            "teaching_points_under_students": self.teaching_points_under_students,
            "merges_teaching_points": self.merges_teaching_points,
            "cv_limits": {stage: float(limit) for stage, limit in self.cv_limits.items()},
            "settings": list(self.settings),
        }


def _number(figure: Figure) -> float | dict[str, float]:
    if figure.amount is not None:
        return float(figure.amount)
    return {stage: float(amount) for stage, amount in figure.by_stage.items()}
