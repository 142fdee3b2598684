"""Serving a published site: Datasette with our plugins, on uvicorn.

The site's databases are opened read-only and as changeable files, so that ``publish`` can
refresh them under a running server. Neither Datasette nor uvicorn writes a log of requests:
what leaders search for is nobody's business, and a search may hold an ID number.
"""

import asyncio
import errno
import ipaddress
import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

from teacherreg.errors import PublishError
from teacherreg.locale import language, t
from teacherreg.publish.accounts import ROLES, Account, Accounts
from teacherreg.publish.served import OVERVIEW, ROLE_OF_ROOM
from teacherreg.shipped import shipped

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8001
PLUGINS: Final = "plugins"


class _QuietDatabase(Database):  # type: ignore[misc]
    """A database that does not write failed statements, with their values, to the log."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return await super().execute(*args, **{**kwargs, "log_sql_errors": False})


def open_site(folder: Path) -> Any:
    """Make the application that serves a published site.

    Args:
        folder: What ``publish`` wrote.

    Returns:
        A ``datasette.app.Datasette``, its start-up hooks not yet run.

    Raises:
        PublishError: If the folder is missing or is no site, or its accounts are unreadable.
    """
    if not folder.is_dir():
        raise PublishError("site-missing", folder=folder)
    if not all((folder / name).is_file() for name in (f"{OVERVIEW}.db", "site.json")):
        raise PublishError("not-a-site", folder=folder)
    Accounts(folder).all()
    site = Datasette(files=[], settings=_settings(folder), plugins_dir=str(shipped(PLUGINS)))
    site.remove_database("_memory")
    for room in (OVERVIEW, *ROLE_OF_ROOM):
        path = folder / f"{room}.db"
        if path.is_file():
            site.add_database(_QuietDatabase(site, str(path), is_mutable=True), name=room)
    return site


def _settings(folder: Path) -> dict[str, Any]:
    """Read the site's settings; what would open a door is shut whatever they say."""
    path = folder / "settings.json"
    chosen = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    shut = ("default_allow_sql", "allow_download", "template_debug", "trace_debug")
    return {**chosen, **dict.fromkeys(shut, False)}


def serve(
    folder: Path,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    say: Callable[[str], None] = print,
) -> None:
    """Serve a published site until somebody stops it.

    Args:
        folder: What ``publish`` wrote.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        say: Takes the lines that say where the site is and who may log in.

    Raises:
        PublishError: If there is no site, or the address cannot be listened on.
    """
    site = open_site(folder)
    with listening(host, port) as door:
        for line in announcement(folder, host, door.getsockname()[1]):
            say(line)
        # Ctrl-C: uvicorn has let open requests finish, then raises it again.
        with suppress(KeyboardInterrupt):
            asyncio.run(_run(server_of(site), site, door))
    say(t("site.serving-stopped"))


def server_of(site: Any) -> uvicorn.Server:
    """Make the server of an application: no log of requests, no word about itself."""
    config = uvicorn.Config(
        site.app(),
        access_log=False,
        lifespan="on",
        log_level="warning",
        # Whose word on a reader's address to take is for the administrator to say.
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
        server_header=False,
        timeout_graceful_shutdown=5,
        ws="none",
    )
    return uvicorn.Server(config)


async def _run(server: uvicorn.Server, site: Any, door: socket.socket) -> None:
    # Before the first request: Datasette itself starts up during it, and a second one that
    # comes meanwhile fails.
    await site.invoke_startup()
    await server.serve(sockets=[door])


def listening(host: str, port: int) -> socket.socket:
    """Take the port, before anything is said about it.

    Raises:
        PublishError: If it is taken, needs rights we lack, or the host is not ours.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
    except OSError as error:
        raise PublishError("host-not-ours", host=host) from error
    # With the protocol named, answers are not held back to be sent together (TCP_NODELAY).
    door = socket.socket(family, kind, protocol)
    if os.name == "posix":
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
        door.listen(128)
    except OSError as error:
        door.close()
        code = _REASONS.get(error.errno or 0, "host-not-ours")
        raise PublishError(code, host=host, port=port, next=port + 1) from error
    return door


_REASONS: Final = {errno.EADDRINUSE: "port-taken", errno.EACCES: "port-denied"}


def announcement(folder: Path, host: str, port: int) -> list[str]:
    """Say where the site is and who may log in."""
    shown = socket.gethostname() if host in {"0.0.0.0", "::", ""} else host  # noqa: S104
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
    lines = [t("site.serving-at", address=address)]
    accounts = Accounts(folder).all()
    if accounts:
        lines.append(t("site.serving-accounts"))
    for account in accounts:
        lines.append(t("site.serving-account", name=account.name, roles=roles_of(account)))
    if not accounts:
        lines.append(t("site.serving-no-account", folder=folder))
    if not _is_private(host):
        lines.append(t("site.serving-open"))
    return [*lines, t("site.serving-stop")]


def roles_of(account: Account) -> str:
    """Say in words what an account may read."""
    comma = "、" if language() == "zh" else ", "
    return comma.join(t(f"site.role-{role}") for role in account.roles if role in ROLES)


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
