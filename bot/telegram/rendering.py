"""How a reply looks in Telegram: HTML, keyboards, venues, documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.telegram import payload
from bot.telegram.settings import Say
from desk.messages import Choice, File, Outgoing, Pin, Reply

TEXT_LIMIT = 4_096
"""UTF-16 units that one message may have, not counting the marks of its HTML."""

PAGE_SIZE = 8
MOST_PINS = 3
HALF_ROW = 18
"""Characters of a label that fit in half the width of a telephone."""

LABEL_LIMIT = 64
CALLBACK_LIMIT = 64
BETWEEN = "\n\n"

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True, slots=True)
class TextPart:
    """One message of text; ``html`` is escaped."""

    html: str
    markup: Markup | None = None


Part = TextPart | Pin | File
"""One request to Telegram."""


def parts(message: Outgoing, say: Say) -> list[Part]:
    """The messages that an outgoing row becomes, in order; the same ones each time it is asked."""
    reply = payload.to_reply(message)
    private = not message.address.startswith("-")
    inline = _inline(reply, message.message_id)
    texts = split(reply.texts)
    asks = reply.asks_location and private
    last: Markup | None = inline
    if inline is None and private:
        # A keyboard that asked for the location stays until it is taken away.
        last = _location_keyboard(reply, say) if asks else ReplyKeyboardRemove()
    made: list[Part] = [TextPart(html) for html in texts[:-1]]
    made += [TextPart(html, last) for html in texts[-1:]]
    if inline is not None and asks:
        # A message carries one keyboard only.
        made.append(TextPart(f"📍 {escape(_location_label(reply, say))}", _location_keyboard(reply, say)))
    return [*made, *reply.pins[:MOST_PINS], *reply.files]


def _inline(reply: Reply, message_id: str) -> InlineKeyboardMarkup | None:
    # Who is asked for the location is not offered something else in the same breath.
    offers = () if reply.asks_location else reply.offers
    return keyboard(reply.choices, offers, 0, message_id)


def _location_label(reply: Reply, say: Say) -> str:
    return say(reply.locale, "button.location")


def _location_keyboard(reply: Reply, say: Say) -> ReplyKeyboardMarkup:
    button = KeyboardButton(_location_label(reply, say), request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def keyboard(
    choices: Sequence[Choice], offers: Sequence[Choice], page: int, message_id: str
) -> InlineKeyboardMarkup | None:
    """The buttons of one page, with the offers below; None where there is nothing to press."""
    pages = max(1, -(-len(choices) // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    rows = list(_rows(choices[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]))
    turns = [(label, to) for label, to in (("‹", page - 1), ("›", page + 1)) if 0 <= to < pages]
    if turns:
        rows.append([InlineKeyboardButton(label, callback_data=f"page:{to}:{message_id}") for label, to in turns])
    rows += _rows(offers)
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(choices: Sequence[Choice]) -> Iterator[list[InlineKeyboardButton]]:
    """Two buttons a row where both labels are short, else one."""
    row: list[InlineKeyboardButton] = []
    for choice in choices:
        if not 1 <= len(choice.value.encode()) <= CALLBACK_LIMIT:
            continue
        button = InlineKeyboardButton(_label(choice), callback_data=choice.value)
        if row and len(row[0].text) <= HALF_ROW and len(button.text) <= HALF_ROW:
            yield [*row, button]
            row = []
        else:
            if row:
                yield row
            row = [button]
    if row:
        yield row


def _label(choice: Choice) -> str:
    label = choice.label.strip() or choice.value
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1].rstrip() + "…"


TITLE_LIMIT = 80
"""Characters of a first paragraph that is shown as a title, in bold."""


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def split(texts: Sequence[str]) -> list[str]:
    """The paragraphs as escaped HTML in as few messages as they fit in; the first bold if there are others."""
    blocks = [text.strip() for text in map(_printable, texts) if text.strip()]
    bold = len(blocks) > 1 and len(blocks[0]) <= TITLE_LIMIT
    messages: list[str] = []
    used = 0
    for number, block in enumerate(blocks):
        for piece in pieces(block, TEXT_LIMIT):
            html = f"<b>{escape(piece, quote=False)}</b>" if bold and number == 0 else escape(piece, quote=False)
            if messages and used + len(BETWEEN) + units(piece) <= TEXT_LIMIT:
                messages[-1] += BETWEEN + html
                used += len(BETWEEN) + units(piece)
            else:
                messages.append(html)
                used = units(piece)
    return messages


def pieces(text: str, limit: int) -> Iterator[str]:
    """A text in pieces of at most ``limit`` units, cut between paragraphs, lines or words if at all possible."""
    while units(text) > limit:
        head = _prefix(text, limit)
        cut = max((head.rfind(mark) for mark in (BETWEEN, "\n")), default=-1)
        if cut < len(head) // 2:
            cut = max(cut, head.rfind(" "))
        if cut <= 0:
            cut = len(head)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _prefix(text: str, limit: int) -> str:
    """The longest beginning of ``limit`` units; a letter of two units is never cut in half."""
    short = text[:limit]
    while units(short) > limit:
        short = short[: len(short) - max(1, (units(short) - limit) // 2)]
    return short


def _printable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
