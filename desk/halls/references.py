"""The short name of a booking, such as K7-3F2: said on the telephone and typed on any keyboard.

Letters without vowels (no words come out), without 0 1 I L O, and without B S Y Z, which look like 8 5 V 2.
It begins with a letter and a digit, so it is never taken for a time or a date.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LETTERS = "CDFGHJKMNPRTVWX"
DIGITS = "23456789"
_ALL = LETTERS + DIGITS
_LOOKALIKES = str.maketrans("BSZСКМНРТХ", "852CKMHPTX")
_SIGNS = re.compile(r"[\s\-‐‑–—_.]+")
_SHAPE = re.compile(f"[{LETTERS}][{DIGITS}][{_ALL}]{{3}}")


_choice: ContextVar[Callable[[str], str]] = ContextVar("choice", default=secrets.choice)


def fresh() -> str:
    """A new reference, out of 1.46 million; the database says whether somebody has it."""
    choose = _choice.get()
    return f"{choose(LETTERS)}{choose(DIGITS)}-{''.join(choose(_ALL) for _ in range(3))}"


@contextmanager
def drawn_by(choose: Callable[[str], str]) -> Iterator[None]:
    """References that come out the same each time, for transcripts."""
    token = _choice.set(choose)
    try:
        yield
    finally:
        _choice.reset(token)


def read(text: str) -> str | None:
    """The reference that somebody typed, in its one form; None where the text is not one.

    >>> read("k7 3f2"), read("К7-3F2"), read("15:30")
    ('K7-3F2', 'K7-3F2', None)
    """
    bare = _SIGNS.sub("", text.strip()).upper().translate(_LOOKALIKES)
    return f"{bare[:2]}-{bare[2:]}" if _SHAPE.fullmatch(bare) else None
