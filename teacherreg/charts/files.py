"""A picture as a file that stands alone: SVG, PNG, or a page that needs no network."""

from typing import Any, Final

import altair as alt
import vl_convert

from teacherreg.charts.drawing import VEGA_LITE, draw
from teacherreg.charts.theme import INK, Picture

FORMS: Final = ("svg", "png", "html")
_SCALE: Final = 2  # of a PNG: sharp in print


def titled(picture: Picture, title: str) -> Picture:
    """Write above a picture what it shows, of which day and by which document."""
    words = alt.TitleParams(
        text=title,
        anchor="start",
        color=INK,
        fontSize=16,
        offset=14,
    )
    finished: Picture = picture.properties(title=words)
    return finished


def chart_file(picture: Picture, title: str, form: str) -> bytes:
    """Give a picture as the content of a file.

    Args:
        picture: The picture.
        title: What it shows, for those who cannot see it.
        form: One of `FORMS`; ``html`` carries the library that shows it.
    """
    specification: dict[str, Any] = {**picture.to_dict(), "description": title}
    if form == "png":
        drawn: bytes = vl_convert.vegalite_to_png(specification, vl_version=VEGA_LITE, scale=_SCALE)
        return drawn
    if form == "html":
        page: str = vl_convert.vegalite_to_html(specification, vl_version=VEGA_LITE, bundle=True)
        return page.encode()
    return draw(specification, title).encode()
