"""Facts about halls in words: numbers agree with what they count."""

from __future__ import annotations

import pytest

from bot.halls import words
from knowledge.types import Locale


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [
        ("ru", 1, "1 рабочий день"),
        ("ru", 3, "3 рабочих дня"),
        ("ru", 5, "5 рабочих дней"),
        ("ru", 21, "21 рабочий день"),
        ("en", 1, "1 business day"),
        ("en", 2, "2 business days"),
        ("ka", 2, "2 სამუშაო დღით"),
        ("ka-Latn", 2, "2 samushao dghit"),
        ("az", 2, "2 iş günü"),
        ("hy", 2, "2 աշխատանքային օր"),
    ],
)
def test_business_days_agree_with_their_number(locale: Locale, count: int, said: str) -> None:
    assert words.business_days(locale, count) == said
