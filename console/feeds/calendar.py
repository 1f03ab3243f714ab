"""The one address of a centre's calendar. Who knows it may read it; it can be made anew (``desk.halls.feeds``)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, request

from bot.staff import calendar
from desk.halls import feeds, ical
from desk.halls.bookings import Booking
from knowledge.snapshot import Snapshot
from knowledge.types import Locale
from store.database import Database

PATH = "/calendar/{slug}-{token}.ics"

LOCALE: Locale = "ka"
"""The language of all centres' staff."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def blueprint(database: Database, knowledge: Callable[[], Snapshot]) -> Blueprint:
    """``GET /calendar/<slug>-<token>.ics``; 404 for a wrong centre and for a wrong token alike."""
    made = Blueprint("feeds", __name__)

    @made.get("/calendar/<name>.ics")
    def centre_calendar(name: str) -> Response:
        slug, _, token = name.rpartition("-")
        snapshot = knowledge()
        center = snapshot.centers_by_slug.get(slug)
        with database.read() as session:
            if not feeds.opens(session, center, token) or center is None:
                abort(404)
            found = feeds.shown(session, center)
        title = calendar.name(LOCALE, center, snapshot)
        body = ical.feed(found, snapshot.centers, title, calendar.words(LOCALE, snapshot))
        return _conditional(Response(body, content_type=f"{ical.MEDIA_TYPE}; charset=utf-8"), found)

    return made


def _conditional(response: Response, found: Sequence[Booking]) -> Response:
    """With what a calendar needs to ask only for changes; 304 where there are none."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.last_modified = max((booking.changed_at for booking in found), default=_BEGINNING)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = "inline; filename=calendar.ics"
    response.make_conditional(request)
    return response
