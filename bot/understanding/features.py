"""What a classifier sees of a text: words by their phonetic key, pieces of words, pairs, and found slots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from knowledge.scripts import Word
from knowledge.spelling import key, stems

MAX_WORDS = 40
"""Words of a text that are looked at; what matters stands in the first ones or is repeated."""

_PIECES = (3, 4, 5)
_MARK = "m:"


def of_words(tokens: Sequence[str], marks: Sequence[str] = ()) -> tuple[str, ...]:
    """The features of a text given as keys of its words, slots standing as ``<place>`` and the like.

    ``marks`` are features of the whole, such as that a service was found.
    """
    found: dict[str, None] = dict.fromkeys(f"{_MARK}{mark}" for mark in marks)
    listed = list(tokens)[:MAX_WORDS]
    for token in listed:
        found[f"w:{token}"] = None
        if not token.startswith("<"):
            found.update(_pieces(token))
    for left, right in pairwise(["^", *listed, "$"]):
        found[f"b:{left[:5]}_{right[:5]}"] = None
    found[f"n:{min(len(listed), 6)}"] = None
    return tuple(found)


def outline(seen: Sequence[str]) -> tuple[str, ...]:
    """Of the features of a text only the marks: what it is about, without a single word of it."""
    return tuple(feature for feature in seen if feature.startswith(_MARK))


def tokens_of(words: Sequence[Word], slots: dict[int, str]) -> list[str]:
    """The keys of the words; a word that belongs to a slot is replaced by the slot's name, once."""
    tokens: list[str] = []
    for index, word in enumerate(words[: MAX_WORDS * 2]):
        token = slots.get(index) or ("<number>" if word.text.isdigit() else key(word.raw))
        if token and not (token.startswith("<") and tokens and tokens[-1] == token):
            tokens.append(token)
    return tokens


@lru_cache(maxsize=8192)
def _pieces(token: str) -> dict[str, None]:
    """The pieces of a word and its shortest stems; people use the same words again and again."""
    framed = f"_{token}_"
    pieces = [framed[i : i + size] for size in _PIECES for i in range(len(framed) - size + 1)]
    return dict.fromkeys(pieces + [f"s:{stem}" for stem in stems(token, "latin")[-2:] if len(stem) > 3])
