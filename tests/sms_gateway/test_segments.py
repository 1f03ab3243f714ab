"""Segments are counted as phones count them, by packing."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from sms_gateway.segments import GSM_BASIC, GSM_EXTENSION, encoding_of, measure

HOSTILE = st.text(
    st.one_of(
        st.sampled_from(sorted(GSM_BASIC)),
        st.sampled_from(sorted(GSM_EXTENSION)),
        st.sampled_from("აბგдəçşğı”–😀🇬🇪"),
    ),
    max_size=700,
)
GSM_ONLY = st.text(st.sampled_from(sorted(GSM_BASIC) + sorted(GSM_EXTENSION) * 8), max_size=700)


def test_the_alphabet_has_its_127_signs_and_10_pairs() -> None:
    assert len(GSM_BASIC) == 127  # and ESC, which is no sign
    assert len(GSM_EXTENSION) == 10


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("{" * 80, "GSM-7", 1),
        ("{" * 81, "GSM-7", 2),
        ("a" * 152 + "{" + "a" * 152, "GSM-7", 3),
        ("ა" * 70, "UCS-2", 1),
        ("ა" * 71, "UCS-2", 2),
        ("ა" * 134, "UCS-2", 2),
        ("ა" * 66 + "😀" + "ა" * 66, "UCS-2", 3),
        ("\x1b", "UCS-2", 1),
    ],
)
def test_segments_of_fixed_cases(text: str, encoding: str, count: int) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.count) == (encoding, count)


def _same_as_smsutil(text: str) -> None:
    # smsutil calls an empty text one part of UCS-2, and takes a raw ESC for a sign of GSM-7; neither is so.
    if not text or "\x1b" in text:
        return
    theirs, ours = smsutil.split(text), measure(text)
    assert ours.encoding == ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2")
    assert list(ours.parts) == [part.content for part in theirs.parts]


@given(HOSTILE)
@example("a" * 152 + "{")
def test_packing_equals_smsutil_on_hostile_texts(text: str) -> None:
    _same_as_smsutil(text)


@given(GSM_ONLY)
def test_packing_equals_smsutil_within_gsm(text: str) -> None:
    _same_as_smsutil(text)


@given(st.text(max_size=400))
def test_packing_equals_smsutil_on_any_text(text: str) -> None:
    _same_as_smsutil(text)


@given(HOSTILE)
def test_parts_make_the_text_and_each_fits(text: str) -> None:
    measured = measure(text)
    assert "".join(measured.parts) == text
    for part in measured.parts:
        units = measure(part).units if encoding_of(part) == measured.encoding else len(part)
        assert units <= (160 if measured.encoding == "GSM-7" else 70)


def test_the_costly_signs_are_named() -> None:
    assert measure("It’s “open”").costly == "’“”"
    assert measure("It's open").costly == ""
