"""A published site as its server sees it: the folder's files, and who is asking.

Everything that publishing may replace while the site runs is read through `Site`, which
reads a file again when it has changed. `Visit` is what a page may know about the request
that it answers. The plugins share both through this module, because Datasette gives
plugins no way to import each other.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from teacherreg.locale import Language, speaking
from teacherreg.publish.accounts import Account, Accounts
from teacherreg.publish.sessions import Brake, Sessions

OVERVIEW: Final = "overview"

# Pages of charts; the first of them is the site's first page.
PAGES: Final = ("gaps", "evenness", "remedies")
GAPS, EVENNESS, REMEDIES = PAGES
ROLE_OF_ROOM: Final = {"staff": "leader", "conduct": "discipline"}
SESSION_COOKIE: Final = "tr_session"

Function = TypeVar("Function", bound=Callable[..., Any])


class Hook(Protocol):
    """Datasette's ``hookimpl``, which comes without types."""

    def __call__(
        self, *, tryfirst: bool = False, trylast: bool = False, specname: str | None = None
    ) -> Callable[[Function], Function]:
        """Mark a function as an implementation of the hook of its name."""


class Served(Protocol):
    """What the plugins use of a ``datasette.app.Datasette``, which comes without types."""

    databases: dict[str, Any]
    client: Any
    urls: Any

    def setting(self, key: str) -> Any:
        """Give a setting of Datasette."""

    async def invoke_startup(self) -> None:
        """Get ready to answer."""

    async def render_template(
        self, templates: str, context: dict[str, Any] | None = None, request: Any = None
    ) -> str:
        """Fill in a template."""

    async def execute(self, db_name: str, sql: str, params: Any = None) -> Any:
        """Ask a database."""


class Site:
    """The folder of a published site.

    Args:
        folder: What ``publish`` wrote.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = Accounts(folder)
        self.sessions = Sessions(self.accounts)
        self.brake = Brake()
        self.hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
        self.passwords_waiting = 0
        self._secret = secrets.token_bytes(32)
        self._kept: dict[str, tuple[tuple[int, int, int], Any]] = {}

    def document(self, name: str) -> dict[str, Any]:
        """Give a JSON file of the folder; an empty one where it is missing."""
        return cast(dict[str, Any], self.fresh(name, lambda path: json.loads(path.read_bytes())))

    def fresh(self, name: str, read: Callable[[Path], Any]) -> Any:
        """Give what ``read`` makes of a file, made again when the file has changed.

        A file that cannot be read, because somebody is moving it, stays what it was.
        """
        path = self.folder / name
        kept = self._kept.get(name)
        try:
            stat = path.stat()
            state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if kept is None or kept[0] != state:
                kept = self._kept[name] = (state, read(path))
        except (OSError, ValueError):
            pass
        return kept[1] if kept else {}

    def seal(self, purpose: str, value: str) -> str:
        """Sign a value, so that only this run of this site can have given it out."""
        return hmac.new(self._secret, f"{purpose}\n{value}".encode(), "sha256").hexdigest()


@dataclass(frozen=True)
class Visit:
    """One request, as far as pages need to know it."""

    site: Site
    language: Language
    path: str
    query: str
    account: Account | None = None
    session: str = ""
    chose_language: bool = False

    def may_enter(self, room: str) -> bool:
        """Tell whether a database is open to this reader."""
        if room == OVERVIEW:
            return True
        role = ROLE_OF_ROOM.get(room)
        return role is not None and self.account is not None and role in self.account.roles


def place_of(page: str) -> str:
    """Give the path of a page of charts."""
    return "/" if page == GAPS else f"/-/{page}"


_visit: ContextVar[Visit] = ContextVar("teacherreg_visit")
_sites: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()


def site_of(datasette: Served) -> Site | None:
    """Find the site that a Datasette serves: the folder of its overview."""
    if datasette not in _sites:
        overview = datasette.databases.get(OVERVIEW)
        if overview is None or not overview.path:
            return None
        _sites[datasette] = Site(Path(overview.path).parent)
    return _sites[datasette]


def visit() -> Visit | None:
    """Give the visit that is being answered; none outside a request."""
    return _visit.get(None)


def guest() -> Visit:
    """Give the visit that is being answered, where there must be one.

    Raises:
        LookupError: If no request is being answered: a mistake in the program.
    """
    return _visit.get()


@contextmanager
def visiting(guest: Visit) -> Iterator[None]:
    """Answer a visit, in its language."""
    token = _visit.set(guest)
    try:
        with speaking(guest.language):
            yield
    finally:
        _visit.reset(token)
