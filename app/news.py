"""Who is told of a booking's changes: the person by their own channel, and the centre's staff."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app import posting
from bot.halls.news import PersonNews
from bot.staff.news import StaffNews
from desk.halls.bookings import Booking
from desk.halls.news import News, Tell
from knowledge.snapshot import Snapshot


def tell_for(knowledge: Callable[[], Snapshot], *, two_way: bool) -> Tell:
    """The ``Tell`` that every process uses. ``two_way``: whether a text message of ours can be answered."""
    tellers: tuple[Tell, ...] = (
        PersonNews(knowledge, posting.post, two_way=two_way),
        StaffNews(knowledge, posting.post),
    )

    def tell(session: Session, booking: Booking, news: News) -> None:
        for teller in tellers:
            teller(session, booking, news)

    return tell
