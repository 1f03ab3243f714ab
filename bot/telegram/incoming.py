"""Reading updates: what Telegram sends becomes an ``Inbound``, a turned page, a membership, or nothing.

Nothing here looks into the database or talks to Telegram.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.telegram.commands import COMMAND, read_text
from desk.messages import Inbound, Media
from store import clock

_PAGE = re.compile(r"page:(\d{1,3}):([0-9a-f-]{36})")

_MEDIA: tuple[tuple[str, Media], ...] = (
    ("animation", "video"),  # first: an animation is a document too
    ("photo", "photo"),
    ("voice", "voice"),
    ("audio", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("sticker", "sticker"),
    ("document", "document"),
    ("contact", "contact"),
    ("poll", "other"),
    ("dice", "other"),
    ("game", "other"),
    ("story", "other"),
    ("paid_media", "other"),
    ("checklist", "other"),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to answer. In a group ``reply_to`` is the message that is answered.

    ``private_link`` leads from there to the private chat.
    """

    inbound: Inbound
    mark: str
    group: bool = False
    reply_to: int | None = None
    callback: str | None = None
    private_link: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """A resident turns the page of the keyboard under one of our messages."""

    callback: str
    address: str
    telegram_message: int
    page: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A resident blocked or unblocked the bot, or a group removed or added it."""

    address: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A pressed button that has no chat or no value any more; Telegram still waits for a word on it."""

    callback: str


Event = Arrival | Paging | Membership | Unanswerable | None


def lane_of(update: Update) -> str:
    """The chat whose updates must be taken in in order with this one."""
    chat = update.effective_chat
    return str(chat.id) if chat is not None else f"update {update.update_id}"


def read(update: Update, me: User) -> Event:
    """What an update means; None where it asks for nothing. ``me`` is the bot."""
    if update.callback_query is not None:
        return _callback(update.update_id, update.callback_query, me)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.message is not None:
        return _message(update.update_id, update.message, me, edited=False)
    if update.edited_message is not None:
        return _message(update.update_id, update.edited_message, me, edited=True)
    return None


def _callback(update_id: int, query: CallbackQuery, me: User) -> Event:
    if query.message is None or not query.data:
        return Unanswerable(query.id)
    chat, message = query.message.chat, query.message.message_id
    turned = _PAGE.fullmatch(query.data)
    if turned:
        return Paging(query.id, str(chat.id), message, int(turned[1]), turned[2])
    inbound = Inbound(
        channel="telegram",
        address=str(chat.id),
        provider_id=f"{update_id}.c{message}",
        received_at=clock.now(),
        choice=_clean(query.data),
        language_hint=_language(query.from_user),
    )
    if chat.type == ChatType.PRIVATE:
        return Arrival(inbound, f".c{message}", callback=query.id)
    return Arrival(inbound, f".c{message}", True, message, query.id, _private_link(me))


def _membership(change: ChatMemberUpdated) -> Event:
    out = {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
    return Membership(str(change.chat.id), change.new_chat_member.status not in out)


def _message(update_id: int, message: Message, me: User, *, edited: bool) -> Event:
    private = message.chat.type == ChatType.PRIVATE
    if not private and not _is_for_us(message, me):
        return None
    content = _Content.of(message, me)
    if content is None or (edited and not content.words) or (not private and content.media):
        return None
    mark = f".m{message.message_id}"
    album = message.media_group_id if content.media else None
    inbound = Inbound(
        channel="telegram",
        address=str(message.chat.id),
        # The pictures of an album are one message to a person, and get one answer.
        provider_id=f"album {message.chat.id}.{album}" if album else f"{update_id}{mark}",
        received_at=_moment(message, edited),
        text=content.text,
        choice=content.choice,
        location=content.location,
        media=content.media,
        language_hint=_language(message.from_user),
        edited=edited,
    )
    if private:
        return Arrival(inbound, mark)
    return Arrival(inbound, mark, True, message.message_id, private_link=_private_link(me))


def _private_link(me: User) -> str:
    return f"https://t.me/{me.username}"


@dataclass(frozen=True, slots=True)
class _Content:
    """What a message says, by whichever means."""

    text: str = ""
    choice: str | None = None
    location: tuple[float, float] | None = None
    media: Media | None = None

    @property
    def words(self) -> bool:
        return bool(self.text or self.choice)

    @classmethod
    def of(cls, message: Message, me: User) -> _Content | None:
        """None for what nobody wrote, such as "Nino joined the group"."""
        if message.location is not None:
            return cls(location=(message.location.latitude, message.location.longitude))
        written = message.text or message.caption
        if written:
            text, choice = read_text(_clean(written), str(me.username))
            return cls(text=text, choice=choice)
        media = next((kind for name, kind in _MEDIA if getattr(message, name)), None)
        return cls(media=media) if media else None


def _is_for_us(message: Message, me: User) -> bool:
    """Whether something said in a group is said to the bot: a command, a mention, or a reply to it."""
    if message.chat.type == ChatType.CHANNEL or message.is_automatic_forward:
        return False
    if message.from_user is not None and message.from_user.is_bot and message.sender_chat is None:
        return False
    command = COMMAND.fullmatch(message.text or "")
    if command:
        return (command[2] or str(me.username)).lower() == str(me.username).lower()
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
        return True
    return _mentions(message, me)


def _mentions(message: Message, me: User) -> bool:
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return any(
        entity.user.id == me.id if entity.user else words.lower() == f"@{me.username}".lower()
        for entity, words in found.items()
    )


def _moment(message: Message, edited: bool) -> datetime:
    return message.edit_date if edited and message.edit_date else message.date


def _language(user: User | None) -> str | None:
    code = (user.language_code or "").split("-")[0].lower() if user else ""
    return code or None


def _clean(text: str) -> str:
    # No database keeps NUL, and lone surrogates cannot be encoded at all.
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
