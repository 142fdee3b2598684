"""A picture as a file that stands alone: SVG, PNG, or a page that needs no network."""

from html import escape
from typing import Any, Final
from unicodedata import east_asian_width

import altair as alt
import vl_convert

from teacherreg.charts.drawing import VEGA_LITE, draw
from teacherreg.charts.marks import WIDTH
from teacherreg.charts.theme import INK, Picture
from teacherreg.locale import language

FORMS: Final = ("svg", "png", "html")
_SCALE: Final = 2  # of a PNG: sharp in print
_TITLE, _NARROW_SIGN = 16, 9  # pixels: a title's Chinese sign, and the widest of the others
_NO_TITLE: Final = "<title>Chart</title>"


def titled(picture: Picture, title: str) -> Picture:
    """Write above a picture what it shows, of which day and by which document.

    What is longer than the picture is broad goes on in the next line.
    """
    broad = picture.width if isinstance(getattr(picture, "width", None), int) else WIDTH
    words = alt.TitleParams(
        text=_in_lines(title, broad),
        anchor="start",
        color=INK,
        fontSize=16,
        offset=14,
    )
    finished: Picture = picture.properties(title=words)
    return finished


def _in_lines(words: str, pixels: int) -> list[str]:
    """Part words into lines, at spaces or after a Chinese sign."""
    lines, line, used = [], "", 0
    for sign in words:
        is_wide = east_asian_width(sign) in "WF"
        used += _TITLE if is_wide else _NARROW_SIGN
        if used > pixels and not is_wide and " " in line:
            done, _, line = line.rpartition(" ")
            lines.append(done)
            used = sum(_TITLE if east_asian_width(s) in "WF" else _NARROW_SIGN for s in line + sign)
        elif used > pixels:
            lines.append(line)
            line, used = "", _TITLE if is_wide else _NARROW_SIGN
        line += sign
    return [*lines, line.strip()]


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
        named = f'<html lang="{language()}">', f"<title>{escape(title)}</title>"
        return page.replace("<html>", named[0], 1).replace(_NO_TITLE, named[1], 1).encode()
    return draw(specification, title).encode()
