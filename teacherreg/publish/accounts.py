"""Who may log in to a published site, and with which roles.

The accounts stand in ``accounts.json`` in the site's folder, readable by its owner only.
A password is kept as an scrypt record, never as itself. The file is read again whenever
it changes, so a changed password or a removed account counts at once, also for people
who are logged in. What happens at a login is `sessions`' work.
"""

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from teacherreg.errors import PublishError, UsageError

FILE: Final = "accounts.json"
ROLES: Final = ("leader", "discipline")
SHORTEST_PASSWORD: Final = 10  # characters
LONGEST_PASSWORD: Final = 200
LONGEST_NAME: Final = 40

# 32 MiB and three passes: OWASP's password storage sheet lists this among its equals.
COST: Final = (1 << 15, 8, 3)
_MEMORY = 64 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """A person who may log in."""

    name: str
    roles: tuple[str, ...]
    password: str
    changed_at: str


class Accounts:
    """The accounts of one site.

    Args:
        folder: The site's folder; it need not hold an accounts file yet.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._accounts: dict[str, Account] = {}

    def all(self) -> tuple[Account, ...]:
        """Give every account, by name.

        Raises:
            PublishError: If the file is there and cannot be read.
        """
        return tuple(sorted(self._read().values(), key=lambda account: account.name))

    def find(self, name: str) -> Account | None:
        """Find an account as a person types its name: case and width do not matter."""
        return self._read().get(key_of(name))

    def add(self, name: str, roles: tuple[str, ...], password: str) -> Account:
        """Add an account.

        Raises:
            UsageError: If the name or password cannot be used.
            PublishError: If there is such an account.
        """
        shown = checked_name(name)
        checked_password(password)
        if not roles:
            raise UsageError("account-role", roles=", ".join(ROLES))
        accounts = dict(self._read())
        if key_of(shown) in accounts:
            raise PublishError("account-exists", name=shown)
        account = Account(shown, tuple(dict.fromkeys(roles)), record(password), _now())
        self._write({**accounts, key_of(shown): account})
        return account

    def remove(self, name: str) -> None:
        """Remove an account; whoever is logged in with it is out at once.

        Raises:
            PublishError: If there is no such account.
        """
        accounts = dict(self._read())
        del accounts[key_of(self.known(name).name)]
        self._write(accounts)

    def change_password(self, name: str, password: str) -> None:
        """Give an account a new password; its open sessions end at once.

        Raises:
            UsageError: If the password cannot be used.
            PublishError: If there is no such account.
        """
        account = self.known(name)
        checked_password(password)
        changed = Account(account.name, account.roles, record(password), _now())
        self._write({**self._read(), key_of(account.name): changed})

    def known(self, name: str) -> Account:
        """Find an account that must be there.

        Raises:
            PublishError: If there is none of that name.
        """
        account = self.find(name)
        if account is None:
            raise PublishError("account-unknown", name=name)
        return account

    def _read(self) -> dict[str, Account]:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._seen, self._accounts = None, {}
            return self._accounts
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if state != self._seen:
            self._accounts = _parsed(self.path)
            self._seen = state
        return self._accounts

    def _write(self, accounts: dict[str, Account]) -> None:
        document = {
            "accounts": {
                account.name: {
                    "roles": list(account.roles),
                    "password": account.password,
                    "changed_at": account.changed_at,
                }
                for account in accounts.values()
            }
        }
        draft = self.path.with_name(f".{FILE}.{os.getpid()}")
        # Created with its mode: there is no moment in which others can read it.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
        draft.replace(self.path)
        self._seen = None


def key_of(name: str) -> str:
    """Fold a name to what it is looked up by."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    """Give a name as it will be shown.

    Raises:
        UsageError: If it is empty, too long or holds characters that cannot be seen.
    """
    shown = unicodedata.normalize("NFKC", name).strip()
    unseen = any(unicodedata.category(letter)[0] == "C" for letter in shown)
    if not shown or len(shown) > LONGEST_NAME or unseen:
        raise UsageError("account-name", most=LONGEST_NAME)
    return shown


def checked_password(password: str) -> None:
    """Refuse a password that is too easy to guess.

    Raises:
        UsageError: If it is too short, too long or one character over and over.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError("password-length", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if len(set(password)) < SHORTEST_PASSWORD // 2:
        raise UsageError("password-simple")


def record(password: str) -> str:
    """Turn a password into what is kept: method, cost, salt and key."""
    salt = secrets.token_bytes(16)
    return "$".join(("scrypt", *map(str, COST), salt.hex(), _key(password, salt, COST).hex()))


def is_right(password: str, account: Account | None) -> bool:
    """Tell whether a password is an account's.

    It takes as long for an account that does not exist, so that time does not tell which
    names exist. It takes a tenth of a second or more: never call it on an event loop.
    """
    salt, cost, key = _parts(account.password if account else _NOBODY)
    return hmac.compare_digest(_key(password, salt, cost), key) and account is not None


def _parts(kept: str) -> tuple[bytes, tuple[int, int, int], bytes]:
    _, n, r, p, salt, key = kept.split("$")
    return bytes.fromhex(salt), (int(n), int(r), int(p)), bytes.fromhex(key)


def _key(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    text = unicodedata.normalize("NFC", password).encode()
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _parsed(path: Path) -> dict[str, Account]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = [
            Account(name, tuple(entry["roles"]), entry["password"], entry.get("changed_at", ""))
            for name, entry in document["accounts"].items()
        ]
        for account in found:
            _parts(account.password)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError("accounts-unreadable", path=path) from error
    return {key_of(account.name): account for account in found}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_NOBODY = "$".join(("scrypt", *map(str, COST), secrets.token_hex(16), secrets.token_hex(32)))
