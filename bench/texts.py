"""What is measured with: questions that nothing was tuned on, and generated names of settlements."""

from __future__ import annotations

import random
from pathlib import Path

from bot.understanding import phrases
from bot.understanding.phrases import Phrase
from knowledge import place_eval
from knowledge.gazetteer_data import load_places
from knowledge.place_eval import Case

ROOT = Path(__file__).parents[1]


def questions(limit: int = 0) -> list[str]:
    """The blind and the held-out questions in a fixed mixed order; all of them, or the first ``limit``."""
    texts = [phrase.text for phrase in labelled()]
    return texts[:limit] if limit else texts


def labelled() -> list[Phrase]:
    """The same questions with what they mean."""
    read = phrases.read_phrases(phrases.DATA / "held_out")
    for file in sorted((ROOT / "evaluation").glob("*blind.jsonl")):
        read += phrases.read_phrases(file)
    random.Random(1).shuffle(read)
    return read


def named_places(settlements: int) -> list[Case]:
    """Messages that name settlements in every script and habit, without and with a typing error."""
    return place_eval.generate(load_places(), settlements)
