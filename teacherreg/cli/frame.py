"""What every command shares: two languages, the registry, one border for errors.

Wherever click takes a ``help`` or a docstring, we take a key of the catalogue, so that
help is in the language that ``--lang`` or the locale says when it is shown. Click's own
words (usage, options, "missing argument") come from the catalogue too.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from teacherreg.errors import Reason, TeacherregError, UsageError
from teacherreg.intake.progress import Progress, silent
from teacherreg.locale import has, language_of_environment, speak, t
from teacherreg.models.batch import in_utc
from teacherreg.registry import Registry

WIDTH_OF_A_PIPE: Final = 400  # characters

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_ATTENTION = 3

Function = TypeVar("Function", bound=Callable[..., Any])


def translated(key: str | None) -> str:
    """Give the sentence of a help key; text that is no key is shown as it is."""
    return t(key) if key and has(key) else key or ""


class Option(click.Option):
    """An option whose help is a catalogue key."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Translate the help when it is shown."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        names, text = record
        own = self.help or ""
        text = text.replace(own, translated(own), 1) if own else text
        for word in ("default", "required"):
            text = text.replace(f"[{word}", f"[{t(f'cli.{word}')}")
        return names, text


class _Translated(click.Command):
    """Shared by commands and groups: help, usage and option headings in the language."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in translated(self.help).split("\n\n"):
                formatter.write_text(paragraph)
                formatter.write_paragraph()

    def get_short_help_str(self, limit: int = 45) -> str:
        del limit  # a cut sentence is worse than a long line
        return translated(self.help).split("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(
            ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), f"{t('cli.usage')} "
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        if records:
            with formatter.section(t("cli.options")):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = t("cli.help")
        return option


class Command(_Translated):
    """A command whose help is a catalogue key."""


class Group(_Translated, click.Group):
    """A group of such commands."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in the order in which one meets them."""
        rows = [(name, self.short_help_of(name)) for name in self.list_commands(ctx)]
        with formatter.section(t("cli.commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Keep the order of registration."""
        return list(self.commands)

    def short_help_of(self, name: str) -> str:
        """Say in a line what a command does."""
        return self.commands[name].get_short_help_str()


Group.group_class = Group


def option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    """Declare an option whose ``help`` is a catalogue key."""
    return click.option(*names, cls=Option, **settings)


class Day(click.ParamType[date]):
    """A day on the calendar: 2026-09-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say what a day looks like."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(t("cli.not-a-day", value=value), param, ctx)


class OutFile(click.ParamType[Path]):
    """A file to be written, in a folder that is there."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Take its path, or say why no file can be written there."""
        del param, ctx  # the sentences name the path
        path = Path(value)
        if path.is_dir():
            raise UsageError("out-is-folder", folder=path)
        if not path.parent.is_dir():
            raise UsageError("folder-missing", folder=path.parent)
        return path


on_option = option("--on", "on", type=Day(), default=None, help="cli.on")


class Session:
    """What the group's own options said: which registry, which language."""

    def __init__(self, registry: str) -> None:
        self.target = registry


def pass_registry(function: Function) -> Function:
    """Open the registry for a command, and close it after."""

    @click.pass_context
    def opened(ctx: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        target = ctx.find_object(Session).target  # type: ignore[union-attr]
        with Registry.open(target, on_wait=say_waiting) as registry:
            return ctx.invoke(function, registry, *args, **kwargs)

    opened.__name__ = function.__name__
    opened.__doc__ = function.__doc__
    params = getattr(function, "__click_params__", [])
    opened.__click_params__ = params  # type: ignore[attr-defined]
    return cast(Function, opened)


def say_waiting() -> None:
    """Tell that another program must end its writing first."""
    aside().print(t("cli.waiting"), style="cyan")


def on_screen() -> Console:
    """Where results go: stdout, with colours where it is a terminal."""
    return Console(highlight=False, width=_width(sys.stdout))


def aside() -> Console:
    """Where progress and problems go: stderr."""
    return Console(stderr=True, highlight=False, width=_width(sys.stderr))


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Show on a terminal how far long work has come; a pipe is told nothing."""
    screen = aside()
    if not screen.is_terminal:
        yield silent
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with ProgressBar(*columns, console=screen, transient=True) as bar:
        steps: dict[str, TaskID] = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(t(f"imports.step.{step}"), total=total)
            bar.update(steps[step], completed=done, total=total)

        yield told


def _width(stream: TextIO) -> int | None:
    """Give a file or a pipe room for whole cells; a terminal has its own width."""
    return None if stream.isatty() else WIDTH_OF_A_PIPE


def local_time(moment: datetime) -> str:
    """Write a stored time as the clock on the officer's wall showed it."""
    return f"{in_utc(moment).astimezone():%Y-%m-%d %H:%M}"


def can_ask() -> bool:
    """Tell whether there is a person at the terminal who can be asked."""
    return sys.stdin.isatty()


def _complaint(error: click.ClickException) -> str:
    """Say click's own complaint in the language in force."""
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return t("cli.missing", name=_name(param))
        case click.NoSuchOption():
            return t("cli.no-such-option", name=error.option_name)
        case click.NoSuchCommand():
            return t("cli.no-such-command", name=error.command_name, commands=_commands(error.ctx))
        case click.BadParameter(param=click.Parameter() as param):
            return _bad_value(param, error.message)
        case click.BadOptionUsage():
            return t("cli.bad-option-usage", name=error.option_name)
        case click.UsageError(ctx=click.Context(command=click.Group())):
            return t("cli.missing-command", commands=_commands(error.ctx))
        case click.UsageError():
            return t("cli.usage-error")
    return error.message


def _commands(ctx: click.Context | None) -> str:
    group = ctx.command if ctx else None
    return " ".join(group.list_commands(ctx)) if ctx and isinstance(group, click.Group) else ""


def _bad_value(param: click.Parameter, reason: str) -> str:
    if isinstance(param.type, click.Choice):
        choices = " ".join(str(choice) for choice in param.type.choices)
        return t("cli.bad-choice", name=_name(param), choices=choices)
    if isinstance(param.type, click.IntRange) and param.type.max is None:
        return t("cli.number-too-small", name=_name(param), least=param.type.min)
    if isinstance(param.type, click.IntRange):
        return t("cli.bad-number", name=_name(param), least=param.type.min, most=param.type.max)
    if param.type is click.INT:
        return t("cli.not-a-number", name=_name(param))
    return t("cli.bad-value", name=_name(param), reason=reason)


def _name(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def run(group: click.Group) -> None:
    """Run the program: the one border where exceptions become sentences and exit codes."""
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal may have no room for a rare character
        sys.stdout.reconfigure(errors="backslashreplace")
    with suppress(BrokenPipeError):
        sys.exit(_exit_code(group))


def _exit_code(group: click.Group) -> int:
    try:
        result = group.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(t("cli.aborted"), err=True)
        return EXIT_REFUSED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.message, err=True)
        return EXIT_USAGE
    except click.ClickException as error:
        ctx = getattr(error, "ctx", None)
        click.echo(_complaint(error), err=True)
        if ctx is not None:
            click.echo(t("cli.try-help", command=ctx.command_path), err=True)
        return error.exit_code
    except TeacherregError as error:
        click.echo(error.message, err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_REFUSED
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(t("cli.os-error", place=place, reason=Reason(error)), err=True)
        return EXIT_REFUSED
    except KeyboardInterrupt:
        click.echo(t("cli.aborted"), err=True)
        return EXIT_REFUSED
    return result if isinstance(result, int) else EXIT_DONE


def set_language(code: str | None) -> None:
    """Speak the language that ``--lang`` says, else the locale's."""
    speak("en" if code == "en" else "zh" if code == "zh" else language_of_environment())
