"""Long lines on a terminal: filled up, no closing mark first, words whole."""

import io
from itertools import pairwise

import pytest
from rich.console import Console

from teacherreg.cli.lines import breaks, print_line, table_of


def printed(markup: str, width: int, *, is_terminal: bool = True) -> list[str]:
    out = io.StringIO()
    screen = Console(file=out, width=width, force_terminal=is_terminal, color_system=None)
    print_line(screen, markup)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("第16行是另一个姓名", 10, ["第16行是另", "一个姓名"], id="filled up"),
        pytest.param("校验位不对。请核对", 10, ["校验位不", "对。请核对"], id="no mark begins"),
        pytest.param("登记库里的“张伟”", 12, ["登记库里的", "“张伟”"], id="no quote ends"),
        pytest.param("或加 --add-schools", 14, ["或加 ", "--add-schools"], id="a word whole"),
        pytest.param("640199********0021", 10, ["640199****", "****0021"], id="longer than a line"),
    ],
)
def test_breaks_lines_as_chinese_is_set(text: str, width: int, lines: list[str]) -> None:
    places = [0, *breaks(text, width, width), len(text)]
    assert [text[a:b] for a, b in pairwise(places)] == lines


def test_what_goes_on_stands_further_to_the_right() -> None:
    assert printed("  [bold]第 6 行：[/bold]登记库里没有这所学校，请核对。", 20) == [
        "  第 6 行：登记库里",
        "    没有这所学校，请",
        "    核对。",
    ]


def test_a_pipe_gets_the_line_whole() -> None:
    assert printed("学" * 500, 20, is_terminal=False) == ["学" * 500]


def test_a_table_cuts_no_cell_and_takes_it_as_it_is() -> None:
    out = io.StringIO()
    rows = [("1", "请核对证件原件，填错的予以改正", "[/]")]
    Console(file=out, width=20).print(table_of(["编号", "改法", "列"], rows))
    words = out.getvalue()
    assert "…" not in words
    assert "[/]" in words
    assert all(len(line.rstrip()) <= 20 for line in words.splitlines())
