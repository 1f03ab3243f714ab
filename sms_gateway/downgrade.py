"""Words made fit for a text message: no typography that costs segments, nothing that no phone can show."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sms_gateway.segments import encoding_of
from sms_gateway.tables import table

_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r" ?\n[ \n]*")
_BREAKS = str.maketrans({"\r": "\n", "\v": " ", "\f": " "})
_UNSENDABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what neither XML nor a phone can hold: control characters, halves of pairs."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").translate(_BREAKS))


def plain(text: str) -> str:
    """The text as it goes into an SMS: cheap quotes and dashes, single spaces, no empty lines.

    >>> plain("“Kachreti” — 5 km…")
    '"Kachreti" - 5 km...'
    """
    always, where_it_saves = _tables()
    text = unicodedata.normalize("NFC", clean(text)).translate(always)
    text = _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    if encoding_of(text) == "GSM-7":
        return text
    cheaper = text.translate(where_it_saves)
    return _SPACES.sub(" ", cheaper).strip() if encoding_of(cheaper) == "GSM-7" else text


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[int, str], dict[int, str]]:
    rows = table("downgrade")
    return str.maketrans(rows["always"]), str.maketrans(rows["where_it_saves"])
