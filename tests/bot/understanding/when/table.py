"""The phrases of ``phrases.tsv``: what people wrote, and what it says about when.

The columns are now, language, phrase, date, start, minutes and note; ``-`` stands for nothing. In a phrase,
``[...]`` surrounds the words that say when; a phrase without any says nothing about it. A note names the problem
(``problem: no_such_date``) and says ``ambiguous`` where several readings must be told.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from bot.understanding.when import When
from knowledge.scripts import words

FILE = Path(__file__).with_name("phrases.tsv")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: the text without brackets, and what must be read in it."""

    now: datetime
    language: str
    text: str
    date: date | None
    start: time | None
    minutes: int | None
    problem: str | None
    ambiguous: bool
    covered: frozenset[int]

    def is_read(self, when: When) -> bool:
        """Whether the text was read right."""
        return (when.date, when.start, when.minutes, when.problem, bool(when.ambiguous)) == (
            self.date,
            self.start,
            self.minutes,
            self.problem,
            self.ambiguous,
        )


def phrases() -> Iterator[Phrase]:
    """All rows of the table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text, spans = _unmarked(row["phrase"])
            notes = [note.strip() for note in row["note"].split(";")]
            yield Phrase(
                now=datetime.fromisoformat(row["now"]),
                language=row["language"],
                text=text,
                date=None if row["date"] == "-" else date.fromisoformat(row["date"]),
                start=None if row["start"] == "-" else time.fromisoformat(row["start"]),
                minutes=None if row["minutes"] == "-" else int(row["minutes"]),
                problem=next(
                    (note.removeprefix("problem: ") for note in notes if note.startswith("problem: ")), None
                ),
                ambiguous="ambiguous" in notes,
                covered=frozenset(
                    index
                    for index, word in enumerate(words(text))
                    if any(first <= word.start < last for first, last in spans)
                ),
            )


def _unmarked(phrase: str) -> tuple[str, list[tuple[int, int]]]:
    text, spans, first = "", [], 0
    for char in phrase:
        if char == "[":
            first = len(text)
        elif char == "]":
            spans.append((first, len(text)))
        else:
            text += char
    return text, spans
