"""The blueprint that the pages of events share, and what their templates know besides."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask import Blueprint

from bot.events import words
from console.staff.words import locale
from knowledge.types import BASE_LOCALES

pages = Blueprint("events", __name__, url_prefix="/events")


@pages.context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "title_of": lambda event: words.title(locale(), event),
        "takes_place": lambda occurrence: words.when(locale(), occurrence),
        "topic_name": lambda code: words.topic(locale(), code),
        "tongues": [(code, Locale.parse(code).get_display_name() or code) for code in BASE_LOCALES],
    }
