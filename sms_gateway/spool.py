"""What came while the database was away: messages and receipts, on this machine, until they are worked off.

The name of a file is made of the provider's id, so the same message and the same receipt are kept once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

from desk.intake import dedupe_key
from desk.messages import Filtered, Inbound, Later, Never, SendFailure, Strike
from sms_gateway.receipts import Receipt
from sms_gateway.spool_folder import SpoolFolder, digest
from store import clock

RECEIPTS = "receipts"
"""The folder of receipts within that of messages."""

_FAILURES: dict[str, type[SendFailure]] = {one.__name__: one for one in (Never, Strike, Filtered, Later)}


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether the database is away or broken, so that the same may work later."""
    if isinstance(error, OperationalError | InterfaceError | InternalError | TimeoutError):
        return True
    return type(error) is DatabaseError or (isinstance(error, DBAPIError) and error.connection_invalidated)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A message that waits, since when, and what Twilio says that it has answered itself."""

    inbound: Inbound
    opt_out_type: str
    spooled_at: datetime
    path: Path


@dataclass(frozen=True, slots=True)
class SpooledReceipt:
    """A receipt that waits, and since when."""

    receipt: Receipt
    spooled_at: datetime
    path: Path


class Spool:
    """Waiting messages and receipts. Any number of threads and processes of this machine may share it."""

    def __init__(self, folder: Path) -> None:
        """The folders are made with the first file."""
        self.messages = SpoolFolder(folder)
        self.receipts = SpoolFolder(folder / RECEIPTS)

    def keep(self, inbound: Inbound, opt_out_type: str = "") -> bool:
        """Keeps a message so that it outlives a loss of power; False where it is kept already. Raises OSError."""
        name = f"{_person(inbound)}-{digest(dedupe_key(inbound))}"
        return self.messages.keep(name, _of_message(inbound, opt_out_type))

    def keep_receipt(self, receipt: Receipt) -> bool:
        """The same for a receipt."""
        return self.receipts.keep(digest(f"{receipt.provider_id}:{receipt.state}"), _of_receipt(receipt))

    def others_of(self, inbound: Inbound) -> int:
        """How many other messages of the same person wait."""
        return max(self.messages.size(f"{_person(inbound)}-") - 1, 0)

    def waiting(self) -> Sequence[Spooled]:
        """The messages that wait, in the order in which they came. What is damaged is put aside."""
        found = self.messages.waiting(_to_message)
        return sorted(found, key=lambda one: (one.spooled_at, one.path.name))

    def waiting_receipts(self) -> Sequence[SpooledReceipt]:
        """The receipts that wait, in the order in which they came. What is damaged is put aside."""
        found = self.receipts.waiting(_to_receipt)
        return sorted(found, key=lambda one: (one.spooled_at, one.path.name))

    def size(self) -> int:
        """How many messages and receipts wait."""
        return self.messages.size() + self.receipts.size()

    def refused(self) -> int:
        """How many messages and receipts were put aside."""
        return self.messages.refused() + self.receipts.refused()


def _person(inbound: Inbound) -> str:
    return digest(f"{inbound.channel}:{inbound.address}")


def _of_message(inbound: Inbound, opt_out_type: str) -> dict[str, Any]:
    kept = {**asdict(inbound), "received_at": inbound.received_at.isoformat()}
    return {"inbound": kept, "opt_out_type": opt_out_type, "spooled_at": clock.now().isoformat()}


def _to_message(read: Any, path: Path) -> Spooled:
    kept = read["inbound"]
    location = tuple(kept["location"]) if kept["location"] else None
    moment = datetime.fromisoformat(kept["received_at"])
    inbound = Inbound(**{**kept, "received_at": moment, "location": location})
    return Spooled(inbound, str(read["opt_out_type"]), datetime.fromisoformat(read["spooled_at"]), path)


def _of_receipt(receipt: Receipt) -> dict[str, Any]:
    failure = receipt.failure
    return {
        "state": receipt.state,
        "message_id": receipt.message_id,
        "provider_id": receipt.provider_id,
        "failure": None if failure is None else {"kind": type(failure).__name__, **vars(failure)},
        "spooled_at": clock.now().isoformat(),
    }


def _to_receipt(read: Any, path: Path) -> SpooledReceipt:
    told = read["failure"]
    failure = None if told is None else _FAILURES[told.pop("kind")](**told)
    receipt = Receipt(read["state"], read["message_id"], read["provider_id"], failure)
    return SpooledReceipt(receipt, datetime.fromisoformat(read["spooled_at"]), path)
