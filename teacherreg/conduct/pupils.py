"""Texts that may give a pupil away: a name beside 学生, or an ID number.

The registry must never hold who a pupil is (未成年人保护法; 个人信息保护法 第二十八条). No rule
finds every name; what is found is worth a second look, and no more.
"""

import csv
import re
import tomllib
import unicodedata
from functools import cache
from typing import Final

from teacherreg.shipped import shipped

_ID_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?![\dXx])")
_MARKS: Final = r"[(\[“\"'「《〈:、，,\s]"
_GIVEN: Final = r"[一-鿿](?:[一-鿿](?=$|[^一-鿿]|[的被受因与和在等对说将给从向到])|(?=$|.))"
_BEFORE: Final = r"(?:^|[^一-鿿]|[对将把与和给向致让使因叫喊班级的骂打])"


def names_pupil(text: str) -> bool:
    """Tell whether a text seems to hold a pupil's name, or anybody's ID number.

    Example:
        >>> names_pupil("课堂上体罚学生张小明"), names_pupil("课堂上体罚学生，造成学生左耳受伤")
        (True, False)
    """
    plain = unicodedata.normalize("NFKC", text)
    if _ID_NUMBER.search(plain):
        return True
    words = _words()
    for pattern in _patterns():
        for found in pattern.finditer(plain):
            name = found.group("name")
            if "某" not in name and not name.startswith(words):
                return True
    return False


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    entry = _file()
    beside = "|".join(map(re.escape, entry["beside"]))
    sure, doubtful = _surnames()
    any_surname = f"(?:{sure}|{doubtful})"
    return (
        re.compile(rf"(?:{beside}){_MARKS}?(?P<name>{sure}{_GIVEN})"),
        re.compile(rf"(?:{beside}){_MARKS}(?P<name>{any_surname}{_GIVEN})[)\]”\"'」》〉]"),
        re.compile(rf"{_BEFORE}(?P<name>{sure}[一-鿿]{{1,2}})等?(?:{beside})"),
    )


@cache
def _surnames() -> tuple[str, str]:
    """Give the surnames, and those that are everyday words, each as a pattern."""
    entry = _file()
    with shipped("data/surnames.csv").open(encoding="utf-8", newline="") as file:
        listed = [row["surname"] for row in csv.DictReader(file)]
    doubtful = set(entry["doubtful"])
    sure = sorted({*entry["surnames"], *listed} - doubtful, key=len, reverse=True)
    return f"(?:{'|'.join(sure)})", f"[{''.join(sorted(doubtful))}]"


@cache
def _words() -> tuple[str, ...]:
    return tuple(_file()["words"])


@cache
def _file() -> dict[str, list[str]]:
    text = shipped("data/conduct/pupils.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
