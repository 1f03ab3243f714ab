"""What is wrong with a file, said so that whoever wrote it can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

LISTED_AT_MOST = 200
"""How many problems of one file are listed; the rest are counted."""

_SHOWN_OF_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. ``row`` counts as a spreadsheet does (the header is row 1); None means the file as a whole.

    ``column`` is empty where the fault is not in one column. ``origin`` names the file and the entry where a
    file has no rows (the YAML of the shipped catalogue).
    """

    row: int | None
    column: str
    value: str
    expected: str
    origin: str = ""

    def __str__(self) -> str:
        row = "" if self.row is None or self.origin else f"row {self.row}"
        where = ", ".join(part for part in (self.origin, row, self.column) if part)
        value = self.value if len(self.value) <= _SHOWN_OF_VALUE else self.value[:_SHOWN_OF_VALUE] + "..."
        found = f"found {value!r}, " if value else ""
        return f"{where}: {found}expected {self.expected}" if where else f"{found}expected {self.expected}"


def perhaps(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """``perhaps 'lat'``: the known word that is most like this one, empty where none is."""
    near = get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"perhaps {near[0]!r}" if near else ""


class BadFile(ValueError):
    """A file that is refused as a whole. ``problems`` lists at most LISTED_AT_MOST of its ``total`` faults."""

    def __init__(self, problems: Iterable[Problem], total: int | None = None) -> None:
        """``total`` may be more than the problems that are listed."""
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__(str(self))

    @property
    def unlisted(self) -> int:
        """How many problems there are beyond those listed."""
        return self.total - len(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.unlisted:
            lines.append(f"and {self.unlisted} more")
        return "\n".join(lines)


class Findings:
    """Gathers the problems of a file while it is read."""

    def __init__(self) -> None:
        self._listed: list[Problem] = []
        self._total = 0

    def add(self, problem: Problem) -> None:
        """Takes note of one more problem."""
        self._total += 1
        if self._total <= LISTED_AT_MOST:
            self._listed.append(problem)

    def refuse(self) -> None:
        """Raises BadFile where anything was found, the problems in the order of the rows."""
        if self._total:
            raise BadFile(sorted(self._listed, key=lambda problem: problem.row or 0), self._total)
