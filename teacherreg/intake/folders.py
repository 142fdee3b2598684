"""Which files a batch is: those named, and those in the folders named.

What is plainly no roster (Office's lock files, hidden files, letters, pictures) is passed
over, and what a person may have meant is named. A file named by itself is never passed
over. Reading the files is `read`'s work.

Two schools' 花名册.xlsx stay apart: a file out of a folder is called by its path inside
that folder, and files of one name that are given one by one by as many of their folders
as it takes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from teacherreg.errors import IntakeError
from teacherreg.intake.listed import Listed

# Left by programs, not by people: locks of Excel ("~$") and WPS (".~"), thumbnails, what
# a Mac packs beside each file, our own workbooks in the making.
_LITTER: Final = re.compile(
    r"(~\$|\.).*|thumbs\.db|desktop\.ini|__MACOSX|.*\.(tmp|unfinished)", re.IGNORECASE
)
# Letters, pictures, notes: they may have been meant to be read, so they are named.
_NO_ROSTERS: Final = re.compile(
    r"\.(docx?|wps|rtf|pdf|ofd|pptx?|dps|txt|md|html?|xml|json|log|lnk|url|exe"
    r"|jpe?g|png|gif|bmp|tiff?|webp|heic|mp[34]|avi|mov|db(-journal|-wal|-shm)?)",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True)
class RosterFile:
    """A file to be read.

    Attributes:
        path: Where it is.
        name: What people see of it.
    """

    path: Path
    name: str


@dataclass(frozen=True)
class Gathered:
    """The files of a batch.

    Attributes:
        files: To be read, in the order given; those of a folder in natural order.
        passed_over: Names of files in folders that are plainly no rosters.
    """

    files: tuple[RosterFile, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """What a notice of the files passed over names."""
        return {"count": len(self.passed_over), "files": Listed(self.passed_over)}


def gather(paths: Sequence[Path]) -> Gathered:
    """Find the files of a batch.

    Args:
        paths: Files, and folders, which are searched to their depths.

    Raises:
        IntakeError: If a folder cannot be searched, or no file is there to be read.
    """
    files: dict[Path, RosterFile] = {}
    passed_over: list[str] = []
    single = _names_apart([path for path in paths if not path.is_dir()])
    for path in paths:
        if not path.is_dir():
            files.setdefault(_real(path), RosterFile(path, single[path]))
            continue
        for found in _files_in(path, set()):
            name = found.relative_to(path).as_posix()
            if _NO_ROSTERS.fullmatch(found.suffix):
                passed_over.append(name)
            else:
                files.setdefault(_real(found), RosterFile(found, name))
    if not files:
        raise IntakeError("folder-without-rosters", folder=paths[0] if paths else "")
    return Gathered(_told_apart(tuple(files.values())), tuple(passed_over))


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that sorts 第2小学 before 第10小学.

    Example:
        >>> sorted(["10.xlsx", "9.xlsx"], key=natural_order)
        ['9.xlsx', '10.xlsx']
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in _DIGITS.split(plain)
        if part
    )


def _files_in(folder: Path, searched: set[Path]) -> Iterator[Path]:
    """Give the files of a folder and then of its folders, each folder once."""
    searched.add(_real(folder))
    try:
        entries = sorted(folder.iterdir(), key=lambda path: natural_order(path.name))
    except OSError as error:
        raise IntakeError("folder-not-readable", folder=folder) from error
    own = [entry for entry in entries if not _LITTER.fullmatch(entry.name)]
    # A link that leads nowhere was meant to be a file: reading it says so.
    yield from (entry for entry in own if not entry.is_dir())
    for entry in own:
        if entry.is_dir() and _real(entry) not in searched:
            yield from _files_in(entry, searched)


def _real(path: Path) -> Path:
    """Tell where a file is, so that one named twice is read once."""
    try:
        return path.resolve()
    except OSError:
        return path.absolute()


def _names_apart(paths: Iterable[Path]) -> dict[Path, str]:
    """Call each file by its name and as many of its folders as tell it from the others."""
    whole = {path: _real(path).parts for path in paths}
    depth = dict.fromkeys(whole, 1)
    while True:
        names = {path: "/".join(parts[-depth[path] :]) for path, parts in whole.items()}
        shared = {name for name, count in _by_place(names, whole).items() if count > 1}
        longer = [p for p in names if names[p] in shared and depth[p] < len(whole[p])]
        if not longer:
            return names
        for path in longer:
            depth[path] += 1


def _by_place(names: dict[Path, str], whole: dict[Path, tuple[str, ...]]) -> Counter[str]:
    """Count how many different files bear each name."""
    return Counter(name for name, _parts in {(names[path], whole[path]) for path in names})


def _told_apart(files: tuple[RosterFile, ...]) -> tuple[RosterFile, ...]:
    """Lengthen names that files of two folders share."""
    counted = Counter(file.name for file in files)
    shared = [file for file in files if counted[file.name] > 1]
    longer = _names_apart(file.path for file in shared)
    return tuple(
        RosterFile(file.path, longer[file.path]) if counted[file.name] > 1 else file
        for file in files
    )
