"""Updates come in by a webhook: only Telegram gets in, and it hears "done" only after the commit."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bot.telegram import TelegramFront, TelegramSettings
from store.database import Database
from tests.bot.telegram.bot_api_server import BotApiServer
from tests.bot.telegram.conftest import Books, FrontMaker, ScriptedAssistant
from tests.bot.telegram.updates import NINO, member, pressed, text

SECRET = "only_Telegram-knows"
WEBHOOK = {
    "mode": "webhook",
    "public_url": "https://neighbour.example.ge/",
    "webhook_path": "hook",
    "webhook_secret": SECRET,
}


def client(front: TelegramFront) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(front.blueprint())
    return app.test_client()


def post(web: FlaskClient, update: Any, secret: str = SECRET) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return web.post("/telegram/hook", json=update, headers=headers).status_code


def ready(front: TelegramFront, api: BotApiServer) -> FlaskClient:
    api.wait(lambda: api.webhook)
    api.chats.add(NINO)
    return client(front)


def test_the_webhook_is_set_with_its_secret(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.trouble("setWebhook", drop=True)
    api.trouble("setWebhook", status=429, description="Too Many Requests", retry_after=1)
    fronts(lite.database, **WEBHOOK)
    api.wait(lambda: api.webhook)
    assert api.webhook == {
        "url": "https://neighbour.example.ge/telegram/hook",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert api.called("getUpdates") == []


def test_an_update_is_committed_when_telegram_hears_of_it(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    front = fronts(books.database, **WEBHOOK)
    web = ready(front, api)
    asked = text("hello")
    assert post(web, asked) == 200
    assert [row.text for row in books.inbound()] == ["hello"]
    assert post(web, asked) == 200
    api.wait(lambda: books.states() == ["sent"])
    assert [sent["text"] for sent in api.messages] == ["you said hello"]
    assert post(web, pressed("place:1")) == 200
    api.wait_for_messages(2)
    assert post(web, member("kicked")) == 200
    contact = books.contact(NINO)
    assert contact is not None
    assert contact.suppressed_reason == "blocked"
    assert front.health().last_heard is not None
    assert assistant.said == ["hello", "place:1"]


def test_nobody_else_gets_in(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    web = ready(fronts(lite.database, **WEBHOOK), api)
    assert post(web, text("hello"), "guess") == 403
    assert web.post("/telegram/hook", json=text("hello")).status_code == 403
    assert post(web, text("hello"), "აბრა") == 403
    assert web.post("/telegram/other", json=text("hello")).status_code == 404
    assert web.get("/telegram/hook").status_code == 405
    assert lite.inbound() == []


def test_what_is_no_update_is_refused_and_what_cannot_be_read_is_not_sent_again(
    lite: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    web = ready(fronts(lite.database, **WEBHOOK), api)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert web.post("/telegram/hook", data=b"{", headers=headers).status_code == 400
    assert post(web, [1]) == 400
    assert post(web, {"update_id": "x"}) == 400
    assert web.post("/telegram/hook", data=b" " * 1_000_001, headers=headers).status_code == 413
    strange = text("strange")
    strange["message"]["date"] = "yesterday"
    assert post(web, strange) == 200
    assert post(web, {"update_id": 5}) == 200
    assert lite.inbound() == []


def test_while_the_front_or_the_database_is_away_telegram_is_to_call_again(
    lite: Books, api: BotApiServer, fronts: FrontMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = fronts(lite.database, start=False, **WEBHOOK)
    assert post(client(front), text("too early")) == 503
    front.start()
    web = ready(front, api)

    def broken(*_: Any) -> Any:
        raise OperationalError("connect", {}, Exception("refused"))

    asked = text("hello")
    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", broken)
        patched.setattr(Database, "answers", broken)
        assert post(web, asked) == 503
    assert post(web, asked) == 200
    assert api.wait_for_messages(1)[0]["text"] == "you said hello"
    front.stop()
    assert post(web, text("too late")) == 503


def test_calls_of_many_threads_at_once(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    front = fronts(lite.database, **WEBHOOK)
    ready(front, api)
    asked = [text(f"{number}", NINO) for number in range(20)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda one=one: answers.append(post(client(front), one))) for one in asked]
    for thread in [*threads]:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    assert len(api.wait_for_messages(20)) == 20


@pytest.mark.parametrize(
    "change", [{"public_url": ""}, {"webhook_secret": "a b"}, {"webhook_secret": ""}, {"webhook_path": "a/b"}]
)
def test_settings_that_cannot_work_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="webhook"):
        TelegramSettings(token="1:a", **{**WEBHOOK, **change})  # type: ignore[arg-type]


def test_polling_takes_the_webhook_away(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.webhook = {"url": "https://old.example.ge"}
    fronts(lite.database)
    api.push(text("hello"))
    api.wait_for_messages(1)
    assert api.called("deleteWebhook") == [{}]
