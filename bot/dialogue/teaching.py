"""What would come of teaching the assistant something, before it is taught.

A lesson is laid over the snapshot in force, and texts are read with and without it: questions that found no
answer, texts that were answered, and the project's own labelled questions, which tell whether something that works
would break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rapidfuzz import fuzz, process

from bot.dialogue import bands
from bot.events.reading import commanded
from bot.understanding.parse import Parse
from bot.understanding.phrases import DATA, Phrase, read_phrases
from bot.understanding.reader import Reader
from knowledge.gazetteer import Gazetteer
from knowledge.scripts import words
from knowledge.service_index import ServiceIndex
from knowledge.snapshot import Snapshot
from knowledge.taught import Taught, keys_of
from knowledge.types import Locale, Place, Service

Outcome = Literal["answered", "unsure", "none"]
"""What a text comes to: an answer, a question back, or no idea (which is right where it is none of ours)."""

NEAR = 75.0
"""Words less alike than this (0 to 100, part against part) cannot be taken for one another."""

_REPOSITORY = Path(__file__).parents[2]
_EVALUATION = _REPOSITORY / "evaluation"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be taught: ``words``, which name a service or a place, or ``texts`` that mean something."""

    words: str = ""
    locale: Locale = "ka"
    service: str | None = None
    place: int | None = None
    texts: tuple[Taught, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A labelled text that is understood now and would not be any more."""

    text: str
    meant: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A text that was answered, and would get another answer."""

    text: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a lesson would do; ``looked_at`` labelled texts and ``compared`` answered ones were tried."""

    answered: tuple[str, ...]
    broken: tuple[Broken, ...]
    changed: tuple[Changed, ...]
    looked_at: int
    compared: int


def with_lesson(snapshot: Snapshot, lesson: Lesson) -> Snapshot:
    """The snapshot as it would be. Raises KeyError for a service or a place that is not there."""
    if lesson.service is not None:
        return _with_synonym(snapshot, snapshot.services[lesson.service], lesson)
    if lesson.place is not None:
        return _with_name(snapshot, snapshot.places[lesson.place], lesson.words)
    known = {**snapshot.taught, **{keys_of(one.text): one for one in lesson.texts}}
    return replace(snapshot, taught=MappingProxyType(known))


def answered(reader: Reader, snapshot: Snapshot, lesson: Lesson, open_: Iterable[str]) -> list[str]:
    """The open questions that the lesson would answer."""
    looks = _Looks(reader, snapshot, with_lesson(snapshot, lesson), lesson)
    return [text for text in open_ if looks.is_touched(text) and looks.is_helped(text)]


def effect(
    reader: Reader, snapshot: Snapshot, lesson: Lesson, open_: Iterable[str], answered: Iterable[str] = ()
) -> Effect:
    """What the lesson would do to the open questions, to texts that were answered, and to the labelled ones."""
    taught = with_lesson(snapshot, lesson)
    looks = _Looks(reader, snapshot, taught, lesson)
    labelled, kept = _labelled(), list(answered)
    return Effect(
        answered=tuple(text for text in open_ if looks.is_touched(text) and looks.is_helped(text)),
        broken=tuple(
            Broken(phrase.text, _meaning(phrase.intent, phrase.service), looks.before(phrase), looks.after(phrase))
            for phrase in _near(lesson)
            if looks.is_touched(phrase.text) and looks.breaks(phrase)
        ),
        changed=tuple(
            Changed(text, now, then)
            for text in kept
            if looks.is_touched(text)
            for now, then in looks.differs(text)
        ),
        looked_at=len(labelled),
        compared=len(kept),
    )


def outcome(parse: Parse) -> Outcome:
    """What a first message that was read so comes to."""
    settled = _settled(parse)
    if settled.intent == "none" or settled.confidence < bands.UNSURE:
        return "answered" if settled.taught else "none"
    if settled.confidence < bands.sure_from(settled):
        return "unsure"
    return "unsure" if settled.intent == "service" and len(settled.services) > 1 else "answered"


class _Looks:
    """Reads texts with and without a lesson."""

    def __init__(self, reader: Reader, snapshot: Snapshot, taught: Snapshot, lesson: Lesson) -> None:
        self._reader, self._before, self._after, self._lesson = reader, snapshot, taught, lesson
        self._keys = {keys_of(one.text) for one in lesson.texts}

    def is_touched(self, text: str) -> bool:
        """Whether the lesson can make a difference to the text; far quicker than to read it twice."""
        if self._lesson.service is not None:
            return self._before.service_index.find(text) != self._after.service_index.find(text)
        if self._lesson.place is not None:
            return _named(self._before, text) != _named(self._after, text)
        return keys_of(text) in self._keys

    def is_helped(self, text: str) -> bool:
        """Whether the text would be answered."""
        return outcome(self._reader.read(text, self._after)) == "answered"

    def breaks(self, phrase: Phrase) -> bool:
        """Whether the text is understood now and would not be, or would only be asked about."""
        now, then = (self._reader.read(phrase.text, one) for one in (self._before, self._after))
        if not _is_right(now, phrase):
            return False
        return not _is_right(then, phrase) or (outcome(now) == "answered") > (outcome(then) == "answered")

    def differs(self, text: str) -> Iterable[tuple[str, str]]:
        """The two meanings of a text, where they differ."""
        now, then = (self._reader.read(text, one) for one in (self._before, self._after))
        if _understood(now) != _understood(then):
            yield _told(now), _told(then)

    def before(self, phrase: Phrase) -> str:
        """What is understood now."""
        return _told(self._reader.read(phrase.text, self._before))

    def after(self, phrase: Phrase) -> str:
        """What would be understood."""
        return _told(self._reader.read(phrase.text, self._after))


def _with_synonym(snapshot: Snapshot, service: Service, lesson: Lesson) -> Snapshot:
    listed = (*service.synonyms.get(lesson.locale, ()), lesson.words)
    synonyms: Mapping[Locale, tuple[str, ...]] = {**service.synonyms, lesson.locale: listed}
    services = {**snapshot.services, service.slug: replace(service, synonyms=MappingProxyType(dict(synonyms)))}
    return replace(snapshot, services=MappingProxyType(services), service_index=ServiceIndex(services.values()))


def _with_name(snapshot: Snapshot, place: Place, name: str) -> Snapshot:
    places = {**snapshot.places, place.id: replace(place, alt_names=(*place.alt_names, name))}
    gazetteer = Gazetteer(places.values(), snapshot.municipalities.values())
    return replace(snapshot, places=MappingProxyType(places), gazetteer=gazetteer)


@lru_cache(maxsize=1)
def _labelled() -> tuple[Phrase, ...]:
    """The questions that are set aside to judge by; those of ``evaluation/`` only in a checkout."""
    held_out = read_phrases(DATA / "held_out")
    return (*held_out, *(read_phrases(_EVALUATION) if _EVALUATION.is_dir() else ()))


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, tuple[int, ...]]:
    """In which labelled texts a word stands, by its key."""
    found: dict[str, list[int]] = {}
    for number, phrase in enumerate(_labelled()):
        for key in set(keys_of(phrase.text).split()):
            found.setdefault(key, []).append(number)
    return {key: tuple(numbers) for key, numbers in found.items()}


def _near(lesson: Lesson) -> Sequence[Phrase]:
    """The labelled texts that have a word like one of the lesson's."""
    if lesson.texts:
        return _labelled()
    known, numbers = _by_key(), set[int]()
    for key in keys_of(lesson.words).split():
        for form, _, _ in process.extract(
            key, list(known), scorer=fuzz.partial_ratio, score_cutoff=NEAR, limit=None
        ):
            numbers.update(known[form])
    return [_labelled()[number] for number in sorted(numbers)]


def _named(snapshot: Snapshot, text: str) -> tuple[tuple[int, ...], bool]:
    match = snapshot.gazetteer.find(words(text))
    return tuple(place.id for place in match.places), match.certain


def _settled(parse: Parse) -> Parse:
    return parse if parse.taught else bands.settle_between(commanded(parse))


def _intent(parse: Parse) -> str:
    settled = _settled(parse)
    return settled.intent if settled.confidence >= bands.UNSURE else "none"


def _understood(parse: Parse) -> tuple[str, str | None, int | None, Outcome]:
    intent, place = _intent(parse), parse.place.place
    return intent, parse.service, place.id if place is not None else None, outcome(parse)


def _told(parse: Parse) -> str:
    intent = _intent(parse)
    place = parse.place.place
    about = parse.service if intent in {"service", "nearest_center"} else None
    return _meaning(intent, about, place.name_en if place is not None else None)


def _meaning(intent: str, service: str | None, place: str | None = None) -> str:
    return ", ".join(filter(None, (intent, service, place)))


def _is_right(parse: Parse, phrase: Phrase) -> bool:
    """Whether a text is understood as its label says."""
    if _intent(parse) != phrase.intent:
        return False
    if phrase.place and phrase.place not in {place.name_en for place in parse.place.places[:9]}:
        return False
    asks = phrase.service and phrase.intent in {"service", "nearest_center"}
    return not asks or phrase.service in {hit.slug for hit in parse.services}
