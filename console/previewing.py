"""What staff see before an announcement goes: the exact texts, who gets them, what it costs, what to look at."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot import wording
from console import announcing
from desk import quiet
from desk.announcements import audience as audiences
from desk.announcements import headcount, resolving, texts
from desk.announcements.models import Announcement
from desk.announcements.preview import Item, Preview, Warned
from desk.announcements.resolving import Crowd
from knowledge.scripts import script_of
from knowledge.snapshot import Snapshot
from knowledge.types import BaseLocale, Locale
from sms_gateway.downgrade import clean, plain
from sms_gateway.paging import MAX_SEGMENTS
from sms_gateway.segments import encoding_of, measure
from store import clock

_DATA = Path(__file__).parent / "data" / "announcing.yaml"


def count(session: Session, row: Announcement, snapshot: Snapshot) -> list[Crowd]:
    """How many people the announcement would reach just now, by channel and language."""
    audience = audiences.from_json(row.audience)
    return resolving.count(session, audience, resolving.reach_of(audience, snapshot))


def of(
    session: Session, row: Announcement, snapshot: Snapshot, *, price: float | None, approval_from: int
) -> Preview:
    """The preview; ``price`` is that of one SMS segment in tetri, None where nobody has set it.

    The people are those of the tallies (``desk.announcements.headcount``), which may be some minutes old. Raises
    BadAnnouncement where a text cannot be filled in.
    """
    audience = audiences.from_json(row.audience)
    people = headcount.count(session, audience, resolving.reach_of(audience, snapshot))
    return over(row, people, snapshot, price=price, approval_from=approval_from)


def over(
    row: Announcement, crowds: Sequence[Crowd], snapshot: Snapshot, *, price: float | None, approval_from: int
) -> Preview:
    """The preview for people who were counted already; see ``of``."""
    items = list(_items(row, crowds, snapshot))
    segments = sum((item.segments or 0) * item.people for item in items)
    found = [
        *(warned for item in items if item.channel == "sms" for warned in _about_signs(row, item, snapshot)),
        *_about_length(items),
        *_about_languages(row, crowds),
        *_about_sending(row, items, crowds, price, approval_from),
    ]
    return Preview(items, crowds, segments, None if price is None else price * segments, found)


def _items(row: Announcement, crowds: Sequence[Crowd], snapshot: Snapshot) -> Iterator[Item]:
    """The wordings; those of WhatsApp only where somebody uses it."""
    people: Counter[str] = Counter()
    for crowd in crowds:
        people[texts.wording_for(crowd.channel, crowd.locale, row.texts)] += crowd.people
    for name, ready in announcing.wordings(row, snapshot).items():
        channel, locale = texts.parts_of(name)
        if channel == "whatsapp" and not people[name]:
            continue
        (text,) = ready.texts
        measured = measure(text) if channel == "sms" else None
        if measured is None:
            yield Item(channel, locale, people[name], text)
        else:
            yield Item(channel, locale, people[name], text, measured.count, measured.encoding)


def _about_signs(row: Announcement, item: Item, snapshot: Snapshot) -> Iterator[Warned]:
    """The signs that alone make a text dear, those also that are replaced before it is sent."""
    written = clean(announcing.said(row, item.locale, snapshot))
    dear = measure(written)
    if dear.encoding == "UCS-2" and item.encoding == "GSM-7":
        for sign in dear.costly:
            yield _warned("replaced_sign", item, sign, dear.count, item.segments or 0)
        return
    signs = measure(item.text).costly
    if any(_is_own(sign, item.locale) for sign in signs):
        return
    cheaper = measure("".join(replacement(char) if char in signs else char for char in item.text)).count
    for sign in signs:
        code = "costly_sign" if replacement(sign) else "costly_sign_out"
        yield _warned(code, item, sign, item.segments or 0, cheaper)


def replacement(sign: str) -> str:
    """What to write instead of a sign that GSM 03.38 lacks; empty where it can only be left out."""
    cheap = plain(f"a{sign}b")[1:-1]
    base = unicodedata.normalize("NFKD", sign)[:1]
    for other in (cheap, str(_table()["replacements"].get(sign, "")), base):
        if other != sign and encoding_of(other) == "GSM-7" and other:
            return other
    return ""


def _is_own(sign: str, locale: Locale) -> bool:
    """Whether the language cannot be written without the sign."""
    scripts, letters = _table()["own_scripts"], _table()["own_letters"]
    return script_of(sign) == scripts.get(locale, "none") or sign in letters.get(locale, "")


def _about_length(items: Sequence[Item]) -> Iterator[Warned]:
    for item in items:
        if item.segments is not None and item.segments > MAX_SEGMENTS:
            yield _say(
                "too_long", wording=item.name, segments=item.segments, people=item.people, most=MAX_SEGMENTS
            )


def _about_languages(row: Announcement, crowds: Sequence[Crowd]) -> Iterator[Warned]:
    missing: Counter[tuple[BaseLocale, BaseLocale]] = Counter()
    for crowd in crowds:
        own, given = wording.base(crowd.locale), texts.language_for(crowd.locale, row.texts)
        if own != given:
            missing[own, given] += crowd.people
    for (own, given), people in sorted(missing.items()):
        yield _say("missing_language", people=people, language=own, fallback=given)


def _about_sending(
    row: Announcement, items: Sequence[Item], crowds: Sequence[Crowd], price: float | None, approval_from: int
) -> Iterator[Warned]:
    people = resolving.total(crowds)
    if not people:
        yield _say("nobody")
    if price is None and any(item.people for item in items if item.channel == "sms"):
        yield _say("no_price")
    if on_whatsapp := sum(crowd.people for crowd in crowds if crowd.channel == "whatsapp"):
        yield _say("unpriced", people=on_whatsapp)
    if people and people >= approval_from:
        yield _say("approval", people=people, approval_from=approval_from)
    if not row.urgent and quiet.is_quiet(clock.now()):
        yield _say("quiet", begins=f"{quiet.BEGINS:%H:%M}", ends=f"{quiet.ENDS:%H:%M}")


def _warned(code: str, item: Item, sign: str, dear: int, cheap: int) -> Warned:
    """About one sign: segments a person with it and without it, and what to write instead."""
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    facts = {"sign": sign, "name": name, "dear": dear, "cheap": cheap, "replacement": replacement(sign)}
    return _say(code, wording=item.name, **facts)


def _say(code: str, **facts: object) -> Warned:
    return Warned(code, facts)


@cache
def _table() -> Mapping[str, Any]:
    with _DATA.open(encoding="utf-8") as file:
        table: Mapping[str, Any] = yaml.safe_load(file)
    return table
