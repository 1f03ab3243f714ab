"""People: taking somebody on, roles and centres, links, lost telephones; an administrator always stays."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from console.staff.parts import EXTENSION
from desk import audit, contacts, staff
from desk.accounts import codes, passing, roster
from desk.accounts.models import OneTimeLink, StaffAccount
from desk.audit import AuditEntry
from desk.staff import StaffMember
from tests.console.staff.world import HERE, THERE, World

PASSWORD = "nine green bottles"


def known_bot(world: World) -> None:
    """From now on the bot's name is known."""
    world.app.extensions[EXTENSION] = replace(world.app.extensions[EXTENSION], bot_name=lambda: "mezobeli_bot")


def path(world: World, who: str, what: str = "") -> str:
    return f"/staff/people/{world.members[who]}{what}"


def member(world: World, who: str) -> StaffMember:
    with world.database.read() as session:
        return session.get_one(StaffMember, world.members[who])


def link_in(page: str) -> str:
    found = re.search(r"/staff/link/[\w-]+", page)
    assert found is not None
    return found[0]


def test_somebody_is_taken_on_and_comes_in(world: World) -> None:
    centers = [world.center(HERE).id, 999_999]
    form = {"name": " Lali  Beridze ", "role": "staff", "center": centers, "language": "en"}
    came = world.browser("administrator").post("/staff/people/new", form)
    assert "http://localhost/staff/link/" in came.text
    assert "3 days" in came.text
    into = world.browser().post(link_in(came.text), {"password": PASSWORD, "again": PASSWORD})
    assert into.location == "/staff/today"
    with world.database.read() as session:
        taken_on = staff.find(session, "Lali Beridze")
        assert taken_on is not None
        assert staff.centers_of(session, taken_on) == {world.center(HERE).id}
        assert taken_on.locale == "en"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " ", "role": "editor"}, "Write a name"),
        ({"name": "x" * 61, "role": "editor"}, "Write a name"),
        ({"name": "here", "role": "editor"}, "this name already"),
        ({"name": "Lali", "role": "staff"}, "at least one centre"),
    ],
)
def test_who_cannot_be_taken_on(world: World, form: dict[str, str], said: str) -> None:
    browser = world.browser("administrator")
    came = browser.post("/staff/people/new", form)
    assert came.status_code == 400
    assert said in came.text
    assert browser.post("/staff/people/new", {"name": "x", "role": "king"}).status_code == 400


def test_everybody_is_listed_with_what_is_theirs(world: World) -> None:
    page = world.browser("administrator").get("/staff/people").text
    for name in world.members:
        assert f">{name}</a>" in page
    assert "Kachreti (Gurjaani)" in page
    assert page.index(">there</a>") < page.index(">off</a>")
    assert world.browser("administrator").get("/staff/people/999999").status_code == 404


def test_a_role_and_centres_are_changed_at_once(world: World) -> None:
    centers = [world.center(HERE).id, world.center(THERE).id]
    browser = world.browser("administrator")
    came = browser.post(path(world, "here", "/place"), {"role": "staff", "center": centers})
    assert "Saved: here" in browser.get(str(came.location)).text
    assert world.browser("here").get("/staff/today").status_code == 200
    with world.database.read() as session:
        assert staff.centers_of(session, member(world, "here")) == set(centers)
    browser.post(path(world, "here", "/place"), {"role": "editor"})
    assert member(world, "here").role == "editor"
    assert world.browser("here").get("/staff/today").status_code == 303
    assert "at least one centre" in browser.post(path(world, "here", "/place"), {"role": "staff"}).text


def test_nobody_demotes_or_switches_off_themselves(world: World) -> None:
    browser = world.browser("administrator")
    for what, form in (("/place", {"role": "editor"}), ("/off", {}), ("/lost-phone", {})):
        came = browser.post(path(world, "administrator", what), form)
        assert (came.status_code, "yourself" in came.text) == (400, True), what
    found = member(world, "administrator")
    assert (found.role, found.is_active) == ("administrator", True)


def test_of_two_administrators_one_stays(world: World) -> None:
    one, other = world.members["administrator"], world.members["half"]
    with world.database.write() as session:
        roster.switch_off(session, other, one)
    with world.database.write() as session, pytest.raises(roster.Refused, match="not_administrator"):
        roster.switch_off(session, one, other)
    with world.database.write() as session, pytest.raises(roster.Refused, match="not_administrator"):
        roster.place(session, one, "editor", [], other)


def test_switching_off_ends_everything_and_coming_back_takes_a_new_link(world: World) -> None:
    browser = world.browser("administrator")
    old = link_in(browser.post(path(world, "here", "/link")).text)
    world.browser().post(old, {"password": PASSWORD, "again": PASSWORD})
    assert "is switched off" in browser.get(str(browser.post(path(world, "here", "/off")).location)).text
    assert world.browser("here").get("/staff/today").status_code == 303
    assert "switched off" in browser.post(path(world, "here", "/link")).text
    assert browser.post(path(world, "here", "/telegram")).status_code == 400
    browser.post(path(world, "here", "/on"))
    assert world.browser().post("/staff/sign-in", {"name": "here", "password": PASSWORD}).status_code == 401
    new = link_in(browser.post(path(world, "here", "/link")).text)
    assert world.browser().post(new, {"password": PASSWORD, "again": PASSWORD}).location == "/staff/today"


def test_a_newer_link_makes_the_older_useless(world: World) -> None:
    browser = world.browser("administrator")
    older = link_in(browser.post(path(world, "here", "/link")).text)
    newer = link_in(browser.post(path(world, "here", "/link")).text)
    assert world.browser().get(older).status_code == 404
    assert world.browser().get(newer).status_code == 200
    with world.database.read() as session:
        assert len(session.scalars(select(OneTimeLink)).all()) == 1


def test_a_lost_telephone_is_replaced(world: World) -> None:
    with world.database.write() as session:
        account = passing.account_of(session, world.members["editor"])
        account.code_secret, account.password = codes.new_secret(), "set"
    came = world.browser("administrator").post(path(world, "editor", "/lost-phone"))
    assert "2 hours" in came.text
    assert world.browser("editor").get("/staff/today").status_code == 303
    with world.database.read() as session:
        assert session.get_one(StaffAccount, world.members["editor"]).code_secret is None


def test_a_telegram_account_is_linked_and_unlinked(world: World) -> None:
    browser = world.browser("administrator")
    page = browser.post(path(world, "here", "/telegram")).text
    assert "t.me" not in page
    code = re.search(r"/start staff_([\w-]+)", page)
    assert code is not None
    with world.database.write() as session:
        assert staff.link(session, contacts.find_or_create(session, "telegram", "77"), code[1]) is not None
    assert "Unlink" in browser.get(path(world, "here")).text
    browser.post(path(world, "here", "/unlink"))
    assert member(world, "here").linked_contact_id is None


def test_ones_own_telegram_account(world: World) -> None:
    known_bot(world)
    browser = world.browser("here")
    page = browser.post("/staff/account/telegram").text
    assert re.search(r'href="https://t.me/mezobeli_bot\?start=staff_[\w-]+"', page)
    assert 'src="data:image/svg+xml' in page
    assert "linked no more" in browser.get(str(browser.post("/staff/account/unlink").location)).text


def test_everything_is_in_the_trail(world: World) -> None:
    browser = world.browser("administrator")
    for what, form in (("/place", {"role": "editor"}), ("/link", {}), ("/off", {}), ("/on", {})):
        browser.post(path(world, "here", what), form)
    with world.database.read() as session:
        actor = audit.staff("administrator")
        mine = select(AuditEntry.action).where(AuditEntry.actor == actor).order_by(AuditEntry.id)
        done = list(session.scalars(mine))
    assert done == ["assign", "change_role", "issue_invite_link", "switch_off", "switch_on"]
