"""Which school has how many title holders in which subject: the neediest schools first."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

import altair as alt

from teacherreg.charts.theme import (
    BLUES,
    BROAD,
    BROWN,
    GREEN,
    GROUND,
    INK,
    ORANGE,
    RUST,
    Picture,
    Row,
    across,
    finished,
    inline,
    nothing,
    rows_behind,
    short_names,
    shown,
)
from teacherreg.codes import code_table
from teacherreg.locale import t

MOST_SCHOOLS: Final = 30
MANY: Final = 4  # so many holders and more share a colour
_KINDS: Final = ("untaught", "none", "one", "two", "three", "many")
_COLOURS: Final = (GROUND, ORANGE, *BLUES)
_WORDS: Final = ("", BROWN, INK, INK, "white", "white")  # on those colours

Held = Mapping[tuple[str, str], tuple[int, int]]


def gap_heatmap(gaps: Iterable[Row], subjects: Iterable[Row], county: str) -> Picture:
    """Draw schools by subjects; before the subjects stands what each school misses.

    Args:
        gaps: Rows of ``school_gaps``.
        subjects: Rows of ``school_subjects``.
        county: Name of the county, left out of its schools' names.
    """
    needs = neediest(gaps)
    if not needs:
        return nothing()
    names = short_names(needs, county)
    held = _held(subjects, needs)
    columns = _taught(held)
    heading = t("publish.missing")
    x = alt.X("column:N").title(None)
    x = x.sort([heading, *(shown("subjects", subject) for subject in columns)])
    x = x.axis(orient="top", labelAngle=-40, labelPadding=8)
    y = across("school", names.values())
    cells = [
        _cell(names[school], column=subject, count=held.get((school, subject)), school=school)
        for school in needs
        for subject in columns
    ]
    sums = [_sum(names[school], school, need.missing, heading) for school, need in needs.items()]
    base = alt.Chart(inline(cells)).encode(
        x=x,
        y=y,
        href="href:N",
        description="say:N",
        tooltip=[
            alt.Tooltip("school:N", title=t("publish.school")),
            alt.Tooltip("column:N", title=t("publish.subject")),
            alt.Tooltip("teachers:N", title=t("publish.teachers")),
            alt.Tooltip("holders:N", title=t("publish.holders")),
        ],
    )
    kinds = [t(f"publish.cell-{kind}", count=MANY) for kind in _KINDS]
    colour = alt.Color("kind:N").scale(domain=kinds, range=list(_COLOURS))
    tiles = base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour)
    counts = base.transform_filter("datum.ink").mark_text()
    counts = counts.encode(text="holders:N", color=alt.Color("ink:N").scale(None))
    total = _totals(sums, heading).encode(x=x, y=y)
    height = 120 + 25 * len(needs)
    return finished(tiles + counts + total, width=BROAD, height=height)


def _totals(sums: Iterable[Row], heading: str) -> alt.Chart:
    words = alt.Chart(inline(sums)).mark_text(fontSize=14, fontWeight="bold")
    chart: alt.Chart = words.encode(
        text="missing:N",
        href="href:N",
        description="say:N",
        color=alt.Color("ink:N").scale(None),
        tooltip=[
            alt.Tooltip("school:N", title=t("publish.school")),
            alt.Tooltip("missing:N", title=heading),
        ],
    )
    return chart


class Need(NamedTuple):
    """What a school misses of what it should have, all its stages together."""

    missing: int
    required: int


def neediest(gaps: Iterable[Row]) -> dict[str, Need]:
    """Give the schools that the standard counts, the neediest first."""
    needs: dict[str, Need] = {}
    for row in gaps:
        if row["missing"] is not None:
            so_far = needs.get(row["school"], Need(0, 0))
            needs[row["school"]] = Need(
                so_far.missing + row["missing"], so_far.required + row["required"]
            )
    order = sorted(needs, key=lambda name: (-needs[name].missing, -needs[name].required, name))
    return {name: needs[name] for name in order[:MOST_SCHOOLS]}


def _held(subjects: Iterable[Row], schools: Collection[str]) -> Held:
    """Add up the stages: teachers and holders by school and subject."""
    held: dict[tuple[str, str], tuple[int, int]] = {}
    nothing = code_table("subjects").label("none", "zh")
    for row in subjects:
        if row["school"] in schools and row["subject"] not in {None, nothing}:
            key = (row["school"], row["subject"])
            teachers, holders = held.get(key, (0, 0))
            held[key] = (teachers + row["teachers"], holders + row["holders"])
    return held


def _taught(held: Held) -> list[str]:
    """List the subjects that somebody teaches, as the code table orders them."""
    table = code_table("subjects")
    order = {table.label(code, "zh"): place for place, code in enumerate(table.codes)}
    return sorted({subject for _, subject in held}, key=lambda name: order.get(name, len(order)))


def _cell(name: str, *, column: str, count: tuple[int, int] | None, school: str) -> dict[str, Any]:
    teachers, holders = count or (0, 0)
    kind = 0 if count is None else 1 + min(holders, MANY)
    subject = shown("subjects", column)
    say = "publish.say-untaught" if count is None else "publish.say-cell"
    # An empty cell leads to what the school does teach.
    filters = {} if count is None else {"subject": column}
    return {
        "school": name,
        "column": subject,
        "teachers": teachers,
        "holders": holders,
        "kind": t(f"publish.cell-{_KINDS[kind]}", count=MANY),
        "ink": _WORDS[kind],
        "say": t(say, school=name, subject=subject, teachers=teachers, holders=holders),
        "href": rows_behind("school_subjects", school=school, **filters),
    }


def _sum(name: str, school: str, missing: int, heading: str) -> dict[str, Any]:
    return {
        "school": name,
        "column": heading,
        "missing": missing,
        "ink": RUST if missing else GREEN,
        "say": t("publish.say-missing", place=name, missing=missing),
        "href": rows_behind("school_gaps", school=school),
    }
