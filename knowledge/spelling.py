"""One phonetic key for a word in any script and any habit of spelling.

A word is first written in the national romanisation of Georgian (`latin`), whatever its script, then folded:
letters that residents confuse become one (ქ ყ კ k q; თ ტ t; ც წ c ts w; ხ kh x h). The tables are data:
``data/spelling/letters.yaml`` and ``endings.yaml``. The same keys serve places, services and intent words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.scripts import APOSTROPHES, Script, dominant_script, normalise

DATA = Path(__file__).parent / "data" / "spelling"

Joins = Literal["stem", "genitive", "any"]
VOWELS = "aeiou"


def read_table(name: str) -> Any:
    """Return the YAML table ``data/spelling/<name>.yaml``."""
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


@dataclass(frozen=True, slots=True)
class Ending:
    """A case ending or postposition as a key, and what it may be added to."""

    key: str
    latin: str
    joins: Joins
    locative: bool
    language: str
    clitic: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """One way to read a key: ``base`` followed by ``ending`` (None when nothing was taken off)."""

    base: str
    ending: Ending | None


_LETTERS: dict[str, Any] = read_table("letters")
_CAPITALS: dict[str, str] = _LETTERS["capitals"]
_AZ_MARKS = frozenset(_LETTERS["azerbaijani_marks"])
_AZ_SOUNDS = str.maketrans(_LETTERS["azerbaijani"])


def _diacritics() -> dict[str, str]:
    """Return the plain letter of each accented Latin or Cyrillic letter that no table names."""
    plain: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x400, 0x530), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base != chr(code):
            plain[chr(code)] = base
    return plain


_NAMED: dict[str, str] = {
    **_LETTERS["latin"],
    **_LETTERS["cyrillic"],
    **_LETTERS["armenian"],
    **_LETTERS["georgian"],
}
_TO_LATIN = str.maketrans(_NAMED)
_PLAIN = str.maketrans({char: base for char, base in _diacritics().items() if char not in _NAMED})
_APOSTROPHE = re.compile(rf"[{APOSTROPHES}]")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_DOUBLE = re.compile(r"([a-zčš])\1+")
_SOFT_Y = re.compile(r"(?<=[aeou])y(?=[aeiou])|y$")
_FOLDS = (
    ("tsh", "tš"), ("zh", "j"), ("ch", "č"), ("sh", "š"), ("kh", "x"), ("gh", "g"), ("ph", "p"), ("th", "t"),
    ("h", "x"), ("ts", "c"), ("tč", "č"), ("tc", "c"), ("dz", "z"), ("dj", "j"), ("zj", "j"),
    ("kx", "x"), ("sš", "š"),
)  # fmt: skip
_FOLDED = re.compile("|".join([_DOUBLE.pattern, *(letters for letters, _ in _FOLDS)]))
"""What no key has."""


@lru_cache(maxsize=32768)
def latin(word: str) -> str:
    """Return a word of any script in the national romanisation, lower case, without apostrophes.

    >>> latin("ლაგოდეხში"), latin("laRodexSi"), latin("Лагодехи")
    ('lagodekhshi', 'laghodekhshi', 'lagodekhi')
    """
    return _to_latin(normalise(_spell_capitals(word, first=False)))


def _spell_capitals(word: str, *, first: bool) -> str:
    """Write out the capitals of the Georgian keyboard; the first letter's only when ``first`` says so."""
    if word.islower() or word.isupper() or not word.isascii():
        return word
    head = _CAPITALS.get(word[0], word[0]) if first else word[:1]
    return head + "".join(_CAPITALS.get(char, char) for char in word[1:])


def _to_latin(text: str, *, azerbaijani: bool = False) -> str:
    """Write a normalised word in the national romanisation."""
    if "ւ" in text:
        text = text.replace("եւ", "ev").replace("ու", "u").replace("ւո", "u").replace("ւ", "u")
    if not text.isascii():
        text = text.translate(_PLAIN)
    if not (text.isascii() and text.isalpha()):
        text = _APOSTROPHE.sub("", text)
    text = text.replace("ch", "č")
    if azerbaijani or not _AZ_MARKS.isdisjoint(text):
        text = text.translate(_AZ_SOUNDS)
    if "y" in text:
        text = _SOFT_Y.sub("i", text.replace("iy", "i")).replace("y", "k")
    return _NOT_KEY.sub("", text.translate(_TO_LATIN)).replace("dzh", "j")


def fold(text: str) -> str:
    """Return the key of a word already written in the national romanisation."""
    while _FOLDED.search(text):
        text = _DOUBLE.sub(r"\1", text)
        for letters, sound in _FOLDS:
            text = text.replace(letters, sound)
    return text


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """Return the phonetic key of one word, whatever its script; digits are kept, signs dropped.

    >>> key("ლაგოდეხში") == key("lagodexshi") == key("lagodekhSi")
    True
    """
    return fold(latin(word))


@lru_cache(maxsize=16384)
def keys(word: str) -> tuple[str, ...]:
    """Return every plausible key of a word, the likeliest (`key`) first.

    A capital at the beginning may be the Georgian keyboard's (Silda is შილდა) and one inside a slip, a Latin
    word may follow Azerbaijani spelling (Qardabani is გარდაბანი) or have w for ვ, and Armenian ղ is ღ and ყ.
    """
    found = [key(word)]
    if word[:1] in _CAPITALS and not word.isupper():
        found.append(fold(_to_latin(normalise(_spell_capitals(word, first=True)))))
    plain = normalise(word)
    if not word.isupper() and not _CAPITALS.keys().isdisjoint(word[1:]):
        found.append(fold(_to_latin(plain)))
    if not _AZ_SOUNDS.keys().isdisjoint(map(ord, plain)):
        found.append(fold(_to_latin(plain, azerbaijani=True)))
    if "w" in plain or "ղ" in plain:
        found.append(fold(_to_latin(plain.replace("w", "v").replace("ղ", "ք"))))
    return tuple(dict.fromkeys(found))


def _read_endings() -> dict[Script, dict[str, tuple[Ending, ...]]]:
    """Return, for each script, the endings by their key; Latin letters may be Georgian or Azerbaijani."""
    table: dict[str, Any] = read_table("endings")
    clitics = table.pop("georgian_clitics")
    rows: dict[str, list[Ending]] = {
        language: [
            Ending(key(row["form"]), latin(row["form"]), row["joins"], row["locative"], language)
            for row in endings
        ]
        for language, endings in table.items()
    }
    rows["georgian"] += [
        replace(ending, key=ending.key + key(clitic), latin=ending.latin + latin(clitic), clitic=True)
        for ending in tuple(rows["georgian"])
        if ending.locative
        for clitic in clitics
    ]
    return {
        "georgian": _by_key(rows["georgian"]),
        "latin": _by_key([*rows["georgian"], *rows["azerbaijani"], *rows["english"]]),
        "cyrillic": _by_key([*rows["russian"], *rows["georgian"]]),
        "armenian": _by_key(rows["armenian"]),
        "other": {},
    }


def _by_key(endings: Iterable[Ending]) -> dict[str, tuple[Ending, ...]]:
    found: dict[str, tuple[Ending, ...]] = {}
    for ending in endings:
        found[ending.key] = (*found.get(ending.key, ()), ending)
    return found


_ENDINGS = _read_endings()
_LONGEST = max(len(name) for table in _ENDINGS.values() for name in table)


def endings_of(script: Script) -> tuple[Ending, ...]:
    """Return the endings that a word of ``script`` may carry, without those that only add a clitic."""
    return tuple(ending for group in _ENDINGS[script].values() for ending in group if not ending.clitic)


@lru_cache(maxsize=32768)
def analyses(word_key: str, script: Script) -> tuple[Analysis, ...]:
    """Return the readings of a key as base and ending, the whole word first.

    Folding hides a doubled letter (კაჭრეთთან), turns -თს into ც and -დზ- into ზ: all are undone here.
    """
    table = _ENDINGS[script]
    found = [Analysis(word_key, None)]
    for size in range(1, min(_LONGEST, len(word_key) - 2) + 1):
        tail = word_key[-size:]
        for ending in table.get(tail, ()):
            base = word_key[:-size]
            found.append(Analysis(base, ending))
            if tail[0] not in VOWELS:
                found.append(Analysis(base + tail[0], ending))
            if tail[0] == "z":
                found.append(Analysis(base + "d", ending))
    if word_key.endswith("c") and len(word_key) > 3:
        found.extend(Analysis(word_key[:-1] + "t", ending) for ending in table.get("s", ()))
    return tuple(found)


@lru_cache(maxsize=16384)
def stems(word: str, script: Script | None = None) -> tuple[str, ...]:
    """Return the candidate stems of a word (or of its key), the whole key first, without endings.

    ``script`` says which languages' endings to try; the word's own script by default.
    """
    found = [reading.base for reading in analyses(key(word), script or dominant_script(word))]
    found += [base[:-1] for base in found if len(base) > 3 and base[-1] in VOWELS]
    return tuple(dict.fromkeys(found))


def join(base: str, ending: str) -> str:
    """Return the key of a base with an ending: letters that meet are folded (კაჭრეთ-ს, ზუგდიდ-ზე)."""
    last, first = base[-1:], ending[:1]
    if last == first:
        return base + ending[1:]
    if (last, first) == ("t", "s"):
        return base[:-1] + "c" + ending[1:]
    return base[:-1] + ending if (last, first) == ("d", "z") else base + ending


def syncopated(stem: str) -> str | None:
    """Return a stem that loses its last vowel before a genitive: ყვარელ- is ყვარლ-, გარდაბან- is გარდაბნ-."""
    if len(stem) > 3 and stem[-1] in "lmnr" and stem[-2] in "aeo" and stem[-3] not in VOWELS:
        return stem[:-2] + stem[-1]
    return None
