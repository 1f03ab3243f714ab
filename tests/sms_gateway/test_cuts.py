"""A text is cut between words; a long word between what is seen as one sign."""

from __future__ import annotations

import pytest

from sms_gateway.cuts import best_cut


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one two three", 7, 7),
        ("one two three", 9, 7),
        ("one two three", 3, 3),
        ("oneword", 4, 4),
        ("call 2 405 505 now", 8, 4),
        ("2 405 505 606", 6, 5),
        ("aa👨‍👩‍👧", 4, 2),
        ("aa🇬🇪🇦🇲", 5, 4),
        ("aae\u0301", 3, 2),
        ("aa👍🏽", 3, 2),
        ("e" + "\u0301" * 9, 4, 4),
    ],
)
def test_the_best_place(text: str, limit: int, expected: int) -> None:
    assert best_cut(text, limit) == expected
