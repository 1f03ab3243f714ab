"""Audit: what was done by whom and when. Centre staff and editors see their own deeds, administrators all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session

from bot.halls import words as facts
from console.staff import access, downloads, subjects
from console.staff.fields import day_of
from console.staff.parts import parts
from console.staff.subjects import Names
from console.staff.visitors import visitor
from console.staff.words import catalogue, locale, say, stamp
from desk import audit, staff
from desk.audit import AuditEntry, Wanted
from desk.events.topics import topics
from desk.halls.bookings import DECLINE_REASONS

pages = Blueprint("audit", __name__, url_prefix="/audit")

PAGE = 50
"""Entries on a page."""

MOST = 50_000
"""Entries in a file."""

_STATES = ("frame.role.", "announcements.state.", "events.state.")
_CODES = {"role": _STATES, "from": _STATES, "to": _STATES}
"""Where the words for a detail's codes stand."""

EVERYBODY = "everybody"
_ACTION, _SUBJECT, _DETAIL = "audit.action.", "audit.subject.", "audit.detail."


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    details: str


@pages.get("")
@access.signed_in
def page() -> str:
    """A page of the entries that are wanted, the latest first."""
    given = _given()
    with parts().database.read() as session:
        found = audit.listing(session, _wanted(given), PAGE + 1, request.args.get("before", type=int))
        lines = _lines(session, found[:PAGE])
        members = staff.everybody(session) if _sees_all() else []
    older = url_for("staff.audit.page", **given, before=lines[-1].id) if len(found) > PAGE else None
    return render_template(
        "staff/audit.html",
        lines=lines,
        given=given,
        older=older,
        newest=url_for("staff.audit.page", **given) if "before" in request.args else None,
        people=[(audit.staff(member.name), member.name) for member in members],
        actions=_named(_ACTION),
        subjects=_named(_SUBJECT),
        sees_all=_sees_all(),
    )


@pages.get("/entries.<ending>")
@access.signed_in
def entries(ending: str) -> Response:
    """All entries that are wanted, as a file."""
    with parts().database.read() as session:
        lines = _lines(session, audit.listing(session, _wanted(_given()), MOST))
    header = [say(f"audit.{name}") for name in ("at", "who", "what", "subject", "details")]
    rows = [(line.at, line.actor, line.action, line.subject, line.details) for line in lines]
    return downloads.table("audit", ending, header, rows)


def _sees_all() -> bool:
    return access.may("administrator", visitor())


def _given() -> dict[str, Any]:
    """The filters that were chosen, as they stand in the address."""
    names = ("who", "action", "subject", "number", "first", "last")
    return {name: value for name in names if (value := request.args.get(name, "").strip()[:80])}


def _wanted(given: dict[str, str]) -> Wanted:
    who = given.get("who")
    if not _sees_all():
        who = visitor().actor
    return Wanted(
        actor=None if who in (None, EVERYBODY) else who,
        everybody=who == EVERYBODY,
        action=given.get("action"),
        subject_kind=given.get("subject"),
        subject_id=_number(given.get("number", "")),
        first=day_of(given.get("first")),
        last=day_of(given.get("last")),
    )


def _number(text: str) -> int | None:
    """The number of a subject; -1, which nothing has, for one that cannot be."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def _lines(session: Session, found: list[AuditEntry]) -> list[Line]:
    names = subjects.names(session, found)
    return [
        Line(
            entry.id,
            stamp(entry.at),
            _actor(entry.actor),
            _word(_ACTION, entry.action),
            _subject(entry, names),
            "; ".join(f"{_word(_DETAIL, name)}: {_value(name, value)}" for name, value in entry.details.items()),
        )
        for entry in found
    ]


def _subject(entry: AuditEntry, names: Names) -> str:
    kind = _word(_SUBJECT, entry.subject_kind)
    if not entry.subject_id:
        return kind
    if entry.subject_kind == "hall":  # halls go by their centre
        return f"{kind} {facts.center(locale(), entry.subject_id, parts().knowledge())}"
    return f"{kind} {names.get((entry.subject_kind, entry.subject_id), entry.subject_id)}"


def _actor(actor: str) -> str:
    kind = audit.kind_of(actor)
    return audit.shown(actor) if kind == "staff" else say(f"audit.{kind}")


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(name, one) for one in value)
    if name in {"center", "centers"} and isinstance(value, int):
        return facts.center(locale(), value, parts().knowledge())
    if name.endswith(("_at", "until")) and isinstance(value, str):
        return stamp(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return say("audit.yes" if value else "audit.no")
    return "-" if value is None else _code(name, str(value))


def _code(name: str, value: str) -> str:
    """A code of a role, a state or a reason in words; anything else as it is."""
    known = catalogue(locale())
    if name == "topic" and value in topics():
        return topics()[value].names[locale()]
    if name == "reason" and value in DECLINE_REASONS:
        return facts.reason(locale(), value)
    named = [prefix + value for prefix in _CODES.get(name, ()) if prefix + value in known]
    return say(named[0]) if named else value


def _word(prefix: str, code: str) -> str:
    """The word for a code; the code itself where nobody has put it into words."""
    return say(prefix + code) if prefix + code in catalogue(locale()) else code.replace("_", " ")


def _named(prefix: str) -> list[tuple[str, str]]:
    """The codes that have words, with them, by the words."""
    known = catalogue(locale()).items()
    found = [(name.removeprefix(prefix), text) for name, text in known if name.startswith(prefix)]
    return sorted(found, key=lambda pair: pair[1])
