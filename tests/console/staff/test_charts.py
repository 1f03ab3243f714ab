"""Plots: everything within its frame, in proportion, told apart by pattern."""

from __future__ import annotations

import pytest

from console.staff import charts


def test_columns_are_stacked_in_proportion() -> None:
    plot = charts.columns(["Mon", "Tue"], [("SMS", [3, 0]), ("Telegram", [1, 2])])
    assert [(box.fill, box.title) for box in plot.boxes] == [
        (0, "Mon, SMS: 3"),
        (1, "Mon, Telegram: 1"),
        (1, "Tue, Telegram: 2"),
    ]
    sms, telegram, tuesday = plot.boxes
    assert sms.height == pytest.approx(3 * telegram.height)
    assert telegram.y + telegram.height == pytest.approx(sms.y)
    assert tuesday.height == pytest.approx(2 * telegram.height)
    assert [mark.text for mark in plot.down] == ["0", "2", "4"]
    assert plot.legend == ["SMS", "Telegram"]


@pytest.mark.parametrize("days", [1, 7, 30, 90])
@pytest.mark.parametrize("highest", [0, 1, 7, 99, 12_345])
def test_nothing_leaves_the_frame(days: int, highest: int) -> None:
    plot = charts.columns([str(day) for day in range(days)], [("all", [float(highest)] * days)])
    for box in plot.boxes:
        assert 0 <= box.x <= box.x + box.width <= plot.width
        assert 0 <= box.y <= box.y + box.height <= plot.height
    assert 1 <= len(plot.across) <= charts.MOST_LABELS
    assert len(plot.boxes) == (days if highest else 0)


def test_bars_carry_their_values() -> None:
    plot = charts.bars([("hours", 8), ("events", 2)])
    assert plot.boxes[0].width == pytest.approx(4 * plot.boxes[1].width)
    assert [mark.text for mark in plot.values] == ["8", "2"]
    assert plot.boxes[-1].y + plot.boxes[-1].height <= plot.height
    assert charts.bars([]).boxes == []
    assert charts.bars([("nothing", 0)]).boxes[0].width == 0


def test_no_more_series_than_patterns() -> None:
    with pytest.raises(ValueError, match="told apart"):
        charts.columns(["Mon"], [(str(number), [1.0]) for number in range(charts.PATTERNS + 1)])
