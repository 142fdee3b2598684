"""Drawing a specification as SVG that may stand inside a page with a strict policy.

The drawing carries no style, script or reference to anywhere but the site's own rows. Its
marks are plain links with a title, which browsers show as a tooltip: hover works without
a script. What the drawing library adds for scripts alone is left out, and numbers are
rounded, which makes a drawing four times smaller.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final
from xml.etree import ElementTree

import vl_convert

from teacherreg.charts.theme import FONTS

VEGA_LITE: Final = "6.4"
MADE_WITH: Final = f"vl-convert {version('vl-convert-python')}, Vega-Lite {VEGA_LITE}, drawing 1"

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LINK, _A, _TITLE, _TEXT = f"{{{XLINK}}}href", f"{{{SVG}}}a", f"{{{SVG}}}title", f"{{{SVG}}}text"
# The library reads a path as one of its own sample files.
_SAMPLES: Final = "https://vega.github.io/vega-datasets/"
_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_MEASURES: Final = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height")
_FOR_SCRIPTS: Final = ("class", "role", "aria-hidden", "aria-label", "aria-roledescription")


def draw(specification: Mapping[str, Any], title: str) -> str:
    """Draw a chart.

    Args:
        specification: Vega-Lite, its rows inside.
        title: What the drawing is, for those who cannot see it.

    Returns:
        An SVG element.
    """
    svg = vl_convert.vegalite_to_svg(dict(specification), vl_version=VEGA_LITE)
    return tidy(svg, title)


def tidy(svg: str, title: str) -> str:
    """Make a drawing fit for a page: see the module."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn a moment ago, by us
    _link(root)
    for element in root.iter():
        for name in _FOR_SCRIPTS:
            element.attrib.pop(name, None)
        if element.attrib.get("font-family") == FONTS:
            del element.attrib["font-family"]
        for name in _MEASURES:
            if name in element.attrib:
                element.attrib[name] = _NUMBER.sub(_rounded, element.attrib[name])
    root.attrib.update({"role": "group", "aria-label": title, "font-family": FONTS})
    root.insert(0, _named(title))
    return ElementTree.tostring(root, encoding="unicode")


def _link(root: ElementTree.Element) -> None:
    """Point the marks at our rows, and let the words on a mark be part of it."""
    linked: set[str] = set()
    for parent, place, link in list(_links(root)):
        address = link.attrib[_LINK].removeprefix(_SAMPLES)
        mark = link[0]
        if mark.tag == _TEXT and address in linked:
            mark.attrib["pointer-events"] = "none"
            parent[place] = mark
            continue
        linked.add(address)
        link.attrib.clear()
        link.attrib[_LINK] = address
        link.insert(0, _named(mark.attrib.get("aria-label", "")))


def _links(
    root: ElementTree.Element,
) -> Iterator[tuple[ElementTree.Element, int, ElementTree.Element]]:
    for parent in root.iter():
        for place, child in enumerate(parent):
            if child.tag == _A:
                yield parent, place, child


def _named(text: str) -> ElementTree.Element:
    title = ElementTree.Element(_TITLE)
    title.text = text
    return title


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
