"""The shipped catalogue of services: YAML files by provider, told as the flat rows of a services file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.interchange.cells import SEPARATOR, as_text
from knowledge.interchange.kinds import PROVIDERS, SERVICES, synonyms_column
from knowledge.interchange.problems import Findings, Problem, perhaps
from knowledge.interchange.rows import Checker, Rows
from knowledge.types import BASE_LOCALES, FACT_KINDS, LOCALES

_PLAIN = ("slug", "category", "tie", "tie_source", "verified_on")
_MAPPINGS = ("names", "synonyms", *FACT_KINDS)
_FACT_PARTS = ("text", "source", "as_of")


def read_catalogue(folder: Path) -> Rows:
    """Reads one file for each provider, in the order of PROVIDERS; a provider without a file has no services.

    Raises BadFile; each problem names the file and the slug.
    """
    findings = Findings()
    checker = Checker(SERVICES, findings)
    number = 0
    for provider in PROVIDERS:
        for position, entry in enumerate(_entries(folder / f"{provider}.yaml", findings), 1):
            number += 1
            origin = f"{provider}.yaml: {entry.get('slug', f'entry {position}')}"
            unknown = _Unknown(findings, number, origin)
            checker.take(number, {**_flat(entry, unknown), "provider": provider}, origin)
    return checker.rows()


class _Unknown:
    """Names what an entry should not have."""

    def __init__(self, findings: Findings, number: int, origin: str) -> None:
        self._findings = findings
        self._number = number
        self._origin = origin

    def part(self, value: object, known: tuple[str, ...], name: str = "") -> Mapping[str, Any]:
        """``value`` as a mapping that has only keys which are known."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._add(name, as_text(value), "a mapping with " + ", ".join(known))
            return {}
        for key in value:
            if key not in known:
                hint = perhaps(str(key), known) or "one of " + ", ".join(known)
                self._add(f"{name}.{key}" if name else str(key), "", f"no such key; {hint}")
        return value

    def _add(self, column: str, value: str, expected: str) -> None:
        self._findings.add(Problem(self._number, column, value, expected, self._origin))


def _entries(path: Path, findings: Findings) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    try:
        found = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        findings.add(Problem(None, "", " ".join(str(error).split()), "YAML", path.name))
        return
    for position, entry in enumerate(found if isinstance(found, list) else [found], 1):
        if isinstance(entry, dict):
            yield entry
        elif found is not None:
            findings.add(Problem(position, "", as_text(entry), "a list of services", path.name))


def _flat(entry: Mapping[str, Any], unknown: _Unknown) -> dict[str, str]:
    """An entry as the cells of a services file."""
    unknown.part(entry, (*_PLAIN, *_MAPPINGS))
    cells = {name: as_text(entry.get(name)) for name in _PLAIN}
    names = unknown.part(entry.get("names"), BASE_LOCALES, "names")
    cells.update({f"name_{locale}": as_text(names.get(locale)) for locale in BASE_LOCALES})
    synonyms = unknown.part(entry.get("synonyms"), LOCALES, "synonyms")
    cells.update({synonyms_column(locale): _joined(synonyms.get(locale)) for locale in LOCALES})
    for fact in FACT_KINDS:
        said = unknown.part(entry.get(fact), _FACT_PARTS, fact)
        text = unknown.part(said.get("text"), BASE_LOCALES, f"{fact}.text")
        cells.update({f"{fact}_{locale}": as_text(text.get(locale)) for locale in BASE_LOCALES})
        cells[f"{fact}_source"] = as_text(said.get("source"))
        cells[f"{fact}_as_of"] = as_text(said.get("as_of"))
    return cells


def _joined(words: object) -> str:
    return SEPARATOR.join(map(as_text, words)) if isinstance(words, list) else as_text(words)
