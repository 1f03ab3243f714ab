"""The blueprint that the calendar's pages share, and what its templates know besides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint

from desk.halls import days
from store.clock import TBILISI

pages = Blueprint("calendar", __name__, url_prefix="/calendar")


@pages.context_processor
def _for_templates() -> dict[str, Callable[[datetime], Any]]:
    return {"local_day": days.local_day, "at": written}


def written(moment: datetime) -> str:
    """A moment as links and forms carry it: on the wall clock of Tbilisi, ``2026-11-27T15:00``."""
    return f"{moment.astimezone(TBILISI):%Y-%m-%dT%H:%M}"
