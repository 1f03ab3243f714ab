"""Typography is replaced where it costs, and what no phone can show is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.downgrade import clean, plain
from sms_gateway.segments import encoding_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Kachreti” – it’s 5\u00a0km…", '"Kachreti" - it\'s 5 km...'),
        ("«Качрети» — открыто", '"Качрети" - открыто'),
        ("„კაჩრეთი“", '"კაჩრეთი"'),
        ("50₾ №3 +5°", "50 GEL No.3 +5 deg"),
        ("ფასი 50₾", "ფასი 50₾"),
        ("e\u0301", "é"),
        ("a\u200bb\u00ad\ufeff", "ab"),
        ("a\r\n\r\n b  c\t d\f", "a\nb c d"),
        ("a\x00\x1b\ud800b", "ab"),
        ("", ""),
    ],
)
def test_texts_become_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(st.characters(), max_size=200))
def test_what_is_left_can_be_written_as_xml(text: str) -> None:
    from xml.etree import ElementTree

    element = ElementTree.Element("Message")
    element.text = clean(text)
    assert ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8")).text in (clean(text), None)


def test_an_english_text_with_typography_stays_cheap() -> None:
    assert encoding_of(plain("Don’t wait — it’s “open”… today • 9–18")) == "GSM-7"
