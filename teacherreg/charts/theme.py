"""How every chart looks, in one place: calm colours, large words, nothing by colour alone.

Blue counts who is there, the deeper the more. Orange says that somebody is missing, and is
a zero's own colour, so that none never looks like few. The two differ for colour-blind
readers and on grey paper, and the number stands beside them in any case.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import altair as alt

from teacherreg.codes import code_table
from teacherreg.locale import language, t

Row: TypeAlias = Mapping[str, Any]
Picture: TypeAlias = alt.Chart | alt.LayerChart

FONTS: Final = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif'
INK, SOFT, LINE, GROUND = "#1d2733", "#55606e", "#dfe4ea", "#f3f5f7"
BLUES: Final = ("#d3e5ee", "#97c1d5", "#4a8fb0", "#1f5673")
BLUE, DEEP = BLUES[2], BLUES[3]
AMBER: Final = "#e8b04b"
ORANGE, RUST, BROWN = "#e79d72", "#a8431a", "#431a08"  # a surface, words on white, on it
GREEN: Final = "#1e6b4a"
NARROW, BROAD = 560, 1140  # pixels: half the page's width and all of it

CONFIG: Final[Mapping[str, Any]] = {
    "background": "white",
    "font": FONTS,
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelColor": INK,
        "labelFlush": False,
        "labelFontSize": 13,
        "labelLimit": 280,
        "labelOverlap": False,
        "labelPadding": 6,
        "titleColor": SOFT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 13,
        "labelLimit": 300,
        "symbolType": "square",
        "symbolSize": 150,
        "symbolStrokeWidth": 0,
        "columnPadding": 16,
        "offset": 10,
    },
    "text": {"fontSize": 13, "color": INK},
}


def finished(picture: Picture, *, height: int, width: int = NARROW) -> Picture:
    """Give a chart the look of all, and its size in pixels, axes and legends included."""
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    sized: Picture = picture.properties(width=width, height=height, autosize=fit)
    looking: Picture = sized.configure(**CONFIG)
    return looking


def nothing() -> Picture:
    """Say that there is nothing to draw yet; axes without marks would look broken."""
    words = alt.Chart(inline([{"text": t("publish.nothing")}])).mark_text(color=SOFT, fontSize=14)
    return finished(words.encode(text="text:N"), height=120)


def inline(rows: Iterable[Row]) -> alt.InlineData:
    """Put rows into a chart."""
    return alt.InlineData([dict(row) for row in rows])


def across(field: str, order: Iterable[str]) -> alt.Y:
    """Lay a line across the chart for each value, in an order."""
    return alt.Y(f"{field}:N").sort(list(order)).title(None)


def shown(codes: str, label: str | None) -> str:
    """Write a published value in the language in force; a dash where there is none."""
    if label is None:
        return "—"
    code = code_table(codes).resolve(label).code
    return code_table(codes).label(code, language()) if code else label


def stages_in(marks: Iterable[Row]) -> list[str]:
    """List the stages that marks are about, as written, in their usual order."""
    used = {mark["stage"] for mark in marks}
    table = code_table("stages")
    return [stage for stage in map(table.label, table.codes) if stage in used]


def short_names(names: Iterable[str], county: str) -> dict[str, str]:
    """Leave the county's own name out of its schools' names, where each stays its own."""
    known = list(dict.fromkeys(names))
    short = [name.removeprefix(county) or name for name in known]
    return {
        name: shorter if short.count(shorter) == 1 else name
        for name, shorter in zip(known, short, strict=True)
    }


def rows_behind(table: str, **filters: str | None) -> str:
    """Make the address of the rows that a mark stands for.

    Args:
        table: A table of the overview.
        filters: The value that each column has in them; None where it is empty.
    """
    chosen = [
        f"{column}__isblank=1" if value is None else f"{column}__exact={quote(value, safe='')}"
        for column, value in filters.items()
    ]
    return f"/overview/{table}?{'&'.join(chosen)}"
