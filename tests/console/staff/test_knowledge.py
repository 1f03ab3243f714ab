"""Knowledge: lists in which what is missing comes first, forms checked like files, history, files in and out."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from console.staff.knowledge import columns
from desk import facts
from desk.halls import rules
from knowledge import history, models
from knowledge.interchange.kinds import KINDS
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from store import clock
from tests.console.staff.world import HERE, THERE, Browser, World

TODAY = date(2026, 11, 24)


def text(page: str) -> str:
    """What a reader sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def form(browser: Browser, path: str) -> dict[str, str]:
    """The fields of the first form of facts on a page, as a browser would send them."""
    page = browser.get(path).text
    part = page[page.index('class="facts-form"') : page.index("</fieldset>")]
    found = dict(re.findall(r'<input (?:id="[^"]+" |type="hidden" )name="([^"]+)" value="([^"]*)"', part))
    found.update(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', part))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items() if name != "csrf_token"}


def center_path(world: World, slug: str = HERE) -> str:
    return f"/staff/knowledge/centers/{world.center(slug).id}"


@pytest.mark.parametrize("kind", ["", "/served", "/services", "/places"])
def test_every_list_is_shown_and_searched_in_any_script(world: World, kind: str) -> None:
    wanted = {"": "კაჭრეთი", "/served": "fictional", "/services": "პირადობის", "/places": "Качрети"}[kind]
    browser = world.browser("editor")
    everything = text(browser.get(f"/staff/knowledge{kind}").text)
    found = text(browser.get(f"/staff/knowledge{kind}?q={wanted}").text)
    number = int(re.search(r"Found: (\d+)", found)[1])  # type: ignore[index]
    assert 0 < number < int(re.search(r"Found: (\d+)", everything)[1])  # type: ignore[index]


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=99999999999", "?page=x", "?q=%25%5F%27%3C", "?q=" + "a" * 500]
)
def test_odd_searches_are_answered(world: World, query: str) -> None:
    for kind in ("", "/places"):
        assert world.browser("here").get(f"/staff/knowledge{kind}{query}").status_code == 200


def test_what_is_missing_comes_first_and_then_what_was_verified_long_ago(world: World) -> None:
    with world.database.write() as session:
        for row in session.scalars(select(ServiceRow)):
            row.verified_on = TODAY
        session.get_one(ServiceRow, "id-card").verified_on = date(2020, 1, 1)
    with world.database.read() as session:
        rows = session.scalars(select(ServiceRow)).all()
    page = world.browser("here").get("/staff/knowledge/services").text
    order = re.findall(r'href="/staff/knowledge/services/([a-z0-9-]+)"', page)
    wanted = ("bring", "fee", "time", "who")
    missing = {row.slug: sum(not row.facts.get(name) for name in wanted) for row in rows}
    counts = [missing[slug] for slug in order]
    assert counts == sorted(counts, reverse=True)
    assert "long ago: 2020-01-01" in world.browser("here").get("/staff/knowledge/services?q=id-card").text


def test_centre_staff_see_their_own_centres_and_their_villages(world: World) -> None:
    mine, whole = (text(world.browser(who).get("/staff/knowledge").text) for who in ("here", "editor"))
    assert ("Kachreti" in mine, "Kabali" in mine) == (True, False)
    assert "Kabali" in whole or "Page 1 of 2" in whole
    page = world.browser("there").get("/staff/knowledge/served").text
    with world.database.read() as session:
        own = set(session.scalars(select(ServedRow.id).where(ServedRow.center_id == world.center(THERE).id)))
    assert {int(found) for found in re.findall(r'href="/staff/knowledge/served/(\d+)"', page)} == own


def test_a_changed_field_is_saved_shown_in_the_history_and_taken_back(world: World) -> None:
    browser, path = world.browser("here"), center_path(world)
    with world.database.read() as session:
        version = models.version(session)
    given = {**form(browser, path), "address_ka": "რუსთაველის ქუჩა 1"}
    assert browser.post(path, given).status_code == 303
    page = text(browser.get(path).text)
    assert "Saved" in page
    assert "here , Tuesday, 24 November, 12:00" in page
    with world.database.read() as session:
        assert models.version(session) == version + 1
        assert session.get_one(CenterRow, world.center().id).address_ka == "რუსთაველის ქუჩა 1"
        (edit, *_) = history.of(session, "centers", world.center().id)
    assert [one.name for one in edit.fields] == ["address_ka"]
    assert "Taken back" in browser.client.post(
        f"/staff/knowledge/undo/centers/{world.center().id}/{edit.id}",
        headers={"X-CSRFToken": browser.csrf()},
        follow_redirects=True,
    ).get_data(as_text=True)
    with world.database.read() as session:
        assert session.get_one(CenterRow, world.center().id).address_ka == world.center().address_ka
    again = browser.post(f"/staff/knowledge/undo/centers/{world.center().id}/{edit.id}")
    assert again.status_code == 303
    assert "newer change first" in browser.get(path).text


def test_a_form_sent_as_it_came_changes_nothing(world: World) -> None:
    browser = world.browser("editor")
    with world.database.read() as session:
        place = session.scalars(select(PlaceRow.id).where(PlaceRow.lat.is_(None))).first()
        served = world.objects["served"]
        version = models.version(session)
    paths = [center_path(world), f"/staff/knowledge/places/{place}", f"/staff/knowledge/served/{served}"]
    for path in [*paths, "/staff/knowledge/services/id-card", "/staff/knowledge/services/criminal-record"]:
        if browser.get(path).status_code == 404:
            continue
        to = re.search(r'action="([^"]+)" class="facts-form"', browser.get(path).text)
        assert to is not None
        assert browser.post(to[1], form(browser, path)).status_code == 303, path
        assert "Nothing was changed" in browser.get(path).text, path
    with world.database.read() as session:
        assert models.version(session) == version


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phone": "12"}, "a Georgian telephone number"),
        ({"hours": "morgens", "hours_source": "x"}, "opening hours such as"),
        ({"name_ka": "Kachreti"}, "a name in Georgian letters"),
        ({"lat": "12"}, "a latitude within Georgia"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    world: World, fields: dict[str, str], said: str
) -> None:
    browser, path = world.browser("here"), center_path(world)
    came = browser.post(path, {**form(browser, path), **fields, "address_ka": "<b>ახალი</b>"})
    assert f"<strong>Expected: {said}" in came.text
    assert "&lt;b&gt;ახალი&lt;/b&gt;" in came.text
    with world.database.read() as session:
        assert session.get_one(CenterRow, world.center().id).address_ka == world.center().address_ka


def test_two_who_change_a_row_at_once_do_not_undo_one_another(world: World) -> None:
    path = center_path(world)
    mine, other = form(world.browser("here"), path), form(world.browser("editor"), path)
    world.browser("editor").post(path, {**other, "address_ka": "ერთი"})
    came = world.browser("here").post(path, {**mine, "phone": "+995322405405"})
    assert "Somebody changed this meanwhile" in came.text
    with world.database.read() as session:
        assert session.get_one(CenterRow, world.center().id).address_ka == "ერთი"


def test_a_service_is_changed_in_five_languages_by_an_editor_only(world: World) -> None:
    path = "/staff/knowledge/services/id-card"
    browser = world.browser("editor")
    given = form(browser, path)
    words = {"name_en": "ID card!", "name_hy": "Անձնագիր", "synonyms_ru": "паспорт\n\n удостоверение "}
    assert browser.post(path + "/facts", {**given, **words}).status_code == 303
    with world.database.read() as session:
        row = session.get_one(ServiceRow, "id-card")
    assert (row.names["en"], row.names["hy"], row.synonyms["ru"]) == (
        "ID card!",
        "Անձնագիր",
        ["паспорт", "удостоверение"],
    )
    page = world.browser("here").get(path).text
    assert "Only editors change this" in page
    assert "<fieldset disabled>" in page
    assert world.browser("here").post(path + "/facts", given).status_code == 403


def test_a_region_follows_from_the_municipality(world: World) -> None:
    with world.database.read() as session:
        place = session.scalars(select(PlaceRow).where(PlaceRow.region_en == "Kakheti")).first()
    assert place is not None
    browser, path = world.browser("administrator"), f"/staff/knowledge/places/{place.id}"
    browser.post(path + "/facts", {**form(browser, path), "name_ka": "სულახალი", "municipality_en": "Zugdidi"})
    with world.database.read() as session:
        after = session.get_one(PlaceRow, place.id)
    assert (after.name_ka, after.region_en) == ("სულახალი", "Samegrelo-Zemo Svaneti")


@pytest.mark.parametrize("htmx", [True, False])
def test_verified_today_from_the_list(world: World, htmx: bool) -> None:
    path = f"/staff/knowledge/verified/centers/{world.center().id}"
    came = world.browser("here").post(path, {"back": "/staff/knowledge?q=x"}, htmx=htmx)
    assert (came.status_code, came.location) == ((200, None) if htmx else (303, "/staff/knowledge?q=x"))
    with world.database.read() as session:
        assert session.get_one(CenterRow, world.center().id).verified_on == TODAY == clock.local_now().date()


@pytest.mark.parametrize(("kind", "row"), [("services", "id-card"), ("places", "1")])
def test_centre_staff_verify_and_undo_nothing_of_the_editors(world: World, kind: str, row: str) -> None:
    assert world.browser("here").post(f"/staff/knowledge/verified/{kind}/{row}").status_code == 403
    assert world.browser("editor").post(f"/staff/knowledge/verified/{kind}/{row}").status_code == 303
    with world.database.read() as session:
        (edit, *_) = history.of(session, kind, row)
    path = f"/staff/knowledge/undo/{kind}/{row}/{edit.id}"
    assert world.browser("here").post(path).status_code == 403
    assert world.browser("editor").post(path).status_code == 303
    for wrong in ("/staff/knowledge/verified/nonsense/1", "/staff/knowledge/verified/places/x"):
        assert world.browser("editor").post(wrong).status_code == 404


def test_served_villages_come_go_and_come_back(world: World) -> None:
    browser, path = world.browser("here"), center_path(world)
    browser.post(f"{path}/served", {"village": "<i>Nowhere</i>", "source": "a call"})
    with world.database.read() as session:
        row = session.scalars(select(ServedRow).where(ServedRow.village == "<i>Nowhere</i>")).one()
    assert (row.center_id, "&lt;i&gt;Nowhere" in browser.get(path).text) == (world.center().id, True)
    browser.post(f"{path}/served", {"village": "<i>Nowhere</i>", "source": "a call"})
    assert "Nothing was added" in browser.get(path).text
    elsewhere = f"/staff/knowledge/centers/{world.center(THERE).id}/served/remove"
    world.browser("there").post(elsewhere, {"served_id": str(row.id)})
    with world.database.read() as session:
        assert session.get(ServedRow, row.id) is not None
    browser.post(f"{path}/served/remove", {"served_id": str(row.id)})
    page = browser.get(path).text
    assert "Bring it back" in page
    back = re.search(r'action="(/staff/knowledge/undo/served/[^"]+)"', page)
    assert back is not None
    assert world.browser("there").post(back[1]).status_code == 403
    assert browser.post(back[1], {"back": path}).location == path
    with world.database.read() as session:
        assert session.scalars(select(ServedRow).where(ServedRow.village == "<i>Nowhere</i>")).one()


def test_the_rules_of_the_hall_are_changed_and_taken_back(world: World) -> None:
    browser, path = world.browser("here"), center_path(world)
    for wrong in ({"slot_minutes": "45"}, {"max_open": "-1"}, {"max_open": "x"}, {"horizon_days": "9999"}):
        browser.post(f"{path}/rules", wrong)
        assert "cannot be kept" in browser.get(path).text
    browser.post(f"{path}/rules", {"max_open": "5", "slot_minutes": "60"})
    with world.database.read() as session:
        assert rules.rules_for(session, world.center().id) == rules.Rules(max_open=5, slot_minutes=60)
        (edit,) = history.of(session, facts.RULES, world.center().id)
    browser.post(f"/staff/knowledge/undo/rules/{world.center().id}/{edit.id}")
    with world.database.read() as session:
        assert rules.rules_for(session, world.center().id) == rules.Rules()


def exported(world: World, kind: str, ending: str = "csv") -> bytes:
    came = world.browser("editor").get(f"/staff/knowledge/files/{kind}.{ending}")
    assert f"{kind}-2026-11-24.{ending}" in came.headers["Content-Disposition"]
    return came.data


def send(world: World, kind: str, content: bytes, name: str = "my.csv") -> str:
    browser = world.browser("editor")
    return browser.post("/staff/knowledge/files", {"kind": kind, "file": (io.BytesIO(content), name)}).text


def test_a_file_is_looked_at_first_and_then_carried_out(world: World) -> None:
    header, *lines = exported(world, "served").decode().splitlines()
    first = lines[0].split(",")
    changed = ",".join([*first[:4], "another source", ""])
    content = "\n".join([header, changed, *lines[2:], f"{HERE},Brand new,,,a call,24.11.2026"]).encode()
    page = send(world, "served", content, "<script>.csv")
    assert "<script>" not in page
    said = text(page)
    for expected in ("Added: 1", "Changed: 1", "Removed: 1", "another source", f"{HERE}, Brand new"):
        assert expected in said
    with world.database.read() as session:
        assert session.scalars(select(ServedRow).where(ServedRow.village == "Brand new")).first() is None
    action = re.search(r'action="(/staff/knowledge/files/\d+)"', page)
    assert action is not None
    assert "Carried out" not in world.browser("administrator").get("/staff/knowledge/files").text
    world.browser("administrator").post(action[1])
    with world.database.read() as session:
        assert session.scalars(select(ServedRow).where(ServedRow.village == "Brand new")).first() is None
    assert world.browser("editor").post(action[1]).status_code == 303
    with world.database.read() as session:
        row = session.scalars(select(ServedRow).where(ServedRow.village == "Brand new")).one()
        (edit,) = history.of(session, "served", row.id)
    assert (row.verified_on, edit.actor) == (TODAY, "staff:editor")


def test_what_changed_since_the_look_is_shown_anew(world: World) -> None:
    page = send(world, "served", exported(world, "served") + f"{HERE},Brand new,,,a call,\n".encode())
    action = re.search(r'action="(/staff/knowledge/files/\d+)"', page)
    assert action is not None
    world.browser("here").post(f"/staff/knowledge/verified/centers/{world.center().id}")
    browser = world.browser("editor")
    again = browser.post(action[1])
    assert "The data changed meanwhile" in again.text
    assert browser.post(action[1]).status_code == 303
    with world.database.read() as session:
        assert session.scalars(select(ServedRow).where(ServedRow.village == "Brand new")).one()


def test_every_bad_row_is_named_with_what_is_expected(world: World) -> None:
    lines = exported(world, "centers").decode().splitlines()
    page = send(world, "centers", "\n".join([*lines, "x y" + "," * lines[0].count(",")]).encode())
    assert "Nothing was changed" in page
    assert re.search(rf"<td>{len(lines) + 1}</td><td>Short name", page)
    assert "x y" in page
    assert "carry out" not in page.casefold().replace("carried", "")


@pytest.mark.parametrize(("content", "name"), [(b"", "a.csv"), (b"PK\x03\x04", "a.xlsx"), (b"x", "a.exe")])
def test_what_is_no_table_is_refused_in_words(world: World, content: bytes, name: str) -> None:
    assert "Nothing was changed" in send(world, "places", content, name)


def test_removing_most_rows_has_to_be_agreed_to(world: World) -> None:
    page = send(world, "served", b"\n".join(exported(world, "served").splitlines()[:2]))
    action = re.search(r'action="(/staff/knowledge/files/\d+)"', page)
    assert action is not None
    assert "more than half" in page
    browser = world.browser("editor")
    assert "more than half" in browser.post(action[1]).text
    assert browser.post(action[1], {"removals": "on"}).status_code == 303
    with world.database.read() as session:
        assert len(session.scalars(select(ServedRow)).all()) == 1


def test_no_cell_of_an_export_is_run_and_all_comes_back(world: World, tmp_path: Path) -> None:
    with world.database.write() as session:
        session.get_one(CenterRow, world.center().id).source = "=1+1"
    assert ",'=1+1," in exported(world, "centers").decode()
    path = tmp_path / "centers.xlsx"
    path.write_bytes(exported(world, "centers", "xlsx"))
    values = [cell.value for row in load_workbook(path).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "'=1+1" in values
    assert "nothing would change" in send(world, "centers", path.read_bytes(), "centers.xlsx")


@pytest.mark.parametrize("path", ["served.exe", "nonsense.csv", "../x.csv"])
def test_other_files_are_not_there(world: World, path: str) -> None:
    assert world.browser("editor").get(f"/staff/knowledge/files/{path}").status_code == 404


def test_every_column_has_its_words_and_its_place_in_the_form(world: World) -> None:
    with world.app.test_request_context("/staff/knowledge"):
        for kind, known in KINDS.items():
            named = {column.name for column in known.columns}
            placed = {one for section in columns.layout()[kind].values() for one in section}
            assert placed <= named
            assert named - placed <= {"slug", "id", "center", "region_en"}
            assert [one for one in named if columns.label(one) == one] == []
            columns.sections(kind, {})


def test_knowledge_on_postgresql(postgres_world: World) -> None:
    browser, path = postgres_world.browser("here"), center_path(postgres_world)
    for kind in ("", "/served", "/services", "/places", "/places?q=kachr"):
        assert browser.get(f"/staff/knowledge{kind}").status_code == 200
    assert browser.post(path, {**form(browser, path), "address_ka": "ერთი"}).status_code == 303
    page = send(postgres_world, "served", exported(postgres_world, "served") + f"{HERE},New,,,x,\n".encode())
    action = re.search(r'action="(/staff/knowledge/files/\d+)"', page)
    assert action is not None
    assert postgres_world.browser("editor").post(action[1]).status_code == 303
    assert "New" in browser.get(path).text
