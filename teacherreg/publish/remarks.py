"""What is said under a chart besides its numbers: totals, what is proved, what was not asked."""

from collections.abc import Mapping

from teacherreg.coverage import Plan, Verdict
from teacherreg.eligibility.answer import Title
from teacherreg.locale import LANGUAGES, Language, speaking, t
from teacherreg.publish.outlook import YEARS_AHEAD
from teacherreg.publish.overview import PLAN_SECONDS, Figures
from teacherreg.publish.remedies import pipeline_rows


def in_each_language(figures: Figures) -> dict[Language, dict[str, str]]:
    """Say the remarks in every language.

    Returns:
        By language: the remark of each chart that has one, by the chart's name.
    """
    said: dict[Language, dict[str, str]] = {}
    for code in LANGUAGES:
        between = "" if code == "zh" else " "
        with speaking(code):
            said[code] = {name: between.join(words) for name, words in _remarks(figures).items()}
    return said


def _remarks(figures: Figures) -> Mapping[str, list[str]]:
    return {
        "verdict": _verdict(figures.verdict),
        "reach": [_reach(figures)],
        "pipeline": _pipeline(figures),
        "plan": of_plan(figures.remedies.plan),
        "honours": [_honours(figures)],
    }


def _verdict(verdict: Verdict) -> list[str]:
    rule = verdict.evaluation
    county = {True: "meets", False: "fails", None: "unknown"}[verdict.meets]
    computed = len(rule.standards)
    return [
        t("verdict.total", **verdict.totals),
        t(f"verdict.county-{county}"),
        t(
            "verdict.rule",
            indicators=rule.indicators,
            least=rule.indicators - rule.may_be_below,
            floor=f"{float(100 * verdict.floor):g}",
            computed=computed,
            others=rule.indicators - computed,
        ),
    ]


def _reach(figures: Figures) -> str:
    cells = figures.reach.cells
    teachers = sum(cell.teachers for cell in cells)
    holders = sum(cell.numbers["holders"] for cell in cells)
    none = sum(cell.numbers["none"] for cell in cells)
    return t(
        "publish.remark-reach",
        teachers=f"{teachers:,}",
        holders=holders,
        reached=f"{teachers - holders - none:,}",
        none=f"{none:,}",
        percent=f"{100 * none / teachers:.0f}" if teachers else "0",
    )


def _pipeline(figures: Figures) -> list[str]:
    pipeline = figures.remedies.pipeline
    rows = list(pipeline_rows(figures.remedies, figures.by_school, figures.numbers))
    if not rows:
        return [t("publish.remark-pipeline-none")]
    told = [row[3:7] for row in rows if row[4] is not None]
    said: list[str] = []
    if told:
        missing, ready, close, nobody = map(sum, zip(*told, strict=True))
        said.append(
            t(
                "publish.remark-pipeline",
                title=Title(pipeline.title_kind, pipeline.level),
                missing=missing,
                ready=ready,
                close=close,
                nobody=nobody,
            )
        )
    if len(told) < len(rows):
        said.append(t("publish.remark-untold", count=len(rows) - len(told)))
    if pipeline.not_asked:
        said.append(t("publish.remark-not-asked"))
    return said


def of_plan(plan: Plan) -> list[str]:
    """Say what the moves do to the gap, and whether others could do more, or why nobody moves."""
    if plan.reason == "no-time":
        return [t("publish.remark-no-time", seconds=PLAN_SECONDS)]
    if plan.reason is not None:
        return [t(f"publish.remark-plan-{plan.reason}")]
    total = t("plan.total", moves=len(plan.moves), **plan.totals)
    if plan.bound.is_proved:
        return [total, t("publish.remark-proved")]
    closed = plan.totals["missing_before"] - plan.totals["missing_after"]
    unproved = t(
        "publish.remark-unproved",
        seconds=PLAN_SECONDS,
        closed=closed,
        most=plan.bound.most_closed,
    )
    return [total, unproved]


def _honours(figures: Figures) -> str:
    honours = figures.remedies.honours
    if not figures.forecast.growth.missing:
        return t("publish.remark-honours-none", years=YEARS_AHEAD)
    return t(
        "publish.remark-honours",
        years=YEARS_AHEAD,
        count=honours.count,
        before=honours.missing_before,
        after=honours.missing_after,
        short_before=honours.short_before,
        short_after=honours.short_after,
    )
