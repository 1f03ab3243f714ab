"""What an announcement may become, who may make it so, and that of two at once one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from desk import audit, pauses
from desk.announcements import editing, life
from desk.announcements.audience import Around, Audience
from desk.announcements.life import AlreadyMoved, IllegalMove
from desk.announcements.models import Announcement, BadAnnouncement
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.desk.announcements.people import DRAFT, GIORGI, NINO, TUESDAY, many, run, sent, state, written

Act = Callable[[Session, Announcement], object]


def act(database: Database, number: int, action: Act) -> None:
    with database.write() as session:
        action(session, session.get_one(Announcement, number))


def test_few_recipients_need_nobody_else(database: Database, known: Snapshot) -> None:
    many(database, 2)
    number = sent(database, known, approval_from=3)
    assert state(database, number) == "scheduled"


def test_many_recipients_need_a_second_person(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known, approval_from=3)
    assert state(database, number) == "approving"
    for author in (NINO, audit.staff("NINO")):
        with pytest.raises(IllegalMove, match="somebody else"):
            act(database, number, lambda session, row, who=author: life.approve(session, row, who))  # type: ignore[misc]
    act(database, number, lambda session, row: life.approve(session, row, GIORGI))
    with database.read() as session:
        row = session.get_one(Announcement, number)
        assert (row.state, row.approved_by, row.sent_by) == ("scheduled", GIORGI, NINO)
        assert [entry.action for entry in audit.trail(session, "announcement", number)] == [
            "create",
            "ask_approval",
            "approve",
        ]


def test_who_sent_it_cannot_approve_it_either(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = written(database, known)
    act(database, number, lambda s, row: life.send(s, row, GIORGI, people=3, approval_from=3))
    with pytest.raises(IllegalMove, match="somebody else"):
        act(database, number, lambda session, row: life.approve(session, row, GIORGI))


@pytest.mark.parametrize("action", [life.approve, life.pause, life.resume])
def test_a_draft_is_not_approved_paused_or_resumed(
    database: Database, known: Snapshot, action: Callable[[Session, Announcement, str], object]
) -> None:
    number = written(database, known)
    with pytest.raises(IllegalMove, match="is draft"):
        act(database, number, lambda session, row: action(session, row, GIORGI))


def test_sending_twice_says_who_sent_it(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known, approval_from=3)
    with pytest.raises(IllegalMove, match=r"is approving since 12:00 on 24.11.2026 by Nino"):
        act(database, number, lambda s, row: life.send(s, row, GIORGI, people=1, approval_from=3))
    assert state(database, number) == "approving"


def test_residents_do_not_move_announcements(database: Database, known: Snapshot) -> None:
    number = written(database, known)
    with pytest.raises(IllegalMove, match="resident may not"):
        act(database, number, lambda session, row: life.cancel(session, row, audit.RESIDENT))


def test_what_is_over_stays_over(database: Database, known: Snapshot) -> None:
    number = written(database, known)
    act(database, number, lambda session, row: life.cancel(session, row, NINO))
    with pytest.raises(AlreadyMoved, match=r"is cancelled since 12:00 on 24.11.2026 by Nino"):
        act(database, number, lambda session, row: life.cancel(session, row, GIORGI))


def test_of_two_at_once_one_wins(database: Database, known: Snapshot) -> None:
    many(database, 2)
    number = sent(database, known)
    run(database, known)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def stop(who: str) -> None:
        ready.wait()
        try:
            act(database, number, lambda session, row: life.pause(session, row, audit.staff(who)))
            outcomes.append("won")
        except AlreadyMoved:
            outcomes.append("late")

    threads = [threading.Thread(target=stop, args=(who,)) for who in ("Nino", "Giorgi")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "won"]
    assert state(database, number) == "paused"
    with database.read() as session:
        assert [e.action for e in audit.trail(session, "announcement", number)].count("pause") == 1
        assert pauses.is_paused(session, number)


def test_nobody_to_reach_is_said(database: Database, known: Snapshot) -> None:
    with pytest.raises(IllegalMove, match="reach nobody"):
        sent(database, known)


def test_what_would_expire_before_the_morning_is_refused(database: Database, known: Snapshot) -> None:
    many(database, 1)
    evening = TUESDAY + timedelta(hours=10)  # ten o'clock at night
    with pytest.raises(IllegalMove, match="expire before"):
        sent(database, known, send_at=evening, expires_at=evening + timedelta(hours=2))
    number = sent(database, known, send_at=evening, expires_at=evening + timedelta(hours=2), urgent=True)
    assert state(database, number) == "scheduled"


def test_a_recalled_announcement_can_be_changed_and_asks_again(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known, approval_from=3)
    act(database, number, lambda session, row: life.approve(session, row, GIORGI))
    changed = replace(DRAFT, name="Seeds and tools")
    with pytest.raises(IllegalMove, match="only a draft"):
        act(database, number, lambda session, row: editing.change(session, row, changed, known, GIORGI))
    act(database, number, lambda session, row: life.recall(session, row, NINO))
    act(database, number, lambda session, row: editing.change(session, row, changed, known, GIORGI))
    with database.read() as session:
        row = session.get_one(Announcement, number)
        assert (row.state, row.name, row.approved_by, row.created_by) == (
            *("draft", "Seeds and tools"),
            *(None, GIORGI),
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"texts": {}}, "text in at least one"),
        ({"texts": {"ka": "  "}}, "text in at least one"),
        ({"texts": {"de": "Hallo"}}, "'de' is none of the languages"),
        ({"texts": {"en": "x" * 1501}}, "1501 characters"),
        ({"texts": {"en": "Come to {centre}"}}, r"\{centre\}; known placeholders are \{center\}"),
        ({"texts": {"en": "Come to {center"}}, "brace"),
        ({"texts": {"en": "Come to {}"}}, "known placeholders"),
        ({"texts": {"en": "Come to {center!r}"}}, "known placeholders"),
        ({"texts": {"en": "Come to {center}"}}, "exactly one centre"),
        ({"texts": {"en": "Come to {municipality}"}}, "exactly one municipality"),
        ({"texts": {"en": "On {name_of_day}"}}, "the moment"),
        ({"name": " "}, "needs a name"),
        ({"expires_at": TUESDAY}, "in the past"),
        ({"audience": Audience()}, "name an audience"),
        ({"audience": Audience(topics=("rights",), everyone=True)}, "leave one out"),
        ({"audience": Audience(centers=("kabalii",))}, "did you mean kabali"),
        ({"audience": Audience(municipalities=("lagodekhi",))}, "did you mean Lagodekhi"),
        ({"audience": Audience(topics=("cheese",))}, "there is no topic"),
        ({"audience": Audience(around=(Around("kabali", 0),))}, "0 km around kabali"),
    ],
)
def test_what_cannot_be_kept_is_said(
    database: Database, known: Snapshot, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BadAnnouncement, match=sentence):
        written(database, known, **changes)


def test_placeholders_that_can_be_filled_are_kept(database: Database, known: Snapshot) -> None:
    texts = {"en": "{center}, {municipality}: {name_of_day}, {date} {time}. {hotline}. A brace: {{"}
    about = clock.now() + timedelta(days=2)
    assert written(database, known, texts=texts, audience=Audience(centers=("kabali",)), about=about)
