"""A long answer in pages: each fits the screen, and where more is to come it ends with how to get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from desk.messages import Channel, Choice, Reply
from knowledge.scripts import normalise
from knowledge.types import Locale
from sms_gateway.cuts import best_cut, cluster_cut
from sms_gateway.downgrade import clean, plain
from sms_gateway.segments import Encoding, measure
from sms_gateway.tables import table

MAX_SEGMENTS = 2
"""Segments of one SMS page: what an answer may cost."""

MAX_CHOICES = 9
"""Choices are answered with one digit; where there are more, the words tell people to write the name."""

WHATSAPP_LIMIT = 1_600
"""Units of one WhatsApp message through Twilio."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page may hold: ``fits`` decides, ``widest`` is the most characters that could ever fit."""

    fits: Callable[[str], bool]
    widest: int
    polish: Callable[[str], str]
    small: bool


def _fits_sms(text: str) -> bool:
    return measure(text).count <= MAX_SEGMENTS


def _fits_whatsapp(text: str) -> bool:
    return sum(2 if char > "\uffff" else 1 for char in text) <= WHATSAPP_LIMIT


SMS = Screen(_fits_sms, 153 * MAX_SEGMENTS, plain, small=True)
WHATSAPP = Screen(_fits_whatsapp, WHATSAPP_LIMIT, lambda text: clean(text).strip(), small=False)


def screen_of(channel: Channel) -> Screen:
    """The screen of a channel of this package."""
    return WHATSAPP if channel == "whatsapp" else SMS


def render(reply: Reply, channel: Channel) -> list[str]:
    """The pages of a reply, the first to be sent at once and the others for "M"; empty where it is silent."""
    if reply.silent:
        return []
    screen = screen_of(channel)
    words = map(screen.polish, reply.wording(small_screen=screen.small))
    return pages("\n".join(filter(None, words)), _lines(reply.choices, screen), hint(reply.locale), screen)


def render_for_ask(reply: Reply) -> tuple[list[str], int, Encoding]:
    """What ``mezobeli ask --channel sms`` shows: the text that would be sent, its segments and its encoding."""
    shown = render(reply, "sms")[:1]
    measured = measure(shown[0] if shown else "")
    return shown, measured.count, measured.encoding


def hint(locale: Locale) -> str:
    """The words that end a page where more is to come."""
    return str(table("paging")["hints"][locale])


def asks_for_more(text: str) -> bool:
    """Whether the whole message is "M" on any keyboard, or "more" in any of the languages."""
    return bare(text) in _more_words()


def bare(text: str) -> str:
    """A message as words: one case, single spaces, nothing but letters and digits at its ends."""
    folded = " ".join(normalise(text).split())
    inner = [index for index, char in enumerate(folded) if char.isalnum()]
    return folded[inner[0] : inner[-1] + 1] if inner else ""


def pages(body: str, lines: Sequence[str], more: str, screen: Screen) -> list[str]:
    """Splits a text and the lines that follow it into as few pages as fit the screen.

    A page ends with a line, a sentence or at least a word; a choice's line is never broken (one too long for a
    page is shortened). ``more`` ends every page but the last.
    """
    waiting = [_shortened(line, more, screen) for line in lines]
    made: list[str] = []
    while not screen.fits(_joined([body, *waiting])):
        page, body = _fill(body, more, screen)
        taken = [page]
        while not body and waiting and screen.fits(_joined([*taken, waiting[0], more])):
            taken.append(waiting.pop(0))
        made.append(_joined([*taken, more]))
    return [*made, last] if (last := _joined([body, *waiting])) else made


def _fill(body: str, more: str, screen: Screen) -> tuple[str, str]:
    """The part of the text that goes onto this page, and the rest."""
    room = _longest(body, more, screen)
    if room == len(body):
        return body, ""
    cut = best_cut(body, room)
    return body[:cut].rstrip(), body[cut:].lstrip()


def _longest(body: str, more: str, screen: Screen) -> int:
    """How many characters fit together with the hint; fewer always fit where more do."""
    fitting, beyond = 0, min(len(body), screen.widest) + 1
    while beyond - fitting > 1:
        middle = (fitting + beyond) // 2
        if screen.fits(_joined([body[:middle], more])):
            fitting = middle
        else:
            beyond = middle
    return fitting


def _lines(choices: Sequence[Choice], screen: Screen) -> list[str]:
    labels = (" ".join(screen.polish(choice.label).split()) for choice in choices[:MAX_CHOICES])
    return [f"{number} {label}" for number, label in enumerate(labels, start=1)]


def _shortened(line: str, more: str, screen: Screen) -> str:
    if screen.fits(_joined([line, more])):
        return line
    room = _longest(line, more, screen) - 3
    cut = best_cut(line, room)
    if cut < room // 2:
        cut = cluster_cut(line, room)
    return line[:cut].rstrip() + "..."


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(filter(None, parts))


@lru_cache(maxsize=1)
def _more_words() -> frozenset[str]:
    return frozenset(bare(word) for word in table("paging")["words"])
