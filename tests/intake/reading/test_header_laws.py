"""Known headers are found whatever people write around them: tried on random dress."""

from typing import Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.codes.headers import synonyms
from teacherreg.intake.header import find_header, fingerprint_of
from teacherreg.intake.kinds import KINDS
from teacherreg.intake.layout import AS_FOUND
from teacherreg.intake.meanings import meanings
from teacherreg.intake.sheets import Sheet

HEADERS: Final = sorted(synonyms())
ROSTER: Final = {
    "姓名": "name",
    "身份证件号": "id_number",
    "性别": "sex",
    "学校名称": "school_name",
    "任教学科": "subject",
    "人员状态": "status",
}

spaces = st.text(st.sampled_from(" \t\n\u3000\u00a0\u200b\ufeff"), max_size=3)
stars = st.text(st.sampled_from("*＊★☆▲"), max_size=2)
PREFIXES: Final = "|1.|2、|（3）|12）|必填|必填：|（必填）|(选填)|[必填]|2026年|2026年9月"
HINTS: Final = "|：|（文本格式）|(与身份证一致)|【下拉选择】|[18位]|（必填）：|（18位）（文本）"
prefixes = st.sampled_from(PREFIXES.split("|"))
hints = st.sampled_from(HINTS.split("|"))


@st.composite
def dressed(draw: st.DrawFn, header: str) -> str:
    """Write a header as somebody may: spaces between all its characters, things around it."""
    inner = "".join(character + draw(spaces) for character in header)
    parts = (draw(stars), draw(prefixes), draw(stars), inner, draw(stars), draw(hints))
    return "".join(draw(spaces) + part for part in parts) + draw(spaces)


@given(st.data(), st.sampled_from(HEADERS))
def test_a_known_header_is_known_in_any_dress(data: st.DataObject, header: str) -> None:
    assert meanings(data.draw(dressed(header))) == meanings(header) != ()


@given(st.text(max_size=30))
def test_any_text_is_looked_up_without_a_fault(text: str) -> None:
    assert isinstance(meanings(text), tuple)


@given(st.data(), st.permutations(list(ROSTER)), st.integers(0, 4))
def test_a_header_row_is_found_in_any_dress_order_and_depth(
    data: st.DataObject, order: list[str], titles: int
) -> None:
    written = [data.draw(dressed(header)) for header in order]
    rows = [*[["青禾县花名册"]] * titles, written, ["张三"] * len(written)]
    cells = {str(i): [row[i] if i < len(row) else None for row in rows] for i in range(6)}
    header = find_header(Sheet("", pl.DataFrame(cells)), KINDS["teachers"], AS_FOUND)
    assert header is not None
    assert (header.top, header.bottom) == (titles, titles)
    assert [column.field for column in header.columns][:1] == [ROSTER[order[0]]]
    assert header.fields == set(ROSTER.values())


@given(st.data())
def test_the_same_header_has_the_same_fingerprint_in_any_year(data: st.DataObject) -> None:
    years = ["", "2025年", "2026年9月"]
    first, second = (
        [f"{data.draw(st.sampled_from(years))}{data.draw(stars)}{name}{data.draw(spaces)}"
         for name in ROSTER]
        for _ in range(2)
    )  # fmt: skip
    assert fingerprint_of(first) == fingerprint_of([*second, None])


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(list(ROSTER)[:-1], id="a column less"),
        pytest.param(list(ROSTER)[::-1], id="another order"),
        pytest.param([*list(ROSTER)[:-1], "备注"], id="another column"),
    ],
)
def test_another_header_has_another_fingerprint(other: list[str]) -> None:
    assert fingerprint_of(list(ROSTER)) != fingerprint_of(other)
