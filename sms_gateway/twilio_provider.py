"""Sending through Twilio: the real client, pointed at ``api_base``, and its errors as never or later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from desk.messages import Later, Never, Outgoing, Sent
from sms_gateway import numbers
from sms_gateway.provider_failures import network_failure, receipt_failure, twilio_failure
from sms_gateway.settings import SmsSettings

LOOK_UP = 50
"""How many of the latest messages to a number are looked through."""

CLOCKS_DIFFER = timedelta(minutes=1)

CONNECTIONS = 64
"""How many connections are kept open; the delivery loop has no more messages on their way at once."""


class ApiBaseClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client, talking to another base address, and remembering each thread's ``Retry-After``."""

    def __init__(self, api_base: str, timeout: float) -> None:
        """``timeout`` in seconds, for connecting and for each wait for an answer."""
        super().__init__(timeout=timeout)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._base = urlsplit(api_base)
        self._mine = threading.local()

    @property
    def retry_after(self) -> float | None:
        """The seconds that the last answer to this thread asked us to wait."""
        value = getattr(self._mine, "retry_after", None)
        return float(value) if value and value.isdigit() else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Sends a request of the client to the base address."""
        self._mine.retry_after = None
        scheme, netloc, prefix = self._base.scheme, self._base.netloc, self._base.path.rstrip("/")
        parts = urlsplit(url)
        url = urlunsplit(parts._replace(scheme=scheme, netloc=netloc, path=prefix + parts.path))
        response = super().request(method, url, *args, **kwargs)
        self._mine.retry_after = (response.headers or {}).get("Retry-After")
        return response


class TwilioSender:
    """Carries SMS and WhatsApp messages over Twilio, one request for each message of the outbox."""

    def __init__(self, settings: SmsSettings) -> None:
        """Opens nothing; the first message does."""
        self._settings = settings
        self._http = ApiBaseClient(settings.api_base, settings.send_timeout)
        self._client = Client(settings.account_sid, settings.auth_token, http_client=self._http)

    def send(self, message: Outgoing) -> Sent:
        """Hands the texts to Twilio as one message (one request, so that nothing is ever sent by halves).

        A message that Twilio may have taken already is looked up first, and sent again only if it is not there.
        """
        if message.channel == "sms":
            _refuse_unreachable(message.address, self._settings)
        parameters = self._parameters(message)
        if message.unsure_since is not None:
            since = message.unsure_since
            taken = self._ask(lambda: self._look_up(parameters, since))
            if taken is not None:
                return _of_taken(taken)
        created = self._ask(lambda: self._client.messages.create(**parameters))
        if not created.sid:
            raise Later("answer", "no message id in the answer", unsure=True)
        return Sent((str(created.sid),))

    def _ask(self, request: Callable[[], Any]) -> Any:
        """The answer to a request. Raises SendFailure for all that the client raises."""
        try:
            return request()
        except TwilioRestException as error:
            raise twilio_failure(error.code, error.status, error.msg, self._http.retry_after) from error
        except TwilioServiceException as error:
            raise twilio_failure(error.code, error.status, error.title, self._http.retry_after) from error
        except requests.RequestException as error:
            raise network_failure(error) from error
        except (TwilioException, ValueError) as error:
            # An answer that is not Twilio's: somebody took the request, nobody knows what became of it.
            raise Later("answer", type(error).__name__, unsure=True) from error

    def _look_up(self, parameters: Mapping[str, str], since: datetime) -> Any:
        """The message of ours with that text that Twilio took since then; None where there is none."""
        # Not ``date_sent_after``: what still waits at Twilio has no such date yet.
        for one in self._client.messages.list(to=parameters["to"], limit=LOOK_UP):
            ours = one.direction == "outbound-api" and (one.body or "").endswith(parameters["body"])
            if ours and one.date_created is not None and one.date_created >= since - CLOCKS_DIFFER:
                return one
        return None

    def _parameters(self, message: Outgoing) -> dict[str, str]:
        settings = self._settings
        whatsapp = message.channel == "whatsapp"
        sender = (settings.whatsapp_from or settings.from_) if whatsapp else settings.from_
        way = "whatsapp:" if whatsapp else ""
        parameters = {"to": way + message.address, "body": "\n".join(message.texts)}
        if sender.startswith("MG"):
            parameters["messaging_service_sid"] = sender
        else:
            parameters["from_"] = way + sender.removeprefix("whatsapp:")
        if settings.status_callback:
            # Our own id, because a receipt can overtake the answer that tells us Twilio's.
            parameters["status_callback"] = f"{settings.status_callback}?id={quote(message.message_id)}"
        return parameters


def _of_taken(taken: Any) -> Sent:
    if taken.status in {"failed", "undelivered", "canceled"}:
        raise receipt_failure(taken.error_code)
    return Sent((str(taken.sid),))


def _refuse_unreachable(address: str, settings: SmsSettings) -> None:
    number = numbers.read(address)
    if not number.may_be_answered(settings.allowed_prefixes):
        raise Never("prefix", "not a number of a country that we may write to")
    if number.kind == "fixed":
        raise Never("landline", "a landline cannot be texted", suppress="not_mobile")
