"""Damaging files at random, as bad disks, broken programs and ill will do.

The same seed gives the same damage. Used by a few dozen timed tests and, a thousand times,
by ``tests/benchmarks/fuzz_files.py``.
"""

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from tests.intake.reading import formats
from tests.intake.reading.made import MAN, WOMAN, xls

_EXTREMES: Final = (
    *("0", "-1", "1", "255", "65535", "1048577", "2147483647", "4294967295"),
    *("99999999999999999999", "1e308", "NaN", "", "A1:XFD1048576", "XFD1048576", "ZZZZ99999999"),
    *("true", "s", "e", "d", "inlineStr", "../../../etc/passwd", "&#0;", "哈" * 1000),
)
_INTEGERS: Final = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000)
_ATTRIBUTE: Final = re.compile(rb'(=")([^"]*)(")')


@cache
def originals() -> dict[str, bytes]:
    """A sound workbook of each format, with what sheets have beside plain cells."""
    header = ["姓名", "身份证件号", "性别", "学校名称", "参加工作年月", "手机号"]
    people = [["张三", MAN, "男"], ["李四", WOMAN, "女"]]
    rows = [header] + [
        [*people[number % 2], f"青禾第{number % 3}小学", f"20{number:02}-09", f"139{number:08}"]
        for number in range(40)
    ]
    return {
        "xlsx": formats.xlsx(rows),
        "rich xlsx": _rich_xlsx(rows),
        "strict xlsx": formats.strict(rows),
        "xlsm": formats.xlsm(rows),
        "xlsb": formats.xlsb(rows),
        "xls": xls([["青禾县花名册", *[None] * 5], *rows], merges=[(0, 0, 0, 5)]),
        "ods": formats.ods(rows),
        "csv": "\n".join(",".join(row) for row in rows).encode("gb18030"),
        "tsv": "\n".join("\t".join(row) for row in rows).encode("utf-16"),
        "html": formats.html(rows).encode(),
        "mhtml": formats.mhtml(rows),
        "xml": formats.spreadsheet_xml(rows).encode("gb18030"),
    }


def damaged(original: bytes, seed: int) -> bytes:
    """Damage a file once or a few times, each time in another way."""
    dice = random.Random(seed)
    content = original
    for _time in range(dice.choice((1, 1, 1, 2, 3))):
        ways = [*_OF_BYTES]
        if zipfile.is_zipfile(io.BytesIO(content)):
            ways = [*_OF_BYTES[:3], *_OF_PARTS, *_OF_PARTS]
        elif b"<" in content[:200] or content[:4] == b"MIME":
            ways.append(_attributes)
        content = dice.choice(ways)(content, dice)
    return content


def _flip(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _byte in range(dice.choice((1, 3, 30))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _take_out(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + content[start + dice.choice((1, 10, 1000)) :]


def _repeat(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content) + 1)
    piece = content[start : start + dice.choice((1, 100, 5000))]
    return content[:start] + piece * dice.choice((2, 50)) + content[start:]


def _integers(content: bytes, dice: random.Random) -> bytes:
    """Write extreme numbers where a binary format may keep a size or a place."""
    changed = bytearray(content)
    for _number in range(dice.choice((1, 3, 10))):
        width = dice.choice((1, 2, 4))
        if len(changed) > width:
            at = dice.randrange(len(changed) - width)
            number = dice.choice(_INTEGERS) & (256**width - 1)
            changed[at : at + width] = number.to_bytes(width, "little")
    return bytes(changed)


def _attributes(content: bytes, dice: random.Random) -> bytes:
    """Give attributes of XML or HTML extreme values."""
    places = [found.span(2) for found in _ATTRIBUTE.finditer(content)]
    chosen = dice.sample(places, min(len(places), dice.choice((1, 2, 20))))
    for start, end in sorted(chosen, reverse=True):
        content = content[:start] + dice.choice(_EXTREMES).encode() + content[end:]
    return content


def _one_part(change: Callable[[bytes, random.Random], bytes]) -> Callable[..., bytes]:
    """Damage what one part of an archive holds, and pack it again as if nothing were wrong."""

    def of_part(content: bytes, dice: random.Random) -> bytes:
        parts = dict(_parts(content))
        if not parts:
            return content
        name = dice.choice(sorted(parts))
        return formats.packed({**parts, name: change(parts[name], dice)})

    return of_part


def _swap_parts(content: bytes, dice: random.Random) -> bytes:
    parts = dict(_parts(content))
    names = sorted(parts)
    others = dice.sample(names, len(names))
    return formats.packed({name: parts[other] for name, other in zip(names, others, strict=True)})


def _lose_parts(content: bytes, dice: random.Random) -> bytes:
    return formats.packed({name: b for name, b in _parts(content) if dice.random() > 0.2})


def _double_parts(content: bytes, dice: random.Random) -> bytes:
    """Put two parts under each name, the second of them damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a name is there already
        for name, part in _parts(content):
            archive.writestr(name, part)
            archive.writestr(name, _flip(part, dice))
    return out.getvalue()


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the parts that can still be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    except (zipfile.BadZipFile, zipfile.zlib.error, OSError, EOFError, ValueError, RuntimeError):
        return


def _rich_xlsx(rows: formats.Rows) -> bytes:
    """A workbook with merges, hidden rows and columns, error cells and a second sheet."""
    parts = formats.unpacked(formats.xlsx([["青禾县花名册"], *rows], date_1904=True))
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode()
    sheet = sheet.replace('<row r="3"', '<row r="3" hidden="1"')
    sheet = sheet.replace(
        "<sheetData>", '<cols><col min="6" max="6" hidden="1"/></cols><sheetData>'
    )
    sheet = sheet.replace("</row>", '<c r="H1" t="e"><f>A99</f><v>#REF!</v></c></row>', 1)
    merges = '<mergeCells count="2"><mergeCell ref="A1:F1"/><mergeCell ref="D5:D9"/></mergeCells>'
    sheet = sheet.replace("</sheetData>", f"</sheetData>{merges}")
    return formats.packed({**parts, name: sheet})


_OF_BYTES: Final = (_flip, _cut, _take_out, _repeat, _integers)
_OF_PARTS: Final = (
    *(_one_part(way) for way in (*_OF_BYTES, _attributes, _attributes, _attributes)),
    *(_swap_parts, _lose_parts, _double_parts),
)
