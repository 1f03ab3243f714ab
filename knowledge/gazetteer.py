"""Which settlement a text names: any script, any spelling, alone or inside a sentence.

A name that several settlements bear gives all of them and is not `certain`: the caller asks which one. The
resident's own village breaks such ties, and so does a municipality named beside it (ახალსოფელი ყვარელი).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge import gazetteer_context as context
from knowledge.gazetteer_areas import Area, AreaIndex
from knowledge.gazetteer_fuzzy import Guess, Written, guess
from knowledge.gazetteer_hits import Hit, exact_hits, holds_other_words, is_placed, window_keys
from knowledge.gazetteer_index import ALTERNATIVE, PARTIAL, PRIMARY, NameIndex, sounds
from knowledge.scripts import Word, words
from knowledge.spelling import latin
from knowledge.types import Municipality, Place

MatchKind = Literal["exact", "fuzzy"]

MAX_CHOICES = 20
"""No question offers more settlements than this."""

_MAX_GUESSED = 9
_FEW = 6
_CLEAR = 7
_ODD = 0.2
_LONGEST_NAME = 3
_MAX_FUZZY_WORDS = 20
_SIMILAR_SIZE = 0.5
_KINDS = {"city": 0, "town": 1, "daba": 2}
_STATUS = {"listed": 0, "unlisted": 1, "occupied": 2}


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a text names. ``places`` holds the best first; empty when it names no settlement.

    ``certain`` says that the first may be taken without asking; otherwise `candidates` are the choices.
    ``span`` are the offsets of the name in the text. ``municipality`` is the English name of the municipality
    that the text gives. ``locative``: the name is written as a place (ლაგოდეხში, в Лагодехи).
    """

    places: tuple[Place, ...] = ()
    score: float = 0.0
    span: tuple[int, int] | None = None
    certain: bool = False
    municipality: str | None = None
    kind: MatchKind = "exact"
    locative: bool = False

    @property
    def place(self) -> Place | None:
        """The best settlement, None when there is none."""
        return self.places[0] if self.places else None

    @property
    def candidates(self) -> tuple[Place, ...]:
        """The settlements to ask about; empty when none need be asked."""
        return () if self.certain else self.places

    def __bool__(self) -> bool:
        return bool(self.places)


class Gazetteer:
    """The settlements of Georgia by any spelling; built once, immutable and safe to share by threads."""

    def __init__(self, places: Iterable[Place], municipalities: Iterable[Municipality]) -> None:
        self._places = tuple(places)
        self._index = NameIndex(self._places)
        self._areas = AreaIndex(municipalities)
        self._inside = self._places_by_area()
        self._seats = {
            place.municipality_en: position
            for position, place in enumerate(self._places)
            if place.name_en == place.municipality_en and place.kind != "village"
        }

    def _places_by_area(self) -> dict[tuple[bool, str], frozenset[int]]:
        """Return the positions of the places in each region (True) and municipality (False)."""
        found: dict[tuple[bool, str], set[int]] = {}
        for position, place in enumerate(self._places):
            found.setdefault((True, place.region_en), set()).add(position)
            found.setdefault((False, place.municipality_en), set()).add(position)
        return {area: frozenset(positions) for area, positions in found.items()}

    def find(self, text: str | Sequence[Word], *, home: Place | None = None) -> PlaceMatch:
        """Return the settlement that a text (or its words) names; falsy when it names none.

        ``home`` is the resident's own village: it wins among settlements of one name.
        """
        tokens = words(text) if isinstance(text, str) else tuple(text)
        areas = self._areas.find(tokens)
        said = [area for area in areas if area.said]
        hits = [hit for hit in exact_hits(self._index, tokens) if self._is_name(tokens, hit, areas, said)]
        best = self._best(hits, areas)
        guessed = None
        if best is None or (_is_area(best, areas) and not self._is_narrowed(best, areas)):
            guessed = self._misspelt(tokens, areas)
        if best is not None and guessed is None and best.last - best.first < _LONGEST_NAME:
            guessed = self._longer_name(tokens, areas, best)
        best = guessed or best
        if best is None:
            return self._seat_of(tokens, areas)
        return self._answer(tokens, best, areas, home)

    # Which of the names found is meant

    def _is_name(
        self, tokens: Sequence[Word], hit: Hit, areas: Sequence[Area], said: Sequence[Area]
    ) -> bool:
        """Return whether a hit may be taken for a place, seen what stands around it."""
        if any(hit.first < area.last and area.first < hit.last for area in said):
            return False
        window = tokens[hit.first : hit.last]
        if any(context.is_municipality_word(word) or context.is_settlement_word(word) for word in window):
            return hit.last - hit.first > 1 and hit.rank == PRIMARY and hit.cost < _ODD
        if len(window) > 1 and hit.rank == PRIMARY and hit.cost < _ODD:
            return True
        if not all(context.is_everyday(word) for word in window):
            return hit.cost < _ODD or hit.length > 5 or _alone(tokens, hit.first, hit.last, areas)
        if _alone(tokens, hit.first, hit.last, areas):
            return True
        if all(context.is_modifier(word) for word in window) or hit.cost > _ODD:
            return False
        if hit.rank == PRIMARY and self._outweighs(tokens, hit):
            return True
        if hit.rank == PRIMARY and hit.cost == 0 and _is_proper(tokens, hit.first):
            return True
        living = any(context.is_living_word(word) for word in tokens)
        return living or _beside(tokens, hit.first, hit.last)

    def _outweighs(self, tokens: Sequence[Word], hit: Hit) -> bool:
        """Return whether a name as written is likelier than the ordinary word it looks like.

        A town's name is where the word would need an ending (ქარელი) or follows a preposition (в Они).
        """
        town = any(self._places[place].kind != "village" for place in hit.places)
        if context.is_everyday_name(hit.name, tokens[hit.first].script):
            return town and hit.first > 0 and context.is_preposition(tokens[hit.first - 1])
        return town or hit.length > 5

    def _best(self, hits: Sequence[Hit], areas: Sequence[Area]) -> Hit | None:
        """Return the hit that is meant; a name that another hit's municipality holds comes first."""
        if not hits:
            return None
        return max(hits, key=lambda hit: self._weight(hit, areas))

    def _weight(self, hit: Hit, areas: Sequence[Area]) -> tuple[float, ...]:
        others = _others(hit, areas)
        narrowed = self._is_narrowed(hit, areas)
        seat = any(area.first == hit.first and area.last == hit.last for area in areas)
        return (
            hit.rank != PARTIAL,
            narrowed and not (seat and len(areas) > 1 and self._is_seat_only(hit, others)),
            hit.last - hit.first,
            hit.rank == PRIMARY,
            hit.locative,
            -hit.cost,
            hit.length,
            -hit.first,
        )

    def _is_narrowed(self, hit: Hit, areas: Sequence[Area]) -> bool:
        """Return whether another area that the text names holds some of the places."""
        return any(area.holds(self._places[place]) for area in _others(hit, areas) for place in hit.places)

    def _is_seat_only(self, hit: Hit, others: Sequence[Area]) -> bool:
        return not any(
            area.holds(self._places[place]) and place not in self._seats.values()
            for area in others
            for place in hit.places
        )

    # Misspelt names

    def _misspelt(self, tokens: Sequence[Word], areas: Sequence[Area]) -> Hit | None:
        """Return the best guess at a misspelt name."""
        within = self._within(tokens, areas)
        found: list[tuple[float, Hit]] = []
        tried = 0
        for first, last in _windows(tokens):
            if tried == _MAX_FUZZY_WORDS:
                break
            if not self._may_be_misspelt(tokens, first, last, areas):
                continue
            if last - first > 1 and _is_clear(found) and _is_idle(tokens, first, last):
                continue
            tried += 1
            alone = _alone(tokens, first, last, areas)
            placed = within is not None or is_placed(tokens, first, last) or _is_proper(tokens, first)
            errors = _errors(tokens[first:last], alone=alone, placed=placed)
            hit = self._guess(tokens, first, last, within, errors)
            if hit:
                found.append((_plausible(hit, tokens, areas), hit))
        good = [pair for pair in found if pair[0] > 0]
        return max(good, key=lambda pair: pair[0])[1] if good else None

    def _within(self, tokens: Sequence[Word], areas: Sequence[Area]) -> frozenset[int] | None:
        """Return the places in the areas that the text names, None when it names none beside other words."""
        if not areas or sum(area.last - area.first for area in areas) == len(tokens):
            return None
        return frozenset().union(*(self._inside.get((area.region, area.name_en), frozenset()) for area in areas))

    @staticmethod
    def _may_be_misspelt(tokens: Sequence[Word], first: int, last: int, areas: Sequence[Area]) -> bool:
        window = tokens[first:last]
        if any(area.first < last and first < area.last for area in areas):
            return False
        if any(context.is_context(word) or word.script == "other" for word in window):
            return False
        if len(window) > 1:
            unknown = sum(not context.is_familiar(word) for word in window)
            return unknown > 0 or any(map(context.is_nearly_modifier, window))
        if context.is_modifier(window[0]):
            return False
        if _alone(tokens, first, last, areas):
            return True
        known = context.is_ordinary if _is_home(tokens, first, last) else context.is_familiar
        return not known(window[0])

    def _longer_name(self, tokens: Sequence[Word], areas: Sequence[Area], known: Hit) -> Hit | None:
        """Return a longer, misspelt name that holds the one found (ქვემი ნატანები), if there is one."""
        within = self._within(tokens, _others(known, areas))
        for first, last in ((known.first - 1, known.last), (known.first, known.last + 1)):
            if first < 0 or last > len(tokens):
                continue
            other = tokens[first if first < known.first else last - 1]
            if other.script != tokens[known.first].script or context.is_context(other):
                continue
            if context.is_familiar(other) and not context.is_nearly_modifier(other):
                continue
            hit = self._guess(tokens, first, last, within, 1)
            if hit and hit.rank == PRIMARY and hit.length > known.length + 2:
                return hit
        return None

    def _guess(
        self, tokens: Sequence[Word], first: int, last: int, within: frozenset[int] | None, errors: int
    ) -> Hit | None:
        window = tokens[first:last]
        if errors < 1:
            return None
        best: list[Guess] = []
        parts = len(window) if holds_other_words(window) else 1
        deep = len(window) == 1 or _is_modified(tokens, first, last)
        for written in _writings(window):
            guesses = guess(self._index, written, errors, within, deep=deep)
            found = [one for one in guesses if one.name.parts >= parts]
            if found and (not best or found[0].errors < best[0].errors):
                best = found
            if best and best[0].errors <= 1 and best[0].detail <= 2:
                break
        if not best:
            return None
        nearest = _as_near(best)
        places: dict[int, int] = {}
        for found in nearest:
            for place, rank in found.name.bearers.items():
                places[place] = min(rank, places.get(place, rank))
        locative = any(found.locative for found in nearest) or is_placed(tokens, first, last)
        name = nearest[0].name.key
        return Hit(first, last, places, float(best[0].errors), name, locative, best[0].errors)

    # The answer

    def _answer(
        self, tokens: Sequence[Word], hit: Hit, areas: Sequence[Area], home: Place | None
    ) -> PlaceMatch:
        others = _others(hit, areas)
        chosen = self._bearers(hit)
        given = None
        for area in others:
            inside = [place for place in hit.places if area.holds(self._places[place])]
            if inside:
                chosen = [place for place in chosen if place in inside] or inside
            if inside or area.said:
                given = given if area.region else area.name_en
        chosen.sort(key=self._order)
        certain = self._is_certain(hit, chosen)
        if home is not None:
            own = [place for place in chosen if self._places[place].id == home.id]
            chosen, certain = own + [place for place in chosen if place not in own], certain or bool(own)
        one_name = len({self._places[place].name_ka for place in chosen}) == 1
        limit = _MAX_GUESSED if hit.errors and not one_name else MAX_CHOICES
        return PlaceMatch(
            places=tuple(self._places[place] for place in chosen[:limit]),
            score=_score(hit),
            span=(tokens[hit.first].start, tokens[hit.last - 1].end),
            certain=certain,
            municipality=given,
            kind="fuzzy" if hit.errors else "exact",
            locative=hit.locative,
        )

    def _bearers(self, hit: Hit) -> list[int]:
        """Return the places that are meant by a name: those whose own name it is, before all others."""
        best = hit.rank
        chosen = [place for place, rank in hit.places.items() if rank == best]
        if best == PRIMARY:
            small = max(self._places[place].population or 0 for place in chosen)
            chosen += [
                place
                for place, rank in hit.places.items()
                if rank == ALTERNATIVE
                and self._places[place].kind != "village"
                and (self._places[place].population or 0) > 4 * small
            ]
        return chosen

    def _order(self, position: int) -> tuple[int, int, int, int]:
        """Return the sort key of a place: Georgian-held first, towns before villages, the populous first."""
        place = self._places[position]
        status, kind = _STATUS.get(place.status, 1), _KINDS.get(place.kind, 3)
        return (int(status == 2), kind, -(place.population or 0), place.id)

    def _is_certain(self, hit: Hit, chosen: Sequence[int]) -> bool:
        if hit.errors:
            return len(chosen) == 1 and hit.length >= 5 * hit.errors
        if len(chosen) == 1:
            return True
        first = self._places[chosen[0]]
        if self._seats.get(first.municipality_en) != chosen[0] or hit.places[chosen[0]] != PRIMARY:
            return False
        others = max(self._places[place].population or 0 for place in chosen[1:])
        return others < _SIMILAR_SIZE * (first.population or 1000)

    def _seat_of(self, tokens: Sequence[Word], areas: Sequence[Area]) -> PlaceMatch:
        """Return the town of a municipality that alone is named (ლაგოდეხის რაიონი)."""
        for area in areas:
            seat = self._seats.get(area.name_en)
            if not area.region:
                span = (tokens[area.first].start, tokens[area.last - 1].end)
                places = () if seat is None else (self._places[seat],)
                return PlaceMatch(places, 0.9, span, bool(places), area.name_en, "exact", True)
        return PlaceMatch()


def _writings(window: Sequence[Word]) -> list[Written]:
    """Return what the words may be, by every key; a ch torn apart is tried as it stands too."""
    script = window[-1].script
    spelled = "".join(latin(word.raw) for word in window)
    if script != "latin":
        return [Written(one, sounds(spelled), script) for one in window_keys(window)]
    found = [Written(one, spelled, script) for one in window_keys(window)]
    plain = "".join(word.text for word in window)
    if found and "c" in plain.replace("ch", ""):
        found.append(Written(found[0].key, plain, script))
    return found


def _is_proper(tokens: Sequence[Word], first: int) -> bool:
    """Return whether a word has a capital that neither begins the text nor shouts."""
    raw = tokens[first].raw
    if first == 0 or not raw[0].isupper() or raw.isupper():
        return False
    return sum(word.raw[0].isupper() for word in tokens) <= 1 + len(tokens) // 2


def _is_area(hit: Hit, areas: Sequence[Area]) -> bool:
    return any(area.first == hit.first and area.last == hit.last for area in areas)


def _others(hit: Hit, areas: Sequence[Area]) -> list[Area]:
    return [area for area in areas if area.last <= hit.first or hit.last <= area.first]


def _precedence(one: Guess) -> tuple[bool, int, int]:
    """Return the sort key of a guess: own names first, then the longer, then what more places bear."""
    return (PRIMARY not in one.name.bearers.values(), -len(one.name.key), -len(one.name.bearers))


def _as_near(guesses: list[Guess]) -> list[Guess]:
    """Return the guesses as near as the best; own names may be one letter farther while they are few."""
    least = guesses[0].detail
    near = [one for one in guesses if one.detail == least]
    wider = [
        one
        for one in guesses
        if one.detail == least or (one.detail == least + 1 and PRIMARY in one.name.bearers.values())
    ]
    if sum(len(one.name.bearers) for one in wider) <= _FEW:
        return wider
    near.sort(key=_precedence)
    kept, held = near[:1], len(near[0].name.bearers)
    for one in near[1:]:
        held += len(one.name.bearers)
        if held <= _MAX_GUESSED:
            kept.append(one)
    return kept


def _is_modified(tokens: Sequence[Word], first: int, last: int) -> bool:
    return any(map(context.is_nearly_modifier, tokens[first:last]))


def _is_idle(tokens: Sequence[Word], first: int, last: int) -> bool:
    """Return whether a pair has a word that hardly belongs to a name."""
    return any(map(context.is_familiar, tokens[first:last])) and not _is_modified(tokens, first, last)


def _is_clear(found: Sequence[tuple[float, Hit]]) -> bool:
    """Return whether a long name with one slip is among the guesses: no need to look farther."""
    return any(score > 0 and hit.errors == 1 and hit.length >= _CLEAR for score, hit in found)


def _windows(tokens: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the windows to guess at: words alone; two or three that begin like "upper"; all other pairs."""
    found = [(first, first + 1) for first in range(len(tokens))]
    others: list[tuple[int, int]] = []
    modifiers = [context.is_nearly_modifier(word) for word in tokens]
    for first in range(len(tokens) - 1):
        if tokens[first].script != tokens[first + 1].script:
            continue
        likely = modifiers[first] or modifiers[first + 1]
        (found if likely else others).append((first, first + 2))
        if first + 2 < len(tokens) and modifiers[first] and modifiers[first + 1]:
            found.append((first, first + 3))
    return found + others


def _alone(tokens: Sequence[Word], first: int, last: int, areas: Sequence[Area]) -> bool:
    """Return whether nothing but words about places stands around a name."""
    inside = set(range(first, last))
    for area in areas:
        if area.last <= first or last <= area.first:
            inside.update(range(area.first, area.last))
    return all(position in inside or context.is_context(word) for position, word in enumerate(tokens))


def _beside(tokens: Sequence[Word], first: int, last: int) -> bool:
    """Return whether a word that only names have stands beside: "village" or "near"."""
    if first > 0 and context.is_settlement_word(tokens[first - 1]):
        return True
    if last == len(tokens):
        return False
    return context.is_settlement_word(tokens[last]) or context.is_postposition(tokens[last])


def _is_home(tokens: Sequence[Word], first: int, last: int) -> bool:
    """Return whether the words around can only stand around a name: "I live in", "village"."""
    if _beside(tokens, first, last):
        return True
    around = (*tokens[max(0, first - 2) : first], *tokens[last : last + 2])
    return any(map(context.is_living_word, around))


def _errors(window: Sequence[Word], *, alone: bool, placed: bool) -> int:
    """Return how many typing errors are forgiven: more in longer words, and where the name stands alone."""
    length = sum(len(word.text) for word in window)
    if length < (3 if alone or placed else 5):
        return 0
    return 2 if length >= (7 if alone else 9) else 1


def _plausible(hit: Hit, tokens: Sequence[Word], areas: Sequence[Area]) -> float:
    """Return how likely a guess is a place at all; nothing at or below zero is taken.

    Longer names, a place's ending or preposition and a capital speak for it; every other word that is not
    known speaks against it, for then the text is about something else.
    """
    score = 1.0 - 2.2 * hit.errors / (hit.length + 1)
    if _alone(tokens, hit.first, hit.last, areas):
        return score + 0.6
    unknown = sum(
        not (context.is_familiar(word) or context.is_context(word) or word.text.isdigit())
        for position, word in enumerate(tokens)
        if not hit.first <= position < hit.last
        and not any(area.first <= position < area.last for area in areas)
    )
    score += 0.15 if hit.locative else -0.15
    score += 0.3 if _is_home(tokens, hit.first, hit.last) else 0.0
    score += 0.1 if any(_is_proper(tokens, position) for position in range(hit.first, hit.last)) else 0.0
    score -= 0.35 + 0.15 * min(unknown, 4) + 0.05 * (hit.last - hit.first - 1)
    return score - (0.1 if hit.rank != PRIMARY else 0.0)


def _score(hit: Hit) -> float:
    """Return the match's score: 1 for a name as written in the book."""
    if hit.errors:
        return round(max(0.0, 1.0 - 1.2 * hit.errors / (hit.length + 1)), 3)
    return round(1.0 - 0.2 * hit.cost - (0.1 if hit.rank == PARTIAL else 0.0), 3)


