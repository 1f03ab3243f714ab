"""Purposes that look forbidden: flagged for staff, never refused by a machine.

"Not for political parties, political agitation, religious or other indoctrination"
(http://centri.gov.ge/en/terms). The words are data: ``data/purposes.yaml``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import yaml

from knowledge.scripts import Script, Word, words
from knowledge.spelling import key, keys

Suspicion = Literal["party", "election", "agitation", "religion"]

_DATA = Path(__file__).parent / "data" / "purposes.yaml"
_SCRIPTS: dict[str, frozenset[Script]] = {
    "ka": frozenset({"georgian", "latin", "cyrillic"}),
    "en": frozenset({"latin"}),
    "ru": frozenset({"cyrillic"}),
    "az": frozenset({"latin"}),
    "hy": frozenset({"armenian"}),
}

_Phrase = tuple[tuple[str, bool], ...]
"""A run of words: the key of each, and whether it is only the beginning of one."""


def suspicions(subject: str) -> list[Suspicion]:
    """Why staff should look at that subject; empty for nearly all.

    >>> suspicions("beekeeping training"), suspicions("პარტიის წევრების შეხვედრა")
    ([], ['party'])
    """
    spoken = words(subject)
    return [
        suspicion
        for suspicion, phrases in _table().items()
        if any(_said(phrase, scripts, spoken) for scripts, phrase in phrases)
    ]


@lru_cache(maxsize=1)
def _table() -> dict[Suspicion, list[tuple[frozenset[Script], _Phrase]]]:
    with _DATA.open(encoding="utf-8") as file:
        raw = cast(dict[Suspicion, dict[str, list[str]]], yaml.safe_load(file))
    return {
        suspicion: [
            (_SCRIPTS[language], _phrase(text)) for language, texts in by_language.items() for text in texts
        ]
        for suspicion, by_language in raw.items()
    }


def _phrase(text: str) -> _Phrase:
    return tuple((key(word.rstrip("*")), word.endswith("*")) for word in text.split())


def _said(phrase: _Phrase, scripts: frozenset[Script], spoken: tuple[Word, ...]) -> bool:
    runs = (spoken[at : at + len(phrase)] for at in range(len(spoken) - len(phrase) + 1))
    return any(
        all(
            word.script in scripts and _is(word, wanted, opens)
            for word, (wanted, opens) in zip(run, phrase, strict=True)
        )
        for run in runs
    )


def _is(word: Word, wanted: str, opens: bool) -> bool:
    return any(found.startswith(wanted) if opens else found == wanted for found in keys(word.raw))
