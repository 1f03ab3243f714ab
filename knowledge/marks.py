"""Azerbaijani as most people type it on a phone: without the marks of its letters."""

from __future__ import annotations

_PLAIN = str.maketrans("əşçğıöüƏŞÇĞİÖÜ", "escgiouESCGIOU")


def without_marks(text: str) -> str:
    """The text with plain Latin letters: "şənbə" becomes "senbe"."""
    return text.translate(_PLAIN)
