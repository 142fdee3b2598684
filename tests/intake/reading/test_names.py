"""Names as they stand in cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.intake.names import NameRead, read_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张　三", "张三"),
        (" 欧阳\u00a0小 明 ", "欧阳小明"),
        ("买买提•阿不都热依木", "买买提·阿不都热依木"),
        ("买买提．阿不都热依木", "买买提·阿不都热依木"),
        ("买买提・阿不都热依木", "买买提·阿不都热依木"),
        ("买买提.阿不都热依木", "买买提·阿不都热依木"),
        ("买买提 · 阿不都热依木", "买买提·阿不都热依木"),
        ("张三*", "张三"),
        ("李四①", "李四"),
        ("王\u200b五", "王五"),
        ("John  Smith", "John Smith"),
        ("𠮷田", "𠮷田"),
        ("㵘蔚", "㵘蔚"),
    ],
)
def test_cleans_what_surrounds_a_name(written: str, name: str) -> None:
    assert read_name(written) == NameRead(name)


@pytest.mark.parametrize(
    ("written", "name", "note"),
    [
        ("李某（女）", "李某", "女"),
        ("王某(退休)", "王某", "退休"),
        ("赵六【返聘】", "赵六", "返聘"),
    ],
)
def test_parts_a_note_from_the_name(written: str, name: str, note: str) -> None:
    assert read_name(written) == NameRead(name, note)


@pytest.mark.parametrize("written", ["张?明", "张□明", "张yao明", "张�"])
def test_tells_characters_that_got_lost(written: str) -> None:
    assert read_name(written).fault == "name-characters"


@pytest.mark.parametrize("written", ["1985-03-15", "640199198503150012", "45", "……"])
def test_tells_what_is_no_name(written: str) -> None:
    read = read_name(written)
    assert (read.name, read.fault) == (None, "name-unreadable")


@given(st.text(alphabet="张王李买提阿不都·", min_size=1, max_size=8))
def test_reading_a_name_twice_changes_nothing(text: str) -> None:
    name = read_name(text).name
    if name:
        assert read_name(name).name == name


@given(st.text(max_size=30))
def test_reads_any_text_without_failing(text: str) -> None:
    assert read_name(text).name != ""
