"""The shapes that every channel shares: what comes in, what goes out, and who carries it.

``bot``, ``sms_gateway`` and ``scheduler`` do not know one another; they know these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from knowledge.types import Locale

Channel = Literal["telegram", "sms", "whatsapp"]

Media = Literal["photo", "voice", "video", "sticker", "document", "contact", "other"]
"""Something attached to a message that the assistant cannot read."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a resident, whatever the channel.

    ``address`` is an E.164 number for SMS and WhatsApp and a chat id for Telegram. ``provider_id`` is unique
    within the channel: the same id twice is the same message twice. ``choice`` is the value of a pressed
    button (see ``Choice``). ``location`` is (latitude, longitude) in degrees.
    """

    channel: Channel
    address: str
    provider_id: str
    received_at: datetime
    text: str = ""
    choice: str | None = None
    location: tuple[float, float] | None = None
    media: Media | None = None
    language_hint: str | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press, or to answer with its number: a label to read and a value to send back (<= 60 bytes)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A point on the map, in degrees."""

    title: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class File:
    """A document to hand over, such as a calendar entry."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant says, for a channel to render.

    ``texts`` are paragraphs, the most important first. ``short`` is the wording for a small screen where it
    differs; a channel that counts segments uses it. ``choices`` are in order; the conversation remembers them,
    so that a resident can answer with the number instead of pressing. ``offers`` are what one may do next: buttons
    where there are buttons, and left out on a small screen. A ``silent`` reply sends nothing.
    """

    texts: tuple[str, ...]
    locale: Locale
    choices: tuple[Choice, ...] = ()
    offers: tuple[Choice, ...] = ()
    short: tuple[str, ...] | None = None
    pins: tuple[Pin, ...] = ()
    files: tuple[File, ...] = ()
    asks_location: bool = False
    silent: bool = False

    def wording(self, *, small_screen: bool) -> tuple[str, ...]:
        """The paragraphs for a big or a small screen."""
        return self.short if small_screen and self.short is not None else self.texts

    def with_texts(self, *texts: str) -> Reply:
        """The same reply with other words, for both screens."""
        return replace(self, texts=texts, short=None)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the assistant made of a message; ``reasons`` are for staff (scores, matched words)."""

    intent: str
    confidence: float
    language: Locale
    place_id: int | None = None
    service: str | None = None
    center_id: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and how it came about."""

    reply: Reply
    understanding: Understanding


class Assistant(Protocol):
    """The one mind behind every channel."""

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        """Answers one message inside the caller's transaction, reading and writing the conversation's state."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed row of the outbox, as a ``Sender`` sees it.

    ``message_id`` is ours, a UUID that a provider may use to recognise a repeated request. ``texts`` are
    rendered for the channel; ``payload`` holds what else the channel needs (a keyboard, pins). Since
    ``unsure_since`` the provider may have taken the message without our knowing; ``doubts`` is how many attempts
    ended so. A sender that can ask the provider does, before it sends again.
    """

    message_id: str
    channel: Channel
    address: str
    texts: tuple[str, ...]
    payload: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    kind: str = "notice"
    doubts: int = 0
    unsure_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message; ``provider_ids`` are its own names for the parts."""

    provider_ids: Sequence[str]


class SendFailure(Exception):
    """The provider did not take the message. ``code`` is the provider's own; the text is for staff."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words


class Never(SendFailure):
    """It will not work later either. ``suppress`` says why the contact should not be tried again, if so."""

    def __init__(self, code: str, words: str, *, suppress: str | None = None) -> None:
        super().__init__(code, words)
        self.suppress = suppress


class Strike(SendFailure):
    """This message is lost, and after some in a row the address is taken for dead."""


class Filtered(SendFailure):
    """A carrier takes the message for spam: its announcement is paused, and nobody is blamed for receiving it."""


Scope = Literal["message", "address", "carrier"]


class Later(SendFailure):
    """It may work later; ``after`` is the provider's own wish in seconds, if it has one.

    ``unsure`` means that the provider may have taken the message all the same (a time-out after sending).
    ``scope`` is what has to wait: this message, all to its address, or all that the carrier carries, because its
    line, its account or its rate is the trouble and not the message.
    """

    def __init__(
        self,
        code: str,
        words: str,
        *,
        after: float | None = None,
        unsure: bool = False,
        scope: Scope = "message",
    ) -> None:
        super().__init__(code, words)
        self.after = after
        self.unsure = unsure
        self.scope = scope


class Sender(Protocol):
    """Carries messages over one channel. Raises a ``SendFailure``; anything else is a fault of ours."""

    def send(self, message: Outgoing) -> Sent:
        """Hands one message to the provider and returns when the provider has taken it."""
        ...
