"""The cookie of the console: signed with a key that all processes share, and sent to ``/staff`` only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from console.staff.parts import Parts
from desk import privacy

PATH = "/staff"

KEY = "console cookies"
"""The name of the key in the database."""


class StaffCookies(SecureCookieSessionInterface):
    """Reads the key when the first page of the console is asked for; other pages have no cookie at all."""

    def __init__(self, key: Callable[[], str]) -> None:
        """``key`` gives the signing key; it may ask the database."""
        self._key = key

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session out of the cookie; None outside of the console."""
        if request.path != PATH and not request.path.startswith(f"{PATH}/"):
            return None
        if not app.secret_key:
            app.secret_key = self._key()
        return super().open_session(app, request)


def install(app: Flask, given: Parts) -> None:
    """Sets the cookie's name, place and marks."""

    def key() -> str:
        if given.secret_key:
            return given.secret_key
        with given.database.write() as session:
            return privacy.secret(session, KEY)

    config: dict[str, Any] = {
        "SESSION_COOKIE_NAME": "mezobeli_staff",
        "SESSION_COOKIE_PATH": PATH,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": given.is_secure,
        "WTF_CSRF_CHECK_DEFAULT": False,  # webhooks are signed otherwise; the console asks for itself
        "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open for as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # our pages send no referrer
    }
    app.config.update(config)
    app.session_interface = StaffCookies(key)
