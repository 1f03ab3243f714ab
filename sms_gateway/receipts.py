"""What the provider reports about a message that it took; states only move forward, and old news is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from desk import carriers, outbox, settling
from desk.carriers import Carrier
from desk.contacts import Contact
from desk.messages import Filtered, Later, Never, SendFailure, Strike
from desk.outbox import IllegalMove, OutboxMessage


@dataclass(frozen=True, slots=True)
class Receipt:
    """What ``carrier`` reports; ``message_id`` is our name of the message (empty: unknown), the other theirs."""

    state: Literal["sent", "delivered", "failed"]
    message_id: str
    provider_id: str
    failure: SendFailure | None = None
    carrier: str = ""


_KINDS: dict[str, type[SendFailure]] = {
    "never": Never,
    "strike": Strike,
    "filtered": Filtered,
    "later": Later,
}


def to_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON, to be kept for later."""
    failure = receipt.failure
    kind = next((name for name, sort in _KINDS.items() if type(failure) is sort), None)
    return {
        "state": receipt.state,
        "message_id": receipt.message_id,
        "provider_id": receipt.provider_id,
        "carrier": receipt.carrier,
        "failure": {"kind": kind, **vars(failure)} if failure is not None else None,
    }


def of_json(kept: Mapping[str, Any]) -> Receipt:
    """What ``to_json`` was given. Raises KeyError or TypeError where it was another thing."""
    told = kept["failure"]
    failure = _KINDS[told["kind"]](**{key: told[key] for key in told if key != "kind"}) if told else None
    return Receipt(kept["state"], kept["message_id"], kept["provider_id"], failure, kept["carrier"])


def apply(session: Session, receipt: Receipt, carriers_of: Mapping[str, Carrier] | None = None) -> bool:
    """Moves the message to the reported state; False where it is unknown or further on already.

    ``carriers_of`` are our carriers by name: how the one who reports it fares is noted.
    """
    row = outbox.by_message_id(session, receipt.message_id) if receipt.message_id else None
    row = row or outbox.by_provider_id(session, receipt.provider_id)
    if row is None:
        return False
    session.refresh(row, with_for_update=True)
    if not _is_news(row, receipt):
        return False
    ahead_of_us = row.state != "sent"  # what the provider answered to this attempt is not in our books yet
    try:
        _move(session, row, receipt, (carriers_of or {}).get(receipt.carrier))
    except IllegalMove:
        return False
    if ahead_of_us or row.provider_id is None:
        row.provider_id = receipt.provider_id[:64]
    return True


def _is_news(row: OutboxMessage, receipt: Receipt) -> bool:
    """Whether the report is about the attempt at hand; that a message arrived is always news.

    A message is attempted again where a former attempt failed, or where we did not learn what became of it.
    """
    if receipt.state == "delivered":
        return True
    if row.state == "queued":
        # Unsure whether the provider had taken it, we queued it again: it had. Otherwise it failed before.
        return receipt.state == "sent" and row.unsure_since is not None
    if row.state == "sending":
        return row.provider_id != receipt.provider_id
    return row.provider_id in (None, receipt.provider_id)


def _move(session: Session, row: OutboxMessage, receipt: Receipt, carrier: Carrier | None) -> None:
    if receipt.failure is not None:
        settling.undelivered(session, row, receipt.failure, carrier)
        return
    if carrier is not None:
        carriers.delivered(session, carrier)
    outbox.move(row, receipt.state)
    if receipt.state == "delivered":
        contact = session.get_one(Contact, row.contact_id)
        contact.strikes = 0 if contact.strikes else contact.strikes
