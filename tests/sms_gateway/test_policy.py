"""Machines are known by their words."""

from __future__ import annotations

import pytest

from sms_gateway import policy


@pytest.mark.parametrize(
    "text",
    ["AUTO-REPLY: I am away", "Это автоответ, перезвоню", "ავტომატური პასუხი: დაკავებული ვარ", "Avtomatik cavab"],
)
def test_a_machine_says_so(text: str) -> None:
    assert policy.written_by_machine(text)


@pytest.mark.parametrize("text", ["Kachreti", "where can I sign for automatic payment?", "ავტომობილის ნომერი", ""])
def test_people_are_not_taken_for_machines(text: str) -> None:
    assert not policy.written_by_machine(text)
