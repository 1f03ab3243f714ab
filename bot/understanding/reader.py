"""Reading a text: language, place, service, day and intent, with the reasons for staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import cast

from bot.understanding import days, features, language, phrases
from bot.understanding.lexicon import OUTSIDE, Found, Lexicon
from bot.understanding.linear import LinearModel
from bot.understanding.parse import Parse
from knowledge.gazetteer import PlaceMatch
from knowledge.romanise import transliterate
from knowledge.scripts import Word, words
from knowledge.service_index import ServiceHit, ServiceMatch
from knowledge.snapshot import Snapshot
from knowledge.spelling import key
from knowledge.taught import keys_of
from knowledge.types import BaseLocale, FactKind, Locale, Place
from store import clock

READ_LIMIT = 600
"""Characters of a text that are read; what is wanted stands near the beginning."""

CLEAR_SERVICE = 2.2
"""An index score from which on the words alone name the service."""

OUTLINES_SHARE = 0.3
"""How much the outline of a text counts beside its words; found on phrases set aside while learning."""

LEARNED_WEIGHT, WORDS_WEIGHT = 3.0, 0.25
"""How much a learned probability and a score of the index count."""

SERVICE_FLOOR: Mapping[str, float] = {"service": 0.3, "nearest_center": 1.2}
OTHER_FLOOR = 1.6
"""What a service must reach to be taken for meant, by the intent of the text."""

PAIRED = 9
"""A text of more concepts than this is a story; what two of them mean together is then left aside."""

RIVAL = 0.6
"""A service with at least this share of the best score is worth asking about."""

_ASPECTS: dict[str, FactKind] = {
    "DOCUMENT": "bring",
    "NEED_BRING": "bring",
    "COST": "fee",
    "DURATION": "time",
    "WHO_MAY": "who",
}


@dataclass(frozen=True, slots=True)
class Models:
    """What was learned from the phrases. ``outlines`` tells intents by what words stand for, not by the words."""

    intents: LinearModel
    outlines: LinearModel
    services: LinearModel
    languages: LinearModel


@dataclass(frozen=True, slots=True)
class Slots:
    """What a text names, found before the intent is looked for."""

    place: PlaceMatch
    place_words: tuple[int, ...]
    area_words: frozenset[int]
    services: ServiceMatch
    day: days.SpokenDay | None
    concepts: frozenset[str]
    concept_words: frozenset[int]
    aspects: tuple[FactKind, ...]


class Reader:
    """Reads texts by what was learned and what is known. Immutable; shared by all threads."""

    def __init__(self, models: Models) -> None:
        """Takes the learned models."""
        self._models = models

    def read(
        self, text: str, snapshot: Snapshot, known: Locale | None = None, *, home: Place | None = None
    ) -> Parse:
        """Reads one text. ``known`` is the language chosen or used before; ``home`` breaks ties between places."""
        said = words(text[:READ_LIMIT])
        spoken = language.plausible(said, self._models.languages, known=known)
        slots = find_slots(said, snapshot, clock.local_now().date(), home, spoken)
        ranking = self._rank(said, slots, snapshot)
        services = self._services(said, slots, ranking[0][0], snapshot)
        parse = Parse(
            text=text,
            words=said,
            language=language.detect(said, self._models.languages, known=known, names=slots.place_words),
            ranking=ranking,
            place=slots.place,
            services=services,
            day=slots.day,
            aspects=slots.aspects,
            bare=is_bare(said, slots),
            outside=any(concept.startswith(OUTSIDE) for concept in slots.concepts),
            follows="follow" in _FILLERS.concepts(said) or slots.day is not None,
            wanted_language=wanted_language(said),
            reasons=_reasons(ranking, slots),
        )
        return _as_taught(parse, snapshot) if snapshot.taught else parse

    def _rank(self, said: Sequence[Word], slots: Slots, snapshot: Snapshot) -> tuple[tuple[str, float], ...]:
        seen = intent_features(said, slots, snapshot)
        probabilities = _together(
            self._models.intents.probabilities(seen), self._models.outlines.probabilities(features.outline(seen))
        )
        if slots.place and is_bare(said, slots) and slots.day is None and _only_a_name(slots):
            # A name and nothing else: "Kachreti".
            probabilities = {"nearest_center": 1.0}
        meant = phrases.remembered().get(keys_of(said))
        if meant in probabilities:
            # Somebody wrote just this and told us what it means: people ask "who are you" in these very words.
            probabilities = {intent: (share + (intent == meant)) / 2 for intent, share in probabilities.items()}
        ranked = sorted(probabilities.items(), key=lambda item: -item[1])
        return tuple((intent, round(probability, 4)) for intent, probability in ranked[:5])

    def _services(
        self, said: Sequence[Word], slots: Slots, intent: str, snapshot: Snapshot
    ) -> tuple[ServiceHit, ...]:
        """The services spoken of: by the catalogue's words and by what was learned, taken together."""
        found = {hit.slug: hit for hit in slots.services.hits}
        seen = service_features(said, slots.place_words, slots.concepts)
        probabilities = self._models.services.probabilities(seen)
        # A service that staff have removed since the models were learned is not spoken of.
        learned = {slug: share for slug, share in probabilities.items() if slug in snapshot.services}
        scores = {
            slug: LEARNED_WEIGHT * learned.get(slug, 0.0) + found[slug].score * WORDS_WEIGHT
            if slug in found
            else LEARNED_WEIGHT * learned[slug]
            for slug in {*found, *learned}
        }
        floor = SERVICE_FLOOR.get(intent, OTHER_FLOOR)
        best = max(scores.values(), default=0.0)
        if best < floor:
            return ()
        ranked = sorted((slug for slug in scores if scores[slug] >= best * RIVAL), key=lambda slug: -scores[slug])
        return tuple(
            replace(found[slug], score=scores[slug]) if slug in found else ServiceHit(slug, scores[slug], 0.0, ())
            for slug in ranked
        )


def _as_taught(parse: Parse, snapshot: Snapshot) -> Parse:
    """The text as staff said that it is meant, where they taught these very words; else as it was read."""
    meaning = snapshot.taught.get(keys_of(parse.words))
    if meaning is None or (meaning.service is not None and meaning.service not in snapshot.services):
        return parse
    meant = parse.meaning(meaning.intent)
    if meaning.service is not None:
        meant = meant.about(meaning.service)
    return replace(meant, taught=True, outside=False, reasons=(f"taught {meaning.intent}", *parse.reasons))


def _together(by_words: dict[str, float], by_outline: dict[str, float]) -> dict[str, float]:
    """Both opinions as one: their weighted geometric mean, scaled to add up to one."""
    mixed = {
        intent: by_words[intent] ** (1 - OUTLINES_SHARE) * by_outline[intent] ** OUTLINES_SHARE
        for intent in by_words
    }
    total = sum(mixed.values())
    return {intent: value / total for intent, value in mixed.items()}


def find_slots(
    said: Sequence[Word],
    snapshot: Snapshot,
    today: date,
    home: Place | None = None,
    spoken: Collection[str] | None = None,
    named: PlaceMatch | None = None,
) -> Slots:
    """The place, the services, the day and the concepts that a text in one of the ``spoken`` languages names.

    ``named`` is what the gazetteer found, where it was asked already.
    """
    hits = CONCEPTS.find(said, spoken)
    covered = frozenset(index for hit in hits for index in _indexes(hit))
    found = snapshot.gazetteer.find(said, home=home) if named is None else named
    services = snapshot.service_index.find(said)
    place = _sensible(found, said, covered, services.best)
    return Slots(
        place=place,
        place_words=span_words(said, place.span),
        area_words=frozenset(index for span in place.areas for index in span_words(said, span)),
        services=services,
        day=days.find(said, today),
        concepts=frozenset(hit.concept for hit in hits),
        concept_words=covered,
        aspects=_aspects(hits, services.best),
    )


def _sensible(
    place: PlaceMatch, said: Sequence[Word], spoken: frozenset[int], service: ServiceHit | None
) -> PlaceMatch:
    """The place, unless what looks like a name is a word that people use: telefoni for Telepa, phone for Pona.

    What names a service is no misspelt place: divorce (გაყრა) for Gagra.
    """
    named = span_words(said, place.span)
    if service is not None and place.kind == "fuzzy" and service.score >= CLEAR_SERVICE:
        spoken |= frozenset(service.words)
    if place.kind == "exact":
        misread = set(named) <= spoken and len(named) == 1 and _only_sounds(place, said[named[0]])
    else:
        misread = all(index in spoken or key(said[index].raw) in phrases.common_words() for index in named)
    return PlaceMatch() if misread else place


def _only_sounds(place: PlaceMatch, word: Word) -> bool:
    """Whether a word of our business is not how the name is spelled in any language, but could be read like it."""
    locales: tuple[Locale, ...] = ("ka", "en", "ru", "az", "hy")
    spelled = {transliterate(one.name_ka, locale).casefold() for one in place.places[:1] for locale in locales}
    return word.text not in spelled | {place.places[0].name_en.casefold()}


def intent_features(said: Sequence[Word], slots: Slots, snapshot: Snapshot) -> tuple[str, ...]:
    """What the intent model sees of a text."""
    tokens = features.tokens_of(said, dict.fromkeys(slots.place_words, "<place>"))
    concepts = sorted(slots.concepts)
    marks = [f"c:{concept}" for concept in concepts]
    if len(concepts) <= PAIRED:
        marks += [f"p:{first}+{second}" for first, second in combinations(concepts, 2)]
    outside = sum(concept.startswith(OUTSIDE) for concept in concepts)
    marks.append(f"outside:{min(outside, 3)}")
    best = slots.services.best
    if best is not None:
        strength = "strong" if best.score >= CLEAR_SERVICE else "weak"
        marks += [f"service:{strength}", f"category:{snapshot.services[best.slug].category}"]
    if slots.place:
        marks.append("place:locative" if slots.place.locative else "place")
    if slots.day is not None:
        marks.append("day")
    if len(said):
        explained = len(slots.concept_words | set(slots.place_words)) / len(said)
        marks.append(f"explained:{round(explained * 4)}")
    return features.of_words(tokens, marks)


def service_features(
    said: Sequence[Word], place_words: Sequence[int], concepts: Collection[str]
) -> tuple[str, ...]:
    """What the service model sees of a text."""
    tokens = features.tokens_of(said, dict.fromkeys(place_words, "<place>"))
    return features.of_words(tokens, [f"c:{concept}" for concept in sorted(concepts)])


def is_bare(said: Sequence[Word], slots: Slots) -> bool:
    """Whether a text holds nothing but names, days and words that add nothing to them."""
    covered = slots.area_words | set(slots.place_words) | set(slots.day.words if slots.day else ())
    if not covered or not (slots.place or slots.day):
        return False
    rest = [word for index, word in enumerate(said) if index not in covered]
    filled = {index for hit in _FILLERS.find(rest) for index in _indexes(hit)}
    return len(filled) == len(rest)


def wanted_language(said: Sequence[Word]) -> BaseLocale | None:
    """The language that a text names, if it names just one."""
    named = _LANGUAGES.concepts(said)
    return cast(BaseLocale, next(iter(named))) if len(named) == 1 else None


def _aspects(hits: Sequence[Found], service: ServiceHit | None) -> tuple[FactKind, ...]:
    """Which facts of a service are asked about. "How long does it take" takes nothing along.

    The certificate of "how much is a birth certificate" is what it costs, and not what is to be brought, and "can
    I get one" asks whether, and not who may.
    """
    named = set(service.words) if service is not None else set()
    whether = [set(_indexes(hit)) for hit in hits if hit.concept == "CAN_DO_THERE"]
    asked = {
        hit.concept
        for hit in hits
        if not (hit.concept == "DOCUMENT" and named.issuperset(_indexes(hit)))
        and not (hit.concept == "WHO_MAY" and set(_indexes(hit)) in whether)
    }
    if "DURATION" in asked and "DOCUMENT" not in asked:
        asked.discard("NEED_BRING")
    return tuple(dict.fromkeys(kind for name, kind in _ASPECTS.items() if name in asked))


def _indexes(hit: Found) -> range:
    return range(hit.first, hit.last)


def _only_a_name(slots: Slots) -> bool:
    """Whether what looks like a name is hardly anything else, such as a misspelt greeting or a service."""
    if slots.place.kind == "exact":
        return slots.services.best is None or slots.services.best.score < CLEAR_SERVICE
    return not slots.concepts and not slots.services.hits


def span_words(said: Sequence[Word], span: tuple[int, int] | None) -> tuple[int, ...]:
    """Which words stand between two offsets of the text; none without offsets."""
    if span is None:
        return ()
    return tuple(index for index, word in enumerate(said) if word.start < span[1] and word.end > span[0])


def _reasons(ranking: tuple[tuple[str, float], ...], slots: Slots) -> tuple[str, ...]:
    reasons = [f"{intent} {probability:.2f}" for intent, probability in ranking[:3]]
    reasons += [f"service {hit.slug} {hit.score:.1f}" for hit in slots.services.hits[:3]]
    if slots.place.place is not None:
        reasons.append(f"place {slots.place.place.name_en} {slots.place.score:.2f} {slots.place.kind}")
    return (*reasons, *(f"word {concept}" for concept in sorted(slots.concepts)))


CONCEPTS = Lexicon.load("concepts")
_FILLERS = Lexicon.load("fillers")
_LANGUAGES = Lexicon.load("languages")
