"""Every command explains itself in both languages, and refuses in one or two lines."""

import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper

import click
import pytest

from teacherreg import cli
from teacherreg.cli import frame, teacherreg
from teacherreg.cli.commands import COMMANDS as LISTED
from teacherreg.locale import language, speak, speaking


def every_command(
    group: click.Group = teacherreg, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = list(every_command())
CONTRACT = {
    "init",
    "template",
    "import",
    "imports",
    "teacher",
    "coverage",
    "publish",
    "serve",
    "demo",
    "backup",
    "restore",
}


def test_the_contracts_commands_are_there() -> None:
    paths = {" ".join(path) for path, _ in COMMANDS}
    assert paths >= CONTRACT | {"imports list", "imports show", "imports undo"}


def test_the_list_of_commands_says_what_each_command_says_itself() -> None:
    for path, command in COMMANDS:
        if len(path) == 1:
            assert LISTED[path[0]][2] == command.help
            assert command.name == path[0]


@pytest.mark.parametrize(
    ("path", "command"), COMMANDS, ids=[" ".join(path) or "teacherreg" for path, _ in COMMANDS]
)
def test_help_is_whole_in_both_languages(path: tuple[str, ...], command: click.Command) -> None:
    context = click.Context(command, info_name=" ".join(("teacherreg", *path)))
    with speaking("zh"):
        chinese = command.get_help(context)
    with speaking("en"):
        english = command.get_help(context)
    assert "用法：" in chinese
    assert "Usage:" in english
    for word in ("Usage", "Options", "Commands", "Show this", "default:"):
        assert word not in chinese
    assert not re.search(r"[\u4e00-\u9fff]", english)
    for text in (chinese, english):  # a key that was not translated
        assert not re.search(r"\b(cli|site|demo|intake|coverage|publish)\.[a-z]", text), text
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.get_help_record(context)[1].strip(), parameter.name  # type: ignore[index]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("init",),
        ("init", "--county"),
        ("init", "--colour", "red"),
        ("init", "--county", "640199", "--name", "青禾县", "more"),
        ("import", "pupils", "x.xlsx"),
        ("import", "teachers", "x.xlsx", "--header-row", "-1"),
        ("coverage", "gaps", "--standard", "x", "--on", "yesterday"),
        ("serve", "site", "--port", "seventy"),
        ("serve", "site", "--port", "99999"),
        ("demo", "--teachers", "3"),
    ],
)
def test_wrong_usage_is_said_in_the_language_with_exit_code_2(run, lang, words) -> None:  # type: ignore[no-untyped-def]
    result = run(*words, lang=lang)
    assert result.exit_code == frame.EXIT_USAGE
    assert result.out == ""
    lines = result.err.strip().splitlines()
    assert 1 <= len(lines) <= 2
    assert "None" not in result.err
    assert bool(re.search(r"[\u4e00-\u9fff]", lines[0])) == (lang == "zh")


def test_without_a_word_the_help_is_shown(run) -> None:  # type: ignore[no-untyped-def]
    result = run("imports", lang="zh")
    assert result.exit_code == frame.EXIT_USAGE
    assert "用法：" in result.err


def test_a_missing_command_is_told_with_those_that_exist(run) -> None:  # type: ignore[no-untyped-def]
    result = run(lang="zh")
    assert result.exit_code == frame.EXIT_USAGE
    assert result.err.startswith("缺少命令。可用的命令：demo init template import")


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(datetime(2026, 9, 1, 0, 30), id="as SQLite gives it"),  # noqa: DTZ001
        pytest.param(datetime(2026, 9, 1, 0, 30, tzinfo=UTC), id="with its zone"),
        pytest.param(datetime.fromisoformat("2026-08-31T20:30-04:00"), id="in another zone"),
    ],
)
def test_times_are_shown_as_on_the_officers_clock(
    stored: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert frame.local_time(stored) == "2026-09-01 08:30"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_help_lists_no_argument_as_an_option(run) -> None:  # type: ignore[no-untyped-def]
    options = run("import", "--help", lang="zh").out.partition("选项")[2]
    assert "  KIND\n" not in options
    assert "  FILE|FOLDER...\n" not in options


def test_a_terminal_that_knows_no_chinese_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "argv", ["teacherreg", "--lang", "zh", "problems", "id-checksum"])
    before = language()
    with pytest.raises(SystemExit) as ended:
        cli.main()
    speak(before)
    screen.seek(0)
    assert not ended.value.code
    assert "\\u6539\\u6cd5" in screen.read()  # 改法


def test_no_path_is_refused_by_click_itself_which_knows_one_language() -> None:
    for path, command in COMMANDS:
        for param in command.params:
            if isinstance(param.type, click.Path):
                checked = (param.type.exists, not param.type.file_okay, not param.type.dir_okay)
                assert not any(checked), (path, param.name)
