"""What events are about. Topics are data: ``data/topics.yaml`` has their names and the words that mean them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.types import BASE_LOCALES, BaseLocale

_DATA = Path(__file__).parent / "data" / "topics.yaml"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its code, its name in every language, and the words by which it is meant in each."""

    code: str
    names: Mapping[BaseLocale, str]
    words: Mapping[BaseLocale, tuple[str, ...]]


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic by its code, in the order of the file."""
    with _DATA.open(encoding="utf-8") as file:
        raw = yaml.safe_load(file)
    return {code: _topic(code, row) for code, row in raw.items()}


def _topic(code: str, row: dict[str, dict[str, object]]) -> Topic:
    names, said = row["names"], row["words"]
    return Topic(
        code,
        {locale: str(names[locale]) for locale in BASE_LOCALES},
        {locale: tuple(map(str, _listed(said[locale]))) for locale in BASE_LOCALES},
    )


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{_DATA.name}: the words of a topic are a list")
    return value
