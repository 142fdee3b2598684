"""The public file: numbers only. No row is about one person, and no name is in it.

Everything about the standard comes from `teacherreg.coverage`, so the site and the
command line can never tell different figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from sqlalchemy import Engine

from teacherreg.codes import code_table
from teacherreg.coverage import Coverage, Equity, Forecast, Gaps, Reach, Trend, Verdict
from teacherreg.coverage.gaps import Cell
from teacherreg.coverage.standards import DEFAULT_STANDARD
from teacherreg.coverage.verdict import evaluation
from teacherreg.database import clear_words
from teacherreg.publish import evenness, remedies, source
from teacherreg.publish.outlook import (
    FORECAST,
    TREND,
    YEARS_AHEAD,
    YEARS_BACK,
    forecast_rows,
    trend_rows,
)
from teacherreg.publish.reached import REACH, reach_rows
from teacherreg.publish.remedies import Remedies
from teacherreg.publish.tables import Filled, Row, Table, flag, place_number, word
from teacherreg.settings import Settings

HEADLINE = Table(
    "headline",
    {"key": str, "value": float, "limit_value": float, "meets": int},
    key="key",
)
SCHOOL_GAPS = Table(
    "school_gaps",
    {
        "id": int,
        "school": str,
        "stage": str,
        "missing": int,
        "required": int,
        "holders": int,
        "per_100_students": float,
        "meets": int,
        "students": int,
        "teachers": int,
        "township": str,
        "locality": str,
        "school_type": str,
        "school_code": str,
        "outside": str,
    },
    label="school",
    sort="missing",
    is_descending=True,
    facets=("stage", "township", "locality", "meets"),
    sortable=("school", "required", "holders", "per_100_students", "students", "teachers"),
    searched={"school": "place", "township": "place"},
)
TOWNSHIP_GAPS = Table(
    "township_gaps",
    {
        "id": int,
        "township": str,
        "missing": int,
        "required": int,
        "holders": int,
        "schools": int,
        "students": int,
        "teachers": int,
    },
    label="township",
    sort="missing",
    is_descending=True,
    sortable=("township", "required", "holders", "schools", "students", "teachers"),
)
LOCALITY_GAPS = Table(
    "locality_gaps",
    {
        "id": int,
        "locality": str,
        "stage": str,
        "per_100_students": float,
        "missing": int,
        "required": int,
        "holders": int,
        "schools": int,
        "students": int,
        "teachers": int,
    },
    label="locality",
    facets=("stage", "locality"),
    sortable=("per_100_students", "missing", "required", "holders", "students"),
)
SCHOOL_SUBJECTS = Table(
    "school_subjects",
    {
        "id": int,
        "school": str,
        "stage": str,
        "subject": str,
        "teachers": int,
        "holders": int,
        "township": str,
    },
    label="school",
    facets=("stage", "subject", "township"),
    sortable=("school", "teachers", "holders"),
    searched={"school": "place", "township": "place"},
)
HOLDERS_BY_KIND = Table(
    "holders_by_kind",
    {"id": int, "title_kind": str, "level": str, "holders": int},
    label="title_kind",
    sort="holders",
    is_descending=True,
    facets=("level", "title_kind"),
    sortable=("holders",),
)
SCHOOLS = Table(
    "schools",
    {
        "id": int,
        "school": str,
        "school_type": str,
        "township": str,
        "locality": str,
        "students": int,
        "teachers": int,
        "parent_school": str,
        "school_code": str,
    },
    label="school",
    sort="students",
    is_descending=True,
    facets=("school_type", "township", "locality"),
    sortable=("school", "teachers", "parent_school"),
    searched={"school": "place", "township": "place"},
)
TABLES = (
    HEADLINE,
    SCHOOL_GAPS,
    TOWNSHIP_GAPS,
    LOCALITY_GAPS,
    SCHOOL_SUBJECTS,
    HOLDERS_BY_KIND,
    TREND,
    FORECAST,
    evenness.EQUITY,
    evenness.VERDICT,
    evenness.EQUITY_SCHOOLS,
    evenness.EQUITY_MOVES,
    evenness.EQUITY_LOCALITIES,
    REACH,
    remedies.PIPELINE,
    remedies.PIPELINE_SUBJECTS,
    remedies.PLAN,
    remedies.HONOURS,
    SCHOOLS,
)
PLAN_SECONDS: Final = 10  # that the plan's solver may take


@dataclass(frozen=True)
class Figures:
    """The answers that the public file is made of, as of one day."""

    on: date
    by_school: Gaps
    by_township: Gaps
    by_locality: Gaps
    by_subject: Gaps
    equity: Equity
    verdict: Verdict
    trend: Trend
    forecast: Forecast
    reach: Reach
    remedies: Remedies
    holders_by_kind: list[Row]
    schools: list[Row]

    def headline(self) -> list[Row]:
        """Give the figures at the top of the first page.

        Teachers are all full-time teachers in service, of every stage; the other figures
        are about the schools and stages of the standard.
        """
        totals = self.by_school.totals
        place = list(SCHOOLS.columns).index("teachers")
        counts: tuple[tuple[str, int], ...] = (
            ("teachers", sum(row[place] for row in self.schools)),
            ("title_holders", totals.holders),
            ("schools_judged", totals.schools),
            ("schools_meeting", totals.schools - totals.schools_short),
            ("missing", totals.missing),
        )
        verdict, found = self.verdict.totals, self.remedies
        judged = [row.meets for row in self.equity.indicators if row.meets is not None]
        helped: tuple[tuple[str, int], ...] = (
            ("stages_judged", verdict["judged"]),
            ("stages_able", verdict["can_pass"]),
            ("stages_out", verdict["out"]),
            ("cvs_judged", len(judged)),
            ("cvs_over", judged.count(False)),
            ("not_reached", sum(cell.numbers["none"] for cell in self.reach.cells)),
            *(
                [("missing_after_plan", found.plan.totals["missing_after"])]
                if found.plan.reason != "no-time"
                else []
            ),
            *(
                [("missing_after_honours", found.honours.missing_after)]
                if self.forecast.growth.missing
                else []
            ),
        )
        return [
            *((key, value, None, None) for key, value in counts),
            *(
                (f"cv_{row.stage}", row.cv, row.limit, flag(row.meets))
                for row in self.equity.indicators
                if row.standard == DEFAULT_STANDARD
            ),
            *((key, value, None, None) for key, value in helped),
        ]

    def filled(self) -> list[Filled]:
        """Give each table with its rows."""
        return [
            (HEADLINE, self.headline()),
            (SCHOOL_GAPS, _school_gaps(self)),
            (TOWNSHIP_GAPS, _township_gaps(self.by_township)),
            (LOCALITY_GAPS, _locality_gaps(self.by_locality)),
            (SCHOOL_SUBJECTS, _school_subjects(self.by_subject)),
            (HOLDERS_BY_KIND, self.holders_by_kind),
            (TREND, trend_rows(self.trend)),
            (FORECAST, forecast_rows(self.forecast)),
            *self._about_evenness(),
            (REACH, reach_rows(self.reach, self.numbers)),
            *self._about_remedies(),
            (SCHOOLS, self.schools),
        ]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each school, by its name."""
        return {row[1]: row[0] for row in self.schools}

    def _about_evenness(self) -> list[Filled]:
        return [
            (evenness.EQUITY, evenness.equity_rows(self.equity)),
            (evenness.VERDICT, evenness.verdict_rows(self.verdict, self.numbers)),
            (evenness.EQUITY_SCHOOLS, evenness.school_rows(self.equity)),
            (evenness.EQUITY_MOVES, evenness.move_rows(self.equity)),
            (evenness.EQUITY_LOCALITIES, evenness.locality_rows(self.equity)),
        ]

    def _about_remedies(self) -> list[Filled]:
        found, numbers = self.remedies, self.numbers
        return [
            (remedies.PIPELINE, remedies.pipeline_rows(found, self.by_school, numbers)),
            (remedies.PIPELINE_SUBJECTS, remedies.subject_rows(found, self.by_subject)),
            (remedies.PLAN, remedies.plan_rows(found.plan, numbers)),
            (remedies.HONOURS, remedies.honour_rows(found.honours, numbers)),
        ]


def ask(engine: Engine, settings: Settings, on: date) -> Figures:
    """Ask the registry everything that the public file tells.

    Raises:
        RegistryError: If the registry cannot be read.
    """
    coverage = Coverage(engine, settings)
    with clear_words(engine.url), engine.connect() as connection:
        schools = list(school_rows(connection.execute(source.schools(on))))
        held = source.holders_by_kind(on, count_expired=bool(settings["titles.count_expired"]))
        kinds = list(_kinds(connection.execute(held)))
    forecast = coverage.forecast(years=YEARS_AHEAD, on=on)
    return Figures(
        on=on,
        by_school=coverage.gaps(by=("school", "stage"), on=on),
        by_township=coverage.gaps(by=("township",), on=on),
        by_locality=coverage.gaps(by=("locality", "stage"), on=on),
        by_subject=coverage.gaps(by=("school", "stage", "subject"), on=on),
        equity=coverage.equity((DEFAULT_STANDARD, *evaluation().standards), on=on),
        verdict=coverage.verdict(on=on),
        trend=coverage.trend(years=YEARS_BACK, on=on),
        forecast=forecast,
        reach=coverage.reach(by=("school",), on=on),
        remedies=Remedies(
            pipeline=coverage.pipeline(by=("school", "stage"), on=on),
            plan=coverage.plan(on=on, seconds=PLAN_SECONDS),
            honours=coverage.honours(max(1, forecast.growth.each_year[0]), on=on),
            least=settings.number("ethics.min_cell"),
        ),
        holders_by_kind=kinds,
        schools=schools,
    )


def school_rows(found: source.Found) -> Iterator[Row]:
    """Write schools as the published tables show them (`SCHOOLS`)."""
    for row in found:
        yield (
            row.id,
            row.name,
            word("school_types", row.school_type),
            row.township,
            word("localities", row.locality),
            None if row.students is None else int(row.students),
            row.teachers,
            row.parent_school,
            row.code,
        )


def _school_gaps(figures: Figures) -> Iterator[Row]:
    for cell in figures.by_school.cells:
        is_judged = cell.outside is None
        yield (
            place_number(figures.numbers, str(cell.school), str(cell.stage)),
            cell.school,
            word("stages", cell.stage),
            cell.missing if is_judged else None,
            cell.required if is_judged else None,
            cell.holders,
            cell.per_100_students,
            flag(cell.meets) if is_judged else None,
            cell.students,
            cell.teachers,
            cell.township,
            word("localities", cell.locality),
            word("school_types", cell.school_type),
            cell.school_code,
            word("outside_reasons", cell.outside),
        )


def _measures(cell: Cell) -> Row:
    return (cell.missing, cell.required, cell.holders, cell.schools, cell.students, cell.teachers)


def _township_gaps(gaps: Gaps) -> Iterator[Row]:
    for number, cell in enumerate(gaps.cells, start=1):
        yield (number, cell.township, *_measures(cell))


def _locality_gaps(gaps: Gaps) -> Iterator[Row]:
    stages, localities = code_table("stages").codes, code_table("localities").codes

    def order(cell: Cell) -> tuple[int, int]:
        place = localities.index(cell.locality) if cell.locality else len(localities)
        return (stages.index(str(cell.stage)), place)

    for number, cell in enumerate(sorted(gaps.cells, key=order), start=1):
        yield (
            number,
            word("localities", cell.locality),
            word("stages", cell.stage),
            cell.per_100_students,
            *_measures(cell),
        )


def _school_subjects(gaps: Gaps) -> Iterator[Row]:
    for number, cell in enumerate(gaps.cells, start=1):
        yield (
            number,
            cell.school,
            word("stages", cell.stage),
            word("subjects", cell.subject),
            cell.teachers,
            cell.holders,
            cell.township,
        )


def _kinds(found: source.Found) -> Iterator[Row]:
    rows = sorted(found, key=lambda row: (-row[2], row[0], row[1] or ""))
    for number, (kind, level, holders) in enumerate(rows, start=1):
        yield (number, word("title_kinds", kind), word("levels", level), holders)
