"""Letters and words: which script a text is written in, and where its words begin and end.

Nothing here knows a language; `knowledge.spelling` does. Offsets always refer to the text as it was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Script = Literal["georgian", "latin", "cyrillic", "armenian", "other"]
"""The scripts that residents write; digits, signs and every other letter are ``other``."""

_RANGES: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x005A, "latin"),
    (0x0061, 0x007A, "latin"),
    (0x00AA, 0x00AA, "latin"),
    (0x00BA, 0x00BA, "latin"),
    (0x00C0, 0x00D6, "latin"),
    (0x00D8, 0x00F6, "latin"),
    (0x00F8, 0x02AF, "latin"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0531, 0x0556, "armenian"),
    (0x0561, 0x0588, "armenian"),
    (0x10A0, 0x10FA, "georgian"),
    (0x10FD, 0x10FF, "georgian"),
    (0x1C80, 0x1C8F, "cyrillic"),
    (0x1C90, 0x1CBF, "georgian"),
    (0x1E00, 0x1EFF, "latin"),
    (0x2D00, 0x2D2D, "georgian"),
    (0xFB13, 0xFB17, "armenian"),
    (0xFF21, 0xFF3A, "latin"),
    (0xFF41, 0xFF5A, "latin"),
)

APOSTROPHES = "'’‘ʼʻʹˈ`´′＇"
"""Signs that people write for the apostrophe of k'akheti."""

TONES = "\u055b\u055c\u055e"
"""Armenian sets the marks of stress, call and question inside the word: աշխատո՞ւմ է."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(
    rf"[^\W_](?:[^\W_]|[{_MARKS}{_INVISIBLE}{TONES}]|[{APOSTROPHES}](?=[^\W_]))*",
)

# Letters that have one form only but for capitals: nearly everything that people write.
_ONE_FORM: dict[Script, str] = {
    "georgian": "\u10d0-\u10fa",
    "latin": "A-Za-z",
    "cyrillic": "\u0410-\u044f",
    "armenian": "\u0531-\u0556\u0561-\u0586",
}
_OF_ONE_FORM = re.compile(f"[{''.join(_ONE_FORM.values())}]+")
_OF_ONE_SCRIPT = tuple((script, re.compile(f"[{letters}]+")) for script, letters in _ONE_FORM.items())

# The older Georgian alphabets, letter for letter, and what must vanish.
_FOLD_LETTERS: dict[int, int | None] = {
    **{0x10A0 + i: 0x10D0 + i for i in range(0x26)},
    **{0x2D00 + i: 0x10D0 + i for i in range(0x26)},
    **{ord(char): None for char in _INVISIBLE + TONES},
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    ``raw`` is the word as written, ``text`` its normalised form; ``start`` and ``end`` are offsets into
    the text as given. Capitals survive in ``raw`` only: in laRodexi they tell ღ from რ.
    """

    text: str
    start: int
    end: int
    script: Script
    raw: str


@lru_cache(maxsize=4096)
def script_of(char: str) -> Script:
    """Return the script of one character."""
    code = ord(char)
    for first, last, script in _RANGES:
        if first <= code <= last:
            return script
    return "other"


def dominant_script(text: str) -> Script:
    """Return the script of most letters of ``text``; ``other`` when it has none that we know."""
    for script, letters in _OF_ONE_SCRIPT:
        if letters.fullmatch(text):
            return script
    counts: Counter[Script] = Counter(map(script_of, text))
    del counts["other"]
    return max(counts, key=lambda script: counts[script]) if counts else "other"


def normalise(text: str) -> str:
    """Return ``text`` in one form of each letter: compatibility forms, capitals and invisible signs go.

    Georgian capitals (Mtavruli) become Mkhedruli. The tones of Armenian go. Marks that belong to a letter stay;
    loose ones are dropped.
    """
    if text.isascii() or _OF_ONE_FORM.fullmatch(text):
        return text.lower()
    folded = unicodedata.normalize("NFKC", text.translate(_FOLD_LETTERS)).casefold()
    folded = unicodedata.normalize("NFKC", folded.translate(_FOLD_LETTERS))
    return "".join(char for char in folded if not unicodedata.combining(char))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of ``text`` in order.

    A hyphen separates words; an apostrophe between letters does not (k'ak'heti is one word).
    """
    return tuple(
        Word(normalise(raw), found.start(), found.end(), _script_of_word(raw), raw)
        for found in _WORD.finditer(text)
        for raw in (found.group(),)
    )


_script_of_word = lru_cache(maxsize=8192)(dominant_script)
