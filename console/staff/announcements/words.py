"""Announcements in words: whom they are for, why something was refused, why a message failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import names
from bot.events import words as event_words
from bot.halls import words as halls
from bot.staff import warnings
from bot.staff.warnings import CHANNELS
from console.staff.words import catalogue, locale, say
from desk.announcements.audience import Audience
from desk.announcements.models import Refused
from desk.announcements.progress import Part
from knowledge.snapshot import Snapshot


def audience(wanted: Audience, snapshot: Snapshot) -> list[str]:
    """Whom it is for, a line for each kind; who gets it fulfils all of them."""
    if wanted.everyone:
        return [say("announcements.for.everyone")]
    language = locale()
    named = {
        "centers": [center(slug, snapshot) for slug in wanted.centers],
        "municipalities": [names.municipality(language, name, snapshot) for name in wanted.municipalities],
        "around": [
            say("announcements.for.within", km=f"{one.km:g}", center=center(one.center, snapshot))
            for one in wanted.around
        ],
        "topics": [event_words.topic(language, code) for code in wanted.topics],
        "languages": [warnings.language(language, code) for code in wanted.languages],
        "channels": [CHANNELS[channel] for channel in wanted.channels],
    }
    return [say(f"announcements.for.{kind}", named=_either(found)) for kind, found in named.items() if found]


def center(slug: str, snapshot: Snapshot) -> str:
    """The name of a centre; its short name where staff have removed it since."""
    known = snapshot.centers_by_slug.get(slug)
    return names.center(locale(), known, snapshot) if known is not None else slug


def refusal(error: Refused) -> str:
    """Why something may not be, and what to do."""
    facts = dict(error.facts)
    if "state" in facts:
        facts["state"] = say(f"announcements.state.{facts['state']}")
    if "written" in facts:
        facts["written"] = say(f"announce.language.{facts['written']}")
    if isinstance(at := facts.get("at"), datetime):
        facts["when"] = halls.moment(locale(), at)
    return say(f"announcements.refused.{error.code}", **facts)


def failure(part: Part) -> str:
    """Why messages failed: in our words where the code has some, else in the carrier's."""
    for code in (f"{part.channel}.{part.code}", part.code):
        if (message_id := f"announcements.failed.{code}") in catalogue(locale()):
            return say(message_id)
    return part.words or say("announcements.failed.other", code=part.code or "")


def _either(found: Iterable[str]) -> str:
    return f" {say('announcements.or')} ".join(found)
