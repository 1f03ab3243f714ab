"""The grammar: regular expressions over the kinds of the atoms, each with the function that reads what it matched.

The kinds are the letters of `words.LETTERS` and `words.ENDING_LETTERS`, besides ``.`` any other word, ``;`` a
break and ``-`` a dash between numbers. Rules are tried in their order at each atom; the first that reads it wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.understanding.when import dates, durations, times
from bot.understanding.when.types import Atom, Clock, NotPiece, PartPiece, Piece, TimePiece

Read = Callable[[Sequence[Atom], date], Piece | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A piece, and the words that said it; no piece where the words say something else ("20 people")."""

    piece: Piece | None
    words: frozenset[int]
    kinds: str


def _timeless(read: Callable[[Sequence[Atom]], Piece | None]) -> Read:
    return lambda row, _today: read(row)


def _nothing(_row: Sequence[Atom], _today: date) -> Piece | None:
    return None


def _part(row: Sequence[Atom], _today: date) -> Piece | None:
    atom = next(atom for atom in row if atom.kind in "PQ")
    return PartPiece(atom.value)  # type: ignore[arg-type]


def _not(row: Sequence[Atom], _today: date) -> Piece | None:
    return NotPiece(strict=row[0].kind == "!")


def _not_apart(_row: Sequence[Atom], _today: date) -> Piece | None:
    return NotPiece(strict=False, apart=True)


def _midnight(_row: Sequence[Atom], _today: date) -> Piece | None:
    return TimePiece("at", Clock(0, 0, True))


_MACROS = {
    # A number that counts nobody: "20 people", "25-30 კაცი", "20-ზე მეტი" are no hours.
    "NUM": r"[01](?!O?(?:[-t&][01])?[AGSBFV]?c)",
    "CORE": r"(?:{NUM}|[Cx])",
    "EDGE": r"(?:{NUM}|[CxN])",
    "SIDE": r"(?:[PQN]b?)?[abk]*[ks]?{EDGE}(?:[Hs](?:S?&?{NUM}m)?|k)?[zQ]?",
    "YEAR": r"(?:;?yO?c?)?",
    "WD": r"W(?:G?Y)?",
}


def _compile(pattern: str) -> re.Pattern[str]:
    while any("{" + name + "}" in pattern for name in _MACROS):
        for name, text in _MACROS.items():
            pattern = pattern.replace("{" + name + "}", text)
    return re.compile(pattern)


_NOTHING = (
    r"(?:f?[01][-t&])?[01]O?[AGSBFV]?c",  # 20 people
    r"Z[F]?[01][.c]",  # twice a week
    r"M[12](?:Z<|K)|[12](?:Z<|K)M",  # the first week of December
    r"[Z]<c",
    r"[01]Z(?![<FGWY])",
    r"[Cxd]c",
    r"b?v[HsKYEm][BF]?",
    r"[ao]?j(?:{WD}|[KZEM])",
)
_RANGES = (
    r"f{SIDE}[t&-]t?{SIDE}(?!Gh)(?:[HskzQ]|[ATVI])*",
    r"{SIDE}F[t-]?[PQNks]{0,2}{EDGE}(?:[Hsk]?[zQ]?(?:[VIA]+T?|T)|(?![HsYMm]|Gh))",
    r"{SIDE}[-t]t?{SIDE}(?!Gh)[HskzQ]?[AITV]*",
    r"{SIDE}[SGI]?[&-]{SIDE}[SGI]?=",
)
_PHRASES: tuple[tuple[str, Callable[[Sequence[Atom]], Piece | None]], ...] = (
    (r"[PQN]?[abtf]*k?hp[01]k?[zQ]?", times.half_past),
    (r"[PQN]?a?[ks]?[01]ph[zQ]?", times.half_past),
    (r"[PQN]?[ab]*[ks]?[01]Gh[ATF]?", times.half_to),
    (r"[PQN]?[abft]*HQ|[aft]H(?![A-Z<])", times.one),
    (r"[PQN]?[abtf]*h2[zQ]?", times.half_to),
    (r"[PQN]?[ab]*[ks]?[01](?:[01](?![.cHsmMKYE0-9]))A?[zQ]?", times.two_numbers),
    (r"[PQN]?[ks][01]h(?![Hs])", times.half_past),
    (r"[PQN]?[ab]*h[01](?![Hsm])[zQ]?", times.half_hour_british),
    (r"[PQN]?[ab]*[01q]m?p[01][zQ]?", times.counted),
    (r"[PQN]?[ks]?[01]p[01q]m?", times.counted),
    (r"[PQN]?[ab]*(?:q|[01]m)t[01](?![-])[zkQ]?", times.counted),
    (r"[PQN]?a?1t1(?!F)[zQ]?", times.counted),
    (r"[PQN]?a?l(?:q|[01])m?[01]H?[zQ]?", times.counted),
    (r"[PQN]?a?(?:q|[01]m)2[zQ]?", times.counted),
    (r"[PQN]?[ks]?[01][SVIFAO](?:[01]m?|q)[Lp]", times.counted),
    (r"[PQN]?[ks]?[01]SL(?:[01]m?|q)A?", times.counted),
    (r"(?:[01]m?|q)L[01]S", times.counted),
    (r"[PQN]?[01]G[01](?:mA?|A)", times.counted),
)
_EARLY_DATES: tuple[tuple[str, Read], ...] = (
    (r"1(?=[xeD])", dates.shortened_weekday),
    (r"[abo]?Dc?[FAT]?", dates.calendar),
    (r"f?[012]O?F?[-t]t?[012]O?T?M{YEAR}", dates.with_month),
)
_DATES: tuple[tuple[str, Read], ...] = (
    (r"[abo]?(?:yO?c?)?[012][OGIS]?u?M{YEAR}(?![01][OI](?!.*M))", dates.with_month),
    (r"[abo]?(?:yO?c?)?Mu?(?:{NUM}|2)(?![zHsmcC-])[OIAVSB]?[FT]?u?{YEAR}", dates.with_month),
    (r"[abo]?[012]O?u", dates.of_month),
    (r"[abo]?u[012][OIAVSFT]?", dates.of_month),
    (r"[abo]?nE<?;?[abo]*(?:[012][OI]?u?|u[012][OI]?)(?!c)", dates.of_month),
    (r"[abo]?Kfn(?:;?[abo]?{WD})?", dates.after_next),
    (r"K[of]W|WK(?!n)", dates.week_later),
    (r"[abo]?(?:[ni][KZ][GIF<]?|[KZ]n)[abof]?;?{WD}", dates.weekday),
    (r"[abo]?{WD}[abo]?n[KZ]<?", dates.weekday),
    (r">[01]?[KZ][abo]?W", dates.weeks_on),
    (r"[01][KZ]<W|[01][KZ]G<W", dates.weeks_on),
    (r"fW[t-]W|WF[-t]?WT?", dates.several),
    (r"[abotf]?[ni]*{WD}[FT]?", dates.weekday),
    (r"(?:[aoni]+|(?<=[Jn]))w(?=$|[^_.])|(?<!_)w(?=[CxHPQNeD]|;?[012][OGIS]?M|;?M|0|[ab][01C]|s)", dates.weekday),
    (r"[abof]?(?:[ni][KZ](?!Y)[G<F]?)", dates.week),
    (r">[01]?[KYE]|[01][YKEZ]G?<|[01]G?[YKEZ]F<?|[01]ZG?<", dates.in_days),
    (r"[abof]?[ni]?Z(?:Y|G?Y)?(?![<GF])", dates.weekday),
    (r"[abof]?J", dates.relative),
)
_LATE_DATES: tuple[tuple[str, Read], ...] = (
    (r"[abo]?[01]O(?!c)", dates.day_of_month),
    (r"[bo]2(?=$|[;JWCPQNksabft])", dates.day_of_month),
    (r"(?<![^;JW])2(?=$|[;JWCPQNksabft])", dates.day_of_month),
    (r"[abo]?[01]I", dates.day_of_month),
    (r"[abo]?[xe](?!H)", dates.numbers),
    (r"[ao]?d(?![Hs])", dates.numbers),
)
_TIMES: tuple[tuple[str, Callable[[Sequence[Atom]], Piece | None]], ...] = (
    (r">[01]?[Hs]F?<?|[01][Hs](?:G?<|F<?)|>U|>[01]m", times.moment),
    (r"[PQN]?H[af]{CORE}Q?", times.single),  # часов в пять
    (
        r"(?:>?[PQN]b?)?[abftk]*(?:[PQN])?[ks]?{CORE}(?![OYKEM])(?:[Hs](?:S?&?{NUM}m)?|k)?(?:[zQ]|[AFTVIG])*<?Q?",
        times.single,
    ),
    (r"(?<=[JWDMy])0(?!c)(?=$|[;JWPQNabft!%])", times.bare),
    (r"[PQ]0(?![Hsm])|0P", times.single),
    (r"[ab]*N", times.single),
)
_LENGTHS: tuple[tuple[str, Callable[[Sequence[Atom]], Piece | None]], ...] = (
    (r"[b]?X", durations.all_day),
    (r"b?[01]?UB?", durations.named),
    (r"b?h[Hs]B?", durations.half_hour),
    (r"b?(?:[01]-)?{NUM}(?:&?h)?[Hs]B?(?:S?&?h|S?&?{NUM}m)?B?", durations.hours),
    (r"b?d[Hs]B?", durations.hours),
    (r"H(?:a?b){NUM}|m(?:a?b){NUM}", durations.about),  # часа на два
    (r"b?[Hs]&?hB?|b[Hs]|[Hs]B", durations.hours),
    (r"b?(?:[01]-)?{NUM}mB?", durations.minutes),
)


def _rules() -> tuple[tuple[re.Pattern[str], Read], ...]:
    listed: list[tuple[str, Read]] = [(pattern, _nothing) for pattern in _NOTHING]
    listed += [(pattern, _timeless(read)) for pattern, read in _PHRASES]
    listed += _EARLY_DATES
    listed += [(pattern, _timeless(times.span)) for pattern in _RANGES]
    listed += _DATES
    listed += [(pattern, _timeless(read)) for pattern, read in _TIMES]
    listed += _LATE_DATES
    listed += [(pattern, _timeless(read)) for pattern, read in _LENGTHS]
    listed += [(r"[abo>]?[PQ]", _part), (r"[ab]?g", _midnight)]
    listed += [(r"(?<=;)%", _not_apart), (r"[!%]", _not)]
    return tuple((_compile(pattern), read) for pattern, read in listed)


_RULES = _rules()
_OPENERS = frozenset("v012CxedDyJjWwZMuYKEni>HskhqPQzUXNgftaoblpm!%")


def pieces(row: Sequence[Atom], today: date) -> Iterator[Found]:
    """What the atoms say, in their order."""
    kinds = "".join(atom.kind for atom in row)
    position = 0
    while position < len(kinds):
        taken = _first(kinds, row, position, today) if kinds[position] in _OPENERS else None
        if taken is None:
            position += 1
            continue
        found, position = taken
        yield found


def _first(kinds: str, row: Sequence[Atom], position: int, today: date) -> tuple[Found, int] | None:
    for pattern, read in _RULES:
        match = pattern.match(kinds, position)
        if match is None or match.end() == position:
            continue
        matched = row[position : match.end()]
        piece = read(matched, today)
        if piece is None and read is not _nothing:
            continue
        return Found(piece, _words(matched) if piece is not None else frozenset(), match.group()), match.end()
    return None


def _words(row: Sequence[Atom]) -> frozenset[int]:
    """The words of the atoms and the articles before and between them."""
    said = [atom for atom in row if atom.first >= 0]
    return frozenset(range(said[0].first - said[0].articles, said[-1].last)) if said else frozenset()
