"""What came while the database was away: a file for each message or receipt, on this machine, until it is done.

A message's file is named after its sender and the provider's id, a receipt's after what it says: the same is kept
once.
"""

from __future__ import annotations

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
from desk.messages import Inbound
from sms_gateway import receipts
from sms_gateway.keeping import Folder, digest
from sms_gateway.receipts import Receipt
from store import clock

RECEIPTS = "receipts"
"""The folder, beside the messages, of receipts."""


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
    """Messages and receipts that wait. Any number of threads and processes of this machine may share it."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first of them."""
        self._messages, self._receipts = Folder(folder), Folder(folder / RECEIPTS)

    def keep(self, inbound: Inbound, opt_out_type: str = "") -> bool:
        """Keeps a message so that it outlives a loss of power; False where it is kept already. Raises OSError."""
        name = f"{digest(_person(inbound))}-{digest(dedupe_key(inbound))}"
        kept = {**asdict(inbound), "received_at": inbound.received_at.isoformat()}
        return self._messages.keep(name, {"inbound": kept, "opt_out_type": opt_out_type, **_now()})

    def keep_receipt(self, receipt: Receipt) -> bool:
        """Keeps a receipt likewise. Raises OSError."""
        content = receipts.to_json(receipt)
        name = digest(repr((receipt.message_id, receipt.provider_id, receipt.state, content["failure"])))
        return self._receipts.keep(name, {"receipt": content, **_now()})

    def others_of(self, inbound: Inbound) -> int:
        """How many other messages of the same person wait."""
        return max(sum(1 for _ in self._messages.files(f"{digest(_person(inbound))}-*")) - 1, 0)

    def waiting(self) -> list[Spooled]:
        """The messages that wait, in the order in which they came. What is damaged is put aside."""
        return sorted(self._messages.read(_message), key=lambda one: (one.spooled_at, one.path.name))

    def waiting_receipts(self) -> list[SpooledReceipt]:
        """The receipts that wait, likewise."""
        return sorted(self._receipts.read(_receipt), key=lambda one: (one.spooled_at, one.path.name))

    def done(self, spooled: Spooled | SpooledReceipt) -> None:
        """It is in the database, a message with its answer."""
        spooled.path.unlink(missing_ok=True)

    def refuse(self, spooled: Spooled | SpooledReceipt) -> None:
        """Puts aside what cannot be dealt with, so that it does not come up for ever."""
        (self._messages if isinstance(spooled, Spooled) else self._receipts).refuse(spooled.path)

    def size(self) -> int:
        """How many messages wait."""
        return self._messages.size()

    def receipts(self) -> int:
        """How many receipts wait."""
        return self._receipts.size()

    def refused(self) -> int:
        """How many messages and receipts were put aside."""
        return self._messages.refused() + self._receipts.refused()


def _person(inbound: Inbound) -> str:
    return f"{inbound.channel}:{inbound.address}"


def _now() -> dict[str, str]:
    return {"spooled_at": clock.now().isoformat()}


def _message(path: Path, read: Any) -> Spooled:
    kept = read["inbound"]
    location = tuple(kept["location"]) if kept["location"] else None
    moment = datetime.fromisoformat(kept["received_at"])
    inbound = Inbound(**{**kept, "received_at": moment, "location": location})
    return Spooled(inbound, str(read["opt_out_type"]), datetime.fromisoformat(read["spooled_at"]), path)


def _receipt(path: Path, read: Any) -> SpooledReceipt:
    return SpooledReceipt(receipts.of_json(read["receipt"]), datetime.fromisoformat(read["spooled_at"]), path)
