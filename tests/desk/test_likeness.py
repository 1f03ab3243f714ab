"""Questions that say nearly the same stand together, in any script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk.likeness import grouped
from desk.questions import Asked

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def asked(text: str, count: int = 1, language: str = "ka", hours_ago: int = 0) -> Asked:
    return Asked(text, language, "none", count, hours_ago + 1, NOON - timedelta(hours=hours_ago))


def test_scripts_signs_order_and_small_errors_do_not_part_them() -> None:
    groups = grouped(
        [
            asked("ვირის ტაქსი გაქვთ?", 3),
            asked("viris taqsi gaqvt", 2, "ka-Latn"),
            asked("გაქვთ ვირის ტაკსი", 1),
            asked("დინოზავრის კვერცხი", 4),
        ]
    )
    assert [group.first.text for group in groups] == ["ვირის ტაქსი გაქვთ?", "დინოზავრის კვერცხი"]
    assert (groups[0].count, groups[0].languages) == (6, {"ka": 4, "ka-Latn": 2})


def test_the_newest_or_the_most_asked_come_first() -> None:
    questions = [asked("old and often", 5, "en", 9), asked("completely new thing", 1, "en", 1)]
    assert [group.first.text for group in grouped(questions)] == ["old and often", "completely new thing"]
    assert [group.first.text for group in grouped(questions, "newest")] == [
        "completely new thing",
        "old and often",
    ]


def test_signs_alone_are_no_reason_to_stand_together() -> None:
    assert len(grouped([asked("???"), asked("😀😀"), asked("!")])) == 3
    assert grouped([]) == []
