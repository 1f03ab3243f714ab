"""What a provider's refusal means: never, later, a strike or a pause. Tables in ``data``; words are for staff."""

from __future__ import annotations

import re
from typing import Any

import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, SSLError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from desk.messages import Filtered, Later, Never, SendFailure, Strike
from desk.privacy import mask_text
from sms_gateway.tables import table


def twilio_failure(code: int | None, status: int, words: str, after: float | None = None) -> SendFailure:
    """The failure that Twilio's code means, or its HTTP status where the code is unknown.

    ``after`` is Twilio's own wish (``Retry-After``, seconds), which beats the table's.
    """
    rows = table("twilio_errors")
    row = rows["codes"].get(code) or rows["statuses"].get(status)
    return _failure(str(code or status), status, row, words, after)


def smsgate_failure(status: int, words: str, after: float | None = None) -> SendFailure | None:
    """The failure that an answer of the phone means; None where it says that the message is there already."""
    rows = table("smsgate_errors")
    row = rows["statuses"].get(status)
    if row is not None and row["outcome"] == "sent":
        return None
    if status == 400 and "device" in words.lower():
        row = rows["no_device"]
    return _failure(str(status), status, row, words, after)


def smsgate_report(reason: str) -> SendFailure:
    """Why the phone, or the recipient's network, failed with what the phone had taken; ``reason`` is its own.

    What has an unknown reason is lost.
    """
    rows = table("smsgate_errors")
    if told := _DELIVERY.fullmatch(reason):
        status = int(told["status"])
        row = rows["deliveries"].get(status) or (rows["temporary"] if status >= TEMPORARY else None)
        return _failure(f"SC {status}", 0, row, "" if row else "not delivered", None)
    row = next((one for one in rows["reports"] if reason.startswith(one["begins"])), None)
    name = _RESULT.search(reason)
    return _failure(name[0] if name else "phone", 0, row, "" if name and row else reason[:200], None)


_DELIVERY = re.compile(r"Delivery result from SC .*: (?P<status>\d+)")
_RESULT = re.compile(r"RESULT_\w+")
TEMPORARY = 96
"""From this status on the network says that it may work later."""


def receipt_failure(code: int | None) -> SendFailure:
    """Why a message that had been taken was not delivered; one with an unknown reason is lost."""
    row = table("twilio_errors")["codes"].get(code)
    if row is None:
        return Never(str(code or "undelivered"), "not delivered")
    return _failure(str(code), 0, row, "", None)


def network_failure(error: requests.RequestException) -> Later:
    """The failure that a broken connection means. Unless it never came about, the message may have been taken."""
    unsure = not isinstance(error, ConnectTimeout | SSLError) and not _never_connected(error)
    return Later("network", type(error).__name__, unsure=unsure, scope="carrier")


def _failure(code: str, status: int, row: dict[str, Any] | None, words: str, after: float | None) -> SendFailure:
    words = mask_text(words)  # Twilio's words name the resident's number
    if row is None:
        if status >= 500:
            fault = words or "a fault of the provider"
            return Later(code, fault, after=after, unsure=status == 504, scope="carrier")
        return Never(code, words or "refused")
    text = f"{row['words']} ({words})" if words else str(row["words"])
    match row["outcome"]:
        case "never":
            return Never(code, text, suppress=row.get("suppress"))
        case "strike":
            return Strike(code, text)
        case "pause":
            return Filtered(code, text)
        case _:
            return Later(code, text, after=after or row.get("after"), scope=row.get("scope", "message"))


def _never_connected(error: requests.RequestException) -> bool:
    if not isinstance(error, RequestsConnectionError) or not error.args:
        return False
    return isinstance(getattr(error.args[0], "reason", None), NewConnectionError | ConnectTimeoutError)
