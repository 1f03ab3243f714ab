"""How well texts are understood: accuracy by language and intent, and what is taken for what."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.bands import UNSURE, sure_from
from bot.understanding.parse import INTENTS, Parse
from bot.understanding.reader import Reader
from knowledge.snapshot import Snapshot


class BadQuestions(ValueError):
    """A line of the file is not a labelled question; the text says which and what is expected."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and what it means. ``place`` is an English name, ``service`` a slug, ``language`` a locale."""

    text: str
    intent: str
    place: str | None = None
    service: str | None = None
    language: str | None = None


@dataclass
class Share:
    """How many of how many."""

    right: int = 0
    all: int = 0

    def add(self, right: bool) -> None:
        """Counts one more."""
        self.right += right
        self.all += 1

    @property
    def value(self) -> float:
        """The share, 1.0 of nothing."""
        return self.right / self.all if self.all else 1.0

    def __str__(self) -> str:
        return f"{self.value:6.1%} ({self.right}/{self.all})"


@dataclass
class Report:
    """What came out. ``false_answers`` are texts of none of our business that were answered for sure."""

    overall: Share = field(default_factory=Share)
    by_language: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    by_intent: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    language: Share = field(default_factory=Share)
    place: Share = field(default_factory=Share)
    service: Share = field(default_factory=Share)
    false_answers: Share = field(default_factory=Share)
    sure_and_wrong: Share = field(default_factory=Share)
    asked_back: Share = field(default_factory=Share)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)


def read_questions(path: Path) -> list[Labelled]:
    """Reads JSON lines ``{"text", "intent", "place"?, "service"?, "language"?}``. Raises BadQuestions."""
    questions = []
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadQuestions("expected UTF-8 text") from error
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            known = {name: row[name] for name in Labelled.__dataclass_fields__ if row.get(name) is not None}
            question = Labelled(**known)
        except (ValueError, TypeError, AttributeError) as error:
            raise BadQuestions(f'line {number}: expected {{"text": ..., "intent": ...}} ({error})') from error
        if not all(isinstance(value, str) for value in known.values()):
            raise BadQuestions(f"line {number}: expected texts, not numbers or lists")
        if question.intent not in INTENTS:
            raise BadQuestions(f"line {number}: {question.intent!r} is no intent; known are {', '.join(INTENTS)}")
        questions.append(question)
    return questions


def evaluate(reader: Reader, snapshot: Snapshot, questions: Iterable[Labelled]) -> Report:
    """Reads every question as a first message of an unknown resident, and counts."""
    report = Report()
    for question in questions:
        started = time.perf_counter()
        parse = reader.read(question.text, snapshot)
        report.milliseconds.append((time.perf_counter() - started) * 1000)
        _count(report, question, parse)
    report.milliseconds.sort()
    return report


def _count(report: Report, question: Labelled, parse: Parse) -> None:
    understood = parse.intent if parse.confidence >= UNSURE else "none"
    right = understood == question.intent
    report.overall.add(right)
    report.by_language[question.language or parse.language].add(right)
    report.by_intent[question.intent].add(right)
    if not right:
        report.confusions[question.intent, understood] += 1
    if question.language:
        report.language.add(parse.language == question.language)
    if question.place:
        report.place.add(any(place.name_en == question.place for place in parse.place.places[:9]))
    if question.service and question.intent in {"service", "nearest_center"}:
        report.service.add(question.service in {hit.slug for hit in parse.services})
    sure = understood != "none" and parse.confidence >= sure_from(parse)
    if question.intent == "none":
        report.false_answers.add(sure)
    report.sure_and_wrong.add(sure and not right)
    report.asked_back.add(understood != "none" and not sure)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; 0.0 of nothing."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def lines(report: Report, title: str) -> list[str]:
    """The report as Markdown."""
    return [
        f"## {title}",
        "",
        f"- right: {report.overall}",
        f"- of what is none of its business, answered all the same: {report.false_answers}",
        f"- sure and wrong: {report.sure_and_wrong}",
        f"- asked back: {report.asked_back}",
        f"- language: {report.language}",
        f"- place: {report.place}",
        f"- service: {report.service}",
        "",
        "| language | right |",
        "|---|---|",
        *(f"| {name} | {report.by_language[name]} |" for name in sorted(report.by_language)),
        "",
        "| intent | right |",
        "|---|---|",
        *(f"| {name} | {report.by_intent[name]} |" for name in INTENTS if name in report.by_intent),
        "",
        "| meant | taken for | times |",
        "|---|---|---|",
        *(f"| {meant} | {taken} | {times} |" for (meant, taken), times in report.confusions.most_common(12)),
        "",
    ]
