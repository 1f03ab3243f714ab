"""One event: all that is known of it, coming to it, reminders of it, its calendar file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from bot.events import reading, words
from bot.halls import reading as numbers
from bot.halls import words as halls
from desk.events import attending, finding, ical, reminders, subscriptions
from desk.events.models import OPEN, Attendance, Occurrence
from desk.events.subscriptions import TooMany, Wish
from desk.halls import days
from desk.messages import Choice, File, Reply
from store import clock
from store.base import key_of

TIMES = 4
"""Further times of a series that are told."""

BUTTONS = 5
"""Group sizes that can be pressed; a bigger one is written."""


def shown(turn: Turn, occurrence: Occurrence) -> Reply:
    """Everything that is known of one event, and what can be done. "I'm coming" is understood next."""
    texts = (*_head(turn, occurrence), *_description(turn, occurrence), *_places(turn, occurrence))
    head = turn.say("event.short", **words.facts(turn.locale, occurrence, turn.snapshot, short=True))
    short = (head, *_places(turn, occurrence, short=True))
    choices = _what_to_do(turn, occurrence)
    reply = Reply(texts, turn.locale, choices=choices, offers=_offers(turn, occurrence), short=short)
    return turn.ask(_asked(turn, reply), Pending("event", str(occurrence.id)))


def _head(turn: Turn, occurrence: Occurrence) -> tuple[str, ...]:
    known = words.facts(turn.locale, occurrence, turn.snapshot)
    return known["title"], turn.say("event.when", **known)


def _description(turn: Turn, occurrence: Occurrence) -> tuple[str, ...]:
    found, other = words.text(turn.locale, occurrence.event.descriptions)
    if not found:
        return ()
    return (f"({turn.say(f'event.in.{other}')}) {found}" if other is not None else found,)


def _places(turn: Turn, occurrence: Occurrence, *, short: bool = False) -> tuple[str, ...]:
    """Whether it takes place, what the person said of it, and whether there is room."""
    if not _is_open(occurrence):
        return (turn.say(f"event.is.{'cancelled' if occurrence.state == 'cancelled' else 'over'}"),)
    said: list[str] = []
    mine = attending.mine_of(turn.session, turn.contact, occurrence.id)
    if mine is not None and mine.state == "coming":
        said.append(turn.say("event.mine.coming", n=mine.heads))
    elif mine is not None and mine.state == "waiting":
        said.append(turn.say("event.mine.waiting", n=attending.place_in_line(turn.session, mine)))
    else:
        free = attending.free_places(turn.session, occurrence)
        if free is not None:
            said.append(turn.say("event.free", n=free) if free else turn.say("event.full"))
        if occurrence.event.registration and not short:
            said.append(turn.say("event.register"))
    if not short and occurrence.event.rrule is not None:
        said += _again(turn, occurrence)
    return tuple(said)


def _again(turn: Turn, occurrence: Occurrence) -> list[str]:
    later = finding.times_of(turn.session, occurrence.event_id, TIMES + 1)
    after = [one for one in later if one.starts_at > occurrence.starts_at][:TIMES]
    moments = [halls.moment(turn.locale, one.starts_at, short=True) for one in after]
    return [turn.say("event.again", times=", ".join(moments))] if moments else []


def _what_to_do(turn: Turn, occurrence: Occurrence) -> tuple[Choice, ...]:
    if not _is_open(occurrence) or occurrence.starts_at <= clock.now():
        return ()
    value = f"event:{occurrence.id}"
    mine = attending.mine_of(turn.session, turn.contact, occurrence.id)
    if mine is not None and mine.state != "cancelled":
        return (turn.choice("event.leave", f"{value}:leave"),)
    free = attending.free_places(turn.session, occurrence)
    choices = [turn.choice("event.wait" if free == 0 else "event.come", f"{value}:come")]
    if _of_event(occurrence) not in subscriptions.of(turn.session, turn.contact):
        choices.append(turn.choice("event.remind", f"{value}:remind"))
    return tuple(choices)


def _offers(turn: Turn, occurrence: Occurrence) -> tuple[Choice, ...]:
    offers = []
    if _is_open(occurrence):
        offers.append(turn.choice("event.file", f"event:{occurrence.id}:file"))
    center = turn.snapshot.centers.get(occurrence.event.center_id)
    wishes = [Wish("center", center.slug)] if center is not None else []
    had = subscriptions.of(turn.session, turn.contact)
    for wish in (*wishes, Wish("topic", occurrence.event.topic)):
        if wish not in had:
            what = words.wish(turn.locale, wish, turn.snapshot)
            offers.append(Choice(turn.say("event.follow", what=what), f"sub:on:{wish.kind}:{wish.value}"))
    return tuple(offers)


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed ``event:<occurrence>[:<what to do>]``; None for what is not there any more."""
    number, _, action = what.partition(":")
    occurrence = _known(turn, number)
    if occurrence is None:
        return None
    if action.startswith("come:") and action[5:].isdecimal() and len(action) < 10:
        return join(turn, occurrence, int(action[5:]))
    handler = _ACTIONS.get(action)
    return handler(turn, occurrence) if handler is not None else None


def answered(turn: Turn) -> Reply | None:
    """A few words to the event that was just shown, or a number to "how many?"; None for anything else."""
    pending = turn.state.pending
    occurrence = _known(turn, pending.text) if pending is not None else None
    if pending is None or occurrence is None:
        return None
    meant = reading.answer(turn.parse.words)
    if pending.kind == "heads" and meant in (None, "come"):
        count = numbers.number(turn.parse.words)
        turn.parse = turn.parse.meaning("events") if count is not None else turn.parse
        return join(turn, occurrence, count) if count is not None else None
    if meant is None or (meant == "subscribe" and reading.topics_in(turn.parse.words)):
        return None
    if meant == "come":
        turn.parse = turn.parse.meaning("events")
        count = numbers.number(turn.parse.words)
        return join(turn, occurrence, count) if count is not None else ask_heads(turn, occurrence)
    turn.parse = turn.parse.meaning("subscribe" if meant in {"remind", "subscribe"} else "events")
    return leave(turn, occurrence) if meant == "leave" else remind(turn, occurrence)


def ask_heads(turn: Turn, occurrence: Occurrence, *lead: str) -> Reply:
    """How many come: with buttons where there are buttons, else in a number."""
    if not _is_open(occurrence) or occurrence.starts_at <= clock.now():
        return _done(turn, turn.say("event.closed"))
    offers = tuple(Choice(str(n), f"event:{occurrence.id}:come:{n}") for n in range(1, BUTTONS + 1))
    reply = _asked(turn, Reply((*lead, turn.say("event.heads")), turn.locale, offers=offers))
    return turn.ask(reply, Pending("heads", str(occurrence.id)))


def join(turn: Turn, occurrence: Occurrence, heads: int) -> Reply:
    """The person comes, or stands in line; the answer says which, and when they will be reminded."""
    if heads < 1:
        return ask_heads(turn, occurrence, turn.say("event.heads.again"))
    joined = attending.join(turn.session, turn.contact, occurrence.id, heads)
    known = {**words.facts(turn.locale, occurrence, turn.snapshot), "n": heads}
    small = {**words.facts(turn.locale, occurrence, turn.snapshot, short=True), "n": heads}
    if joined.outcome == "closed":
        return _done(turn, turn.say("event.closed"))
    if joined.outcome == "too_many":
        if joined.free is None or joined.free > heads:
            return _done(turn, turn.say("event.too_many"))
        return ask_heads(turn, occurrence, turn.say("event.too_many.free", n=joined.free))
    if joined.outcome == "waiting" and joined.attendance is not None:
        line = attending.place_in_line(turn.session, joined.attendance)
        return _done(turn, turn.say("event.waiting", n=heads, line=line), offers=_leaving(turn, occurrence))
    wish = reminders.wish_of(turn.session, turn.contact)
    reminding = turn.say(f"remind.{wish}")
    reply = Reply(
        (turn.say("event.joined", **known), reminding),
        turn.locale,
        offers=(
            turn.choice("event.file", f"event:{occurrence.id}:file"),
            turn.choice("remind.other", "remind:ask"),
        ),
        short=(turn.say("event.joined", **small),),
    )
    return turn.ask(_asked(turn, reply), Pending("event", str(occurrence.id)))


def leave(turn: Turn, occurrence: Occurrence) -> Reply:
    """The person does not come: the place is for the next one."""
    left = attending.leave(turn.session, turn.contact, occurrence.id)
    title = words.title(turn.locale, occurrence.event, short=True)
    return _done(turn, turn.say("event.left" if left else "event.not_coming", title=title))


def remind(turn: Turn, occurrence: Occurrence) -> Reply:
    """Reminds of the event without coming to it; its changes are told too."""
    if not _is_open(occurrence):
        return _done(turn, turn.say("event.closed"))
    mine = attending.mine_of(turn.session, turn.contact, occurrence.id)
    if mine is None or mine.state != "coming":
        try:
            subscriptions.subscribe(turn.session, turn.contact, _of_event(occurrence))
        except TooMany:
            return _done(turn, turn.say("subscribe.too_many"))
    if reminders.wish_of(turn.session, turn.contact) == "none":
        reminders.choose(turn.session, turn.contact, "both")  # who asks to be reminded wants reminders
    known = words.facts(turn.locale, occurrence, turn.snapshot, short=True)
    wish = reminders.wish_of(turn.session, turn.contact)
    offers = (turn.choice("remind.other", "remind:ask"),)
    said = turn.say("event.reminded", **known)
    return _asked(turn, Reply((said, turn.say(f"remind.{wish}")), turn.locale, offers=offers, short=(said,)))


def _leaving(turn: Turn, occurrence: Occurrence) -> tuple[Choice, ...]:
    return (turn.choice("event.leave", f"event:{occurrence.id}:leave"),)


def _file(turn: Turn, occurrence: Occurrence) -> Reply:
    title, _ = words.text(turn.locale, occurrence.event.titles)
    description, _ = words.text(turn.locale, occurrence.event.descriptions)
    center = turn.snapshot.centers.get(occurrence.event.center_id)
    where = words.place(turn.locale, center, turn.snapshot)
    content = ical.event_file(occurrence, title, description, where)
    name = f"{days.local_day(occurrence.starts_at):%Y-%m-%d}-{occurrence.event.topic}.ics"
    file = File(name, ical.MEDIA_TYPE, content)
    return Reply((turn.say("event.file.here"),), turn.locale, files=(file,))


_ACTIONS: Mapping[str, Callable[[Turn, Occurrence], Reply]] = {
    "": shown,
    "come": ask_heads,
    "leave": leave,
    "remind": remind,
    "file": _file,
}


def line(turn: Turn, row: Attendance) -> str:
    """What a person comes to, in a list of theirs."""
    said = words.line(turn.locale, row.occurrence, turn.snapshot)
    return f"{said} ({turn.say('event.in_line')})" if row.state == "waiting" else said


def _known(turn: Turn, number: str) -> Occurrence | None:
    """The occurrence; a draft is nobody's to see."""
    key = key_of(number)
    row = turn.session.get(Occurrence, key) if key is not None else None
    return row if row is not None and row.event.state != "draft" else None


def _is_open(occurrence: Occurrence) -> bool:
    return occurrence.state == "planned" and occurrence.event.state in OPEN and occurrence.ends_at > clock.now()


def _of_event(occurrence: Occurrence) -> Wish:
    return Wish("event", str(occurrence.event_id))


def _asked(turn: Turn, reply: Reply) -> Reply:
    """A reply whose choices replace those of before, and which ends an open form."""
    turn.state.form = None
    turn.state.pending = None
    turn.state.choices = [choice.value for choice in reply.choices]
    return reply


def _done(turn: Turn, *sentences: str, offers: tuple[Choice, ...] = ()) -> Reply:
    return _asked(turn, Reply(sentences, turn.locale, offers=offers))
