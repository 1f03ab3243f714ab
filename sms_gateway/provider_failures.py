"""What a provider's refusal means: never, or later and when. Tables in ``data``; words are for staff."""

from __future__ import annotations

import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, SSLError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from desk.messages import Later, Never, SendFailure
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
    row = table("smsgate_errors")["statuses"].get(status)
    if row is not None and row["outcome"] == "sent":
        return None
    if status == 400 and "device" in words.lower():
        row = {"outcome": "later", "words": "no phone is registered", "after": 600}
    return _failure(str(status), status, row, words, after)


def receipt_failure(code: int | None) -> Never:
    """Why a message that had been taken was not delivered."""
    row = table("twilio_errors")["codes"].get(code, {})
    return Never(str(code or "undelivered"), row.get("words", "not delivered"), suppress=row.get("suppress"))


def network_failure(error: requests.RequestException) -> Later:
    """The failure that a broken connection means. Unless it never came about, the message may have been taken."""
    unsure = not isinstance(error, ConnectTimeout | SSLError) and not _never_connected(error)
    return Later("network", type(error).__name__, unsure=unsure)


def _failure(
    code: str, status: int, row: dict[str, object] | None, words: str, after: float | None
) -> SendFailure:
    words = mask_text(words)  # Twilio's words name the resident's number
    if row is None:
        if status >= 500:
            return Later(code, words or "a fault of the provider", after=after, unsure=status == 504)
        return Never(code, words or "refused")
    text = f"{row['words']} ({words})" if words else str(row["words"])
    if row["outcome"] == "never":
        suppress = row.get("suppress")
        return Never(code, text, suppress=str(suppress) if suppress else None)
    wish = row.get("after")
    return Later(code, text, after=after or (float(str(wish)) if wish else None))


def _never_connected(error: requests.RequestException) -> bool:
    if not isinstance(error, RequestsConnectionError) or not error.args:
        return False
    return isinstance(getattr(error.args[0], "reason", None), NewConnectionError | ConnectTimeoutError)
