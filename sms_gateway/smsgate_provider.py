"""Sending through the Android phone: the real client of SMS Gateway for Android, with our own message id.

The id makes a repeated request harmless: the phone's server answers 409 to the second one.
"""

from __future__ import annotations

from typing import Any

import requests
from android_sms_gateway.client import APIClient
from android_sms_gateway.domain import Message, TextMessage
from android_sms_gateway.errors import APIError
from android_sms_gateway.http import RequestsHttpClient

from desk.messages import Later, Never, Outgoing, Sent
from sms_gateway import numbers
from sms_gateway.provider_failures import network_failure, smsgate_failure
from sms_gateway.settings import SmsSettings


class _TimedSession(requests.Session):
    """A session in which no request waits for ever; the client itself sets no limit."""

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": self._timeout, **kwargs})


class SmsGateSender:
    """Carries SMS over the phone."""

    def __init__(self, settings: SmsSettings) -> None:
        """Opens nothing; the first message does."""
        self._settings = settings
        self._client = APIClient(
            settings.login or None,
            settings.password,
            base_url=settings.smsgate_url,
            http=RequestsHttpClient(_TimedSession(settings.send_timeout)),
        )

    def send(self, message: Outgoing) -> Sent:
        """Hands the texts to the phone as one message, under our id."""
        number = numbers.read(message.address)
        if not number.may_be_answered(self._settings.allowed_prefixes):
            raise Never("prefix", "not a number of a country that we may write to")
        text = TextMessage(text="\n".join(message.texts))
        request = Message(id=message.message_id, phone_numbers=[number.address], text_message=text)
        try:
            self._client.send(request)
        except APIError as error:
            failure = smsgate_failure(error.status_code or 0, _words(error))
            if failure is not None:
                raise failure from error
        except (requests.JSONDecodeError, KeyError, ValueError) as error:
            # Taken, but the answer is not what the client expects; a second try is told 409.
            raise Later("answer", type(error).__name__, unsure=True) from error
        except requests.RequestException as error:
            raise network_failure(error) from error
        return Sent((message.message_id,))


def _words(error: APIError) -> str:
    answer = error.response if isinstance(error.response, dict) else {}
    return str(answer.get("message") or "")[:200]
