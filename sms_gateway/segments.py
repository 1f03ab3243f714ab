"""How a text travels as SMS: its encoding and the segments that are paid for.

GSM 03.38 holds 160 septets in one message and 153 in each part of a longer one; a sign of the extension table
takes two. Anything else needs UCS-2: 70 units, or 67 in each part; a sign beyond the Basic Multilingual Plane
takes two.
Parts are packed, not divided: a pair that falls on a boundary moves to the next part as a whole.

Sources: 3GPP TS 23.038 (alphabet) and TS 23.040 (concatenation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The signs that take one septet. ESC itself is not among them: it only opens a pair."""

GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The signs that take two septets."""

_GSM = GSM_BASIC | GSM_EXTENSION

ALONE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
"""Units of a message of one segment."""

PART: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
"""Units of each segment of a longer message; the rest of it says where the segment belongs."""


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it travels. ``units`` are septets (GSM-7) or 16-bit units (UCS-2); an empty text has no parts."""

    text: str
    encoding: Encoding
    units: int
    parts: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many segments are paid for."""
        return len(self.parts)

    @property
    def costly(self) -> str:
        """The signs that keep the text out of GSM-7, each once, in order; empty in GSM-7."""
        return "" if self.encoding == "GSM-7" else "".join(dict.fromkeys(c for c in self.text if c not in _GSM))


def encoding_of(text: str) -> Encoding:
    """The cheapest encoding that holds the text."""
    return "GSM-7" if _GSM.issuperset(text) else "UCS-2"


def measure(text: str) -> Segments:
    """The segments of a text, by packing it as a phone does.

    >>> measure("a" * 152 + "{" + "a" * 152).count
    3
    """
    encoding = encoding_of(text)
    cost = _septets if encoding == "GSM-7" else _units
    if not _has_doubles(text, encoding):
        return Segments(text, encoding, len(text), tuple(_sliced(text, ALONE[encoding], PART[encoding])))
    units = sum(map(cost, text))
    if units <= ALONE[encoding]:
        return Segments(text, encoding, units, (text,) if text else ())
    return Segments(text, encoding, units, tuple(_packed(text, cost, PART[encoding])))


def _has_doubles(text: str, encoding: Encoding) -> bool:
    """Whether some sign takes two units; mostly none does, and then nothing has to be packed."""
    return not GSM_EXTENSION.isdisjoint(text) if encoding == "GSM-7" else max(text, default="") > "\uffff"


def _sliced(text: str, alone: int, room: int) -> list[str]:
    size = room if len(text) > alone else alone
    return [text[start : start + size] for start in range(0, len(text), size)]


def _septets(char: str) -> int:
    return 2 if char in GSM_EXTENSION else 1


def _units(char: str) -> int:
    return 2 if char > "\uffff" else 1


def _packed(text: str, cost: Callable[[str], int], room: int) -> list[str]:
    parts, start, used = [], 0, 0
    for index, char in enumerate(text):
        needed = cost(char)
        if used + needed > room:
            parts.append(text[start:index])
            start, used = index, 0
        used += needed
    return [*parts, text[start:]]
