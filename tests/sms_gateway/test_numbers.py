"""Numbers are read as they come, and only ordinary ones are answered."""

from __future__ import annotations

import pytest

from sms_gateway import numbers


@pytest.mark.parametrize(
    ("raw", "address", "kind"),
    [
        ("+995555123456", "+995555123456", "mobile"),
        ("555 12 34 56", "+995555123456", "mobile"),
        ("0555123456", "+995555123456", "mobile"),
        ("00995555123456", "+995555123456", "mobile"),
        ("+995322405505", "+995322405505", "fixed"),
        ("+37491123456", "+37491123456", "mobile"),
        ("8555", "8555", "short"),
        ("+99522222", "+99522222", "short"),
        ("112", "112", "short"),
        ("MAGTI", "MAGTI", "name"),
        ("TBC-Bank1", "TBC-Bank1", "name"),
        ("", "", "short"),
        ("+1 900 555 0123", "+19005550123", "premium"),
    ],
)
def test_reading(raw: str, address: str, kind: str) -> None:
    assert numbers.read(raw) == numbers.Number(address, kind)  # type: ignore[arg-type]


def test_short_codes_names_premium_and_foreign_numbers_are_not_answered() -> None:
    for raw in ("8555", "MAGTI", "+19005550123", "+37491123456", ""):
        assert not numbers.read(raw).may_be_answered(["+995"])
    assert numbers.read("+37491123456").may_be_answered(["+995", "+374"])


def test_a_landline_is_answered_but_not_texted_first() -> None:
    landline = numbers.read("+995322405505")
    assert landline.may_be_answered(["+995"])
    assert not landline.may_be_texted(["+995"])


def test_a_name_is_kept_within_the_column() -> None:
    assert len(numbers.read("N" * 500).address) == 64
