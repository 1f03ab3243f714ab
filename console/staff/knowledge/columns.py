"""Columns in words: their labels, hints and choices, and the form fields that they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot import names
from console.staff.parts import parts
from console.staff.words import catalogue, locale, say
from knowledge.interchange import cells
from knowledge.interchange.cells import SEPARATOR
from knowledge.interchange.kinds import KINDS, Column
from knowledge.interchange.problems import Problem
from knowledge.types import FACT_KINDS

_LAYOUT = Path(__file__).parent / "data" / "layout.yaml"
_OF_LANGUAGE = re.compile(rf"(name|address|synonyms|{'|'.join(FACT_KINDS)})_(ka_latn|ka|en|ru|az|hy)")
_OF_FACT = re.compile(rf"({'|'.join(FACT_KINDS)})_(source|as_of)")
_LONG = frozenset({"source", "address", "tie_source", "hours_source", "hall_source", *FACT_KINDS})
_PROBLEM_VALUE = 120

LISTS = frozenset({"alt_names"})
"""Columns that hold a list, as do those that begin with ``synonyms``."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form. ``shape``: line, area, list (one a line), day or choice; ``problem``: what is wrong."""

    name: str
    label: str
    shape: str
    value: str
    language: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    is_required: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together under a heading; ``is_open`` where something in it is filled in or wrong."""

    name: str
    title: str
    fields: tuple[FormField, ...]
    is_open: bool


@cache
def layout() -> Mapping[str, Mapping[str, list[str]]]:
    """The sections of each kind and the columns of each section."""
    read: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(_LAYOUT.read_text(encoding="utf-8"))
    return read


def sections(kind: str, values: Mapping[str, str], problems: Iterable[Problem] = ()) -> list[Section]:
    """The form of a row of that kind."""
    known = {column.name: column for column in KINDS[kind].columns}
    wrong = {problem.column: problem for problem in problems}
    made = []
    for name, columns in layout()[kind].items():
        fields = tuple(_field(known[one], values.get(one, ""), wrong.get(one)) for one in columns)
        filled = any(field.value or field.problem for field in fields)
        made.append(Section(name, say(f"knowledge.section.{name}"), fields, filled))
    return made


def taken(kind: str, form: Mapping[str, str]) -> dict[str, str]:
    """The cells that a form sends: lists put together, and the region that belongs to the municipality."""
    columns = [column for one in layout()[kind].values() for column in one if column in form]
    given = {name: _joined(form[name]) if is_list(name) else form[name] for name in columns}
    known = parts().knowledge().municipalities.get(given.get("municipality_en", ""))
    if known is not None:
        given["region_en"] = known.region_en
    return given


def label(column: str) -> str:
    """What a column is called: "Name, Russian"."""
    for pattern, words in ((_OF_LANGUAGE, "language"), (_OF_FACT, "column")):
        found = pattern.fullmatch(column)
        if found:
            return f"{say(f'knowledge.column.{found[1]}')}, {say(f'knowledge.{words}.{found[2]}')}"
    return say(f"knowledge.column.{column}") if f"knowledge.column.{column}" in catalogue("en") else column


def topic(column: str) -> str:
    """What a column is about, whatever its language."""
    found = _OF_LANGUAGE.fullmatch(column)
    return say(f"knowledge.column.{found[1] if found else column}")


def hint(column: str) -> str:
    """What is expected in a column, where that needs saying."""
    name = f"knowledge.hint.{_base(column)}"
    return say(name) if name in catalogue("en") else ""


def expected(problem: Problem) -> str:
    """What is expected instead: what the check itself says, after a sentence in the visitor's own language."""
    known = hint(problem.column) if locale() != "en" else ""
    return f"{known} ({problem.expected})" if known else problem.expected


def short(value: str) -> str:
    """A value, cut where it is long."""
    return value if len(value) <= _PROBLEM_VALUE else value[:_PROBLEM_VALUE] + "…"


def choice(column: str, word: str) -> str:
    """What a word of a list means: "village" as the visitor's language says it."""
    if column == "municipality_en":
        return names.municipality(locale(), word, parts().knowledge())
    return say(f"knowledge.choice.{column}.{word}")


def is_list(column: str) -> bool:
    """Whether a column holds a list."""
    return column in LISTS or column.startswith("synonyms_")


def _field(column: Column, value: str, problem: Problem | None) -> FormField:
    found = _OF_LANGUAGE.fullmatch(column.name)
    return FormField(
        name=column.name,
        label=label(column.name),
        shape=_shape(column),
        value=value.replace(SEPARATOR, "\n") if is_list(column.name) else value,
        language=found[2].replace("ka_latn", "ka-Latn") if found else "",
        hint=hint(column.name) if column.cell is not cells.DAY else "",
        choices=_choices(column),
        is_required=column.required,
        problem=expected(problem) if problem is not None else "",
    )


def _shape(column: Column) -> str:
    if is_list(column.name):
        return "list"
    if column.cell is cells.DAY:
        return "day"
    if column.cell is cells.YES_OR_NO or column.cell.allowed:
        return "choice"
    return "area" if _base(column.name) in _LONG else "line"


def _choices(column: Column) -> tuple[tuple[str, str], ...]:
    words = ("yes", "no") if column.cell is cells.YES_OR_NO else column.cell.allowed
    named = [(word, choice(column.name, word)) for word in words]
    return tuple(sorted(named, key=lambda one: one[1]) if column.name == "municipality_en" else named)


def _base(column: str) -> str:
    """The column without its language; of a fact's source and day the last part."""
    found = _OF_LANGUAGE.fullmatch(column)
    if found:
        return found[1]
    fact = _OF_FACT.fullmatch(column)
    return fact[2] if fact else column


def _joined(lines: str) -> str:
    return SEPARATOR.join(filter(None, map(str.strip, lines.splitlines())))
