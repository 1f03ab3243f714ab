"""``/announce``: a text to the people of one's own centre, in three steps: write, look, send."""

from __future__ import annotations

from collections.abc import Iterator

from bot import wording
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from bot.halls import reading, words
from bot.staff import warnings
from desk import audit, staff
from desk.announcements import audience as audiences
from desk.announcements import editing, life, rights
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement, Refused
from desk.announcements.preview import Preview
from desk.announcements.texts import LONGEST
from desk.messages import Choice, Reply
from desk.staff import StaffMember
from knowledge.types import Center, Locale
from store.base import key_of

WRITE = "announce"
"""The kind of question that asks for the text; its own text is the centre's number."""

ACTIONS = frozenset({"announce", "send", "drop"})
"""What buttons under its questions do; their value is a centre or an announcement."""

NAME_LENGTH = 40
"""Characters of the text that become the announcement's name."""

_AWAY = frozenset({"back", "quit"})


def begin(turn: Turn, member: StaffMember, rest: str) -> Reply:
    """Asks for the text, or first for the centre where the member has several."""
    locale = staff.language_of(member)
    own = sorted(staff.centers_of(turn.session, member) & turn.snapshot.centers.keys())
    if not own:
        return Reply((wording.say(locale, "announce.no_center"),), turn.locale)
    if len(own) == 1:
        center = turn.snapshot.centers[own[0]]
        return _look(turn, member, center, rest) if rest else _ask(turn, locale, center)
    choices = tuple(Choice(words.center(locale, id, turn.snapshot), f"desk:announce:{id}") for id in own)
    return Reply((wording.say(locale, "announce.which"),), turn.locale, choices=choices)


def pressed(turn: Turn, member: StaffMember, action: str, number: str) -> Reply | None:
    """A pressed centre, or the answer to the preview; None for what is not there any more."""
    key = key_of(number)
    if key is None:
        return None
    if action == "announce":
        return _chosen(turn, member, key)
    row = turn.session.get(Announcement, key)
    if row is None:
        return None
    return _send(turn, member, row) if action == "send" else _drop(turn, member, row)


def answered(turn: Turn) -> Reply | None:
    """The text that was asked for, unless it says "back"; None where it cannot be."""
    pending = turn.state.pending
    member = staff.by_contact(turn.session, turn.contact)
    center = turn.snapshot.centers.get(int(pending.text)) if pending is not None else None
    text = turn.inbound.text.strip()
    if member is None or center is None or not any(map(str.isalpha, text)):
        return None
    if not staff.may_act_for(turn.session, member, center.id):
        return _said(turn, wording.say(staff.language_of(member), "desk.not_yours"))
    if reading.control(turn.parse.words, whole=True) in _AWAY:
        return _said(turn, wording.say(staff.language_of(member), "announce.dropped"))
    return _look(turn, member, center, text)


def _chosen(turn: Turn, member: StaffMember, center_id: int) -> Reply | None:
    center, locale = turn.snapshot.centers.get(center_id), staff.language_of(member)
    if center is None:
        return None
    if not staff.may_act_for(turn.session, member, center_id):
        return _said(turn, wording.say(locale, "desk.not_yours"))
    return _ask(turn, locale, center)


def _ask(turn: Turn, locale: Locale, center: Center) -> Reply:
    named = words.center(locale, center.id, turn.snapshot)
    turn.state.choices = []
    asked = Reply((wording.say(locale, "announce.ask", center=named),), turn.locale)
    return turn.ask(asked, Pending(WRITE, str(center.id)))


def _look(turn: Turn, member: StaffMember, center: Center, text: str) -> Reply:
    """Keeps the draft and shows it: what each gets, how many they are, what it costs, what to look at."""
    locale = staff.language_of(member)
    if len(text) > LONGEST:
        problem = wording.say(locale, "announce.too_long", length=len(text), longest=LONGEST)
        return turn.ask(Reply((problem,), turn.locale), Pending(WRITE, str(center.id)))
    written = wording.base(turn.parse.language)
    literal = text.replace("{", "{{").replace("}", "}}")  # in the chat nothing is filled in
    draft = Draft(words.short(text, NAME_LENGTH), {written: literal}, Audience(centers=(center.slug,)))
    actor = audit.staff(member.name)
    try:
        rights.check(turn.session, actor, draft.audience, turn.snapshot)
        row = editing.create(turn.session, draft, turn.snapshot, actor)
        found = turn.announcing.preview(turn.session, row)
    except Refused:
        return _said(turn, wording.say(locale, "announce.gone"))
    named = words.center(locale, center.id, turn.snapshot)
    texts = (wording.say(locale, "announce.preview", center=named, people=found.people), *_told(locale, found))
    turn.state.pending = None
    if not found.people:
        return Reply(texts, turn.locale)
    choices = (
        Choice(wording.say(locale, "announce.yes"), f"desk:send:{row.id}"),
        Choice(wording.say(locale, "announce.no"), f"desk:drop:{row.id}"),
    )
    return Reply(texts, turn.locale, choices=choices)


def _told(locale: Locale, found: Preview) -> Iterator[str]:
    """The wordings that somebody gets, the cost, and the warnings."""
    for item in found.items:
        if item.people:
            facts = {"wording": warnings.of_wording(locale, item.name), "people": item.people}
            if item.segments is None:
                line = wording.say(locale, "announce.line", **facts)
            else:
                measured = {"segments": item.segments, "encoding": item.encoding}
                line = wording.say(locale, "announce.line.segments", **facts, **measured)
            yield f"{line}\n{item.text}"
    if found.segments:
        cost = [wording.say(locale, "announce.segments", segments=found.segments)]
        if found.tetri is not None:
            cost.append(wording.say(locale, "announce.cost", lari=f"{found.tetri / 100:.2f}"))
        yield " ".join(cost)
    for warned in found.warnings:
        yield f"! {warnings.sentence(locale, warned)}"


def _send(turn: Turn, member: StaffMember, row: Announcement) -> Reply:
    """Lets it go out, or ask for a second person's consent."""
    locale, actor = staff.language_of(member), audit.staff(member.name)
    try:
        rights.check(turn.session, actor, audiences.from_json(row.audience), turn.snapshot)
        people = turn.announcing.preview(turn.session, row).people
        limit = turn.announcing.approval_from
        moved = life.send(turn.session, row, actor, people=people, approval_from=limit)
    except Refused:
        return _said(turn, wording.say(locale, "announce.gone"))
    if moved.state == "approving":
        return _said(turn, wording.say(locale, "announce.approving", people=people))
    when = words.moment(locale, life.begins(moved, moved.send_at or moved.changed_at))
    return _said(turn, wording.say(locale, "announce.sent", people=people, when=when))


def _drop(turn: Turn, member: StaffMember, row: Announcement) -> Reply:
    """Throws a draft away."""
    locale, actor = staff.language_of(member), audit.staff(member.name)
    try:
        rights.check(turn.session, actor, audiences.from_json(row.audience), turn.snapshot)
        if row.state != "draft":
            return _said(turn, wording.say(locale, "announce.gone"))
        life.cancel(turn.session, row, actor)
    except Refused:
        return _said(turn, wording.say(locale, "announce.gone"))
    return _said(turn, wording.say(locale, "announce.dropped"))


def _said(turn: Turn, sentence: str) -> Reply:
    turn.state.pending = None
    turn.state.choices = []
    return Reply((sentence,), turn.locale)
