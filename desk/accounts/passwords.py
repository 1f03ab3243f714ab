"""Passwords: which may be chosen, and their argon2id hashes.

A hash takes 64 MB and a tenth of a second (RFC 9106, second recommended option), so that guessing is dear; for the
same reason only so many are made at a time. Never hash within a transaction: others would wait for it to write.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
"""Characters of a password. Length protects; signs of several kinds are not asked for (NIST SP 800-63B)."""

AT_ONCE = 2
"""Hashes made at the same time in one process: 64 MB each."""

_COMMON = Path(__file__).parent / "data" / "common_passwords.yaml"
_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)


class BadPassword(ValueError):
    """The password may not be chosen; ``code`` says why: short, long, plain, common or own_name."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the password is not good enough: {code}")
        self.code = code


def check(password: str, *names: str) -> None:
    """Raises BadPassword for what is quickly guessed; ``names`` are the member's own name and mail address."""
    small = password.casefold()
    if len(password) < SHORTEST:
        raise BadPassword("short")
    if len(password) > LONGEST:
        raise BadPassword("long")
    if len(set(small)) < 4:
        raise BadPassword("plain")
    if small in _common():
        raise BadPassword("common")
    if any(name and small in {name.casefold(), *name.casefold().split()} for name in names):
        raise BadPassword("own_name")


def hashed(password: str) -> str:
    """The argon2id hash, with its salt and parameters. Takes a tenth of a second, more while others hash."""
    with _turns:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether that is the password. Takes as long where there is none: nobody learns who has an account."""
    known = kept or _nobodys()
    if len(password) > LONGEST:
        return False
    try:
        with _turns:
            return _hasher.verify(known, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of an account that does not exist")


@cache
def _common() -> frozenset[str]:
    with _COMMON.open(encoding="utf-8") as file:
        return frozenset(str(one).casefold() for one in yaml.safe_load(file))
