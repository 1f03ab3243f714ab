"""What a message puts into the form: everything that it says, the answer to the last question, a pressed value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta

from bot.halls import reading
from bot.halls.draft import MOST_PEOPLE, NAME_LIMIT, SLOTS, SUBJECT_LIMIT, Draft, Slot
from bot.halls.reading import Said
from bot.understanding import picks
from bot.understanding.when import Reading
from desk.halls import days
from desk.halls.requests import APPLICANTS, EQUIPMENT

CLOSED: frozenset[str] = frozenset({"minutes", "people", "applicant", "equipment"})
"""Slots whose answers are told from other texts by their words alone."""

MOST_NAME_WORDS = 6
LONGEST_YES = 4
"""Letters of the longest short yes or no of the five languages."""


def everything(draft: Draft, said: Said) -> bool:
    """Takes everything that a text says, whatever was asked for; returns whether there was anything to take."""
    found = said.when
    minutes = found.minutes if found.minutes is not None else _until(draft, said)
    reading_of(draft, Reading(found.date, found.start))
    if found.start is None:
        draft.part = found.part or draft.part
    if minutes is not None:
        draft.fill("minutes", minutes)
    about_when = (found.date, found.start, found.part, minutes)
    besides = draft.moving is None and _take_besides(draft, said)
    return besides or any(value is not None for value in about_when)


def _take_besides(draft: Draft, said: Said) -> bool:
    people = said.people if said.people is not None and 0 < said.people <= MOST_PEOPLE else None
    subject = said.subject[:SUBJECT_LIMIT] if said.subject is not None and draft.subject is None else None
    found: dict[Slot, object] = {"people": people, "equipment": list(said.equipment) or None, "subject": subject}
    for slot, value in found.items():
        if value is not None:
            draft.fill(slot, value)
    return any(value is not None for value in found.values())


def reading_of(draft: Draft, found: Reading) -> None:
    """Takes one reading of a day and an hour."""
    if found.date is not None:
        draft.fill("day", found.date.isoformat())
    if found.start is not None:
        draft.fill("start", f"{found.start:%H:%M}")


def _until(draft: Draft, said: Said) -> int | None:
    """The minutes up to an end that was said alone ("until 5") of a booking whose start is known."""
    end, starts_at, day = said.when.end, draft.starts_at, draft.date
    if end is None or said.when.start is not None or starts_at is None or day is None:
        return None
    minutes = int((days.at(day, end) - starts_at) / timedelta(minutes=1))
    return minutes if minutes > 0 else None


def answer(draft: Draft, said: Said) -> bool:
    """Takes a text as the answer to what was asked for; whether it is one."""
    take = _ANSWERS.get(draft.asking or "")
    value = take(said) if take is not None else None
    if value is None or draft.asking not in SLOTS:
        return False
    draft.fill(draft.asking, value)
    return True


def _subject(said: Said) -> str | None:
    """Any words; a yes or a no is none, and what says when or how many corrects that."""
    if said.when or said.people is not None or _is_yes_or_no(said):
        return None
    return said.text[:SUBJECT_LIMIT] if any(map(str.isalpha, said.text)) else None


def _people(said: Said) -> int | None:
    count = said.people if said.people is not None else reading.number(said.words)
    return count if count is not None and 0 < count <= MOST_PEOPLE else None


def _applicant(said: Said) -> str | None:
    return reading.applicant(said.words)


def _equipment(said: Said) -> list[str] | None:
    gear = _numbered_gear(said.text)
    gear = reading.gear(said.words) if gear is None else gear
    corrects = not gear and (said.people is not None or said.when)  # "no, 14 people"
    return None if gear is None or corrects else list(gear)


def _name(said: Said) -> str | None:
    """A few words with letters; neither yes nor no is a name, nor is what corrects the form."""
    if said or len(said.words) > MOST_NAME_WORDS or _is_yes_or_no(said):
        return None
    return reading.name(said)[:NAME_LIMIT] if any(word.raw.isalpha() for word in said.words) else None


def _is_yes_or_no(said: Said) -> bool:
    """A longer word may only sound like one in another language: "chess" like the Armenian no."""
    return len(said.text) <= LONGEST_YES and picks.yes_or_no(said.words) is not None


_ANSWERS: Mapping[str, Callable[[Said], object]] = {
    "minutes": lambda said: said.when.minutes,
    "subject": _subject,
    "people": _people,
    "applicant": _applicant,
    "equipment": _equipment,
    "name": _name,
}


def _numbered_gear(text: str) -> tuple[str, ...] | None:
    """Several numbers of the list of equipment: "2 3", "2,4"."""
    numbers = text.replace(",", " ").split()
    known = {str(number) for number in range(1, len(EQUIPMENT) + 2)}
    if not numbers or not known.issuperset(numbers):
        return None
    return tuple(EQUIPMENT[int(number) - 2] for number in dict.fromkeys(numbers) if number != "1")


def pressed(draft: Draft, kind: str, value: str) -> bool:
    """Takes a pressed value; whether the form knows it. Raises ValueError for a day or an hour that is none."""
    match kind:
        case "day":
            draft.fill("day", date.fromisoformat(value).isoformat())
        case "start":
            draft.fill("start", f"{time.fromisoformat(value):%H:%M}")
        case "at":
            day, _, at = value.partition("T")
            reading_of(draft, Reading(date.fromisoformat(day), time.fromisoformat(at)))
        case "minutes":
            draft.fill("minutes", max(0, int(value)) or None)
        case "who" if value in APPLICANTS:
            draft.fill("applicant", value)
        case "gear" if value in {"none", *EQUIPMENT}:
            draft.fill("equipment", [] if value == "none" else [value])
        case "change" if value in draft.wanted:
            draft.clear(value)
        case _:
            return False
    return True


def unclear(readings: Sequence[Reading]) -> list[Slot]:
    """Which of day and hour differ between the readings of a text."""
    found: list[Slot] = []
    if len({one.date for one in readings}) > 1:
        found.append("day")
    if len({one.start for one in readings}) > 1:
        found.append("start")
    return found
