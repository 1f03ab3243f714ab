"""``/today``: the requests that wait for an answer, with their buttons, and what takes place today."""

from __future__ import annotations

from datetime import datetime

from bot import wording
from bot.dialogue.turn import Turn
from bot.events import words as event_words
from bot.halls import words
from bot.staff import news
from desk import staff
from desk.events import finding
from desk.events.finding import Wanted
from desk.halls import bookings, waiting
from desk.halls.bookings import LIVE, Booking, Filter
from desk.messages import Choice, Reply
from desk.staff import StaffMember
from knowledge.types import Locale
from store import clock

MOST = 5
"""So many requests are shown at once, the oldest first: each has two buttons."""

MOST_ITEMS = 30


def show(turn: Turn, member: StaffMember, _rest: str) -> Reply:
    """The whole day of the member's centres."""
    locale, centers = staff.language_of(member), scope(turn, member)
    requests = list(waiting.unanswered(turn.session, centers, 100))
    shown, items = requests[:MOST], _items(turn, locale, centers)
    texts = []
    if requests:
        texts.append(wording.say(locale, "desk.today.requests", count=len(requests)))
        texts += [news.request(locale, booking, turn.snapshot) for booking in shown]
    if len(requests) > MOST:
        texts.append(wording.say(locale, "desk.today.more", shown=MOST))
    if items:
        today = words.day(locale, clock.local_now().date())
        texts.append("\n".join([wording.say(locale, "desk.today.items", day=today), *items]))
    if not texts:
        texts.append(wording.say(locale, "desk.today.nothing"))
    choices = tuple(choice for booking in shown for choice in _buttons(locale, booking, len(shown)))
    return Reply(tuple(texts), turn.locale, choices=choices)


def scope(turn: Turn, member: StaffMember) -> frozenset[int]:
    """The member's centres for filters in which nothing means all of them; no centre's number for who has none."""
    if member.role != "staff":
        return frozenset()
    return frozenset(staff.centers_of(turn.session, member)) or frozenset({0})


def _buttons(locale: Locale, booking: Booking, count: int) -> tuple[Choice, Choice]:
    """The two buttons of a request, which name it where there are several."""
    confirm, decline = news.to_answer(locale, booking)
    if count == 1:
        return confirm, decline
    return (
        Choice(wording.say(locale, "desk.confirm.of", reference=booking.reference), confirm.value),
        Choice(wording.say(locale, "desk.decline.of", reference=booking.reference), decline.value),
    )


def _items(turn: Turn, locale: Locale, centers: frozenset[int]) -> list[str]:
    """The bookings and events of this day in Tbilisi, a line each, in order."""
    day = clock.local_now().date()
    wanted = Filter(centers=centers, states=(*LIVE, "held", "no_show"), first=day, last=day)
    lines: list[tuple[datetime, str]] = []
    for booking in bookings.listing(turn.session, wanted, limit=MOST_ITEMS):
        state = wording.say(locale, f"hall.state.{booking.state}")
        line = _line(turn, locale, booking.starts_at, booking.ends_at, booking.subject, booking.center_id, state)
        lines.append((booking.starts_at, line))
    events = finding.upcoming(turn.session, Wanted(centers=centers, first=day, last=day), MOST_ITEMS)
    for one in events:
        title, state = event_words.title(locale, one.event), wording.say(locale, "desk.today.event")
        line = _line(turn, locale, one.starts_at, one.ends_at, title, one.event.center_id, state)
        lines.append((one.starts_at, line))
    return [line for _, line in sorted(lines)]


def _line(
    turn: Turn, locale: Locale, starts_at: datetime, ends_at: datetime, title: str, center_id: int, state: str
) -> str:
    return wording.say(
        locale,
        "desk.today.line",
        time=f"{words.clock(starts_at)}-{words.clock(ends_at)}",
        title=title,
        center=words.center(locale, center_id, turn.snapshot),
        state=state,
    )
