"""The words of the console, in Georgian and English; sentences that the bot has for staff are used from there.

A page's sentences stand in ``console/locales/<subject>/<locale>.po`` under ids that begin with the subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from babel.dates import format_timedelta
from flask import g, request
from flask import session as cookie

from bot import wording
from console.staff.visitors import LOCALES, anyone
from knowledge.types import BaseLocale
from store.clock import TBILISI

CATALOGUES = Path(__file__).parents[1] / "locales"

NAMES: Mapping[BaseLocale, str] = {"ka": "ქართული", "en": "English"}
"""The languages as they call themselves."""


@cache
def catalogue(locale: BaseLocale) -> Mapping[str, str]:
    """The console's own sentences. Raises ValueError for an id that comes twice."""
    return wording.read(CATALOGUES, locale)


def say(message_id: str, **values: object) -> str:
    """The sentence in the visitor's language. Raises KeyError for an id that no catalogue has."""
    return say_in(locale(), message_id, **values)


def say_in(language: BaseLocale, message_id: str, **values: object) -> str:
    """The sentence in that language, out of the console's catalogues or else the bot's."""
    own = catalogue(language).get(message_id)
    return wording.say(language, message_id, **values) if own is None else own.format(**values)


def stamp(at: datetime) -> str:
    """A moment on Tbilisi's clock with its year, for records: "24.11.2026 16:00"."""
    return f"{at.astimezone(TBILISI):%d.%m.%Y %H:%M}"


def length(time: timedelta) -> str:
    """A length of time, roughly, as the visitor's language writes it: "3 minutes"."""
    return format_timedelta(time, threshold=1.2, locale=locale())


def locale() -> BaseLocale:
    """The language of this request: the member's, else the one chosen or preferred by the browser.

    Kept for the request: a long page asks some thousand times.
    """
    if "locale" not in g:
        g.locale = _locale()
    kept: BaseLocale = g.locale
    return kept


def _locale() -> BaseLocale:
    found = anyone()
    if found is not None:
        return found.locale
    chosen = cookie.get("locale")
    for one in LOCALES:
        if one == chosen:
            return one
    return "en" if request.accept_languages.best_match(LOCALES) == "en" else "ka"
