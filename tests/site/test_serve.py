"""Serving a site: what is said, what is refused, and how it ends."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from teacherreg.cli import main
from teacherreg.errors import PublishError
from teacherreg.publish.accounts import Accounts
from teacherreg.publish.serve import announcement, listening, open_site
from tests.site.conftest import LEADER, PASSWORD, make_site

ENGLISH = {**os.environ, "TEACHERREG_LANG": "en"}
COMMAND = [sys.executable, "-c", "from teacherreg.cli import main; main()"]


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program as its entry point does, in this process."""

    def ended(*arguments: str, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["teacherreg", "--lang", "en", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as caught:
            main()
        printed = capsys.readouterr()
        return Ended(int(caught.value.code or 0), printed.out, printed.err)

    return ended


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site")


def test_a_folder_that_is_missing_or_no_site_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no site folder"):
        open_site(tmp_path / "nowhere")
    with pytest.raises(PublishError, match="not a published site"):
        open_site(tmp_path)


def test_it_says_that_there_is_no_account_and_how_to_add_one(bare: Path) -> None:
    lines = announcement(bare, "127.0.0.1", 8001)
    assert lines[0] == "The site is up: http://127.0.0.1:8001/"
    assert f"teacherreg accounts {bare} add NAME --role leader" in lines[1]


def test_it_says_who_may_log_in(folder: Path) -> None:
    lines = announcement(folder, "127.0.0.1", 8001)
    assert lines[1] == "Who may log in:"
    assert "  李领导: leader (teachers)" in lines
    assert not [line for line in lines if "unencrypted" in line]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "bureau.test"])
def test_it_warns_where_passwords_travel_open(bare: Path, host: str) -> None:
    assert [line for line in announcement(bare, host, 8001) if "unencrypted" in line]


def test_a_taken_port_is_an_error_that_offers_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PublishError, match=f"Port {port} is taken") as caught:
            listening("127.0.0.1", port)
        assert f"--port {port + 1}" in caught.value.hint


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_ours_is_an_error(host: str) -> None:
    with pytest.raises(PublishError, match="not an address of this machine"):
        listening(host, 0)


def test_settings_cannot_open_what_must_stay_shut(bare: Path) -> None:
    (bare / "settings.json").write_text('{"default_allow_sql": true, "allow_download": true}')
    site = open_site(bare)
    assert not site.setting("default_allow_sql")
    assert not site.setting("allow_download")
    assert sorted(site.databases) == ["_internal", "conduct", "overview", "staff"]


def test_accounts_are_kept_from_the_command_line(bare: Path, run: Run) -> None:
    folder = str(bare)
    added = run(
        "accounts", folder, "add", "李领导", "--role", "leader", "--role", "discipline",
        "--password-stdin", typed=PASSWORD + "\n",
    )  # fmt: skip
    assert (added.code, added.err) == (0, "")
    assert added.out == "Added account 李领导: leader (teachers), discipline (conduct)\n"
    assert PASSWORD not in (bare / "accounts.json").read_text(encoding="utf-8")
    listed = run("accounts", folder, "list")
    assert listed.out == "李领导: leader (teachers), discipline (conduct)\n"
    changed = run(
        "accounts", folder, "password", "李领导", "--password-stdin", typed="another 4321\n"
    )
    assert changed.code == 0
    again = run(
        "accounts", folder, "add", "李领导", "--role", "leader", "--password-stdin", typed=PASSWORD
    )
    assert (again.code, len(again.err.splitlines())) == (1, 2)
    assert run("accounts", folder, "remove", "李领导").code == 0
    assert run("accounts", folder, "list").out == "There is no account yet.\n"
    assert run("accounts", folder, "remove", "李领导").code == 1


def test_a_password_is_asked_for_only_where_somebody_can_answer(bare: Path, run: Run) -> None:
    asked = run("accounts", str(bare), "add", "a", "--role", "leader")
    assert asked.code == 2
    assert "--password-stdin" in asked.err
    short = run(
        "accounts", str(bare), "add", "a", "--role", "leader", "--password-stdin", typed="x"
    )
    assert short.code == 2
    assert "10 to 200" in short.err


@pytest.mark.parametrize("command", [["serve"], ["accounts"]])
def test_a_wrong_folder_is_one_or_two_lines(tmp_path: Path, run: Run, command: list[str]) -> None:
    tail = ["list"] if command == ["accounts"] else []
    for folder in (tmp_path, tmp_path / "nowhere"):
        refused = run(*command, str(folder), *tail)
        assert refused.code == 1
        assert 1 <= len(refused.err.splitlines()) <= 2
        assert refused.out == ""


def test_a_taken_port_is_one_or_two_lines(bare: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = run("serve", str(bare), "--port", str(other.getsockname()[1]))
    assert refused.code == 1
    assert 1 <= len(refused.err.splitlines()) <= 2


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_the_server_serves_logs_nothing_and_ends_with_ctrl_c(bare: Path) -> None:
    Accounts(bare).add(LEADER, ("leader",), PASSWORD)
    command = [*COMMAND, "serve", str(bare), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENGLISH
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        address = server.stdout.readline().removeprefix("The site is up: ").strip()
        assert address.startswith("http://127.0.0.1:")
        answer = httpx.get(address, timeout=20)
        assert answer.status_code == 200
        assert "server" not in answer.headers
        for path in ("nothing", "staff", "overview/school_gaps?school__exact=640199198001010012"):
            httpx.get(address + path, timeout=20)
        server.send_signal(signal.SIGINT)
        start = time.monotonic()
        rest, errors = server.communicate(timeout=20)
        assert time.monotonic() - start < 10
    assert server.returncode == 0
    assert rest.splitlines()[-1] == "The site has stopped."
    assert errors == ""
    assert "640199" not in rest


def test_answers_are_not_held_back_to_be_sent_together() -> None:
    with listening("127.0.0.1", 0) as door:
        # asyncio sets TCP_NODELAY on the connections of a socket that names its protocol.
        assert door.proto == socket.IPPROTO_TCP
