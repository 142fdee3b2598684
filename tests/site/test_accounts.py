"""Accounts: what is kept, who may read it, and what a password costs."""

import json
import stat
import time
from pathlib import Path

import pytest

from teacherreg.errors import PublishError, UsageError
from teacherreg.publish import accounts as module
from teacherreg.publish.accounts import Accounts, is_right, key_of, record

PASSWORD = "correct horse 42"


def test_the_file_is_for_its_owner_only_and_holds_no_password(tmp_path: Path) -> None:
    Accounts(tmp_path).add("李领导", ("leader",), PASSWORD)
    path = tmp_path / "accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text(encoding="utf-8")
    assert [child.name for child in tmp_path.iterdir()] == ["accounts.json"]


def test_an_account_is_found_as_a_person_types_its_name(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.add(" Ｌｉ Wei ", ("leader", "leader"), PASSWORD)
    found = accounts.find("li wei")
    assert found is not None
    assert (found.name, found.roles) == ("Li Wei", ("leader",))
    assert accounts.find("li  wei") is None


def test_two_passwords_that_are_alike_are_not_kept_alike(tmp_path: Path) -> None:
    assert record(PASSWORD) != record(PASSWORD)


def test_only_the_right_password_is_right(tmp_path: Path) -> None:
    account = Accounts(tmp_path).add("a", ("leader",), PASSWORD)
    assert is_right(PASSWORD, account)
    assert not is_right(PASSWORD + " ", account)
    assert not is_right("", account)
    assert not is_right(PASSWORD, None)


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    here, there = Accounts(tmp_path), Accounts(tmp_path)
    here.add("a", ("leader",), PASSWORD)
    assert there.find("a") is not None
    here.remove("A")
    assert there.find("a") is None
    assert there.all() == ()


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        pytest.param("", PASSWORD, "account-name", id="no name"),
        pytest.param("a\u200bb", PASSWORD, "account-name", id="a character that cannot be seen"),
        pytest.param("x" * 41, PASSWORD, "account-name", id="too long a name"),
        pytest.param("a", "short", "password-length", id="too short a password"),
        pytest.param("a", "x" * 201, "password-length", id="too long a password"),
        pytest.param("a", "aaaaaaaaaaaa", "password-simple", id="one character over and over"),
    ],
)
def test_names_and_passwords_that_cannot_be_used_are_refused(
    tmp_path: Path, name: str, password: str, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        Accounts(tmp_path).add(name, ("leader",), password)
    assert caught.value.code == code
    assert not (tmp_path / "accounts.json").exists()


def test_an_account_is_added_once(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.add("a", ("leader",), PASSWORD)
    with pytest.raises(PublishError, match="already"):
        accounts.add("A", ("discipline",), PASSWORD)
    for change in (accounts.remove, lambda name: accounts.change_password(name, PASSWORD)):
        with pytest.raises(PublishError, match="no account b"):
            change("b")


@pytest.mark.parametrize("text", ["", "[]", '{"accounts": {"a": {}}}', "{", '{"accounts": []}'])
def test_a_broken_file_is_an_error_and_never_an_open_door(tmp_path: Path, text: str) -> None:
    (tmp_path / "accounts.json").write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match="cannot be read"):
        Accounts(tmp_path).all()


def test_a_record_that_somebody_shortened_is_a_broken_file(tmp_path: Path) -> None:
    Accounts(tmp_path).add("a", ("leader",), PASSWORD)
    path = tmp_path / "accounts.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["accounts"]["a"]["password"] = "scrypt$16"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PublishError, match="cannot be read"):
        Accounts(tmp_path).all()


def test_names_are_folded_alike() -> None:
    assert key_of(" ＡＢＣ ") == key_of("abc") == "abc"


def test_a_password_costs_what_the_advice_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """OWASP, Password Storage Cheat Sheet: scrypt with N=2^15, r=8, p=3."""
    monkeypatch.undo()
    assert module.COST == (32768, 8, 3)
    method, n, r, p, salt, key = record(PASSWORD).split("$")
    assert (method, n, r, p) == ("scrypt", "32768", "8", "3")
    assert (len(salt), len(key)) == (32, 64)


def test_an_unknown_name_costs_as_much_as_a_known_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    account = Accounts(tmp_path).add("a", ("leader",), PASSWORD)

    def seconds(whose: module.Account | None) -> float:
        start = time.perf_counter()
        is_right("wrong password", whose)
        return time.perf_counter() - start

    known = min(seconds(account) for _ in range(3))
    unknown = min(seconds(None) for _ in range(3))
    assert 0.5 < unknown / known < 2
