"""Standards as files: ``data/standards``, and a county's own of the same form.

No threshold stands in code. Figures are read as exact fractions: 0.85 means 17/20. Who is
to be counted is a list of what must be true of a person; see the files for examples.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from teacherreg.codes import CodeTable, code_table
from teacherreg.coverage.figures import OF_PERSONS, OF_ROTATION, OF_STUDENTS, Figure, FigureKind
from teacherreg.coverage.standard import (
    DEFAULT_STANDARD,
    LOCAL,
    SCHOOL_AND_STAGE,
    UNIT_DIMENSIONS,
    Counted,
    Standard,
    Visiting,
)
from teacherreg.coverage.standard_file import StandardFile
from teacherreg.errors import CoverageError
from teacherreg.shipped import shipped

__all__ = [
    "DEFAULT_STANDARD",
    "LOCAL",
    "Standard",
    "UnknownStandardError",
    "read_standard",
    "shipped_standards",
    "standard_of",
    "standards_of",
]

_MERGED: Final = "merged.teaching_points_without_enrolment"
_DATE: Final = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


class UnknownStandardError(CoverageError):
    """A standard that does not exist; the message names those that do."""


def standard_of(name: str | Path) -> Standard:
    """Find a standard.

    Args:
        name: The id of a shipped one, or the path of a county's own ``.toml`` file.

    Raises:
        UnknownStandardError: If no shipped standard has the id.
        CoverageError: If the file cannot be read or is wrong; file and reason are named.
    """
    if isinstance(name, Path) or name.endswith(".toml"):
        return read_standard(Path(name))
    known = shipped_standards()
    if name not in known:
        raise UnknownStandardError("standard-unknown", standard=name, known=", ".join(known))
    return known[name]


def standards_of(name: str | Path | None) -> tuple[Standard, ...]:
    """Find standards: all shipped ones, one by `standard_of`, or those of a county's folder.

    Raises:
        UnknownStandardError: If it is no folder, no file and no id.
        CoverageError: If a file cannot be read or is wrong, or the folder has none.
    """
    if name is None:
        return tuple(shipped_standards().values())
    if not Path(name).is_dir():
        return (standard_of(name),)
    files = sorted(Path(name).glob("*.toml"))
    if not files:
        raise CoverageError("standard-folder-empty", folder=name)
    return tuple(map(read_standard, files))


def shipped_standards() -> Mapping[str, Standard]:
    """Read every standard of ``data/standards``, by id."""
    return _shipped_standards(code_table("title_kinds"))


@cache
def _shipped_standards(_kinds: CodeTable) -> Mapping[str, Standard]:
    """Read them once for each table of kinds, which says which kinds count."""
    files = sorted(shipped("data/standards").glob("*.toml"))
    return {standard.id: standard for standard in map(read_standard, files)}


def read_standard(path: Path) -> Standard:
    """Read a standard from its file.

    Raises:
        CoverageError: If it is missing, no TOML, lacks a key, has an unknown one or a wrong
            value; file, line (where it can be told) and reason are named.
    """
    file = StandardFile(path)
    stages = file.codes("figure.stages", "stages")
    figure = _figure(file, stages)
    unit = file.chosen("unit", UNIT_DIMENSIONS, SCHOOL_AND_STAGE)
    number = file.text("id", r"[A-Za-z0-9][\w.-]*", "id")
    counted = _counted(file, figure, stages)
    if counted.is_within_reach and "subject" not in unit:
        raise file.wrong("standard-reach-of-no-subject", "holders.within_reach")
    _require_one_place(file, figure, counted)
    is_listed = "figure.indicator" in file
    standard = Standard(
        id=number,
        name_zh=file.text("name_zh"),
        name_en=file.text("name_en"),
        document=file.text("document"),
        document_title=file.text("document_title"),
        article=file.text("article") if "article" in file else "",
        date=file.text("date", _DATE, "date"),
        indicator=file.text("figure.indicator") if is_listed else number,
        figure=figure,
        floor=file.number("figure.floor", _is_share, default=1, wanted="share"),
        unit=unit,
        subjects=file.codes("figure.subjects", "subjects") if "subject" in unit else (),
        stages=stages,
        counted=counted,
        visiting=_visiting(file) if file.has_section("visiting") else None,
        school_types_outside=frozenset(
            file.codes("outside.school_types", "school_types", may_be_empty=True)
        ),
        teaching_points_under_students=int(
            file.number("outside.teaching_points_under_students", _is_count, 0, wanted="count")
        ),
        cv_limits=file.numbers_by_code("cv_limits", "stages"),
        settings=file.own_keys("settings"),
        merges_teaching_points=file.flag(_MERGED),
    )
    file.require_nothing_else()
    return standard


def _figure(file: StandardFile, stages: tuple[str, ...]) -> Figure:
    kind = FigureKind(file.one_of("figure", [kind.value for kind in FigureKind]))
    key = f"figure.{kind}"
    if kind in OF_STUDENTS:
        return Figure(kind, file.numbers(key, stages, lambda value: value > 0))
    if kind in OF_PERSONS:
        amount = file.number(key, _is_share, wanted="share")
    else:
        amount = file.number(key, lambda n: n > 0 and _is_count(n), wanted="persons")
    return Figure(kind, dict.fromkeys(stages, amount))


def _counted(file: StandardFile, figure: Figure, stages: tuple[str, ...]) -> Counted:
    """Read what must be true of a person; of those who move to another school nothing need be."""
    if figure.kind not in OF_ROTATION:
        file.some_of("holders", ("kinds", "education", "subjects", "training_hours"))
    has_kinds = "holders.kinds" in file
    return Counted(
        title_kinds=file.marked("holders.kinds", "title_kinds") if has_kinds else (),
        levels=file.codes("holders.levels", "levels") if has_kinds else (),
        education=file.marked_by_stage("holders.education", "education", stages)
        if "holders.education" in file
        else {},
        subjects=file.marked("holders.subjects", "subjects") if "holders.subjects" in file else (),
        training_hours=int(file.number("holders.training_hours", _is_count, 0, wanted="count")),
        is_full_time_only=file.flag("holders.full_time_only"),
        is_within_reach=file.flag("holders.within_reach"),
    )


def _require_one_place(file: StandardFile, figure: Figure, counted: Counted) -> None:
    """Refuse what would count a person at two places, or at another than the standard says."""
    first = "holders.within_reach" if counted.is_within_reach else f"figure.{figure.kind}"
    if counted.is_within_reach and file.has_section("visiting"):
        raise file.wrong("standard-keys-several", "visiting.under_students", first=first)
    if (counted.is_within_reach or figure.kind in OF_ROTATION) and _MERGED in file:
        raise file.wrong("standard-keys-several", _MERGED, first=first)


def _visiting(file: StandardFile) -> Visiting:
    least = int(file.number("visiting.least_students", _is_count, 0, wanted="count"))
    above_least = file.number(
        "visiting.under_students", lambda n: n > least and _is_count(n), wanted="above-least"
    )
    return Visiting(
        least_students=least,
        under_students=int(above_least),
        localities=file.codes("visiting.localities", "localities", may_be_empty=True),
    )


def _is_share(value: Fraction) -> bool:
    return 0 < value <= 1


def _is_count(value: Fraction) -> bool:
    return value >= 0 and value.denominator == 1
