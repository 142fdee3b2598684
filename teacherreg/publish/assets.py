"""The site's own scripts, styles and pictures.

Nothing comes from another host. A file is known by the digest of its content, which its
address carries, so a browser may keep it as long as it likes and still sees a new one.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import datasette

from teacherreg.locale import Language, speaking, t
from teacherreg.publish.served import Site
from teacherreg.shipped import shipped

COLUMN_MENU: Final = "column-menu.js"
VEGA: Final = "vega.js"
_WORTH_PACKING: Final = 1400  # bytes: one packet
_TYPES: Final = {  # not from the system's registry, which on Windows calls scripts plain text
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}

# Datasette's script for column headings, and our sentences in place of its words.
MENU_WORDS: Final = {
    ">Sort ascending<": "site.menu-ascending",
    ">Sort descending<": "site.menu-descending",
    ">Facet by this<": "site.menu-facet",
    ">Hide this column<": "site.menu-hide",
    ">Show all columns<": "site.menu-show-all",
    ">Show not-blank rows<": "site.menu-not-blank",
    '"Remove this filter"': "site.menu-remove",
}


@dataclass(frozen=True)
class Asset:
    """A file as it goes to a browser."""

    body: bytes
    packed: bytes
    digest: str
    content_type: str


def asset(site: Site, name: str, language: Language) -> Asset | None:
    """Find one of the site's own files.

    Args:
        site: The site that is served.
        name: A bare file name, such as ``site.css``.
        language: Only the column menu's script says anything.

    Returns:
        The file; None where there is none of that name.
    """
    if name == VEGA:
        found = site.fresh(f"assets/{VEGA}", lambda path: _made(path.read_bytes(), VEGA))
        return found if isinstance(found, Asset) else None
    if name == COLUMN_MENU:
        return _column_menu(language)
    own = _own_files().get(name)
    return _read(own, own.stat().st_mtime_ns) if own else None


def menu_script() -> str:
    """Give Datasette's script for column headings, as it comes."""
    return (Path(datasette.__file__).parent / "static" / "table.js").read_text(encoding="utf-8")


@lru_cache
def _column_menu(language: Language) -> Asset:
    script = menu_script()
    with speaking(language):
        for words, key in MENU_WORDS.items():
            script = script.replace(words, words[0] + t(key) + words[-1])
    # Datasette sets this in the page itself, which our policy for scripts does not allow.
    return _made(f"var DATASETTE_ALLOW_FACET = true;\n{script}".encode(), COLUMN_MENU)


def _own_files() -> dict[str, Path]:
    folder = shipped("plugins/static")
    return {path.name: path for path in folder.iterdir() if path.is_file()}


@lru_cache
def _read(path: Path, _mtime_ns: int) -> Asset:
    return _made(path.read_bytes(), path.name)


def _made(body: bytes, name: str) -> Asset:
    content_type = _TYPES.get(Path(name).suffix, "application/octet-stream")
    packed = gzip.compress(body, 6, mtime=0) if len(body) > _WORTH_PACKING else b""
    return Asset(body, packed, hashlib.sha256(body).hexdigest()[:16], content_type)
