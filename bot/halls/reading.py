"""What a text says about a booking: when, how many people, which equipment, who asks, and what for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding import when
from bot.understanding.lexicon import Lexicon
from bot.understanding.when import Asked, When
from bot.understanding.when.lexer import atoms
from bot.understanding.when.types import Atom
from desk.halls.requests import APPLICANTS, EQUIPMENT, Applicant, Equipment
from knowledge.gazetteer import PlaceMatch
from knowledge.scripts import Word, words

PEOPLE = Lexicon.load("halls/people")
EQUIPMENTS = Lexicon.load("halls/equipment")
WHO = Lexicon.load("halls/applicants")
SUBJECTS = Lexicon.load("halls/subjects")
CONTROL = Lexicon.load("halls/control")
COUNTS = Lexicon.load("halls/counts")
NAMES = Lexicon.load("halls/names")
PARTS_OF_FORM = Lexicon.load("halls/slots")

MOST_HOURS = 12
"""A bare number of hours beyond it is something else."""

FEW_WORDS = 4
"""Words of a text that says little else than one thing."""

LONGEST_SUBJECT = 8
"""Words that a subject found inside a sentence may have."""

_ALONE = frozenset({"back"})
"""Steering words that have other meanings beside others: Armenian "back" begins "after"."""

_BREAKS = frozenset(",;.!?\n()")

_ASKED: Mapping[str, Asked] = {"day": "date", "start": "time", "minutes": "duration", "at": "time"}
"""What `when` is told about the question, by what the form asks for."""

_TIMED = frozenset("DWwZYKEHskmhqPQzUXNgxJ")
"""Kinds of atoms (`when.words.LETTERS`) that speak of days and hours: their numbers count no people."""


_HOUR_OF_DAY = frozenset("aAfFtTIVoOCPQz")
"""Kinds of atoms that make a number of hours the hour of a day: "at", "from", "until", "in the morning"."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was found. ``raw`` is the text as it came and ``words`` the text in words; ``subject`` is the subject
    where the text seems to name one.
    """

    raw: str
    words: tuple[Word, ...]
    when: When
    people: int | None
    equipment: tuple[Equipment, ...]
    subject: str | None

    @property
    def text(self) -> str:
        """The text with its blanks folded."""
        return " ".join(self.raw.split())

    def __bool__(self) -> bool:
        """Whether the text says anything about a booking."""
        return bool(self.when) or self.people is not None or bool(self.equipment)


def read(text: str, now_local: datetime, place: PlaceMatch, *, asked: str | None = None) -> Said:
    """Reads one text. ``place`` is what was found of places in it, ``asked`` what the form asked for last."""
    said = words(text)
    counts = asked == "people" and _is_count(text, now_local)
    found = When() if counts else when.read(text, now_local, asked=_ASKED.get(asked or ""))
    if asked == "minutes" and found.minutes is None:
        found = _as_length(text, found)
    people, counted = _people(text, said)
    gear = EQUIPMENTS.find(said)
    equipment = tuple(one for one in EQUIPMENT if any(hit.concept == one for hit in gear))
    taken = {
        *found.covered,
        *counted,
        *_place_words(said, place),
        *(index for hit in gear if hit.concept != "none" for index in range(hit.first, hit.last)),
    }
    return Said(text, said, found, people, equipment, _subject(text, said, taken))


def number(said: Sequence[Word]) -> int | None:
    """The only number of a text, as the answer to "how many?"; of "20-25" the larger."""
    counted = [value for atom in atoms(" ".join(word.raw for word in said)) if (value := _count(atom))]
    whole = counted or [int(hit.concept) for hit in COUNTS.find(said)][:1]
    return max(whole) if 0 < len(whole) <= 2 else None


def name(said: Said) -> str:
    """The text as a name, without the words that lead to it: "my name is Nino"."""
    leading = {index for hit in NAMES.find(said.words) for index in range(hit.first, hit.last)}
    rest = [word for index, word in enumerate(said.words) if index not in leading]
    if not rest or not leading:
        return said.text
    start, end = rest[0].start, rest[-1].end
    return " ".join(said.raw[start:end].split())


def part_of_form(said: Sequence[Word]) -> str | None:
    """The one part of the form that a few words name, as wrong or to be changed."""
    named = PARTS_OF_FORM.concepts(said)
    return named.pop() if len(named) == 1 and len(said) <= FEW_WORDS else None


def applicant(said: Sequence[Word]) -> Applicant | None:
    """Who a text says that the person is, where it says just one thing; "a firm" counts before "we locals"."""
    found = WHO.concepts(said)
    for one in ("legal_entity", "public_institution", "local_government", "resident"):
        if one in found and one in APPLICANTS:
            return one
    return None


def gear(said: Sequence[Word]) -> tuple[Equipment, ...] | None:
    """The equipment that a text names as an answer, empty for "nothing"; None where it says neither."""
    found = EQUIPMENTS.concepts(said)
    named = tuple(one for one in EQUIPMENT if one in found)
    return named if named or "none" in found else None


def control(said: Sequence[Word], *, whole: bool = False) -> str | None:
    """The word that steers the form (back, quit, wait, skip, change), where a text says little else.

    With ``whole`` the text may say nothing else at all: "climate change" is a subject.
    """
    hits = CONTROL.find(said)
    if not hits or len(said) > FEW_WORDS:
        return None
    longest = max(hits, key=lambda hit: hit.last - hit.first)
    must_be_all = whole or longest.concept in _ALONE
    return None if must_be_all and longest.last - longest.first < len(said) else longest.concept


def asks_to_change(said: Sequence[Word]) -> bool:
    """Whether a text asks for another time."""
    return "change" in CONTROL.concepts(said)


def _people(text: str, said: Sequence[Word]) -> tuple[int | None, set[int]]:
    """How many people a text counts ("20-25 people": the larger), and the words that say so."""
    row = atoms(text)
    counted = {index for hit in PEOPLE.find(said) for index in range(hit.first, hit.last)}
    for position, atom in enumerate(row):
        count = _count(atom)
        if count is None:
            continue
        follows = next((other for other in row[position + 1 :] if other.kind not in "OAGSBFV"), None)
        next_word = follows.first if follows is not None else atom.last
        first = row[position - 2].first if _is_range(row, position) else atom.first
        for word in (next_word, atom.last, first - 1):  # "20 people", and the Russian "человек 20"
            if word in counted and _counts(row, position, word):
                return count, set(range(min(first, word), max(atom.last, word + 1)))
    return None, set()


def _as_length(text: str, found: When) -> When:
    """A text that answers "how long?" with one number of hours and no word that makes it an hour of the day.

    "часа два" counts the other way round, "10 часов" could be ten o'clock, "about two" could be "at about two".
    """
    row = atoms(text)
    counted = [atom.value for atom in row if atom.kind in "01" and isinstance(atom.value, int)]
    about = {atom for atom in row if atom.kind == "a" and atom.language == "en"}
    hour_of_day = any(atom.kind in _HOUR_OF_DAY and atom not in about for atom in row)
    if len(counted) != 1 or hour_of_day or found.said_date or not any(atom.kind in "Hs" for atom in row):
        return found
    return When(minutes=counted[0] * 60, covered=found.covered) if 0 < counted[0] <= MOST_HOURS else found


def _is_count(text: str, now_local: datetime) -> bool:
    """Whether a text that answers "how many?" has a number and nothing of days or hours ("20-25", "up to 30")."""
    kinds = {atom.kind for atom in atoms(text)}
    if ":" in text or not _TIMED.isdisjoint(kinds) or number(words(text)) is None:
        return False
    return when.read(text, now_local).date is None


def _count(atom: Atom) -> int | None:
    """The number of an atom; 20-25 looks like an hour, and its larger half counts."""
    if atom.kind == "C" and isinstance(atom.value, tuple):
        return max(int(atom.value[0]), int(atom.value[1]))
    return atom.value if atom.kind in "01" and isinstance(atom.value, int) else None


def _counts(row: Sequence[Atom], position: int, word: int) -> bool:
    """Whether the number belongs to that word; before a range's second number the first one is passed over."""
    follows = row[position + 1].kind if position + 1 < len(row) else ""
    return word >= row[position].last or follows not in "-t" or not follows


def _is_range(row: Sequence[Atom], position: int) -> bool:
    kinds = [atom.kind for atom in row[max(0, position - 2) : position]]
    return len(kinds) == 2 and kinds[0] in "01" and kinds[1] in "-t"


def _place_words(said: Sequence[Word], place: PlaceMatch) -> Iterator[int]:
    spans = [span for span in (place.span, *place.areas) if span is not None]
    for index, word in enumerate(said):
        if any(word.start < end and word.end > start for start, end in spans):
            yield index


def _subject(text: str, said: Sequence[Word], taken: Collection[int]) -> str | None:
    """The part of the text between what was read otherwise that names an event, or stands between commas."""
    hits = SUBJECTS.find(said)
    asking = {index for hit in hits if hit.concept == "asking" for index in range(hit.first, hit.last)}
    events = {index for hit in hits if hit.concept == "event" for index in range(hit.first, hit.last)} - set(taken)
    runs = (_bare(run, asking - events) for run in _runs(text, said, taken))
    best = next((run for run in runs if not events.isdisjoint(run)), None)
    if best is None:
        return None
    shown = text[said[best[0]].start : said[best[-1]].end].strip(" \t\n\"'«»„“”-–—:")
    return shown if len(best) <= LONGEST_SUBJECT and shown else None


def _bare(run: Sequence[int], asking: Collection[int]) -> list[int]:
    """A run of words without those at its ends that only ask for a hall."""
    telling = [position for position, index in enumerate(run) if index not in asking]
    return list(run[telling[0] : telling[-1] + 1]) if telling else []


def _runs(text: str, said: Sequence[Word], other: Collection[int]) -> Iterator[list[int]]:
    """Runs of words that say something else, broken at the signs between clauses."""
    run: list[int] = []
    for index, word in enumerate(said):
        between = text[said[index - 1].end : word.start] if index else ""
        if run and (index in other or not _BREAKS.isdisjoint(between)):
            yield run
            run = []
        if index not in other:
            run.append(index)
    if run:
        yield run
