"""A text as a row of atoms: its words of time and its numerals, each a letter with a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.understanding.when.numerals import Numeral, numerals
from bot.understanding.when.types import Atom
from bot.understanding.when.words import MOST_WORDS, Form, known_in, misspelt, plain, vocabularies
from knowledge.scripts import Word, words
from knowledge.spelling import key, keys

_BREAKS = frozenset(",;.!?\n()")
_DASHES = frozenset("-–—‒−")
_APOSTROPHES = frozenset("'’`")
_AZERBAIJANI = frozenset("əğıöçş")
_BY_SCRIPT = {"georgian": ("ka",), "cyrillic": ("ru",), "armenian": ("hy",)}
_LATIN = ("en", "az", "ka")
_LONG = {"ru": 5, "hy": 4}
"""Letters from which on a word in Latin letters may be Russian or Armenian; all others only beside such a word."""
_MISSPELT = 5  # letters of a word that may be a misspelt name
_TENS = {10: ("az",), 20: ("en", "ru", "az", "hy"), 30: ("en", "ru", "az", "hy"), 40: ("en", "ru", "az", "hy"),
         50: ("en", "ru", "az", "hy")}  # fmt: skip
_AN_HOUR = re.compile(r"(?:[HC]|[atf][01])$")
_SILENT, _ENGLISH_SILENT = frozenset({"the", "of"}), frozenset({"a", "an", "the", "of"})
MOST_READ = 80
"""Words beyond this many are not read: no message about a booking is longer."""


def atoms(text: str | Sequence[Word]) -> list[Atom]:
    """The atoms of a text in order."""
    if isinstance(text, str):
        return _Lexer(text, words(text)[:MOST_READ]).run()
    return _Lexer(_rebuilt(text[:MOST_READ]), tuple(text[:MOST_READ])).run()


def _rebuilt(text: Sequence[Word]) -> str:
    """The text without the signs between its words."""
    raw = ""
    for word in text:
        raw = raw.ljust(word.start) + word.raw
    return raw


class _Lexer:
    """Walks once over the words of one text."""

    def __init__(self, text: str, found: Sequence[Word]) -> None:
        self.text = text
        self.words = found
        self.keys = [keys(word.raw) for word in found]
        self.english = [(plain(word),) for word in found]
        self.known = [known_in(*english, forms) for english, forms in zip(self.english, self.keys, strict=True)]
        self.vocabularies = vocabularies()
        self.latin = self._latin_languages()
        self.articles = 0
        self.numerals = {numeral.start: numeral for numeral in numerals(text)} if _has_digit(text) else {}
        self.out: list[Atom] = []

    def run(self) -> list[Atom]:
        index = 0
        while index < len(self.words):
            if index:
                self._gap(self.words[index - 1].end, self.words[index].start)
            numeral = self.numerals.get(self.words[index].start) or self._prefixed(index)
            index = self._numeral(numeral, index) if numeral is not None else self._word(index)
        return _afternoons(_compounds(self.out))

    def _latin_languages(self) -> tuple[str, ...]:
        """The languages that a word in Latin letters may be in, the likeliest first."""
        scores = dict.fromkeys(_LATIN, 0.0)
        for index, word in enumerate(self.words):
            if word.script != "latin" and not (word.text[:1].isdigit() and word.text[-1:].isalpha()):
                continue
            if not _AZERBAIJANI.isdisjoint(word.text):
                scores["az"] += 2
            tail = word.text.lstrip("0123456789")
            digits = len(tail) < len(word.text)
            known = [language for language in _LATIN if self._knows(language, index, tail if digits else "")]
            for language in known:
                scores[language] += 1 if len(known) == 1 else 0.4
        romanised = {
            language
            for index, word in enumerate(self.words)
            if word.script == "latin" and len(word.text) >= min(_LONG.values())
            for language in self._only_in(word, index)
        }
        order = sorted(_LATIN, key=lambda language: -scores[language])
        return (*order, *romanised)

    def _only_in(self, word: Word, index: int) -> Iterator[str]:
        """Russian or Armenian, where a word in Latin letters is one of their words of time and no others'."""
        if not self.known[index].isdisjoint(_LATIN):
            return
        for language, letters in _LONG.items():
            forms = self.vocabularies[language].forms
            if len(word.text) >= letters and any((form,) in forms for form in self.keys[index]):
                yield language

    def _knows(self, language: str, index: int, tail: str) -> bool:
        """Whether a word, or what of it stands behind its digits, is one of a language."""
        if tail:
            return (tail if language == "en" else key(tail)) in self.vocabularies[language].digits
        return language in self.known[index]

    def _forms(self, language: str) -> Sequence[tuple[str, ...]]:
        """How each word is looked up in a language."""
        return self.english if language == "en" else self.keys

    def _languages(self, word: Word) -> tuple[str, ...]:
        return _BY_SCRIPT.get(word.script, self.latin)

    def _gap(self, start: int, end: int) -> None:
        """A sign between two words: a break, or a dash between two numbers."""
        gap = self.text[start:end]
        if gap.isspace():
            return
        before = self.out[-1].kind if self.out else ""
        if not _DASHES.isdisjoint(gap) and before and before in "01CxFHszPQAkdWO":
            self.out.append(Atom("-", None, "", -1, -1))
        elif not _BREAKS.isdisjoint(gap) and not (before == "M" and gap.strip() == "."):
            self.out.append(Atom(";", None, "", -1, -1))

    def _prefixed(self, index: int) -> Numeral | None:
        """A numeral that begins with a sign before its first word: №5, $5, +995."""
        start = self.words[index].start
        return next((self.numerals[at] for at in range(max(start - 2, 0), start) if at in self.numerals
                     and self.numerals[at].end > start), None)  # fmt: skip

    def _numeral(self, numeral: Numeral, index: int) -> int:
        last = index
        while last + 1 < len(self.words) and self.words[last + 1].start < numeral.end:
            last += 1
        word = self.words[last]
        tail = word.raw[max(numeral.end - word.start, 0) :] if numeral.end < word.end else ""
        self._add(numeral.kind, numeral.value, "", index, last + 1)
        if tail:
            self._tail(tail, word, last)
            return last + 1
        return self._apart(last)

    def _tail(self, tail: str, word: Word, index: int) -> None:
        """The letters written together with digits: 3ზე, 25th, 3pm, 2ч."""
        if tail in {"a", "p", "A", "P"} and self.text[word.end : word.end + 2].lower() == ".m":
            self._add("z", f"{tail.lower()}m", "en", index, index + 1)
            return
        folded = key(tail)
        for language in self._languages(word) if word.script != "other" else self.latin:
            vocabulary = self.vocabularies[language]
            form = tail.lower() if language == "en" else folded
            if form in vocabulary.digits:
                self._add(vocabulary.digits[form], None, language, index, index + 1)
                return
            known = vocabulary.forms.get((form,))
            if known is not None and known.kinds[0] in "HsmzMckh":
                self._add(known.kinds, known.value, language, index, index + 1)
                return
        if folded:
            self.out[-1] = Atom(".", None, "", index, index + 1)

    def _apart(self, last: int) -> int:
        """An ending behind digits and a hyphen, or one that people write apart: 3-ზე, 12 ze."""
        follow = last + 1
        if follow >= len(self.words):
            return follow
        gap = self.text[self.words[last].end : self.words[follow].start]
        joined = len(gap) == 1 and (gap in _DASHES or gap in _APOSTROPHES)
        if not joined and not gap.isspace():
            return follow
        form = self.keys[follow][0]
        if joined and not form:  # the Armenian ը has no key
            self._add("", None, "", follow, follow + 1)
            return follow + 1
        for language in self._languages(self.words[follow]):
            vocabulary = self.vocabularies[language]
            ending = vocabulary.digits.get(form)
            if ending is not None and (joined or form in vocabulary.loose):
                self._add(ending, None, language, follow, follow + 1)
                return follow + 1
        return follow

    def _word(self, index: int) -> int:
        word = self.words[index]
        best: tuple[int, Form, str] | None = None
        known = self.known[index]
        for language in self._languages(word) if known else ():
            found = self._look_up(language, index) if language in known else None
            if found is not None and (best is None or found[0] > best[0]):
                best = (*found, language)
        best = best or self._misspelt(index)
        silent = _ENGLISH_SILENT if self.latin[0] == "en" else _SILENT
        if word.text in silent and (best is None or best[1].kinds == "_"):
            self.articles += 1
            return index + 1
        if best is None:
            if self.keys[index][0]:
                self._add(".", None, "", index, index + 1)
            return index + 1
        size, form, language = best
        self._add(form.kinds, form.value, language, index, index + size)
        return index + size

    def _look_up(self, language: str, index: int) -> tuple[int, Form] | None:
        """The longest entry that begins at a word, whichever of the word's keys it is written with."""
        vocabulary, forms = self.vocabularies[language], self._forms(language)
        following = [found[0] for found in forms[index + 1 : index + MOST_WORDS]]
        hits = [hit for form in forms[index] if (hit := vocabulary.longest([form, *following]))]
        return max(hits, key=lambda hit: hit[0], default=None)

    def _misspelt(self, index: int) -> tuple[int, Form, str] | None:
        """A weekday or a month with one wrong letter."""
        word = self.words[index]
        if len(word.text) < _MISSPELT or not word.text.isalpha():
            return None
        for language in self._languages(word):
            for form in self._forms(language)[index]:
                found = misspelt(language, form)
                if found is not None:
                    return 1, found, language
        return None

    def _add(self, kinds: str, value: object, language: str, first: int, last: int) -> None:
        """Adds the atoms of a word; an ending that says nothing lengthens the atom before it."""
        if not kinds:
            self.out[-1] = replace(self.out[-1], last=last)
        for position, kind in enumerate(kinds):
            self.out.append(Atom(kind, None if position else value, language, first, last, self.articles))
            self.articles = 0


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _compounds(row: list[Atom]) -> list[Atom]:
    """Puts "twenty five", "on beş" and "двадцать пятого" together."""
    out: list[Atom] = []
    for position, atom in enumerate(row):
        before = out[-2] if len(out) > 1 and out[-1].kind == "-" else out[-1] if out else None
        if before is not None and _joins(before, atom) and not _lacking(row, position):
            del out[-2 if out[-1].kind == "-" else -1 :]
            total = int(str(before.value)) + int(str(atom.value))
            out.append(replace(before, kind=atom.kind, value=total, last=atom.last))
        else:
            out.append(atom)
    return out


def _lacking(row: Sequence[Atom], position: int) -> bool:
    """Whether a number is the hour that twenty minutes lack: "без двадцати три", but "без двадцати пяти три"."""
    following = row[position + 1].kind if position + 1 < len(row) else ""
    return position > 1 and row[position - 2].kind == "l" and following not in {"1", "m"}


def _afternoons(row: list[Atom]) -> list[Atom]:
    """Tells the Russian "3 часа дня" and "в 2 дня", in the afternoon, from "2 дня", two days."""
    kinds = "".join(atom.kind for atom in row)
    return [
        replace(atom, kind="Q", value="day")
        if atom.kind == "Y" and atom.value == "afternoon" and _AN_HOUR.search(kinds[:position])
        else atom
        for position, atom in enumerate(row)
    ]


def _joins(tens: Atom, unit: Atom) -> bool:
    return (
        tens.kind == "1"
        and unit.kind in "12"
        and tens.language == unit.language
        and isinstance(tens.value, int)
        and isinstance(unit.value, int)
        and 1 <= unit.value <= 9
        and tens.language in _TENS.get(tens.value, ())
    )
