"""A text as the gazetteer sees it: its words, the municipalities in it, and what stands around each window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

from knowledge import gazetteer_context as context
from knowledge.gazetteer_areas import Area
from knowledge.scripts import Word


class Sentence:
    """The words of a text and the areas that it names; a window is words ``first`` to ``last`` (excluded)."""

    def __init__(self, words: Sequence[Word], areas: Sequence[Area]) -> None:
        self.words = tuple(words)
        self.areas = tuple(areas)
        self._capitals = sum(word.raw[:1].isupper() for word in self.words)

    def __len__(self) -> int:
        return len(self.words)

    def window(self, first: int, last: int) -> tuple[Word, ...]:
        """Return the words of a window."""
        return self.words[first:last]

    def other_areas(self, first: int, last: int) -> list[Area]:
        """Return the areas named outside a window."""
        return [area for area in self.areas if area.last <= first or last <= area.first]

    def is_area(self, first: int, last: int) -> bool:
        """Return whether the window is itself the name of an area."""
        return any(area.first == first and area.last == last for area in self.areas)

    def is_alone(self, first: int, last: int) -> bool:
        """Return whether nothing but words about places stands around a window."""
        return self._outside(self._talk, first, last) == 0

    def strangers(self, first: int, last: int) -> int:
        """Return how many words outside a window are in no list: the text may be about something else."""
        return self._outside(self._unknown, first, last)

    def is_beside(self, first: int, last: int) -> bool:
        """Return whether a word that only names have stands beside a window: "village" or "near"."""
        if first > 0 and context.is_settlement_word(self.words[first - 1]):
            return True
        if last == len(self.words):
            return False
        behind = self.words[last]
        return context.is_settlement_word(behind) or context.is_postposition(behind)

    def is_home(self, first: int, last: int) -> bool:
        """Return whether the words around can only stand around a name: "I live in", "village"."""
        around = (*self.words[max(0, first - 2) : first], *self.words[last : last + 2])
        return self.is_beside(first, last) or any(map(context.is_living_word, around))

    def is_placed(self, first: int, last: int) -> bool:
        """Return whether the words beside make a window a place where something is or comes from."""
        if self.is_beside(first, last):
            return True
        if first > 0 and (
            context.is_preposition(self.words[first - 1]) or context.is_living_word(self.words[first - 1])
        ):
            return True
        return last < len(self.words) and context.is_living_word(self.words[last])

    def is_proper(self, position: int) -> bool:
        """Return whether a word has a capital that neither begins the text nor shouts."""
        raw = self.words[position].raw
        if position == 0 or not raw[0].isupper() or raw.isupper():
            return False
        return self._capitals <= 1 + len(self.words) // 2

    def is_modified(self, first: int, last: int) -> bool:
        """Return whether a word of the window is, perhaps misspelt, "upper" or the like."""
        return any(self.modifiers[first:last])

    @cached_property
    def modifiers(self) -> list[bool]:
        """Whether each word is, perhaps misspelt, "upper" or the like."""
        return [context.is_nearly_modifier(word) for word in self.words]

    @cached_property
    def familiar(self) -> list[bool]:
        """Whether each word is ordinary or grows from an ordinary one."""
        return [context.is_familiar(word) for word in self.words]

    @cached_property
    def _talk(self) -> list[int]:
        return self._sums(lambda position: not context.is_context(self.words[position]))

    @cached_property
    def _unknown(self) -> list[int]:
        return self._sums(
            lambda position: (
                not (
                    self.familiar[position]
                    or context.is_context(self.words[position])
                    or self.words[position].text.isdigit()
                )
            )
        )

    def _sums(self, counts: Callable[[int], bool]) -> list[int]:
        """Return the running number of words that count and are in no area."""
        inside = {position for area in self.areas for position in range(area.first, area.last)}
        flags = (position not in inside and counts(position) for position in range(len(self.words)))
        return list(accumulate(flags, initial=0))

    def _outside(self, sums: list[int], first: int, last: int) -> int:
        return sums[-1] - (sums[last] - sums[first])
