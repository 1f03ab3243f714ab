"""The questions of the form: each with its words and what one may choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.dialogue.turn import Turn
from bot.halls import checking, words
from bot.halls.checking import Trouble
from bot.halls.draft import Draft, Slot
from bot.understanding.when import Reading
from desk.halls import days
from desk.halls.bookings import Booking
from desk.halls.requests import APPLICANTS, EQUIPMENT
from desk.messages import Choice, Reply
from knowledge.types import Center
from store.clock import TBILISI

DAYS_OFFERED, MOST_BUTTONS = 5, 8
LENGTHS = (60, 120, 180, 240)
"""Lengths that are offered, in minutes: the number of the choice is the number of hours."""


def question(turn: Turn, draft: Draft, center: Center, *lead: str) -> Reply:
    """The question for what is missing, or whether all is right; ``lead`` is said before it."""
    slot = draft.missing
    draft.asking = slot or "check"
    asked = summary(turn, draft, center) if slot is None else _ask(turn, draft, center, slot)
    return _led(turn, draft, asked, lead)


def _led(turn: Turn, draft: Draft, asked: Reply, lead: Sequence[str]) -> Reply:
    """The question after its lead; the conversation keeps the form and what may be chosen."""
    turn.in_form = True
    turn.state.pending = None
    turn.state.form = draft.to_json()
    turn.state.choices = [choice.value for choice in asked.choices]
    said = tuple(filter(None, lead))
    short = (*said, *asked.wording(small_screen=True))
    return Reply((*said, *asked.texts), turn.locale, choices=asked.choices, offers=asked.offers, short=short)


def _ask(turn: Turn, draft: Draft, center: Center, slot: Slot) -> Reply:
    match slot:
        case "day":
            return _ask_day(turn, draft, center)
        case "start":
            return _ask_start(turn, draft, center)
        case "minutes":
            return _ask_minutes(turn, draft, center)
        case "applicant":
            choices = tuple(turn.choice(f"hall.applicant.{one}", f"hall:who:{one}") for one in APPLICANTS)
            short = (turn.say("hall.ask.applicant.sms"),)
            return Reply((turn.say("hall.ask.applicant"),), turn.locale, choices=choices, short=short)
        case "equipment":
            kinds = ("none", *EQUIPMENT)
            choices = tuple(turn.choice(f"hall.equipment.{one}", f"hall:gear:{one}") for one in kinds)
            return Reply((turn.say("hall.ask.equipment"),), turn.locale, choices=choices)
        case _:
            return Reply((turn.say(f"hall.ask.{slot}"),), turn.locale)


def _ask_day(turn: Turn, draft: Draft, center: Center) -> Reply:
    free = checking.free_days(turn, center, draft.minutes, DAYS_OFFERED)
    if not free:
        return Reply((turn.say("hall.never_free"),), turn.locale)
    choices = tuple(_day_choice(turn, day) for day in free)
    short = (turn.say("hall.ask.day.sms"),)
    return Reply((turn.say("hall.ask.day"),), turn.locale, choices=choices, short=short)


def _ask_start(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The hours are not numbered: whoever answers "3" means three o'clock."""
    day = draft.date
    if day is None:
        raise ValueError("the hour is asked after the day")
    starts = checking.free_starts(turn, center, draft, day)
    free = ", ".join(_spans(starts))
    asked = turn.say("hall.ask.start", day=words.day(turn.locale, day), free=free)
    short = turn.say("hall.ask.start", day=words.day(turn.locale, day, short=True), free=free)
    step = max(1, -(-len(starts) // MOST_BUTTONS))
    offers = tuple(Choice(words.clock(at), f"hall:start:{words.clock(at)}") for at in starts[::step])
    return Reply((asked,), turn.locale, offers=offers, short=(short,))


def _spans(starts: Sequence[datetime]) -> Iterator[str]:
    """Runs of starts half an hour apart as from-to: "09:00-12:30"."""
    run: list[datetime] = []
    for start in starts:
        if run and start - run[-1] > timedelta(minutes=30):
            yield _run(run)
            run = []
        run.append(start)
    if run:
        yield _run(run)


def _run(run: Sequence[datetime]) -> str:
    return words.clock(run[0]) if len(run) == 1 else f"{words.clock(run[0])}-{words.clock(run[-1])}"


def _ask_minutes(turn: Turn, draft: Draft, center: Center) -> Reply:
    most = checking.longest(turn, center, draft)
    offered = [minutes for minutes in LENGTHS if minutes <= most] or [most]
    choices = tuple(Choice(words.length(turn.locale, minutes), f"hall:minutes:{minutes}") for minutes in offered)
    return Reply((turn.say("hall.ask.minutes"),), turn.locale, choices=choices)


def again(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The question once more, for an answer that was not understood."""
    lead = turn.say("hall.again.number") if draft.asking in {"people", "minutes"} else turn.say("hall.again")
    return question(turn, draft, center, lead)


def instead(turn: Turn, draft: Draft, trouble: Trouble, *lead: str) -> Reply:
    """Why the time cannot be had, and the nearest free ones; a taken one can be waited for."""
    draft.asking = "at"
    choices = [_day_choice(turn, day) for day in trouble.days]
    choices += [Choice(words.moment(turn.locale, at, short=True), f"hall:at:{_local(at)}") for at in trouble.free]
    if trouble.taken and draft.moving is None:
        choices.append(Choice(turn.say("hall.wait"), "hall:wait"))
    hint = turn.say("hall.nearest") if choices else turn.say("hall.another_time")
    reply = Reply((trouble.why, hint), turn.locale, choices=tuple(choices), short=(trouble.short,))
    return _led(turn, draft, reply, lead)


def which(turn: Turn, draft: Draft, readings: Sequence[Reading], *lead: str) -> Reply:
    """Asks which of several days or hours is meant."""
    draft.asking = "at"
    choices = []
    for reading in readings[:4]:
        day = reading.date or draft.date
        if reading.start is None and day is not None:
            choices.append(_day_choice(turn, day))
        elif reading.start is not None and day is not None:
            at = days.at(day, reading.start)
            choices.append(Choice(words.moment(turn.locale, at, short=True), f"hall:at:{_local(at)}"))
        elif reading.start is not None:
            choices.append(Choice(f"{reading.start:%H:%M}", f"hall:start:{reading.start:%H:%M}"))
    reply = Reply((turn.say("hall.which"),), turn.locale, choices=tuple(dict.fromkeys(choices)))
    return _led(turn, draft, reply, lead)


def _day_choice(turn: Turn, day: date) -> Choice:
    return Choice(words.day(turn.locale, day, short=True), f"hall:day:{day.isoformat()}")


def _local(at: datetime) -> str:
    return f"{at.astimezone(TBILISI):%Y-%m-%dT%H:%M}"


def what_to_change(turn: Turn, draft: Draft, _center: Center) -> Reply:
    """Which part of the form is wrong."""
    choices = tuple(turn.choice(f"hall.slot.{slot}", f"hall:change:{slot}") for slot in draft.wanted)
    draft.asking = "change"
    return _led(turn, draft, Reply((turn.say("hall.what_to_change"),), turn.locale, choices=choices), ())


def summary(turn: Turn, draft: Draft, center: Center) -> Reply:
    """Everything once more, with weekday and date, and yes or no."""
    starts_at = draft.starts_at
    if starts_at is None:
        raise ValueError("the summary comes when all is known")
    ends_at = starts_at + draft.length(0)
    choices = (
        turn.choice("hall.yes.move" if draft.moving is not None else "hall.yes", "hall:yes"),
        turn.choice("hall.change", "hall:change"),
        turn.choice("hall.quit", "hall:quit"),
    )
    if draft.moving is not None:
        return _summary_of_move(turn, draft, starts_at, ends_at, choices)
    filled = {
        "center": words.center(turn.locale, center.id, turn.snapshot),
        "when": words.span(turn.locale, starts_at, ends_at),
        "subject": draft.subject or "",
        "people": draft.people,
        "applicant": turn.say(f"hall.applicant.{draft.applicant}"),
        "equipment": words.equipment(turn.locale, draft.equipment),
        "name": draft.name or "",
    }
    small = {
        **filled,
        "center": words.center(turn.locale, center.id, turn.snapshot, short=True),
        "when": words.span(turn.locale, starts_at, ends_at, short=True),
        "subject": words.subject(turn.locale, draft.subject or ""),
        "equipment": words.equipment(turn.locale, draft.equipment, short=True),
    }
    waiting = [turn.say("hall.check.wait")] if draft.wait else []
    texts = [turn.say("hall.check"), turn.say("hall.check.lines", **filled), *waiting, turn.say("hall.agree")]
    if _is_crowded(draft, center):
        texts.insert(2, turn.say("hall.crowded", capacity=center.hall.capacity if center.hall else 0))
    line = turn.say("hall.check.sms", **small)
    short = (f"{turn.say('hall.check.wait.sms')} {line}",) if draft.wait else (line,)
    return Reply(tuple(texts), turn.locale, choices=choices, short=short)


def _is_crowded(draft: Draft, center: Center) -> bool:
    seats = center.hall.capacity if center.hall is not None else None
    return seats is not None and (draft.people or 0) > seats


def _summary_of_move(
    turn: Turn, draft: Draft, starts_at: datetime, ends_at: datetime, choices: tuple[Choice, ...]
) -> Reply:
    booking = turn.session.get(Booking, draft.moving)
    reference = booking.reference if booking is not None else ""
    text = turn.say("hall.check.move", reference=reference, when=words.span(turn.locale, starts_at, ends_at))
    short = turn.say(
        "hall.check.move", reference=reference, when=words.span(turn.locale, starts_at, ends_at, short=True)
    )
    return Reply((text,), turn.locale, choices=choices, short=(short,))
