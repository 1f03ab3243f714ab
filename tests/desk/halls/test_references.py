"""Short names of bookings: said, typed, never a time."""

from __future__ import annotations

import re

import pytest

from desk.halls import references


def test_references_have_one_shape_and_no_letter_to_take_for_another() -> None:
    made = {references.fresh() for _ in range(2000)}
    assert len(made) > 1980
    assert all(re.fullmatch(r"[A-Z]\d-[A-Z\d]{3}", one) for one in made)
    assert not set("".join(made)) & set("01AEIOULSBZY")
    assert all(references.read(one) == one for one in made)


@pytest.mark.parametrize("typed", ["K7-3F2", "k73f2", " k7 3f2 ", "K7–3F2", "К7-3F2", "k7.3f2", "K7-3Fz"])
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert references.read(typed) == "K7-3F2"


@pytest.mark.parametrize("typed", ["", "15:30", "25-12", "27-352", "K7-3F", "K7-3F22", "hello", "77-3F2"])
def test_other_texts_are_not_references(typed: str) -> None:
    assert references.read(typed) is None
