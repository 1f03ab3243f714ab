"""Understanding and place look-up, inside this process: no network, no database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench import texts
from bench.figures import Latency, latency
from bot.understanding.reader import Reader
from knowledge.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Understanding:
    """Reading every question for the first time, and once more with warm caches."""

    questions: int
    first: Latency
    again: Latency


@dataclass(frozen=True, slots=True)
class Places:
    """Looking up generated names that stand alone and inside a sentence."""

    alone: Latency
    in_sentences: Latency
    looked_up: int


def understanding(reader: Reader, snapshot: Snapshot, questions: int = 0) -> Understanding:
    """Measures ``Reader.read``; ``questions`` limits how many are read."""
    asked = texts.questions(questions)
    first = _times(lambda text: reader.read(text, snapshot), asked)
    again = _times(lambda text: reader.read(text, snapshot), asked)
    return Understanding(len(asked), latency(first), latency(again))


def places(snapshot: Snapshot, settlements: int) -> Places:
    """Measures ``Gazetteer.find`` on names that it has not seen in this process."""
    cases = texts.named_places(settlements)
    alone = _times(snapshot.gazetteer.find, (case.text for case in cases if case.alone))
    inside = _times(snapshot.gazetteer.find, (case.text for case in cases if not case.alone))
    return Places(latency(alone), latency(inside), len(cases))


def _times(measured: Callable[[str], object], asked: Iterable[str]) -> list[float]:
    taken: list[float] = []
    for text in asked:
        started = time.perf_counter()
        measured(text)
        taken.append(time.perf_counter() - started)
    return taken
