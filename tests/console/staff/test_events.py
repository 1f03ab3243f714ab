"""Events: written, announced, changed and cancelled by staff, who read beforehand how many people will be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from console.staff.events import recurrence
from console.staff.events.recurrence import Recurrence
from desk import contacts, staff
from desk.accounts import sessions
from desk.events import attending, subscriptions
from desk.events.models import Event, EventNews, Occurrence
from desk.events.subscriptions import Wish
from desk.staff import StaffMember
from store import clock
from tests.console.staff.world import HERE, NOW, THERE, Browser, World, moment

FORM = {
    "topic": "films",
    "title_ka": "კინოს <b>საღამო</b>",
    "title_en": "Film evening",
    "description_en": "Bring a <i>chair</i>.",
    "day": "2026-12-01",
    "start": "18:00",
    "end": "20:00",
    "repeat": "once",
}


def event(world: World, event_id: int | None = None) -> Event:
    with world.database.read() as session:
        return session.get_one(Event, event_id or world.objects["event"])


def path(world: World, rest: str = "") -> str:
    return f"/staff/events/{world.objects['event']}{rest}"


def create(world: World, who: str = "here", **fields: str) -> tuple[str, str]:
    """Sends the form; the address of the event that was made, and what the page then says."""
    browser = world.browser(who)
    came = browser.post("/staff/events/new", {"center": str(world.center().id), **FORM, **fields})
    if came.status_code != 303:
        return "", came.text
    return came.location, browser.get(came.location).text


def filled(page: str) -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    sent = {
        name: unescape(value)
        for name, value in re.findall(r'<input(?![^>]*type="checkbox")[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
    }
    sent |= dict.fromkeys(re.findall(r'<input type="checkbox" name="(\w+)" value="yes" checked', page), "yes")
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[0] if chosen else re.findall(r'<option value="([^"]*)"', options)[0]
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S):
        sent[name] = unescape(text)
    return sent


def change(world: World, address: str, who: str = "here", **fields: str) -> str:
    """Fills in the form of an event and sends it: the page that asks, or the event's own page."""
    browser = world.browser(who)
    form = filled(browser.get(f"{address}/edit").text)
    came = browser.post(f"{address}/edit", {**form, **fields})
    return browser.get(came.location).text if came.status_code == 303 else came.text


def agree(world: World, address: str, page: str, **fields: str) -> str:
    """Presses the button of the page that asks whether to change."""
    browser = world.browser("here")
    came = browser.post(f"{address}/change", {**filled(page), **fields})
    return browser.get(came.location).text if came.status_code == 303 else came.text


def visitors(world: World, *heads: int, occurrence: int | None = None) -> None:
    """So many people come with so many heads each."""
    with world.database.write() as session:
        for number, count in enumerate(heads):
            contact = contacts.find_or_create(session, "sms", f"+99555500{number:04}")
            attending.join(session, contact, occurrence or world.objects["occurrence"], count)


def subscribe(world: World, number: str, wish: Wish) -> None:
    with world.database.write() as session:
        contact = contacts.find_or_create(session, "sms", number)
        subscriptions.subscribe(session, contact, wish)


def told(world: World) -> Mapping[str, int]:
    with world.database.read() as session:
        rows = session.scalars(select(EventNews).where(EventNews.state == "due")).all()
    return {kind: sum(row.kind == kind for row in rows) for kind in {row.kind for row in rows}}


def test_the_list_has_ones_own_centres_only(either: World) -> None:
    for who, sees in (("here", True), ("there", False), ("editor", True)):
        assert ("Sewing circle" in either.browser(who).get("/staff/events").text) is sees
    assert either.browser("there").get(f"/staff/events?center={either.center().id}").status_code == 403
    assert either.browser("editor").get("/staff/events?center=0").status_code == 404
    other = either.browser("editor").get(f"/staff/events?center={either.center(THERE).id}").text
    assert "Sewing circle" not in other


def test_a_member_without_a_centre_sees_nothing(world: World) -> None:
    with world.database.write() as session:
        staff.assign(session, session.get_one(StaffMember, world.members["here"]), [], "system")
    assert "Sewing circle" not in world.browser("here").get("/staff/events").text
    assert world.browser("here").get("/staff/events/new").status_code == 200


def test_a_new_event_is_a_draft_that_nobody_is_told_of(either: World) -> None:
    address, page = create(either, capacity="25", registration="yes")
    assert "Nobody sees it until you announce it" in page
    assert "&lt;b&gt;საღამო&lt;/b&gt;" in page
    assert "<i>chair" not in page
    made = event(either, int(address.rsplit("/", 1)[1]))
    assert (made.state, made.capacity, made.registration, made.rrule) == ("draft", 25, True, None)
    assert (made.starts_at, made.ends_at) == (moment(date(2026, 12, 1), 18), moment(date(2026, 12, 1), 20))
    assert "Tuesday, 1 December, 18:00-20:00" in page
    browser = either.browser("here")
    assert "Film evening" not in browser.get("/staff/events").text
    assert "Film evening" in browser.get("/staff/events?show=drafts").text
    assert told(either) == {}


def test_nobody_writes_an_event_for_another_centre(world: World) -> None:
    form = {**FORM, "center": str(world.center(THERE).id)}
    assert world.browser("here").post("/staff/events/new", form).status_code == 403
    browser = world.browser("here")
    moved = {**filled(browser.get(path(world, "/edit")).text), "center": form["center"]}
    assert browser.post(path(world, "/edit"), moved).status_code == 403
    assert browser.post(path(world, "/change"), moved).status_code == 403


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title_ka": "", "title_en": " "}, "title in at least one language"),
        ({"title_en": "x" * 121}, "at most 120 characters"),
        ({"day": ""}, "give the day"),
        ({"end": "half past"}, "give the day"),
        ({"end": "17:00"}, "ends after it begins"),
        ({"last_day": "2026-12-30"}, "within two weeks"),
        ({"topic": "war"}, "choose a topic"),
        ({"center": "x"}, "choose a centre"),
        ({"capacity": "many"}, "Places: a number"),
        ({"repeat": "sometimes"}, "no rule by which"),
        ({"repeat": "weekly", "times": "0"}, "a number from 1 to 500"),
        ({"repeat": "weekly", "until": "2026-11-01"}, "last day comes after"),
        ({"repeat": "weekly", "until": "2026-12-31", "times": "3"}, "not both"),
    ],
)
def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(
    world: World, fields: dict[str, str], why: str
) -> None:
    address, page = create(world, **fields)
    assert address == ""
    assert why in page
    assert "Bring a &lt;i&gt;chair" in page


@pytest.mark.parametrize(
    ("rule", "means"),
    [
        (None, Recurrence("once")),
        ("FREQ=WEEKLY", Recurrence("weekly")),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=8", Recurrence("weekly", times=8)),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T235959", Recurrence("fortnightly", date(2026, 12, 31))),
        ("FREQ=WEEKLY;UNTIL=20261231", Recurrence("weekly", date(2026, 12, 30))),
        ("FREQ=MONTHLY;BYMONTHDAY=1", Recurrence("monthly")),
        ("FREQ=WEEKLY;BYDAY=TU,TH", Recurrence("other")),
        ("FREQ=MONTHLY;BYDAY=1TU", Recurrence("other")),
        ("FREQ=DAILY;COUNT=3", Recurrence("other")),
        ("FREQ=WEEKLY;UNTIL=soon", Recurrence("other")),
    ],
)
def test_a_rule_is_read_and_kept_as_it_is(rule: str | None, means: Recurrence) -> None:
    begins = moment(date(2026, 12, 1), 18)
    assert recurrence.read(rule, begins) == means
    assert recurrence.rule_of(means, rule, begins) == rule


def test_a_choice_makes_a_rule() -> None:
    begins = moment(date(2026, 12, 1), 18)
    until = Recurrence("fortnightly", until=date(2026, 12, 31))
    assert recurrence.rule_of(until, None, begins) == "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T235959"
    assert recurrence.rule_of(Recurrence("monthly", times=3), "FREQ=DAILY", begins) == "FREQ=MONTHLY;COUNT=3"
    assert recurrence.rule_of(Recurrence("once"), "FREQ=DAILY", begins) is None


def test_announcing_says_first_how_many_will_be_told(either: World) -> None:
    subscribe(either, "+995555000444", Wish("center", HERE))
    subscribe(either, "+995555000555", Wish("center", THERE))
    address, _ = create(either, repeat="weekly", times="3")
    browser = either.browser("here")
    asked = browser.get(f"{address}/announce").text
    assert "told of the new event: 1." in asked
    assert told(either) == {}
    assert event(either, int(address.rsplit("/", 1)[1])).state == "draft"
    browser.post(f"{address}/announce")
    page = browser.get(address).text
    assert "The event is announced. People who are being told: 1." in page
    assert told(either) == {"announced": 1}
    assert "every week, 3 times" in page
    assert "Tuesday, 15 December" in page
    assert "announced already" in browser.get(f"{address}/announce", follow=True).text


def test_another_title_is_told_to_nobody(either: World) -> None:
    visitors(either, 2)
    asked = change(either, path(either), title_en="Sewing & knitting")
    assert "Nobody will be told" in asked
    assert event(either).titles["en"] == "Sewing circle"
    assert "Nobody will be told" in agree(either, path(either), asked)
    assert event(either).titles["en"] == "Sewing & knitting"
    assert told(either) == {}


def test_another_time_says_first_how_many_will_be_told(either: World) -> None:
    visitors(either, 2, 1)
    asked = change(either, path(either), start="17:00", end="18:00")
    assert "new time or place: 2." in asked
    assert "16:00-17:00" in asked
    assert "17:00-18:00" in asked
    assert told(either) == {}
    assert "People who are being told: 2." in agree(either, path(either), asked)
    assert told(either) == {"time_changed": 2}
    assert event(either).starts_at == NOW + timedelta(hours=5)


def test_a_form_that_was_sent_as_it_came_changes_nothing(world: World) -> None:
    assert "Nothing was changed" in change(world, path(world))


def test_a_bigger_hall_tells_who_waited(world: World) -> None:
    agree(world, path(world), change(world, path(world), capacity="2"))
    visitors(world, 2, 1)
    asked = change(world, path(world), capacity="5")
    assert "they get a place: 1." in asked
    agree(world, path(world), asked)
    assert told(world) == {"place_freed": 1}


def test_who_comes_second_sees_what_the_first_one_changed(world: World) -> None:
    browser = world.browser("editor")
    mine = filled(browser.get(path(world, "/edit")).text)
    with clock.fixed(NOW + timedelta(minutes=1)):
        agree(world, path(world), change(world, path(world), title_en="Knitting"))
    page = browser.post(path(world, "/edit"), {**mine, "title_en": "Cooking"}).text
    assert "Somebody has changed this event meanwhile" in page
    assert 'value="Knitting"' in page


def test_a_change_that_leaves_no_time_is_refused(world: World) -> None:
    assert "Cancel it instead" in change(world, path(world), day="2026-11-20")
    assert event(world).state == "announced"


def test_cancelling_says_first_how_many_will_be_told(either: World) -> None:
    visitors(either, 2, 1)
    browser = either.browser("here")
    asked = browser.get(path(either, "/cancel")).text
    assert "told that it does not take place: 2." in asked
    assert event(either).state == "announced"
    browser.post(path(either, "/cancel"))
    assert "The event is cancelled. People who are being told: 2." in browser.get(path(either)).text
    assert told(either) == {"cancelled": 2}
    for rest in ("/cancel", "/edit"):
        assert "was cancelled already" in browser.get(path(either, rest), follow=True).text
    browser.post(path(either, "/change"), filled(browser.get(path(either)).text))
    assert event(either).state == "cancelled"
    assert "Sewing circle" in browser.get("/staff/events?show=over").text


def test_one_time_of_a_series_is_cancelled_alone(either: World) -> None:
    address, _ = create(either, repeat="weekly", times="3")
    browser = either.browser("here")
    browser.post(f"{address}/announce")
    number = int(address.rsplit("/", 1)[1])
    with either.database.read() as session:
        query = select(Occurrence.id).where(Occurrence.event_id == number).order_by(Occurrence.starts_at)
        second = session.scalars(query).all()[1]
    visitors(either, 4, occurrence=second)
    asked = browser.get(f"{address}/times/{second}/cancel").text
    assert "told that it does not take place: 1." in asked
    assert "8 December" in asked
    assert "15 December" not in asked
    browser.post(f"{address}/times/{second}/cancel")
    page = browser.get(address).text
    assert "This time is cancelled." in page
    assert told(either)["cancelled"] == 1
    with either.database.read() as session:
        states = session.scalars(select(Occurrence.state).where(Occurrence.event_id == number)).all()
    assert sorted(states) == ["cancelled", "planned", "planned"]
    assert "can no longer be cancelled" in browser.get(f"{address}/times/{second}/cancel", follow=True).text
    assert browser.get(f"{path(either)}/times/{second}").status_code == 404


def test_at_night_people_are_told_in_the_morning_unless_it_is_urgent(world: World) -> None:
    address, _ = create(world)
    subscribe(world, "+995555000444", Wish("center", HERE))
    night = moment(date(2026, 11, 24), 13) + timedelta(hours=9)
    with clock.fixed(night):
        browser = Browser(world.app, signed_in_at_night(world))
        asked = browser.get(f"{address}/announce").text
        assert "It is night: the messages go out on Wednesday, 25 November, 09:00" in asked
        assert "Tell people at once, although it is night (1)" in asked
        browser.post(f"{address}/announce", {"urgent": "yes"})
    with world.database.read() as session:
        assert session.scalars(select(EventNews)).one().due_at == night


def signed_in_at_night(world: World) -> str:
    with world.database.write() as session:
        return sessions.begin(session, world.members["here"], whole=True)


def test_who_is_coming_is_counted_and_not_named(either: World) -> None:
    agree(either, path(either), change(either, path(either), capacity="4", registration="yes"))
    visitors(either, 3, 2)
    browser = either.browser("here")
    page = browser.get(f"{path(either)}/times/{either.objects['occurrence']}").text
    assert "Coming: 3, places: 4" in page
    assert "waiting for a place: 2" in page
    assert "number …000" in page
    assert "+9955" not in page
    assert "Coming: 3, places: 4, waiting for a place: 2" in browser.get("/staff/events").text
    sheet = browser.get(f"{path(either)}/times/{either.objects['occurrence']}/sheet").text
    assert sheet.count("number …000") == 3
    assert "number …001" not in sheet
    assert sheet.count("<tr>") == 21
    assert "Signature" in sheet


def test_a_rule_of_its_own_is_shown_and_kept(world: World) -> None:
    address, _ = create(world)
    with world.database.write() as session:
        session.get_one(Event, int(address.rsplit("/", 1)[1])).rrule = "FREQ=WEEKLY;BYDAY=TU,TH"
    browser = world.browser("here")
    assert "FREQ=WEEKLY;BYDAY=TU,TH" in browser.get(address).text
    assert "FREQ=WEEKLY;BYDAY=TU,TH" in browser.get(f"{address}/edit").text
    assert "Saved." in change(world, address, title_en="Films")
    kept = event(world, int(address.rsplit("/", 1)[1]))
    assert (kept.rrule, kept.titles["en"]) == ("FREQ=WEEKLY;BYDAY=TU,TH", "Films")
    assert "does not begin on this day" in change(world, address, day="2026-12-02")


def test_georgian_pages_say_the_same(world: World) -> None:
    browser = world.browser("here")
    browser.post("/staff/language", {"locale": "ka"})
    assert "გამოცხადებულია" in browser.get("/staff/events").text
    assert "ერთი ენაც საკმარისია" in browser.get("/staff/events/new").text
    assert "გავაუქმოთ ეს ღონისძიება?" in browser.get(path(world, "/cancel")).text
    assert "ხელმოსაწერი ფურცელი" in browser.get(f"{path(world)}/times/{world.objects['occurrence']}/sheet").text
