"""STOP, START and HELP, in Twilio's words and in those of the five languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from knowledge.types import LOCALES, Locale
from sms_gateway.paging import bare
from sms_gateway.tables import table

Meaning = Literal["stop", "start", "help", "start_if_stopped"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """What the word asks for, and the language it belongs to; None for Twilio's own words."""

    meaning: Meaning
    locale: Locale | None


def read(text: str) -> Keyword | None:
    """The keyword that the whole message is, in any case and punctuation; None for anything else.

    >>> read("Стоп!!!")
    Keyword(meaning='stop', locale='ru')
    """
    return _words().get(bare(text))


def of_opt_out_type(value: str) -> Keyword | None:
    """What Twilio says a message was (``OptOutType``); Twilio has answered it already."""
    lowered = value.strip().lower()
    return Keyword(cast(Meaning, lowered), None) if lowered in {"stop", "start", "help"} else None


@lru_cache(maxsize=1)
def _words() -> dict[str, Keyword]:
    found: dict[str, Keyword] = {}
    for meaning, languages in table("keywords").items():
        for language, words in languages.items():
            locale = cast(Locale, language) if language in LOCALES else None
            for word in words:
                found.setdefault(bare(word), Keyword(cast(Meaning, meaning), locale))
    return found
