"""Which passwords may be chosen."""

from __future__ import annotations

import threading

import pytest

from desk.accounts import passwords
from desk.accounts.passwords import BadPassword


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("nine signs", None),
        ("გრძელი სიტყვა", None),
        ("too short", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaabbb", "plain"),
        ("QwertyUiop", "common"),
        ("მეზობელი123", "common"),
        ("Nino Beridze", "own_name"),
        ("nino@example.org", "own_name"),
    ],
)
def test_what_is_quickly_guessed_is_refused(password: str, code: str | None) -> None:
    if code is None:
        passwords.check(password, "Nino Beridze", "nino@example.org")
        return
    with pytest.raises(BadPassword) as refused:
        passwords.check(password, "Nino Beridze", "nino@example.org")
    assert refused.value.code == code


def test_a_hash_matches_its_password_only() -> None:
    kept = passwords.hashed("nine green bottles")
    assert passwords.matches(kept, "nine green bottles")
    assert not passwords.matches(kept, "Nine green bottles")
    assert not passwords.matches(None, "the password of an account that does not exist")
    assert not passwords.matches("nonsense", "nine green bottles")


def test_only_so_many_hash_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    together, most, lock = 0, 0, threading.Lock()
    meeting = threading.Event()

    class Slow:
        def hash(self, _password: str) -> str:
            nonlocal together, most
            with lock:
                together += 1
                most = max(most, together)
            meeting.wait(0.02)
            with lock:
                together -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE
