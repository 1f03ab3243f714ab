"""A Bot API server on loopback: real HTTP, Telegram's rules, and as much trouble as a test asks for."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.formparser import parse_form_data

from tests.bot.telegram import bot_api_spec as spec
from tests.bot.telegram.bot_api_spec import Refused, bad

TOKEN = "4711:AAtest-token_of-loopback"
BOT = {"id": 4711, "is_bot": True, "first_name": "მეზობელი", "username": "MezobeliTestBot"}
Json = dict[str, Any]


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass
class Trouble:
    """What happens to the next calls of a method. ``taken`` means that the call has its effect all the same."""

    status: int = 0
    description: str = ""
    retry_after: int = 0
    migrate_to: int = 0
    drop: bool = False
    taken: bool = False
    seconds: float = 0.0
    times: int = 1


@dataclass
class Call:
    """A call that the bot made."""

    method: str
    parameters: Json
    at: float


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """A client that was killed in the middle of a request is no news."""


class BotApiServer:
    """The server and its state; everything a test wants to know is in ``calls`` and ``messages``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: list[Json] = []
        self.callbacks: set[str] = set()
        self.chats: set[int] = set()
        self.blocked: set[int] = set()
        self.webhook: Json = {}
        self.confirmed = 0
        self._updates: list[Json] = []
        self._troubles: dict[str, list[Trouble]] = defaultdict(list)
        self._changed = threading.Condition()
        self._polling = 0
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def base(self) -> str:
        """What TELEGRAM_API_BASE is to be set to."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def stop(self) -> None:
        """Ends the server."""
        with self._changed:
            self._polling += 1
            self._changed.notify_all()
        self._http.shutdown()
        self._http.server_close()

    # What a test does

    def push(self, *updates: Json) -> None:
        """Queues updates for the bot."""
        with self._changed:
            for update in updates:
                self.chats |= _chats_in(update)
                if "callback_query" in update and not update["callback_query"]["id"].startswith("stale"):
                    self.callbacks.add(update["callback_query"]["id"])
                self._updates.append(update)
            self._changed.notify_all()

    def trouble(self, method: str, **what: Any) -> None:
        """Makes the next calls of a method go wrong; several troubles come one after the other."""
        self._troubles[method].append(Trouble(**what))

    def no_more_trouble(self) -> None:
        """From now on all goes well."""
        self._troubles.clear()

    def wait(self, what: Callable[[], Any], seconds: float = 5.0) -> Any:
        """The value of ``what`` as soon as it is true; fails where that takes too long."""
        end = time.monotonic() + seconds
        while not (value := what()):
            assert time.monotonic() < end, f"waited in vain; calls: {[call.method for call in self.calls]}"
            with self._changed:
                self._changed.wait(0.02)
        return value

    def wait_for_messages(self, number: int, chat: int | None = None) -> list[Json]:
        """The messages to a chat, or to all, once there are ``number`` of them."""
        found: list[Json] = self.wait(lambda: len(self.to(chat)) >= number and self.to(chat))
        return found

    def to(self, chat: int | None) -> list[Json]:
        """The messages sent to a chat so far."""
        return [message for message in self.messages if chat is None or message["chat"]["id"] == chat]

    def called(self, method: str) -> list[Json]:
        """The parameters of all calls of a method so far."""
        return [call.parameters for call in self.calls if call.method == method]

    # What Telegram does

    def answer(self, method: str, given: Json) -> Any:
        """The result of a call. Raises Refused or Dropped."""
        if method not in spec.METHODS:
            raise Refused(404, "Not Found")
        parameters = spec.read_parameters(method, given)
        with self._changed:
            self.calls.append(Call(method, parameters, time.monotonic()))
            self._changed.notify_all()
        trouble = self._next_trouble(method)
        if trouble is None:
            return self._do(method, parameters)
        if trouble.seconds:
            time.sleep(trouble.seconds)
        done = self._do(method, parameters) if trouble.taken else None
        if trouble.drop:
            raise Dropped
        if trouble.status:
            wanted = {"retry_after": trouble.retry_after, "migrate_to_chat_id": trouble.migrate_to}
            extra = {name: value for name, value in wanted.items() if value}
            raise Refused(trouble.status, trouble.description or "trouble", **extra)
        return done if trouble.taken else self._do(method, parameters)

    def _next_trouble(self, method: str) -> Trouble | None:
        queue = self._troubles[method]
        if not queue:
            return None
        queue[0].times -= 1
        return queue.pop(0) if queue[0].times <= 0 else queue[0]

    def _do(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return self._get_updates(**parameters)
        with self._changed:
            try:
                return getattr(self, f"_{method}")(parameters)
            finally:
                self._changed.notify_all()

    def _get_updates(
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: Any = None
    ) -> list[Json]:
        end = time.monotonic() + timeout
        with self._changed:
            if self.webhook:
                raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
            self._polling += 1
            mine = self._polling
            self._changed.notify_all()
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self.confirmed = max(self.confirmed, offset - 1)
            while not self._updates and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
                if self._polling != mine:
                    raise Refused(409, "Conflict: terminated by other getUpdates request")
            return self._updates[:limit]

    def _getMe(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    def _setWebhook(self, parameters: Json) -> bool:
        if not parameters["url"].startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = parameters
        return True

    def _deleteWebhook(self, _: Json) -> bool:
        self.webhook = {}
        return True

    def _sendMessage(self, parameters: Json) -> Json:
        chat = self._chat(parameters)
        shown = spec.plain(parameters["text"], parameters.get("parse_mode"))
        spec.check_markup(parameters.get("reply_markup"), private=chat > 0)
        return self._sent(chat, parameters, text=shown, html=parameters["text"])

    def _sendVenue(self, parameters: Json) -> Json:
        chat = self._chat(parameters)
        point = {"latitude": parameters["latitude"], "longitude": parameters["longitude"]}
        venue = {"location": point, "title": parameters["title"], "address": parameters["address"]}
        return self._sent(chat, parameters, venue=venue, location=point)

    def _sendDocument(self, parameters: Json) -> Json:
        chat = self._chat(parameters)
        name, content = parameters["document"]
        file = {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": len(content)}
        return self._sent(chat, parameters, document=file, content=content)

    def _chat(self, parameters: Json) -> int:
        chat = int(parameters["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats:
            raise bad("chat not found")
        return chat

    def _sent(self, chat: int, parameters: Json, **content: Any) -> Json:
        message = {
            "message_id": 1000 + len(self.messages),
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
            "from": BOT,
            **content,
        }
        self.messages.append({**message, **{k: v for k, v in parameters.items() if k.startswith("reply_")}})
        return {name: value for name, value in message.items() if name not in {"html", "content"}}

    def _answerCallbackQuery(self, parameters: Json) -> bool:
        if parameters["callback_query_id"] not in self.callbacks:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.callbacks.discard(parameters["callback_query_id"])
        return True

    def _editMessageReplyMarkup(self, parameters: Json) -> Json:
        chat = self._chat(parameters)
        found = [message for message in self.to(chat) if message["message_id"] == parameters["message_id"]]
        if not found:
            raise bad("message to edit not found")
        spec.check_markup(parameters.get("reply_markup"), private=chat > 0)
        if found[0].get("reply_markup") == parameters.get("reply_markup"):
            raise bad("message is not modified")
        found[0]["reply_markup"] = parameters.get("reply_markup")
        return {key: found[0][key] for key in ("message_id", "date", "chat", "text", "reply_markup")}

    def _setMyCommands(self, parameters: Json) -> bool:
        spec.check_language(parameters)
        spec.check_commands(parameters)
        return True

    def _setMyDescription(self, parameters: Json) -> bool:
        spec.check_language(parameters)
        if len(parameters.get("description", "")) > 512:
            raise bad("description is too long")
        return True

    def _setMyShortDescription(self, parameters: Json) -> bool:
        spec.check_language(parameters)
        if len(parameters.get("short_description", "")) > 120:
            raise bad("short description is too long")
        return True


def _chats_in(update: Json) -> set[int]:
    found = set()
    for part in update.values():
        if isinstance(part, dict):
            chat = part.get("chat") or part.get("message", {}).get("chat")
            found |= {chat["id"]} if chat else set()
    return found


def _handler(api: BotApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            address = urlsplit(self.path)
            _, bot, method = address.path.split("/", 2)
            given = {**dict(parse_qsl(address.query)), **self._form()}
            try:
                if bot != f"bot{TOKEN}":
                    raise Refused(401, "Unauthorized")
                self._say(200, {"ok": True, "result": api.answer(method, given)})
            except Refused as refused:
                answer = {"ok": False, "error_code": refused.status, "description": refused.description}
                if refused.parameters:
                    answer["parameters"] = refused.parameters
                self._say(refused.status, answer)
            except Dropped:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        def _form(self) -> Json:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            environ = {
                "wsgi.input": io.BytesIO(body),
                "CONTENT_LENGTH": str(len(body)),
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "REQUEST_METHOD": "POST",
            }
            _, form, files = parse_form_data(environ)
            given: Json = dict(form.items())
            uploads = {name: (file.filename, file.read()) for name, file in files.items()}
            for name, value in given.items():
                if str(value).startswith("attach://"):
                    given[name] = uploads.pop(value.removeprefix("attach://"))
            return {**given, **uploads}

        def _say(self, status: int, answer: Json) -> None:
            body = json.dumps(answer, ensure_ascii=False).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
