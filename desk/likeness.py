"""Putting questions together that say nearly the same, whatever their script and spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rapidfuzz import fuzz, process

from desk.questions import Asked
from knowledge.taught import keys_of

ALIKE = 80.0
"""From this likeness (0 to 100) of their sorted keys on two questions stand in one group."""

Order = Literal["most", "newest"]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike, the most asked first."""

    questions: tuple[Asked, ...]

    @property
    def first(self) -> Asked:
        """The question that stands for the group."""
        return self.questions[0]

    @property
    def count(self) -> int:
        """How often they were asked."""
        return sum(one.count for one in self.questions)

    @property
    def languages(self) -> Mapping[str, int]:
        """How often they were asked in each language, the most frequent first."""
        counted: Counter[str] = Counter()
        for one in self.questions:
            counted[one.language] += one.count
        return dict(counted.most_common())

    @property
    def last_at(self) -> datetime:
        """When one of them was last asked."""
        return max(one.last_at for one in self.questions)


def grouped(asked: Sequence[Asked], order: Order = "most") -> list[Group]:
    """The questions in groups of those alike; the most asked or the newest groups first."""
    together: list[list[Asked]] = []
    leaders: list[str] = []
    for one in sorted(asked, key=lambda one: (-one.count, one.last_id)):
        keys = " ".join(sorted(keys_of(one.text).split())) or one.text
        found = process.extractOne(keys, leaders, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if found is None:
            leaders.append(keys)
            together.append([one])
        else:
            together[found[2]].append(one)
    groups = [Group(tuple(one)) for one in together]
    if order == "newest":
        return sorted(groups, key=lambda group: group.last_at, reverse=True)
    return sorted(groups, key=lambda group: (group.count, group.last_at), reverse=True)
