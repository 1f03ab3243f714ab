"""The door over HTTP: links, passwords, codes, the cookie, the language, and where somebody is led afterwards."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from console.staff import words
from desk import audit
from desk.accounts import passing, sessions, throttle
from desk.staff import StaffMember
from store import clock
from tests.console.staff.world import NOW, World

PASSWORD = "nine green bottles"


def invited(world: World, who: str = "here") -> str:
    """A link with which the member sets a password."""
    with world.database.write() as session:
        token = passing.invite(session, session.get_one(StaffMember, world.members[who]), audit.SYSTEM)
    return f"/staff/link/{token}"


def test_an_invitation_lets_somebody_in_once(world: World) -> None:
    link, browser = invited(world), world.browser()
    assert words.say_in("ka", "frame.link.hello.invite", name="here") in browser.get(link).text
    short = browser.post(link, {"password": "short", "again": "short"})
    assert short.status_code == 400
    differ = browser.post(link, {"password": PASSWORD, "again": "another"})
    assert differ.status_code == 400
    came = browser.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert (came.status_code, came.location) == (303, "/staff/today")
    assert browser.get("/staff/today").status_code == 200
    used = world.browser().get(link)
    assert used.status_code == 404


def test_signing_in_leads_to_the_page_that_was_asked_for(world: World) -> None:
    world.browser().post(invited(world), {"password": PASSWORD, "again": PASSWORD})
    browser = world.browser()
    door = browser.get("/staff/account")
    assert door.location == "/staff/sign-in?next=/staff/account?"
    form = {"name": "here", "password": PASSWORD}
    assert browser.post("/staff/sign-in", {**form, "next": "/staff/account"}).location == "/staff/account"
    for elsewhere in ("https://example.org", "//example.org", "/staff\\..", "/try", "/staffing", "/staff/\nx"):
        led = world.browser().post("/staff/sign-in", {**form, "next": elsewhere})
        assert led.location == "/staff/today", elsewhere


@pytest.mark.parametrize("name", ["here", "nobody"])
def test_a_wrong_password_says_no_more_than_that(world: World, name: str) -> None:
    came = world.browser().post("/staff/sign-in", {"name": name, "password": "wrong"})
    assert came.status_code == 401
    assert words.say_in("ka", "frame.door.wrong") in came.text


def test_too_many_tries_have_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "BY_ACCOUNT", 0)
    came = world.browser().post("/staff/sign-in", {"name": "here", "password": "wrong"})
    assert came.status_code == 429
    assert words.say_in("ka", "frame.door.wait", minutes=15) in came.text


def test_the_second_factor_may_be_turned_on(world: World) -> None:
    browser = world.browser("here")
    page = browser.get("/staff/account").text
    secret = page.split('id="secret">')[1].split("<")[0]
    assert browser.post("/staff/account/code", {"code": "000000"}).status_code == 400
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    assert browser.post("/staff/account/code", {"code": code}).status_code == 303
    assert secret not in browser.get("/staff/account").text


def test_the_password_can_be_changed(world: World) -> None:
    browser = world.browser()
    browser.post(invited(world), {"password": PASSWORD, "again": PASSWORD})
    new = {"password": "another good one", "again": "another good one"}
    assert browser.post("/staff/account/password", {"old": "wrong", **new}).status_code == 400
    assert browser.post("/staff/account/password", {"old": PASSWORD, **new}).status_code == 303
    assert browser.get("/staff/today").status_code == 200


def test_a_session_that_is_over_leads_to_the_door(world: World) -> None:
    browser = world.browser("here")
    with clock.fixed(NOW + sessions.IDLE):
        assert browser.get("/staff/today").location == "/staff/sign-in?next=/staff/today?"
        part = browser.get("/staff/today/running", htmx=True)
        assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/staff/sign-in")


def test_working_keeps_a_session_alive(world: World) -> None:
    browser = world.browser("here")
    for hours in (3, 6, 9):
        with clock.fixed(NOW + timedelta(hours=hours)):
            assert browser.get("/staff/today").status_code == 200


def test_the_cookie_stays_here(world: World) -> None:
    cookie = world.app.test_client().get("/staff/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/staff" in cookie
    assert "Secure" not in cookie
    world.app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in world.app.test_client().get("/staff/sign-in").headers["Set-Cookie"]


def test_the_language_is_chosen_and_stays(world: World) -> None:
    browser = world.browser("here")
    assert 'lang="en"' in browser.get("/staff/today").text
    assert browser.post("/staff/language", {"locale": "ka", "back": "/staff/account"}).location == "/staff/account"
    assert 'lang="ka"' in world.browser("here").get("/staff/today").text
    stranger = world.browser()
    assert 'lang="ka"' in stranger.get("/staff/sign-in").text
    stranger.post("/staff/language", {"locale": "en"})
    assert 'lang="en"' in stranger.get("/staff/sign-in").text
    stranger.post("/staff/language", {"locale": "xx"})
    assert 'lang="en"' in stranger.get("/staff/sign-in").text
