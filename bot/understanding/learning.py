"""Learning the models from the phrases, and keeping what was learned until the phrases change."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import structlog

from bot.understanding import language
from bot.understanding.linear import LinearModel, Sample, Training, train
from bot.understanding.reader import CONCEPTS, Models, find_slots, intent_features, service_features
from knowledge.marks import without_marks
from knowledge.scripts import words
from knowledge.snapshot import Snapshot
from knowledge.types import Locale

log = structlog.get_logger()

DATA = Path(__file__).parents[1] / "data"
PHRASES = DATA / "phrases"

_ANY_DAY = date(2026, 1, 5)  # which day "tomorrow" is does not matter for learning
_CODE = ("bot/understanding", "knowledge/scripts.py", "knowledge/spelling.py", "knowledge/service_index.py")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A labelled text of the phrase files; ``place`` is an English name, ``service`` a slug."""

    text: str
    intent: str
    locale: Locale
    place: str | None = None
    service: str | None = None


def read_phrases(path: Path) -> list[Phrase]:
    """The phrases of one JSONL file or of every file in a folder. The file's name is the language."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [_phrase(json.loads(line), file.stem) for file in files for line in _lines(file)]


def _lines(file: Path) -> Iterable[str]:
    return (line for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def _phrase(row: dict[str, str], stem: str) -> Phrase:
    locale = row.get("language") or stem
    if locale == "ka" and not any("ა" <= char <= "ჰ" for char in row["text"]):
        locale = "ka-Latn"
    return Phrase(row["text"], row["intent"], locale, row.get("place"), row.get("service"))  # type: ignore[arg-type]


def models(snapshot: Snapshot, cache: Path | None = None) -> Models:
    """The models for the shipped phrases: out of the cache, or learned (some seconds) and put there."""
    folder = cache / f"models-{fingerprint()}" if cache else None
    if folder is not None:
        kept = _load(folder)
        if kept is not None:
            return kept
    learned = learn(read_phrases(PHRASES), snapshot)
    if folder is not None:
        _keep(learned, folder)
    return learned


def fingerprint() -> str:
    """Changes with the phrases, the lexicons and the code that reads them."""
    root = DATA.parents[1]
    files = [file for code in _CODE for file in sorted((root / code).rglob("*.py") or [])]
    files += [root / code for code in _CODE if code.endswith(".py")]
    files += sorted(DATA.rglob("*.jsonl")) + sorted(DATA.glob("*.yaml"))
    files += sorted((root / "knowledge" / "data").rglob("*.yaml"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def learn(phrases: Sequence[Phrase], snapshot: Snapshot) -> Models:
    """Learns all models from labelled phrases."""
    intents, services, languages = [], [], []
    for phrase in phrases:
        for text, weight in _variants(phrase):
            said = words(text)
            slots = find_slots(said, snapshot, _ANY_DAY)
            intents.append(Sample(intent_features(said, slots, snapshot), phrase.intent, weight))
            if phrase.service is not None and phrase.service in snapshot.services:
                services.append(Sample(service_features(said, slots.place_words, slots.concepts), phrase.service, weight))
            if weight == 1.0 and any(word.script == "latin" for word in said):
                names = set(slots.place_words)
                telling = [word for index, word in enumerate(said) if index not in names]
                languages.append(Sample(language.features(telling), phrase.locale))
    services += _from_synonyms(snapshot)
    return Models(
        intents=train(intents, Training(epochs=10)),
        services=train(services, Training(epochs=8)),
        languages=train(languages, Training(epochs=6)),
    )


def _variants(phrase: Phrase) -> list[tuple[str, float]]:
    """The phrase, and the phrase as a hurried hand would type it."""
    variants = [(phrase.text, 1.0)]
    typo = mistyped(phrase.text)
    if typo != phrase.text:
        variants.append((typo, 0.5))
    if phrase.locale == "az" and without_marks(phrase.text) != phrase.text:
        variants.append((without_marks(phrase.text), 0.7))
    return variants


def mistyped(text: str) -> str:
    """The text with one letter of one longer word left out, doubled or exchanged; always the same for a text."""
    chance = random.Random(text)
    long_words = [word for word in words(text) if len(word.raw) >= 5]
    if not long_words:
        return text
    word = chance.choice(long_words)
    at = word.start + chance.randrange(1, len(word.raw) - 1)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _from_synonyms(snapshot: Snapshot) -> Iterable[Sample]:
    """The catalogue's own words teach the services too."""
    for service in snapshot.services.values():
        listed = {*service.names.values(), *(word for entries in service.synonyms.values() for word in entries)}
        for entry in sorted(listed):
            said = words(entry)
            yield Sample(service_features(said, (), CONCEPTS.concepts(said)), service.slug, 0.6)


_PARTS = ("intents", "services", "languages")


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
