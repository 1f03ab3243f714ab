"""The few sentences that the text-message front says by itself, and the language to say them in."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.reference import hotline
from knowledge.romanise import romanise
from knowledge.scripts import Script, dominant_script
from knowledge.types import LOCALES, Locale
from sms_gateway.tables import table

Sentence = Literal["stopped", "started", "help", "limit", "fault", "no_more", "received"]

_BEGINNING = re.compile(r"^[a-z]|(?<=[.!?:] )[a-z]")
_OF_SCRIPT: dict[Script, Locale] = {"georgian": "ka", "cyrillic": "ru", "armenian": "hy", "latin": "ka-Latn"}


def say(sentence: Sentence, locale: Locale) -> str:
    """The sentence in that language, with the hotline's number where it names one."""
    words = table("sentences")[sentence]
    text = str(words["ka" if locale == "ka-Latn" else locale]).format(hotline=hotline().display)
    return _BEGINNING.sub(lambda found: found.group().upper(), romanise(text)) if locale == "ka-Latn" else text


def locale_of(chosen: str | None, spoken: str | None, text: str) -> Locale:
    """The language that was chosen, or spoken last, or that the letters tell; else Georgian.

    STOP and HELP are the same in every language: to Latin letters the answer is Georgian in Latin letters.
    """
    for known in (chosen, spoken):
        if known in LOCALES:
            return known
    return _OF_SCRIPT.get(dominant_script(text), "ka")
