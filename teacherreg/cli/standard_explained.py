"""A standard in words, a line for each thing that it says."""

from collections.abc import Iterable, Iterator

from teacherreg.codes import code_table
from teacherreg.coverage.figures import OF_PERSONS, Figure
from teacherreg.coverage.standard import LOCAL, Standard
from teacherreg.locale import language, t


def explained(standard: Standard) -> Iterator[str]:
    """Explain a standard: its document, its figure, who counts, what stands outside."""
    yield standard.name
    yield _source(standard)
    yield t("standards.figure", figure="；".join(_figure(standard.figure))) + _floor(standard)
    yield t("standards.unit", unit=unit_of(standard))
    if standard.subjects:
        yield t("standards.subjects", subjects=_listed("subjects", standard.subjects))
    yield from _counted(standard)
    yield from _outside(standard)
    if standard.cv_limits:
        limits = (
            f"{code_table('stages').label(stage)} {float(limit):g}"
            for stage, limit in standard.cv_limits.items()
        )
        yield t("coverage.standards.limits", limits=_joined(limits))
    if standard.settings:
        yield t("coverage.standards.settings", keys=_joined(standard.settings))


def unit_of(standard: Standard) -> str:
    """Name the unit of a standard."""
    return _joined(t(f"coverage.short.{name}") for name in standard.unit)


def document_of(standard: Standard) -> str:
    """Name the document of a standard, or say that there is none."""
    return t("standards.no-document") if standard.document == LOCAL else standard.document


def _source(standard: Standard) -> str:
    if standard.document == LOCAL:
        return t("standards.local", title=standard.document_title, date=standard.date)
    return t(
        "coverage.standards.source",
        document=standard.document,
        title=standard.document_title,
        article=standard.article,
        date=standard.date,
    )


def _figure(figure: Figure) -> Iterator[str]:
    """Tell the number of each stage, and once where it is the same for several."""
    for amount in dict.fromkeys(figure.by_stage.values()):
        stages = [stage for stage, own in figure.by_stage.items() if own == amount]
        number = 100 * amount if figure.kind in OF_PERSONS else amount
        yield t(
            f"standards.of.{figure.kind}",
            stages=_listed("stages", stages),
            number=f"{float(number):g}",
        )


def _floor(standard: Standard) -> str:
    if standard.floor == 1:
        return ""
    return " " + t("coverage.standards.floor", floor=f"{float(100 * standard.floor):g}")


def _counted(standard: Standard) -> Iterator[str]:
    asked = standard.counted
    if standard.is_about_rotation:
        yield t("standards.counts.moved")
    elif asked.is_full_time_only:
        yield t("standards.counts.full-time")
    else:
        yield t("standards.counts.persons")
    if asked.title_kinds:
        yield t(
            "standards.asks.title",
            kinds=_listed("title_kinds", asked.title_kinds),
            levels=_listed("levels", asked.levels),
        )
    for stage, codes in asked.education.items():
        yield t(
            "standards.asks.education",
            stage=code_table("stages").label(stage),
            codes=_listed("education", codes),
        )
    if asked.subjects:
        yield t("standards.asks.subjects", subjects=_listed("subjects", asked.subjects))
    if asked.training_hours:
        yield t("standards.asks.training", hours=asked.training_hours)


def _outside(standard: Standard) -> Iterator[str]:
    if standard.counted.is_within_reach:
        yield t("standards.within-reach")
    visiting = standard.visiting
    if visiting is not None:
        yield t(
            "standards.visiting",
            least=visiting.least_students,
            under=visiting.under_students,
            localities=_listed("localities", visiting.localities),
        )
    if standard.merges_teaching_points:
        yield t("standards.merged-points")
    types = _listed("school_types", sorted(standard.school_types_outside))
    least = standard.teaching_points_under_students
    if types and least:
        yield t("coverage.standards.outside", types=types, least=least)
    elif types:
        yield t("standards.outside-types", types=types)
    elif least:
        yield t("coverage.standards.outside-points", least=least)


def _listed(table: str, codes: Iterable[str]) -> str:
    return _joined(code_table(table).label(code) for code in codes)


def _joined(words: Iterable[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)
