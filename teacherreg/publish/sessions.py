"""Being logged in to a site: sessions kept here, and a brake on guessing.

A session is a random id in the reader's cookie; everything else stays in this process, so
logging out, changing a password, removing an account or restarting the site ends it for
good. Only the id's digest is kept: a memory dump opens no session.

The brake counts failed logins for each account and each address. It counts an attempt
before the password is tried, so that many at once cannot slip through.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from teacherreg.publish.accounts import Account, Accounts

HOURS_AT_MOST: Final = 10  # a working day
MINUTES_IDLE: Final = 120
MINUTES_REMEMBERED: Final = 15  # how long a failed login counts
FAILURES_OF_ACCOUNT: Final = 5
FAILURES_OF_ADDRESS: Final = 20
_MOST_KEYS = 10_000

Clock = Callable[[], float]


@dataclass
class _Session:
    account: str
    password: str
    ends_at: float
    idle_at: float


class Sessions:
    """The open sessions of one site."""

    def __init__(self, accounts: Accounts, clock: Clock = time.monotonic) -> None:
        self.accounts = accounts
        self._clock = clock
        self._open: dict[str, _Session] = {}

    def open(self, account: Account) -> str:
        """Begin a session; what comes back is the reader's secret."""
        now = self._clock()
        for key in [key for key, session in self._open.items() if _is_over(session, now)]:
            del self._open[key]
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = _Session(
            account.name, account.password, now + HOURS_AT_MOST * 3600, now + MINUTES_IDLE * 60
        )
        return token

    def account_of(self, token: str) -> Account | None:
        """Tell whose session it is; nobody's if it ended or the account changed since."""
        key = _digest(token)
        session = self._open.get(key)
        if session is None:
            return None
        now = self._clock()
        account = self.accounts.find(session.account)
        if _is_over(session, now) or account is None or account.password != session.password:
            del self._open[key]
            return None
        session.idle_at = now + MINUTES_IDLE * 60
        return account

    def close(self, token: str) -> None:
        """End a session."""
        self._open.pop(_digest(token), None)


class Brake:
    """Slows down guessing."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}

    def minutes_to_wait(self, account: str, address: str) -> int:
        """Tell how long this account or this address must wait; 0 where it need not."""
        return max(
            self._minutes(f"account {account}", FAILURES_OF_ACCOUNT),
            self._minutes(f"address {network_of(address)}", FAILURES_OF_ADDRESS),
        )

    def count(self, account: str, address: str) -> None:
        """Count an attempt as failed until `forgive` says otherwise."""
        if len(self._failures) > _MOST_KEYS:
            self._forget_old()
        for key in (f"account {account}", f"address {network_of(address)}"):
            self._failures.setdefault(key, deque(maxlen=FAILURES_OF_ADDRESS)).append(self._clock())

    def forgive(self, account: str, address: str) -> None:
        """Take an attempt back: the password was right."""
        self._failures.pop(f"account {account}", None)
        failures = self._failures.get(f"address {network_of(address)}")
        if failures:
            failures.pop()

    def _minutes(self, key: str, most: int) -> int:
        failures = self._failures.get(key)
        if not failures:
            return 0
        since = self._clock() - MINUTES_REMEMBERED * 60
        while failures and failures[0] <= since:
            failures.popleft()
        if not failures:
            del self._failures[key]
            return 0
        if len(failures) < most:
            return 0
        return max(1, math.ceil((failures[-most] - since) / 60))

    def _forget_old(self) -> None:
        since = self._clock() - MINUTES_REMEMBERED * 60
        self._failures = {key: f for key, f in self._failures.items() if f and f[-1] > since}


def network_of(address: str) -> str:
    """Give what counts as one address: of IPv6, a household's whole network.

    Example:
        >>> network_of("2001:db8:0:1:aaaa::1")
        '2001:db8:0:1::/64'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _is_over(session: _Session, now: float) -> bool:
    return now >= session.ends_at or now >= session.idle_at


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
