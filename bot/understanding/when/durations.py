"""How long: two hours, an hour and a half, 45 minutes, half an hour, all day."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when.times import CLOSES, OPENS
from bot.understanding.when.types import Atom, Clock, LengthPiece, Piece, TimePiece

_DAY = 24 * 60
_HOUR_AND_A_HALF = 90


def _amount(atom: Atom) -> float | None:
    return float(atom.value) if isinstance(atom.value, int | float) else None


def _length(minutes: float) -> Piece | None:
    return LengthPiece(round(minutes)) if 0 < minutes <= _DAY else None


def named(row: Sequence[Atom]) -> Piece | None:
    """Lengths that are one word: полчаса, საათნახევარი; before that one, a number counts its hours."""
    said = _amount(next(atom for atom in row if atom.kind == "U")) or 0
    count = next((_amount(atom) for atom in row if atom.kind in "01"), None)
    if count is None:
        return _length(said)
    return _length((count - 1) * 60 + said) if said == _HOUR_AND_A_HALF else None


def all_day(_row: Sequence[Atom]) -> Piece | None:
    """All day: as long as the hall is open."""
    return LengthPiece((CLOSES - OPENS) * 60, all_day=True)


def half_hour(_row: Sequence[Atom]) -> Piece | None:
    """Half an hour."""
    return LengthPiece(30)


def hours(row: Sequence[Atom]) -> Piece | None:
    """Two hours, two and a half hours, an hour and a half, 2 hours 30 minutes; of "2-3 hours" the longer."""
    total, whole = 0.0, None
    for position, atom in enumerate(row):
        follows = row[position + 1].kind if position + 1 < len(row) else ""
        if atom.kind in "01d":
            amount = _amount(atom)
            if amount is None:
                return None
            if follows == "m":
                total += amount
            else:
                whole = amount
        elif atom.kind == "h":
            total += 30
    if whole is not None and whole > CLOSES - OPENS and _names_an_hour(row):
        return TimePiece("at", Clock(int(whole), int(total), True)) if whole < 24 else None
    return _length((1 if whole is None else whole) * 60 + total)


def about(row: Sequence[Atom]) -> Piece | None:
    """Часа на два: about two hours, as Russian says it."""
    if any(atom.language not in {"ru", ""} for atom in row):
        return None
    amount = _amount(row[-1])
    return None if amount is None else _length(amount * (60 if row[0].kind == "H" else 1))


def _names_an_hour(row: Sequence[Atom]) -> bool:
    """Whether more hours than the hall is open are rather an hour of the day: 15 საათი, 15 ч."""
    return any(atom.kind == "H" and atom.language in {"ka", "ru"} for atom in row) and row[-1].kind != "B"


def minutes(row: Sequence[Atom]) -> Piece | None:
    """45 minutes."""
    amounts = [value for atom in row if atom.kind in "01" and (value := _amount(atom)) is not None]
    return _length(amounts[-1]) if amounts else None
