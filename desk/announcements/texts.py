"""The texts of an announcement: their languages, what may be filled in, and which text a person gets."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from desk.announcements.models import BadAnnouncement
from desk.messages import Channel
from knowledge.types import BASE_LOCALES, BaseLocale, Locale

LONGEST = 1_500
"""Characters of a text: Twilio takes 1,600 and Telegram 4,096, and placeholders grow when they are filled in."""

Placeholder = Literal["center", "municipality", "name_of_day", "date", "time", "hotline"]

PLACEHOLDERS: tuple[Placeholder, ...] = get_args(Placeholder)
"""``center`` and ``municipality`` are those that the audience names; ``name_of_day``, ``date`` and ``time`` belong
to the moment that the announcement is about; ``hotline`` is the number of the hotline."""

OF_A_MOMENT: frozenset[Placeholder] = frozenset({"name_of_day", "date", "time"})

_FALLBACKS = Path(__file__).parent / "data" / "fallbacks.yaml"


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without empty ones, in the order of the languages. Raises BadAnnouncement."""
    if unknown := sorted(set(texts) - set(BASE_LOCALES)):
        problem = f"{unknown[0]!r} is none of the languages {', '.join(BASE_LOCALES)}"
        raise BadAnnouncement(problem, "unknown", name=unknown[0])
    kept: dict[str, str] = {
        language: texts[language].strip() for language in BASE_LOCALES if texts.get(language, "").strip()
    }
    if not kept:
        raise BadAnnouncement(
            f"an announcement needs a text in at least one of {', '.join(BASE_LOCALES)}", "no_text"
        )
    for language, text in kept.items():
        if len(text) > LONGEST:
            problem = f"the text in {language} has {len(text)} characters, {LONGEST} are allowed"
            raise BadAnnouncement(problem, "too_long", written=language, length=len(text), longest=LONGEST)
    return kept


def placeholders(texts: Mapping[str, str]) -> set[Placeholder]:
    """The placeholders in the texts. Raises BadAnnouncement for an unknown one and for half a pair of braces."""
    found: set[Placeholder] = set()
    for language, text in texts.items():
        for name in _fields(language, text):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
                problem = f"the text in {language} has {{{name}}}; known placeholders are {known}"
                raise BadAnnouncement(problem, "placeholder", written=language, name=name, known=known)
            found.add(name)
    return found


def _fields(language: str, text: str) -> list[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        problem = f"the text in {language} has a brace without its other half; write {{{{ for a brace itself"
        raise BadAnnouncement(problem, "brace", written=language) from error
    fields = []
    for _, name, form, conversion in parsed:
        if name is not None:
            fields.append(name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else ""))
    return fields


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. Raises KeyError for one that has no value."""
    return text.format(**values)


def language_for(locale: Locale, written: Collection[str]) -> BaseLocale:
    """The language of the text that a reader of ``locale`` gets, out of those that are ``written``."""
    own: BaseLocale = "ka" if locale == "ka-Latn" else locale
    return next(one for one in (own, *_fallbacks()[own]) if one in written)


def wording_for(channel: Channel, locale: Locale, written: Collection[str]) -> str:
    """The name of the wording that a reader gets on a channel, such as ``sms:ka-Latn``.

    Georgian in Latin letters is for text messages only, where it saves segments.
    """
    language: Locale = language_for(locale, written)
    if locale == "ka-Latn" and channel == "sms" and language == "ka":
        language = "ka-Latn"
    return f"{channel}:{language}"


def parts_of(wording: str) -> tuple[Channel, Locale]:
    """The channel and the language that the name of a wording is made of."""
    channel, _, locale = wording.partition(":")
    return cast(Channel, channel), cast(Locale, locale)


@cache
def _fallbacks() -> Mapping[BaseLocale, tuple[BaseLocale, ...]]:
    with _FALLBACKS.open(encoding="utf-8") as file:
        return {language: tuple(others) for language, others in yaml.safe_load(file).items()}
