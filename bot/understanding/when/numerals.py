"""What is written in digits: 25.12, 2026-12-25, 15:00, 15-00, 1.5, and the long numbers that are none of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_NUMERAL = re.compile(
    r"""(?<!\d[.:/։․])(?<![\w+])(?:
      (?P<opaque>\+\d[\d\s()-]{5,}\d | \d{3}(?:[\s-]?\d{2,3}){2,}(?!\d) | \d{5,} | [№\#$€₾]\s?\d+)
    | (?P<iso>(?P<iy>\d{4})[-./](?P<im>\d{1,2})[-./](?P<id>\d{1,2})(?!\d))
    | (?P<dmy>(?P<d>\d{1,2})(?P<sep>[-./])\s?(?P<m>\d{1,2})(?P=sep)\s?(?P<y>\d{4}|\d{2})(?!\d))
    | (?P<colon>(?P<ch>\d{1,2})\s?[:։]\s?(?P<cm>\d{2})(?::\d{2})?(?!\d))
    | (?P<two>(?P<a>\d{1,2})(?P<sign>[-./,․])(?P<b>\d{1,2})(?![\d/]|[.,:]\d))
    | (?P<whole>\d+)
    )(?P<bad>\s?[%₾$€])?""",
    re.VERBOSE,
)
_AMPM = re.compile(r"(?<![^\W\d_])([ap])\.\s?m\b\.?", re.IGNORECASE)
_MOST = 999
_MINUTES_FROM = 25  # 10-30 is half past ten, 10-20 is from ten to twenty


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in the text: its kind (a letter of `words.LETTERS`, or ``.`` for none of ours) and its value."""

    kind: str
    value: object
    start: int
    end: int


def numerals(text: str) -> Iterator[Numeral]:
    """The numerals of a text in order."""
    for found in _NUMERAL.finditer(text):
        kind, value = _read(found)
        split = found.lastgroup == "two" or (found["two"] and not found["bad"])
        if kind == "range" and split:
            first, second = int(found["a"]), int(found["b"])
            yield Numeral("0", first, found.start("a"), found.end("a"))
            yield Numeral("0", second, found.start("b"), found.end("b"))
        else:
            yield Numeral(kind, value, found.start(), found.end())
    for found in _AMPM.finditer(text):
        yield Numeral("z", f"{found[1].lower()}m", found.start(), found.end())


def _read(found: re.Match[str]) -> tuple[str, object]:
    if found["bad"] or found["opaque"]:
        return ".", None
    if found["iso"]:
        return _calendar(int(found["iy"]), int(found["im"]), int(found["id"]))
    if found["dmy"]:
        year = int(found["y"])
        return _calendar(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))
    if found["colon"]:
        return "C", (int(found["ch"]), int(found["cm"]), _exact(found["ch"]))
    if found["two"]:
        return _two(found["a"], found["sign"], found["b"])
    return _whole(found["whole"])


def _exact(hour: str) -> bool:
    """Whether an hour so written leaves no doubt: 03 and 15 do not, 3 does."""
    return hour[0] == "0" or int(hour) > 12


def _calendar(year: int, month: int, day: int) -> tuple[str, object]:
    if not 2000 <= year <= 2099:
        return ".", None
    try:
        return "D", date(year, month, day)
    except ValueError:
        return "D", None


def _two(left: str, sign: str, right: str) -> tuple[str, object]:
    """Two numbers and a sign between them: a date, a time, both, a decimal, a range or nothing."""
    first, second = int(left), int(right)
    sign = "." if sign == "․" else sign  # the Armenian keyboard's
    is_clock = len(right) == 2 and second < 60 and first <= 24
    if sign == "-":
        if is_clock and (second == 0 or second >= _MINUTES_FROM) and not (first > 12 and second == first):
            return "C", (first, second, _exact(left))
        return ("e", (first, second)) if first > 24 and 1 <= second <= 12 and first <= 39 else ("range", None)
    if sign == ",":
        return ("d", first + second / 10) if len(right) == 1 else (".", None)
    if sign == "/":
        return _slashed(first, second)
    if len(right) == 1:
        return ("d", first + second / 10) if second else (".", None)
    if second == 0 or (second > 12 and first <= 24):
        return ("C", (first, second, _exact(left))) if second < 60 else (".", None)
    return ("x", (first, second, _exact(left))) if first <= 39 and second <= 19 else (".", None)


def _slashed(first: int, second: int) -> tuple[str, object]:
    if (first, second) == (24, 7) or not 1 <= first <= 39:
        return ".", None
    if first <= 12 < second <= 31:
        return "e", (second, first)  # 12/25, as Americans write
    return ("e", (first, second)) if second <= 12 else (".", None)


def _whole(digits: str) -> tuple[str, object]:
    value = int(digits)
    if len(digits) == 4:
        return ("y", value) if 2020 <= value <= 2099 else (".", None)
    return ("0", value) if value <= _MOST else (".", None)
