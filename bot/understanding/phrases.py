"""The labelled phrases: what people write and what they mean by it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.scripts import words
from knowledge.taught import keys_of
from knowledge.types import Locale

DATA = Path(__file__).parents[1] / "data"
PHRASES = DATA / "phrases"

COMMON_FROM = 2
"""In so many phrases that name no place a word must stand to be an ordinary word."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A labelled text of the phrase files; ``place`` is an English name, ``service`` a slug."""

    text: str
    intent: str
    locale: Locale
    place: str | None = None
    service: str | None = None


def read_phrases(path: Path) -> list[Phrase]:
    """The phrases of one JSONL file or of every file in a folder. The file's name is the language."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [_phrase(json.loads(line), file.stem) for file in files for line in _lines(file)]


def _lines(file: Path) -> Iterable[str]:
    return (line for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def _phrase(row: dict[str, str], stem: str) -> Phrase:
    locale = row.get("language") or stem
    if locale == "ka" and not any("ა" <= char <= "ჰ" for char in row["text"]):
        locale = "ka-Latn"
    return Phrase(row["text"], row["intent"], locale, row.get("place"), row.get("service"))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The keys of the words that people use when they name no place; no misspelt village is looked for in them."""
    counts: Counter[str] = Counter()
    for keys, _ in _without_place():
        counts.update(set(keys.split()))
    return frozenset(word for word, count in counts.items() if count >= COMMON_FROM)


@lru_cache(maxsize=1)
def remembered() -> Mapping[str, str]:
    """What the phrases without a place mean, by the keys of their words; without those of two meanings."""
    meant: dict[str, set[str]] = defaultdict(set)
    for keys, intent in _without_place():
        meant[keys].add(intent)
    return {keys: next(iter(intents)) for keys, intents in meant.items() if len(intents) == 1}


@lru_cache(maxsize=1)
def _without_place() -> tuple[tuple[str, str], ...]:
    """The keys and the intent of every phrase that names no place."""
    return tuple(
        (keys_of(words(phrase.text)), phrase.intent) for phrase in read_phrases(PHRASES) if phrase.place is None
    )
