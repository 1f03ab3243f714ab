"""Whose address it is: a mobile number, a landline, a short code, a name; and which of them may cost us money."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

HOME_REGION = "GE"
"""Numbers without a country code are Georgian."""

Kind = Literal["mobile", "fixed", "premium", "other", "short", "name"]
"""``short`` is a short code; ``name`` an alphanumeric sender; ``other`` a possible number of an unknown range."""

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "premium",
}
_ANSWERED: frozenset[Kind] = frozenset({"mobile", "fixed", "other"})


@dataclass(frozen=True, slots=True)
class Number:
    """A sender's address: E.164 for real numbers, as it came (64 characters at most) for the others."""

    address: str
    kind: Kind

    def may_be_answered(self, prefixes: Collection[str]) -> bool:
        """Whether an answer can arrive there at an ordinary price: not to short codes, names, premium lines."""
        return self.kind in _ANSWERED and self.address.startswith(tuple(prefixes))

    def may_be_texted(self, prefixes: Collection[str]) -> bool:
        """Whether we may begin to write to it: a landline cannot be texted."""
        return self.may_be_answered(prefixes) and self.kind != "fixed"


@lru_cache(maxsize=256)  # a message's sender is looked at more than once
def read(raw: str) -> Number:
    """The number as a provider wrote it: "+995 555 12 34 56", "0555123456", "8555", "MAGTI"."""
    raw = raw.strip()
    if any(char.isalpha() for char in raw):
        return Number(raw[:64], "name")
    try:
        parsed = phonenumbers.parse(raw, HOME_REGION)
    except NumberParseException:
        return Number(raw[:64], "short")
    if not phonenumbers.is_possible_number(parsed):
        return Number(raw[:64], "short")
    kind = _KINDS.get(phonenumbers.number_type(parsed), "other")
    return Number(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), kind)
