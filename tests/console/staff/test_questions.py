"""Questions: grouped by likeness, taught after the effect was shown; who asked is not there."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk import contacts, intake, questions
from desk.messages import Inbound, Understanding
from desk.questions import Question
from knowledge import snapshot, taught
from knowledge.models import PlaceRow, ServiceRow
from store import clock
from tests.console.staff.world import NOW, UTOPIA, World


def ask(world: World, *texts: str, language: str = "en", days_ago: int = 0) -> int:
    """Questions that found no answer; the id of the last one."""
    with world.database.write() as session, clock.fixed(NOW - timedelta(days=days_ago)):
        for text in texts:
            questions.keep(session, text, language, "sms", "none")  # type: ignore[arg-type]
    with world.database.read() as session:
        return session.scalars(select(Question.id).order_by(Question.id.desc()).limit(1)).one()


def open_texts(world: World) -> set[str]:
    with world.database.read() as session:
        return {one.text for one in questions.most_asked(session, 90)}


def hidden(page: str) -> dict[str, list[str]]:
    """The fields that send a lesson again."""
    part = page[page.rindex("<form") :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part):
        found.setdefault(name, []).append(html.unescape(value))
    return {name: values for name, values in found.items() if name != "csrf_token"}


def test_questions_stand_in_groups_without_markup_and_without_people(world: World) -> None:
    ask(world, "donkey taxi please", "Donkey TAXI, please!", "donkey taxi pleas")
    page = world.browser("here").get("/staff/questions").text
    assert page.count('class="group"') == 2
    assert "asked: 3" in page
    assert "Nearly the same: 2" in page
    assert html.escape(UTOPIA) in page
    assert UTOPIA not in page
    assert "Teach</a>" not in page
    assert page.index("donkey") < page.index("Utopia")


def test_the_period_and_the_order_are_chosen(world: World) -> None:
    ask(world, "one", "one", days_ago=60)
    browser = world.browser("editor")
    assert "one" not in re.findall(r"<h2[^>]*>([^<]*)", browser.get("/staff/questions?days=7").text)
    by_number, by_time = (
        re.findall(r'<h2 id="group[^>]*>([^<]*)', browser.get(f"/staff/questions?days=90&order={order}").text)
        for order in ("most", "newest")
    )
    assert by_number == list(reversed(by_time)) == ["one", html.escape(UTOPIA)]
    assert browser.get("/staff/questions?days=x&order=x").status_code == 200


def test_a_word_for_a_service_is_tried_and_then_taught(world: World) -> None:
    number = ask(world, "documents for a zumbarella", "zumbarella")
    browser = world.browser("editor")
    form = {"how": "service", "words": " zumbarella ", "service": "passport", "locale": "en"}
    page = browser.post(f"/staff/questions/{number}/effect", form).text
    assert "“zumbarella” is another word for" in page
    assert open_texts(world) == {UTOPIA, "documents for a zumbarella", "zumbarella"}
    lesson = hidden(page)
    assert lesson == {"how": ["service"], "words": ["zumbarella"], "service": ["passport"], "locale": ["en"]}
    helped = page[page.index('id="helped"') : page.index('id="broken"')]
    browser.post(f"/staff/questions/{number}/teach", lesson)
    with world.database.read() as session:
        assert "zumbarella" in session.get_one(ServiceRow, "passport").synonyms["en"]
    for text in ("documents for a zumbarella", "zumbarella"):
        was_helped = f"<li>{text}</li>" in helped[: helped.find("note warn")]
        assert (text in open_texts(world)) is not was_helped


def test_a_name_of_a_place_that_several_have_is_asked_about(world: World) -> None:
    number = ask(world, "nearest centre to Zurgovka")
    browser = world.browser("administrator")
    form = {"how": "place", "words": "Zurgovka", "place": "Akhalsopeli"}
    page = browser.post(f"/staff/questions/{number}/effect", form).text
    assert "Which settlement is meant?" in page
    chosen = re.search(r'name="place_id" value="(\d+)"', page)
    assert chosen is not None
    page = browser.post(f"/staff/questions/{number}/effect", {**form, "place_id": chosen[1]}).text
    assert hidden(page) == {"how": ["place"], "words": ["Zurgovka"], "place_id": [chosen[1]]}
    browser.post(f"/staff/questions/{number}/teach", hidden(page))
    with world.database.read() as session:
        assert "Zurgovka" in session.get_one(PlaceRow, int(chosen[1])).alt_names


def test_texts_are_taught_word_for_word_and_taken_back(world: World) -> None:
    number = ask(world, "<b>donkey</b> taxi", "donkey taxis")
    browser = world.browser("editor")
    assert "&lt;b&gt;donkey" in browser.get(f"/staff/questions/{number}").text
    form = {"meaning": "hours", "locale": "en", "text": ["<b>donkey</b> taxi", "donkey taxis"]}
    page = browser.post(f"/staff/questions/{number}/effect", form).text
    assert "Open questions that would be answered: 2 of 3" in page
    assert "<b>donkey" not in page
    assert "only after the assistant learns anew" in page
    browser.post(f"/staff/questions/{number}/teach", hidden(page))
    assert open_texts(world) == {UTOPIA}
    with world.database.read() as session:
        known = snapshot.build(session)
        rows = taught.listed(session)
    assert known.taught[taught.keys_of("b donkey b taxi")].intent == "hours"
    assert "when it is open" in browser.get("/staff/questions").text
    assert world.browser("here").post(f"/staff/questions/taught/{rows[0].id}/forget").status_code == 403
    for row in rows:
        browser.post(f"/staff/questions/taught/{row.id}/forget")
    assert len(open_texts(world)) == 3
    browser.post(f"/staff/questions/taught/{rows[0].id}/forget")
    assert "taken back already" in browser.get("/staff/questions").text


def test_what_is_not_ours_leaves_the_page(world: World) -> None:
    number = world.objects["question"]
    browser = world.browser("editor")
    page = browser.post(f"/staff/questions/{number}/effect", {"how": "none", "text": UTOPIA, "locale": "en"}).text
    browser.post(f"/staff/questions/{number}/teach", hidden(page))
    assert open_texts(world) == set()
    assert "Every question found its answer" in browser.get("/staff/questions").text
    assert browser.get(f"/staff/questions/{number}").status_code == 200


def test_a_lesson_that_would_break_what_works_says_so(world: World) -> None:
    number = world.objects["question"]
    form = {"how": "none", "locale": "en", "text": "when are you open"}
    with world.database.write() as session:
        inbound = Inbound("sms", "+995555123456", "1", NOW, "when are you open")
        row = intake.record(session, inbound).row
        intake.finish(row, Understanding("hours", 0.9, "en"), [])
        assert contacts.find_or_create(session, "sms", "+995555123456")
    page = world.browser("editor").post(f"/staff/questions/{number}/effect", form).text
    assert "would get another answer: 1 of the last 1" in page
    assert "+995555123456" not in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose a meaning"),
        ({"meaning": "stop", "text": "x"}, "Choose a meaning"),
        ({"meaning": "service:nothing", "text": "x"}, "Choose a meaning"),
        ({"meaning": "hours"}, "Choose at least one text"),
        ({"how": "none", "text": "?!"}, "Choose at least one text"),
        ({"how": "service", "words": "x", "service": "nothing", "locale": "en"}, "Choose a service"),
        ({"how": "service", "words": "x", "service": "passport", "locale": "xx"}, "Choose a service"),
        ({"how": "service", "words": "!", "service": "passport", "locale": "en"}, "Write a few words"),
        ({"how": "service", "words": "a" * 121, "service": "passport", "locale": "en"}, "Write a few words"),
        ({"how": "place", "words": "x", "place": "Xqwzzt"}, "No settlement is called so"),
    ],
)
def test_what_is_no_lesson_is_said_and_nothing_is_taught(world: World, form: dict[str, str], said: str) -> None:
    path = f"/staff/questions/{world.objects['question']}"
    browser = world.browser("editor")
    assert said in browser.post(f"{path}/effect", form).text
    assert browser.post(f"{path}/teach", form).status_code == 303
    assert "could not be taught" in browser.get(path).text
    with world.database.read() as session:
        assert taught.load(session) == {}


def test_a_question_that_is_not_kept_is_not_found(world: World) -> None:
    assert world.browser("editor").get("/staff/questions/999999").status_code == 404


def test_questions_on_postgresql(postgres_world: World) -> None:
    number = ask(postgres_world, "donkey taxi", "donkey taxis")
    browser = postgres_world.browser("editor")
    page = browser.post(
        f"/staff/questions/{number}/effect",
        {"how": "none", "locale": "en", "text": ["donkey taxi", "donkey taxis"]},
    ).text
    assert browser.post(f"/staff/questions/{number}/teach", hidden(page)).status_code == 303
    assert open_texts(postgres_world) == {UTOPIA}
