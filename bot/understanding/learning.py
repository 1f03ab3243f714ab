"""Learning the models from the phrases, and keeping what was learned until the phrases change."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import structlog

from bot.understanding import features, language
from bot.understanding.linear import LinearModel, Sample, Training, train
from bot.understanding.parse import INTENTS
from bot.understanding.phrases import DATA, PHRASES, Phrase, read_phrases
from bot.understanding.reader import (
    CONCEPTS,
    Models,
    Slots,
    find_slots,
    intent_features,
    service_features,
    span_words,
)
from knowledge.gazetteer import PlaceMatch
from knowledge.marks import without_marks
from knowledge.romanise import romanise
from knowledge.scripts import Word, normalise, words
from knowledge.snapshot import Snapshot
from knowledge.types import Locale, Service

log = structlog.get_logger()

_ANY_DAY = date(2026, 1, 5)  # which day "tomorrow" is does not matter for learning
_PASSES = Training(epochs=8)
_LISTED = 0.5  # what a word of the catalogue teaches, beside a phrase
_CODE = ("bot/understanding", "knowledge/scripts.py", "knowledge/spelling.py", "knowledge/service_index.py")


def models(snapshot: Snapshot, cache: Path | None = None) -> Models:
    """The models for the shipped phrases: out of the cache, or learned (some seconds) and put there.

    What staff taught is learned along with them, but is no reason to learn anew: such texts are known as they are.
    """
    folder = cache / f"models-{fingerprint()}" if cache else None
    if folder is not None:
        kept = _load(folder)
        if kept is not None:
            return kept
    learned = learn([*read_phrases(PHRASES), *_taught(snapshot)], snapshot)
    if folder is not None:
        _keep(learned, folder)
    return learned


def _taught(snapshot: Snapshot) -> Iterable[Phrase]:
    """What staff taught, as phrases; without what means something that nobody knows any more."""
    for one in snapshot.taught.values():
        if one.intent in INTENTS and (one.service is None or one.service in snapshot.services):
            yield Phrase(one.text, one.intent, one.language, service=one.service)


def fingerprint() -> str:
    """Changes with the phrases, the lexicons and the code that reads them."""
    root = DATA.parents[1]
    files = [file for code in _CODE for file in sorted((root / code).rglob("*.py") or [])]
    files += [root / code for code in _CODE if code.endswith(".py")]
    files += sorted(DATA.rglob("*.jsonl")) + sorted(DATA.glob("*.yaml"))
    files += sorted((root / "knowledge").glob("gazetteer*.py"))
    files += sorted((root / "knowledge" / "data").rglob("*.yaml"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def learn(phrases: Sequence[Phrase], snapshot: Snapshot) -> Models:
    """Learns all models from labelled phrases."""
    intents: list[Sample] = []
    services: list[Sample] = []
    read = [(phrase, said, snapshot.gazetteer.find(said)) for phrase in phrases for said in (words(phrase.text),)]
    languages = train(list(_languages(read, snapshot)), Training(epochs=6))
    for phrase, said, named in read:
        spoken = language.plausible(said, languages)
        slots = find_slots(said, snapshot, _ANY_DAY, spoken=spoken, named=named)
        for typed, weight in _variants(phrase, said, slots):
            found = slots if typed is said else _again(slots, typed, snapshot, spoken)
            intents.append(Sample(intent_features(typed, found, snapshot), phrase.intent, weight))
            if phrase.service is not None and phrase.service in snapshot.services:
                seen = service_features(typed, found.place_words, found.concepts)
                services.append(Sample(seen, phrase.service, weight))
    services += _from_synonyms(snapshot)
    return Models(
        intents=train(intents, _PASSES),
        outlines=train([replace(one, features=features.outline(one.features)) for one in intents], _PASSES),
        services=train(services, replace(_PASSES, decay=1e-5)),
        languages=languages,
    )


def _languages(read: Iterable[tuple[Phrase, Sequence[Word], PlaceMatch]], snapshot: Snapshot) -> Iterable[Sample]:
    """Latin letters of each language: the phrases without their places, and the catalogue's words."""
    for phrase, said, place in read:
        if any(word.script == "latin" for word in said):
            named = span_words(said, place.span)
            telling = [word for index, word in enumerate(said) if index not in named]
            yield Sample(language.features(telling), phrase.locale)
        if phrase.locale in {"ka", "az"}:
            # The same in the letters of a plain phone: there are never enough examples of those.
            plain = romanise(phrase.text) if phrase.locale == "ka" else without_marks(phrase.text)
            yield Sample(language.features(words(plain)), "az" if phrase.locale == "az" else "ka-Latn", _LISTED)
    for service in snapshot.services.values():
        for locale, entry in _listed(service):
            yield Sample(language.features(words(entry)), locale, _LISTED)


def _listed(service: Service) -> Iterable[tuple[Locale, str]]:
    """A service's names and synonyms in Latin letters."""
    for entry in (service.names["ka"], *service.synonyms.get("ka", ())):
        yield "ka-Latn", romanise(entry)
    for entry in service.synonyms.get("ka-Latn", ()):
        yield "ka-Latn", entry
    for entry in (service.names["az"], *service.synonyms.get("az", ())):
        yield "az", without_marks(entry)
    for entry in (service.names["en"], *service.synonyms.get("en", ())):
        yield "en", entry


def _variants(phrase: Phrase, said: Sequence[Word], slots: Slots) -> Iterable[tuple[Sequence[Word], float]]:
    """The words of a phrase as they are, as a hurried hand types them, and without Azerbaijani marks."""
    yield said, 1.0
    at = _worth_mistyping(phrase.text, said, slots)
    if at is not None:
        yield [*said[:at], _written(said[at], mistyped(said[at].raw)), *said[at + 1 :]], 0.5
    if phrase.locale == "az" and without_marks(phrase.text) != phrase.text:
        yield [_written(word, without_marks(word.raw)) for word in said], 0.7


def _again(slots: Slots, typed: Sequence[Word], snapshot: Snapshot, spoken: Collection[str]) -> Slots:
    """The slots of a phrase typed differently: the place is the same, the other words are looked at anew."""
    hits = CONCEPTS.find(typed, spoken)
    return replace(
        slots,
        services=snapshot.service_index.find(typed),
        concepts=frozenset(hit.concept for hit in hits),
        concept_words=frozenset(index for hit in hits for index in range(hit.first, hit.last)),
    )


def _worth_mistyping(text: str, said: Sequence[Word], slots: Slots) -> int | None:
    """A longer word that is no name; always the same for a text."""
    listed = [i for i, word in enumerate(said) if len(word.raw) >= 5 and i not in slots.place_words]
    return random.Random(text).choice(listed) if listed else None


def _written(word: Word, raw: str) -> Word:
    return replace(word, text=normalise(raw), raw=raw)


def mistyped(word: str) -> str:
    """A longer word with one letter left out, doubled or exchanged; always the same for a word."""
    chance = random.Random(word)
    at = chance.randrange(1, len(word) - 1)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _from_synonyms(snapshot: Snapshot) -> Iterable[Sample]:
    """The catalogue's own words teach the services too."""
    for service in snapshot.services.values():
        listed = {*service.names.values(), *(word for entries in service.synonyms.values() for word in entries)}
        for entry in sorted(listed):
            said = words(entry)
            yield Sample(service_features(said, (), CONCEPTS.concepts(said)), service.slug, 0.6)


_PARTS = ("intents", "outlines", "services", "languages")


def _load(folder: Path) -> Models | None:
    try:
        return Models(**{part: LinearModel.load(folder / f"{part}.npz") for part in _PARTS})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        log.warning("models_unreadable", error=type(error).__name__, folder=folder.name)
        return None


def _keep(learned: Models, folder: Path) -> None:
    try:
        for part in _PARTS:
            getattr(learned, part).save(folder / f"{part}.npz")
    except OSError as error:
        # Without a place to keep them they are learned again at the next start.
        log.warning("models_not_kept", error=type(error).__name__, folder=folder.name)
