"""People, staff and a moving clock, in any order: what must hold of the halls after each step."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit
from desk.contacts import Contact
from desk.halls import changing, grid, life, making, waiting
from desk.halls.bans import BookingBan
from desk.halls.bookings import LIVE, Booking, IllegalMove
from desk.halls.calendar import BookingSlot
from desk.halls.rules import Rules
from desk.halls.waiting import Waiting
from knowledge.hours import is_business_day
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.desk.halls.people import MONDAY, Told, center, person, request

PEOPLE = 4
HALLS = [center(1), center(2)]
PICK = st.integers(0, 30)
WHEN = st.tuples(st.integers(0, 4), st.sampled_from([9, 10, 11]), st.sampled_from([30, 60, 120]))
ACTOR = st.sampled_from([audit.RESIDENT, audit.staff("nino")])
STEPS = [timedelta(minutes=40), timedelta(hours=3), timedelta(hours=9), timedelta(days=1), timedelta(days=3)]


@dataclass(frozen=True)
class Seen:
    """What a person can know of a booking."""

    state: str
    starts_at: datetime
    ends_at: datetime
    offered: bool


def business_days(first: date, before: date) -> int:
    return sum(is_business_day(first + timedelta(days=n)) for n in range((before - first).days))


def tenth_business_day(day: date) -> date:
    left = 10
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day


class Halls(RuleBasedStateMachine):
    """Every rule is one transaction. ``database`` is set by the test, and is empty at the start."""

    database: ClassVar[Database]

    @initialize()
    def begin(self) -> None:
        self.told, self.bans, self.now = Told(), Counter[tuple[int, date]](), MONDAY
        self.swept = True
        with clock.fixed(self.now), self.database.write() as session:
            self.people = [person(session, number).id for number in range(PEOPLE)]
            self.residents = {one.id: one.resident_id for one in session.scalars(select(Contact))}

    # -- what people do -----------------------------------------------------------------------------------------

    def _step(self) -> ExitStack:
        """A transaction at the machine's own time, after which the news must fit what changed."""
        stack = ExitStack()
        stack.enter_context(clock.fixed(self.now))
        self.session = stack.enter_context(self.database.write())
        self.before = self._seen(self.session)
        stack.callback(self._check_news)
        return stack

    def _seen(self, session: Session) -> dict[int, Seen]:
        offers = set(session.scalars(select(Waiting.offered_booking_id).where(Waiting.state == "offered")))
        return {
            one.id: Seen(one.state, one.starts_at, one.ends_at, one.id in offers)
            for one in session.scalars(select(Booking).execution_options(populate_existing=True))
        }

    def _request(self, when: tuple[int, int, int]) -> making.Request:
        day = self.now.astimezone(TBILISI).date()
        for _ in range(when[0] + 3):
            day += timedelta(days=1)
            while not is_business_day(day):
                day += timedelta(days=1)
        return request(day, hour=when[1], minutes=when[2])

    def _live(self, pick: int, states: tuple[str, ...] = LIVE) -> Booking | None:
        query = select(Booking).where(Booking.state.in_(states)).order_by(Booking.id)
        found = self.session.scalars(query).all()
        return found[pick % len(found)] if found else None

    @rule(who=PICK, hall=st.booleans(), when=WHEN)
    def book(self, who: int, hall: bool, when: tuple[int, int, int]) -> None:
        with self._step():
            contact = self.session.get_one(Contact, self.people[who % PEOPLE])
            making.book(self.session, HALLS[hall], self._request(when), self.told, contact=contact)

    @rule(who=PICK, pick=PICK)
    def wait(self, who: int, pick: int) -> None:
        with self._step():
            contact = self.session.get_one(Contact, self.people[who % PEOPLE])
            wanted = self._live(pick)
            if wanted is not None and wanted.starts_at > self.now:
                asked = making.Request(wanted.starts_at, wanted.duration, "resident", "bees", 5)
                waiting.wait(self.session, HALLS[wanted.center_id - 1], asked, contact, self.told)

    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        with self._step():
            rows = self.session.scalars(select(Waiting).order_by(Waiting.id)).all()
            if rows:
                waiting.leave(self.session, rows[pick % len(rows)])

    @rule(pick=PICK)
    def take(self, pick: int) -> None:
        with self._step():
            offers = self.session.scalars(
                select(Waiting).where(Waiting.state == "offered").order_by(Waiting.id)
            ).all()
            if offers:
                offer = self.session.get_one(Booking, offers[pick % len(offers)].offered_booking_id)
                overdue = offer.hold_until is not None and offer.hold_until <= self.now
                self._try(not overdue, lambda: waiting.take(self.session, offer, self.told))

    @rule(pick=PICK, actor=ACTOR)
    def cancel(self, pick: int, actor: str) -> None:
        with self._step():
            booking = self._live(pick)
            if booking is None:
                return
            offered = self.before[booking.id].offered
            today, event = (one.astimezone(TBILISI).date() for one in (self.now, booking.starts_at))
            late = business_days(today, event) < 1
            worked = self._try(
                booking.starts_at > self.now, lambda: life.cancel(self.session, booking, actor, self.told)
            )
            if worked and late and not offered and actor == audit.RESIDENT:
                self._expect_ban(booking)

    @rule(pick=PICK, when=WHEN, actor=ACTOR)
    def change(self, pick: int, when: tuple[int, int, int], actor: str) -> None:
        with self._step():
            booking = self._live(pick)
            if booking is not None:
                to = self._request(when)
                may = (
                    not self.before[booking.id].offered
                    and booking.starts_at > self.now
                    and not self._overdue(booking)
                )
                hall = HALLS[booking.center_id - 1]
                self._try(may, lambda: changing.change_time(
                    self.session, hall, booking, to.starts_at, to.duration, actor, self.told
                ))  # fmt: skip

    # -- what staff do ------------------------------------------------------------------------------------------

    @rule(pick=PICK)
    def confirm(self, pick: int) -> None:
        with self._step():
            booking = self._live(pick, ("tentative",))
            if booking is not None:
                may = not self._overdue(booking) and not self.before[booking.id].offered
                self._try(may, lambda: life.confirm(self.session, booking, "nino", self.told))

    @rule(pick=PICK)
    def decline(self, pick: int) -> None:
        with self._step():
            booking = self._live(pick, ("tentative",))
            if booking is not None:
                ahead = booking.starts_at > self.now
                self._try(ahead, lambda: life.decline(self.session, booking, "eka", self.told, "repairs"))

    @rule(pick=PICK, came=st.booleans())
    def event_over(self, pick: int, came: bool) -> None:
        with self._step():
            booking = self._live(pick, ("confirmed",))
            if booking is None:
                return
            to: life.Move = "held" if came else "no_show"
            begun = booking.starts_at <= self.now
            worked = self._try(begun, lambda: life.move(self.session, booking, to, audit.staff("nino"), self.told))
            if worked and not came:
                self._expect_ban(booking)

    # -- what time does -----------------------------------------------------------------------------------------

    @rule(step=st.sampled_from(STEPS), sweeps=st.sampled_from([True, True, False]))
    def time_passes(self, step: timedelta, sweeps: bool) -> None:
        self.now += step
        self.swept = False
        if sweeps:
            self.sweep()

    @precondition(lambda self: not self.swept)
    @rule()
    def sweep(self) -> None:
        with self._step():
            life.expire_due(self.session, self.told)
            assert not [one for one in self.session.scalars(select(Booking)) if self._overdue(one)]
        self.swept = True

    # -- what must hold -----------------------------------------------------------------------------------------

    def _try(self, allowed: bool, act: object) -> bool:
        try:
            act()  # type: ignore[operator]
        except IllegalMove:
            assert not allowed
            return False
        assert allowed
        return True

    def _overdue(self, booking: Booking) -> bool:
        return booking.state == "tentative" and booking.hold_until is not None and booking.hold_until <= self.now

    def _expect_ban(self, booking: Booking) -> None:
        assert booking.contact_id is not None
        today = self.now.astimezone(TBILISI).date()
        self.bans[self.residents[booking.contact_id], tenth_business_day(today)] += 1

    def _check_news(self) -> None:
        """Each change between two looks was told once, by its own name, and nothing else was told."""
        self.session.flush()
        after, expected = self._seen(self.session), Counter[tuple[int, str]]()
        for id, now in after.items():
            expected += _news_of(id, self.before.get(id), now)
        told = self.told.take()
        assert Counter((id, news.kind.replace("_by_staff", "")) for id, news in told) == expected
        assert len({news.number for _id, news in told}) == len(told)

    @invariant()
    def no_half_hour_has_two_owners(self) -> None:
        if not hasattr(self, "now"):
            return
        with self.database.read() as session:
            live = {one.id: one for one in session.scalars(select(Booking).where(Booking.state.in_(LIVE)))}
            claimed = [(row.center_id, row.slot, row.booking_id) for row in session.scalars(select(BookingSlot))]
            needed = [
                (one.center_id, slot, one.id)
                for one in live.values()
                for slot in grid.slots_of(one.starts_at, one.ends_at)
            ]
            assert len({(hall, slot) for hall, slot, _id in needed}) == len(needed)
            over = {
                one.id for one in session.scalars(select(Booking).where(Booking.state.in_(("held", "no_show"))))
            }
            assert sorted(row for row in claimed if row[2] not in over) == sorted(needed)
            self._check_holds(session, list(live.values()))
            self._check_persons(session, list(live.values()))

    def _check_holds(self, session: Session, live: list[Booking]) -> None:
        offers = set(session.scalars(select(Waiting.offered_booking_id).where(Waiting.state == "offered")))
        tentative = [one for one in live if one.state == "tentative"]
        assert offers <= {one.id for one in tentative}
        for one in tentative:
            assert one.hold_until is not None
            assert one.changed_at < one.hold_until < one.starts_at
            assert not self.swept or one.hold_until > self.now

    def _check_persons(self, session: Session, live: list[Booking]) -> None:
        open_by_person = Counter(one.contact_id for one in live if one.state == "tentative")
        assert max(open_by_person.values(), default=0) <= Rules().max_open
        kept = Counter((row.resident_id, row.until) for row in session.scalars(select(BookingBan)))
        assert kept == self.bans
        for one in session.scalars(select(Booking)):
            made = one.created_at.astimezone(TBILISI).date()
            banned = [row for row in session.scalars(select(BookingBan)) if row.created_at < one.created_at]
            mine = [row for row in banned if row.resident_id == self.residents[one.contact_id or 0]]
            assert all(row.until < made for row in mine)


def _news_of(id: int, before: Seen | None, now: Seen) -> Counter[tuple[int, str]]:
    """What must be told of a booking that stood so before, or not at all, and stands so now."""
    if before is None:
        return Counter({(id, "offered" if now.offered else "requested"): 1})
    found = Counter[tuple[int, str]]()
    if (before.starts_at, before.ends_at) != (now.starts_at, now.ends_at):
        found[id, "time_changed"] = 1
    elif before.state != now.state and now.state != "held":
        found[id, "offer_lapsed" if before.offered and now.state == "expired" else now.state] = 1
    elif before.offered and not now.offered:
        found[id, "requested"] = 1
    return found
