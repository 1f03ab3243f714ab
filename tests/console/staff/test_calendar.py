"""The calendar: booked, free, closed and holidays told apart in words; booking for others by everybody's rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.staff.calendar import laying
from desk import contacts
from desk.contacts import Contact
from desk.halls import bans, feeds, life, waiting
from desk.halls.bookings import Booking
from desk.halls.news import News
from desk.halls.requests import Request
from desk.outbox import OutboxMessage
from tests.console.staff.world import HERE, NOW, THERE, Browser, World, moment

FORM = {
    "day": "2026-11-30",
    "start": "10:00",
    "minutes": "90",
    "subject": "Village <i>meeting</i>",
    "people": "15",
    "applicant": "local_government",
    "equipment": "projector",
    "name": "Gia",
}


def booking(world: World) -> Booking:
    with world.database.read() as session:
        return session.get_one(Booking, world.objects["booking"])


def newest(world: World) -> Booking:
    with world.database.read() as session:
        return session.scalars(select(Booking).order_by(Booking.id.desc())).first() or booking(world)


def count(world: World, what: type[Booking] | type[Contact]) -> int:
    with world.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(what)) or 0)


def path(world: World, rest: str = "") -> str:
    return f"/staff/calendar/bookings/{world.objects['booking']}{rest}"


def write(world: World, who: str = "here", **fields: str) -> str:
    """What the form says when it is sent, or the page that follows it."""
    browser: Browser = world.browser(who)
    came = browser.post(f"/staff/calendar/{world.center().id}/new", {**FORM, **fields})
    return browser.get(came.location).text if came.status_code == 303 else came.text


def test_a_week_shows_what_is_booked_in_words_and_signs(either: World) -> None:
    page = either.browser("here").get("/staff/calendar").text
    assert "23–29 Nov 2026" in page
    assert "&lt;b&gt;training&lt;/b&gt;" in page
    assert "<b>training" not in page
    assert "15:00-17:00" in page
    assert "waiting for the centre" in page
    assert "closed hours" in page
    assert "Sewing circle" in page


def test_a_week_that_reaches_into_another_month_and_over_holidays(world: World) -> None:
    page = world.browser("here").get("/staff/calendar?day=2027-01-01").text
    assert "28 Dec 2026\u2009–\u20093 Jan 2027" in page
    assert "public holiday" in page
    assert "day=2026-12-21" in page
    assert "day=2027-01-04" in page
    day = world.browser("here").get("/staff/calendar?day=2027-01-01&view=day").text
    assert "public holiday" in day
    assert "+</a>" not in day


def test_a_day_tells_who_and_offers_what_is_free(world: World) -> None:
    page = world.browser("here").get("/staff/calendar?day=2026-11-27&view=day").text
    assert "Nino, A resident" in page
    assert "09:00-15:00" in page
    assert "at=2026-11-27T09:00" in page


def test_nothing_can_be_booked_before_the_notice_that_the_rules_ask_for(world: World) -> None:
    page = world.browser("here").get("/staff/calendar?day=2026-11-25&view=day").text
    assert "free" in page
    assert "at=2026-11-25" not in page


@pytest.mark.parametrize(
    ("who", "slug", "status"), [("there", HERE, 403), ("there", THERE, 200), ("editor", HERE, 200)]
)
def test_another_centres_hall_is_not_shown(world: World, who: str, slug: str, status: int) -> None:
    assert world.browser(who).get(f"/staff/calendar?center={world.center(slug).id}").status_code == status


@pytest.mark.parametrize("query", ["center=0", "center=x", "day=never", "day=0001-01-01", "day=9999-12-31"])
def test_an_address_that_names_nothing_is_not_found(world: World, query: str) -> None:
    assert world.browser("editor").get(f"/staff/calendar?{query}").status_code == 404


def test_a_grid_has_every_half_hour_of_every_day_once(world: World) -> None:
    monday = date(2026, 11, 23)
    week = [monday + timedelta(days=offset) for offset in range(7)]
    early = moment(date(2026, 11, 25), 7, 30)
    odd = Booking(id=1, starts_at=early, ends_at=early + timedelta(hours=1), state="confirmed")
    laid = laying.lay_out(world.center().hall, week, [odd], [], [])
    rows = laying.rows(laid)
    assert f"{rows[0].starts:%H:%M}" == "07:30"
    for column in range(7):
        assert sum(cell.rows for row in rows if (cell := row.cells[column]) is not None) == len(rows)
    kinds = [[one.kind for one in day.stretches] for day in laid]
    assert kinds[0] == ["holiday"]
    assert kinds[1] == ["closed", "free"]
    assert kinds[2] == ["booking", "closed", "free"]
    assert kinds[5] == ["closed"]


def test_a_booking_is_found_by_its_number_at_ones_own_centres_only(world: World) -> None:
    reference = booking(world).reference
    address = f"/staff/calendar/find?reference={reference.lower().replace('-', ' ')}"
    assert world.browser("here").get(address).location == path(world)
    assert "no booking of that number" in world.browser("there").get(address, follow=True).text
    assert "no booking of that number" in world.browser("here").get("/staff/calendar/find", follow=True).text


def test_a_bookings_page_tells_all_and_escapes_it(world: World) -> None:
    page = world.browser("here").get(path(world)).text
    assert "Beekeeping &lt;b&gt;training" in page
    assert "Friday, 27 November, 15:00-17:00" in page
    assert "tel:+995555000111" in page
    assert "Asked for: the person, Tuesday, 24 November, 12:00" in page
    assert "Confirm" in page
    assert "Yes, nobody came" not in page


def test_confirming_on_the_bookings_page_leads_back_to_it(world: World) -> None:
    browser = world.browser("here")
    came = browser.post(f"/staff/bookings/{world.objects['booking']}/confirm", {"back": path(world)})
    assert came.location == path(world)
    page = browser.get(path(world)).text
    assert "is confirmed" in page
    assert "Confirmed: here" in page


def test_cancelling_frees_the_hall_and_tells_the_person(either: World) -> None:
    browser = either.browser("here")
    browser.post(path(either, "/cancel"), {"back": path(either)})
    page = browser.get(path(either)).text
    assert "is cancelled" in page
    assert "being told by text message" in page
    assert booking(either).state == "cancelled"
    assert "Beekeeping" not in browser.get("/staff/calendar").text
    assert "can no longer be changed" not in page
    assert "already" in browser.post(path(either, "/cancel"), htmx=True).text


def test_who_did_not_come_is_banned_until_a_member_lifts_it(either: World) -> None:
    browser = either.browser("here")
    assert "has not begun yet" in browser.post(path(either, "/no-show"), htmx=True).text
    with either.database.write() as session:
        life.confirm(session, session.get_one(Booking, either.objects["booking"]), "here", _untold)
    begin_at(either, NOW - timedelta(hours=1))
    assert "Yes, nobody came" in browser.get(path(either)).text
    browser.post(path(either, "/no-show"), {"back": path(either)})
    page = browser.get(path(either)).text
    assert "marked that nobody came" in page
    assert "Booking is closed to this person until Tuesday, 8 December" in page
    browser.post(path(either, "/lift-ban"))
    assert "The person may book again" in browser.get(path(either)).text
    browser.post(path(either, "/lift-ban"))
    assert "Nothing stands against" in browser.get(path(either)).text
    with either.database.read() as session:
        contact = session.scalars(select(Contact)).one()
        assert bans.banned_until(session, contact.resident_id) is None


def begin_at(world: World, starts_at: datetime) -> None:
    with world.database.write() as session:
        row = session.get_one(Booking, world.objects["booking"])
        row.starts_at, row.ends_at = starts_at, starts_at + timedelta(hours=2)


def _untold(session: Session, booking: Booking, news: News) -> None:
    """Nobody needs to hear of it here."""


def test_the_form_takes_the_time_that_was_chosen(world: World) -> None:
    page = world.browser("here").get(f"/staff/calendar/{world.center().id}/new?at=2026-11-30T14:30").text
    assert 'value="2026-11-30"' in page
    assert 'value="14:30"' in page
    assert world.browser("here").get(f"/staff/calendar/{world.center().id}/new?at=nonsense").status_code == 200


def test_a_booking_for_somebody_who_came_in_person(either: World) -> None:
    page = write(either)
    made = newest(either)
    assert f"{made.reference} is written down" in page
    assert "&lt;i&gt;meeting&lt;/i&gt;" in page
    assert (made.starts_at, made.ends_at) == (moment(date(2026, 11, 30), 10), moment(date(2026, 11, 30), 11, 30))
    assert (made.booked_by, made.contact_id, made.state) == ("here", None, "tentative")
    assert (made.people, made.equipment, made.contact_name) == (15, ["projector"], "Gia")


def test_who_gives_a_number_is_told_there(either: World) -> None:
    write(either, phone="555 12 34 56")
    made = newest(either)
    with either.database.read() as session:
        contact = session.get_one(Contact, made.contact_id)
        assert contact.address == "+995555123456"
        assert session.scalars(select(OutboxMessage)).one().contact_id == contact.id


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"day": ""}, "give a day and an hour"),
        ({"start": "25:00"}, "give a day and an hour"),
        ({"minutes": "0"}, "say for how long"),
        ({"people": "-1"}, "number of people, from 1 to 2000"),
        ({"people": "²"}, "number of people, from 1 to 2000"),
        ({"subject": "..."}, "what the gathering is about"),
        ({"applicant": "king"}, "choose who needs the hall"),
        ({"phone": "8555"}, "cannot receive our text messages"),
        ({"phone": "0322123456"}, "cannot receive our text messages"),
        ({"day": "2026-11-23"}, "passed already"),
        ({"day": "2026-11-25"}, "at least 2 business days ahead. The earliest day is Thursday, 26 November"),
        ({"day": "2027-06-01"}, "too far ahead"),
        ({"start": "10:10"}, "Only on the hour or the half hour"),
        ({"day": "2027-01-07"}, "is a public holiday"),
        ({"start": "08:00"}, "the hall is open 09:00-18:00"),
        ({"minutes": "600"}, "lent for at most 9 hours"),
        ({"day": "2026-11-29"}, "the hall is closed"),
        ({"day": "2026-11-27", "start": "16:00"}, "it is taken"),
    ],
)
def test_each_rule_is_told_in_words_and_what_was_typed_stays(
    world: World, fields: dict[str, str], why: str
) -> None:
    page = write(world, **fields)
    assert why in page
    assert 'value="Gia"' in page
    assert "<i>meeting" not in page
    assert (count(world, Booking), count(world, Contact)) == (1, 1)


def test_the_nearest_free_times_are_offered_and_one_press_books(world: World) -> None:
    page = write(world, day="2026-11-27", start="16:00")
    assert 'name="at" value="2026-11-27T13:30"' in page
    write(world, day="2026-11-27", start="16:00", at="2026-11-27T13:30")
    assert newest(world).starts_at == moment(date(2026, 11, 27), 13, 30)


def test_a_person_who_is_banned_cannot_be_booked_for(either: World) -> None:
    number = "+995555000111"
    with either.database.write() as session:
        nino = contacts.find(session, "sms", number)
        assert nino is not None
        bans.ban(session, nino.resident_id, either.objects["booking"], date(2026, 12, 4), "no_show", "staff:here")
    assert "closed to this person until Friday, 4 December" in write(either, phone=number)
    assert count(either, Booking) == 1


def test_a_person_with_two_open_requests_cannot_have_a_third(world: World) -> None:
    number = "+995555000111"
    assert "is written down" in write(world, phone=number)
    assert "already has 2 bookings" in write(world, phone=number, start="14:00")


def test_who_is_refused_is_not_remembered(either: World) -> None:
    write(either, phone="555 12 34 56", day="2026-11-25")
    assert count(either, Contact) == 1


def test_a_centre_without_a_hall_is_closed_all_week() -> None:
    (day,) = laying.lay_out(None, [date(2026, 11, 25)], [], [], [])
    assert [one.kind for one in day.stretches] == ["closed"]
    assert not day.is_open


def test_the_subscription_address_works_until_there_is_a_new_one(either: World) -> None:
    browser, center = either.browser("here"), either.center()
    address = f"/staff/calendar/{center.id}/address"
    with either.database.write() as session:
        old = feeds.token(session, center)
    assert f"/calendar/{HERE}-{old}.ics" in browser.get(address).text
    browser.post(address)
    page = browser.get(address).text
    assert "the new address" in page
    assert old not in page


def test_offers_of_the_waiting_list_are_not_answered(world: World) -> None:
    with world.database.write() as session:
        gia = contacts.find_or_create(session, "sms", "+995555000222")
        row = session.get_one(Booking, world.objects["booking"])
        wish = Request(row.starts_at, row.duration, "resident", "Chess", 5)
        assert isinstance(waiting.wait(session, world.center(), wish, gia, _untold), waiting.Waiting)
        life.cancel(session, row, "staff:here", _untold)
    made = newest(world)
    assert made.id != world.objects["booking"]
    page = world.browser("here").get(f"/staff/calendar/bookings/{made.id}").text
    assert "offered to a person from the waiting list" in page
    assert "Send the refusal" not in page
    assert "offered to who waits in line" in world.browser("here").get("/staff/calendar").text


def test_georgian_pages_say_the_same(world: World) -> None:
    browser = world.browser("here")
    browser.post("/staff/language", {"locale": "ka"})
    assert "დასტურს ელოდება" in browser.get("/staff/calendar").text
    assert "23–29 ნოე" in browser.get("/staff/calendar").text
    assert "ჯავშნის გაუქმება" in browser.get(path(world)).text
    assert "მობილურის ნომერი" in browser.get(f"/staff/calendar/{world.center().id}/new").text
