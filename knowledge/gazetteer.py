"""Which settlement a text names: any script, any spelling, alone or inside a sentence.

A name that several settlements bear gives all of them and is not `certain`: the caller asks which one. The
resident's own village breaks such ties, and so does a municipality named beside it (ახალსოფელი ყვარელი).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from knowledge import gazetteer_context as context
from knowledge.gazetteer_areas import AreaIndex
from knowledge.gazetteer_guess import MAX_GUESSED, Guesser
from knowledge.gazetteer_hits import LONGEST_NAME, Hit, exact_hits
from knowledge.gazetteer_index import ALTERNATIVE, PARTIAL, PRIMARY, NameIndex
from knowledge.gazetteer_sentence import Sentence
from knowledge.scripts import Word, words
from knowledge.types import Municipality, Place

MatchKind = Literal["exact", "fuzzy"]

MAX_CHOICES = 20
"""No question offers more settlements than this."""

_ODD = 0.2
_LONG = 5
_SIMILAR_SIZE = 0.5
_KINDS = {"city": 0, "town": 1, "daba": 2}
_STATUS = {"listed": 0, "unlisted": 1, "occupied": 2}


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a text names. ``places`` holds the best first; empty when it names no settlement.

    ``certain`` says that the first may be taken without asking; otherwise `candidates` are the choices.
    ``span`` are the offsets of the name in the text. ``municipality`` is the English name of the municipality
    that the text gives, ``areas`` the offsets of the names of municipalities and regions. ``locative``: the name
    is written as a place (ლაგოდეხში, в Лагодехи).
    """

    places: tuple[Place, ...] = ()
    score: float = 0.0
    span: tuple[int, int] | None = None
    certain: bool = False
    municipality: str | None = None
    kind: MatchKind = "exact"
    locative: bool = False
    areas: tuple[tuple[int, int], ...] = ()

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
    """The settlements of Georgia by any spelling; immutable and safe to share by threads.

    It is indexed when it is first asked, which takes most of a second: a command that looks for no place need not
    wait for that. ``index`` does it at once.
    """

    def __init__(self, places: Iterable[Place], municipalities: Iterable[Municipality]) -> None:
        self._places = tuple(places)
        self._municipalities = tuple(municipalities)
        self._seats = {
            place.municipality_en: position
            for position, place in enumerate(self._places)
            if place.name_en == place.municipality_en and place.kind != "village"
        }

    def index(self) -> None:
        """Makes it ready, so that whoever asks first does not wait."""
        self._areas, self._guesser  # noqa: B018  looking at them builds them

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self._places)

    @cached_property
    def _areas(self) -> AreaIndex:
        return AreaIndex(self._municipalities)

    @cached_property
    def _guesser(self) -> Guesser:
        return Guesser(self._index, self._places_by_area())

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
        sentence = Sentence(tokens, self._areas.find(tokens))
        hits = [hit for hit in exact_hits(self._index, sentence) if self._is_name(sentence, hit)]
        best = max(hits, key=lambda hit: self._weight(sentence, hit)) if hits else None
        best = self._guessed(sentence, best) or best
        return self._answer(sentence, best, home) if best else self._seat_of(sentence)

    def _guessed(self, sentence: Sentence, best: Hit | None) -> Hit | None:
        """Return a misspelt name where none is found, or only a municipality's or a part of a longer one."""
        guessed = None
        only_area = best and sentence.is_area(best.first, best.last) and not self._is_narrowed(sentence, best)
        if best is None or only_area:
            guessed = self._guesser.misspelt(sentence)
        if guessed is None and best is not None and best.last - best.first < LONGEST_NAME:
            guessed = self._guesser.longer(sentence, best)
        return guessed

    # Which of the names found is meant

    def _is_name(self, sentence: Sentence, hit: Hit) -> bool:
        """Return whether a hit may be taken for a place, seen what stands around it."""
        first, last = hit.first, hit.last
        if any(area.said and first < area.last and area.first < last for area in sentence.areas):
            return False
        window = sentence.window(first, last)
        if len(window) > 1 and hit.rank == PRIMARY and hit.cost < _ODD:
            return True
        if any(context.is_municipality_word(word) or context.is_settlement_word(word) for word in window):
            return False
        if sentence.is_alone(first, last):
            return True
        if not all(context.is_everyday(word) for word in window):
            return hit.cost < _ODD or hit.length > _LONG or sentence.is_placed(first, last)
        if all(context.is_modifier(word) for word in window) or hit.cost > _ODD:
            return False
        return self._outweighs(sentence, hit) or sentence.is_beside(first, last)

    def _outweighs(self, sentence: Sentence, hit: Hit) -> bool:
        """Return whether a name is likelier than the ordinary word it looks like.

        So it is with a capital or beside "I live"; where the ordinary word would need an ending (ქარელი); and
        for a town's name behind a preposition (в Они).
        """
        first = hit.first
        if any(context.is_living_word(word) for word in sentence.words):
            return True
        if hit.rank != PRIMARY:
            return False
        if hit.cost == 0 and sentence.is_proper(first):
            return True
        town = any(self._places[place].kind != "village" for place in hit.places)
        if context.is_everyday_name(hit.name, sentence.words[first].script):
            return town and first > 0 and context.is_preposition(sentence.words[first - 1])
        return town or hit.length > _LONG

    def _weight(self, sentence: Sentence, hit: Hit) -> tuple[float, ...]:
        """Return the sort key of a hit; a name that another hit's municipality holds comes first."""
        return (
            hit.rank != PARTIAL,
            self._is_narrowed(sentence, hit) and not self._is_only_seat(sentence, hit),
            hit.last - hit.first,
            hit.rank == PRIMARY,
            hit.locative,
            -hit.cost,
            hit.length,
            -hit.first,
        )

    def _is_narrowed(self, sentence: Sentence, hit: Hit) -> bool:
        """Return whether another area that the text names holds some of the places."""
        others = sentence.other_areas(hit.first, hit.last)
        return any(area.holds(self._places[place]) for area in others for place in hit.places)

    def _is_only_seat(self, sentence: Sentence, hit: Hit) -> bool:
        """Return whether a municipality's own name is narrowed to its town alone."""
        if not sentence.is_area(hit.first, hit.last) or len(sentence.areas) < 2:
            return False
        return not any(
            area.holds(self._places[place]) and self._seats.get(self._places[place].municipality_en) != place
            for area in sentence.other_areas(hit.first, hit.last)
            for place in hit.places
        )

    # The answer

    def _answer(self, sentence: Sentence, hit: Hit, home: Place | None) -> PlaceMatch:
        chosen, given = self._narrowed(sentence, hit)
        chosen.sort(key=self._order)
        certain = self._is_certain(hit, chosen)
        if home is not None:
            own = [place for place in chosen if self._places[place].id == home.id]
            chosen, certain = own + [place for place in chosen if place not in own], certain or bool(own)
        one_name = len({self._places[place].name_ka for place in chosen}) == 1
        limit = MAX_GUESSED if hit.errors and not one_name else MAX_CHOICES
        return PlaceMatch(
            places=tuple(self._places[place] for place in chosen[:limit]),
            score=_score(hit),
            span=(sentence.words[hit.first].start, sentence.words[hit.last - 1].end),
            certain=certain,
            municipality=given,
            areas=tuple(
                (sentence.words[area.first].start, sentence.words[area.last - 1].end)
                for area in sentence.other_areas(hit.first, hit.last)
            ),
            kind="fuzzy" if hit.errors else "exact",
            locative=hit.locative,
        )

    def _narrowed(self, sentence: Sentence, hit: Hit) -> tuple[list[int], str | None]:
        """Return the places meant, narrowed by the areas that the text names, and the municipality given."""
        chosen, given = self._bearers(hit), None
        for area in sentence.other_areas(hit.first, hit.last):
            inside = [place for place in hit.places if area.holds(self._places[place])]
            if inside:
                chosen = [place for place in chosen if place in inside] or inside
            if (inside or area.said) and not area.region:
                given = area.name_en
        return chosen, given

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

    def _seat_of(self, sentence: Sentence) -> PlaceMatch:
        """Return the town of a municipality that alone is named (ლაგოდეხის რაიონი)."""
        for area in sentence.areas:
            seat = self._seats.get(area.name_en)
            if not area.region:
                span = (sentence.words[area.first].start, sentence.words[area.last - 1].end)
                places = () if seat is None else (self._places[seat],)
                return PlaceMatch(places, 0.9, span, bool(places), area.name_en, "exact", True)
        return PlaceMatch()


def _score(hit: Hit) -> float:
    """Return the match's score: 1 for a name as written in the book."""
    if hit.errors:
        return round(max(0.0, 1.0 - 1.2 * hit.errors / (hit.length + 1)), 3)
    return round(1.0 - 0.2 * hit.cost - (0.1 if hit.rank == PARTIAL else 0.0), 3)
