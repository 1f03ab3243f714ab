"""What a preview warns of, in the words of the member of staff who reads it."""

from __future__ import annotations

from typing import cast

from bot import wording
from desk.announcements.preview import Warned
from desk.announcements.texts import parts_of
from desk.messages import Channel
from knowledge.types import Locale

CHANNELS: dict[Channel, str] = {"telegram": "Telegram", "whatsapp": "WhatsApp", "sms": "SMS"}
"""The channels by their own names, which are the same in every language."""

_BLANKS = {"\n": "announce.sign.break", " ": "announce.sign.space"}


def sentence(locale: Locale, warned: Warned) -> str:
    """The sentence about one thing to look at."""
    facts = dict(warned.facts)
    for name in ("language", "fallback"):
        if name in facts:
            facts[name] = language(locale, cast(Locale, facts[name]))
    if "wording" in facts:
        facts["wording"] = of_wording(locale, str(facts["wording"]))
    if "dear" in facts:
        same = facts["dear"] == facts["cheap"]
        facts["cost"] = wording.say(locale, f"announce.cost.{'same' if same else 'more'}", **facts)
        facts["replacement"] = _shown(locale, str(facts["replacement"]))
    return wording.say(locale, f"announce.warning.{warned.code}", **facts)


def language(locale: Locale, named: Locale) -> str:
    """The name of a language; Georgian in Latin letters has one of its own."""
    return wording.say(locale, f"announce.language.{named}")


def of_wording(locale: Locale, name: str) -> str:
    """What a wording is called: "SMS, Georgian"."""
    channel, written = parts_of(name)
    return f"{CHANNELS[channel]}, {language(locale, written)}"


def _shown(locale: Locale, sign: str) -> str:
    return wording.say(locale, _BLANKS[sign]) if sign in _BLANKS else sign
