"""From the words of a sheet to the codes of a code table.

Each distinct text is looked up once, whole; what is not found loses its bracket note, its
code number or what people add to the words of that table (本科 of 在职本科毕业). A word
that fits several codes takes the one the table marks as usual, with a warning.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from teacherreg.codes import code_table
from teacherreg.intake.marks import EMPTY_MARKS
from teacherreg.intake.records import Fault

_BRACKETS: Final = re.compile(r"^(.+?)\s*[(\[【]([^()\[\]【】]*)[)\]】]$")
_CODE_FIRST: Final = re.compile(r"^([0-9A-Za-z]{1,4})\s*[-—_.、:/]\s*(\D+)$")
_LIST: Final = re.compile(r"[、,，;；/\n|+]|\s{2,}|(?<=[^\W\d])\s(?=[^\W\d])")
_GRADE: Final = re.compile(
    r"(?:(小学|初中|高中)?([一二三四五六七八九123456789])(?:年级|年)|(初|高)([一二三123]|中)|([大中小])班|(?:年级)?([1-9])-([1-9])年级)"
)
_EDUCATION_AROUND: Final = re.compile(
    r"^(?:全日制|在职|函授|自考|自学考试|成人|成教|电大|业余|夜大|网络|远程|普通|普通高等教育)+|(?:毕业|学历|文凭|教育)$"
)
_RANK_AROUND: Final = re.compile(r"(?:职称|资格|职务|\d{4}年?.*)$")
_SUBJECT_STAGE: Final = re.compile(
    r"^(?:小学|初中|高中|中学|中职|幼儿园?)(?=.)|(?:课|学科|教师|老师|教学)$"
)
_SANCTION_AROUND: Final = re.compile(r"(?:一次|1次|处分|处理|的)+$|^(?:给予|受|行政|政务)+")
_STATUS_AROUND: Final = re.compile(r"^(?:已|在)?|(?:中|人员|状态)$")
_DEGREES: Final = (("博士", "2"), ("硕士", "3"), ("学士", "4"))  # newer than GB/T 6864-2003


@dataclass(frozen=True, slots=True)
class CodeRead:
    """The code that a text means, and what a person should look at."""

    code: str | None
    fault: Fault | None = None
    candidates: tuple[str, ...] = ()


def read_code(table: str, written: str, levels: dict[str, str] | None = None) -> CodeRead:
    """Look a text up.

    Args:
        table: Name of the code table.
        written: What stands in the cell.
        levels: For the table of levels, what 市级 and 区级 mean in this county.

    Returns:
        The code; none for an empty mark, or where the word is unknown.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if levels and text.replace(" ", "") in levels:
        return CodeRead(levels[text.replace(" ", "")])
    for form in _forms(table, text):
        found = _look_up(table, form)
        if found is not None:
            return _with_employed_rank(text, found) if table == "professional_rank" else found
    if text in EMPTY_MARKS:
        return CodeRead(None)
    if table in _LISTS:
        several = _read_list(table, text, levels)
        if several is not None:
            return several
    return CodeRead(None, Fault("code-unknown"))


def _look_up(table: str, text: str) -> CodeRead | None:
    match = code_table(table).resolve(text)
    if match.code is None and not match.is_ambiguous:
        return None
    if not match.is_ambiguous:
        return CodeRead(match.code)
    if table == "professional_rank" and match.code:
        return CodeRead(match.code)  # an old name is told by its date, see `check`
    if match.code and len({code_table(table).label(code) for code in match.candidates}) == 1:
        return CodeRead(match.code)  # one thing to people, be it for schools or kindergartens
    return CodeRead(match.code, _ambiguous(table, match.code, match.candidates), match.candidates)


def _with_employed_rank(text: str, found: CodeRead) -> CodeRead:
    """Tell a rank held from the one employed in: 副高（聘中级）."""
    noted = _BRACKETS.match(text)
    word = (
        re.sub(r"[现暂]?聘[任用]?", "", noted.group(2)) if noted and "聘" in noted.group(2) else ""
    )
    employed = _look_up("professional_rank", word) if word else None
    if employed is None or employed.code in (None, found.code):
        return found
    return CodeRead(found.code, Fault("rank-employed"))


def _ambiguous(table: str, code: str | None, candidates: tuple[str, ...]) -> Fault:
    choices = Choices(table, tuple(dict.fromkeys(candidates)))
    if code is None:
        return Fault("code-ambiguous", parameters={"choices": choices})
    return Fault("code-assumed", parameters={"choices": choices, "taken": Choices(table, (code,))})


@dataclass(frozen=True, slots=True)
class Choices:
    """Codes that a sentence names; their words come in the language in force."""

    table: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        labels = code_table(self.table)
        return " / ".join(labels.label(code) for code in self.codes)


def _forms(table: str, text: str) -> Iterator[str]:
    """Give the forms in which a text is looked up, the fullest first."""
    yield text
    if text.isdecimal() and len(text) == 1:
        yield f"0{text}"  # a number cell lost the zero of 01
    if found := _CODE_FIRST.match(text):
        yield found.group(2)
    bare = text
    while found := _BRACKETS.match(bare):
        bare = found.group(1)
        yield bare
    yield from _SHORTER.get(table, _nothing)(bare)


def _nothing(text: str) -> tuple[str, ...]:
    return ()


def _without(pattern: re.Pattern[str]) -> Callable[[str], tuple[str, ...]]:
    """Make a rule that drops what a pattern finds, and drops it again."""

    def shorten(text: str) -> tuple[str, ...]:
        once = pattern.sub("", text)
        return () if once in ("", text) else (once, pattern.sub("", once))

    return shorten


def _shorter_degree(text: str) -> tuple[str, ...]:
    bare = text.removesuffix("学位").strip()
    return (bare, *(code for word, code in _DEGREES if bare.endswith(word)))


def _stage_of_grade(text: str) -> tuple[str, ...]:
    """Tell the stage of a grade: 七年级 and 初一 are 初中, 1-3年级 is 小学."""
    found = _GRADE.match(text.replace(" ", ""))
    if not found:
        return ()
    school, grade, high, _year, nursery, first, last = found.groups()
    if nursery:
        return ("kindergarten",)
    if high or school:
        return ({"初": "junior", "高": "senior", "小学": "primary", "初中": "junior"}
                .get(high or school, "senior"),)  # fmt: skip
    grades = [_GRADE_NUMBERS.get(digit, 0) for digit in (grade, first, last) if digit]
    if max(grades) <= 6:
        return ("primary",)
    return ("junior",) if min(grades) >= 7 else ()


_GRADE_NUMBERS: Final = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)} | {
    str(n): n for n in range(1, 10)
}
_SHORTER: Final[dict[str, Callable[[str], tuple[str, ...]]]] = {
    "education": _without(_EDUCATION_AROUND),
    "professional_rank": _without(_RANK_AROUND),
    "subjects": _without(_SUBJECT_STAGE),
    "sanctions": _without(_SANCTION_AROUND),
    "person_status": _without(_STATUS_AROUND),
    "degree": _shorter_degree,
    "stages": _stage_of_grade,
}


# Tables of which a cell may name several: how the one that counts is chosen.
def _first(codes: list[str]) -> str:
    return codes[0]


def _highest_education(codes: list[str]) -> str:
    return max(codes, key=_education_rank)


def _lowest_number(codes: list[str]) -> str:
    return min(codes)


_LISTS: Final[dict[str, Callable[[list[str]], str]]] = {
    "subjects": _first,
    "stages": _first,
    "education": _highest_education,
    "degree": _lowest_number,
    "political_status": _lowest_number,
}


@cache
def _education_rank(code: str) -> int:
    return int(code_table("education").value(code, "bucket_rank") or 0)


def _read_list(table: str, text: str, levels: dict[str, str] | None) -> CodeRead | None:
    """Read a cell that names several; all of them must be known."""
    parts = [part.strip() for part in _LIST.split(text) if part.strip()]
    if len(parts) < 2:
        return None
    read = [read_code(table, part, levels) for part in parts]
    codes = [part.code for part in read if part.code is not None]
    if not codes or any(part.fault for part in read):
        return None
    chosen = _LISTS[table](codes)
    fault = None
    if table == "political_status" and len(set(codes)) > 1:
        exclusive = set(code_table(table).where("exclusive", "1"))
        if exclusive.intersection(codes):
            fault = _ambiguous(table, chosen, tuple(codes))
    if table == "stages" and len(set(codes)) > 1:
        fault = Fault("stage-several", parameters={"taken": Choices(table, (chosen,))})
    return CodeRead(chosen, fault)
