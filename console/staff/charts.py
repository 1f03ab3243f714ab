"""The geometry of plots, which templates draw as SVG: columns by day and bars by kind, told apart by pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 720, 240
LEFT, BOTTOM, TOP, RIGHT = 54, 34, 10, 6
"""Room around the columns, for the numbers and the days."""

PATTERNS = 3
"""So many fills can be told apart without colour: full, striped, dotted."""

MOST_LABELS = 8
BAR_WIDTH, BAR_HEIGHT, BAR_GAP, BAR_LEFT, BAR_RIGHT = 500, 18, 8, 210, 50


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a fill (0 to PATTERNS - 1) and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    fill: int
    title: str

    @property
    def place(self) -> Markup:
        """Its attributes in SVG; a plot has hundreds of boxes, and a template is slow with numbers."""
        return Markup(  # noqa: S704  nothing but numbers
            f'x="{self.x:.1f}" y="{self.y:.1f}" width="{self.width:.1f}" height="{self.height:.1f}" '
            f'fill="url(#fill-{self.fill})"'
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place."""

    x: float
    y: float
    text: str

    @property
    def place(self) -> Markup:
        """Its attributes in SVG."""
        return Markup(f'x="{self.x:.1f}" y="{self.y:.1f}"')  # noqa: S704  nothing but numbers


@dataclass(frozen=True, slots=True)
class Plot:
    """All that is drawn; ``legend`` names the fills in their order, and is empty where there is only one."""

    width: int
    height: int
    boxes: Sequence[Box]
    across: Sequence[Mark]
    down: Sequence[Mark]
    legend: Sequence[str]
    values: Sequence[Mark] = ()
    kind: str = "columns"


def columns(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], most: float | None = None, unit: str = ""
) -> Plot:
    """Stacked columns, one for each label; ``most`` is the top of the scale where it does not follow the data.

    At most PATTERNS series can be told apart.
    """
    if len(series) > PATTERNS:
        raise ValueError(f"more than {PATTERNS} series cannot be told apart")
    highest = max((sum(values) for values in zip(*(row for _, row in series), strict=True)), default=0)
    top = most or _round_up(highest)
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    deep = HEIGHT - TOP - BOTTOM
    boxes: list[Box] = []
    for at, label in enumerate(labels):
        base = float(HEIGHT - BOTTOM)
        for fill, (name, values) in enumerate(series):
            tall = deep * values[at] / top
            base -= tall
            if tall:
                title = f"{label}, {name}: {_number(values[at])}{unit}"
                boxes.append(Box(LEFT + step * at + step * 0.1, base, step * 0.8, tall, fill, title))
    every = -(-len(labels) // MOST_LABELS) or 1
    across = [
        Mark(LEFT + step * (at + 0.5), HEIGHT - 10, label) for at, label in enumerate(labels) if at % every == 0
    ]
    down = [Mark(LEFT - 6, HEIGHT - BOTTOM - deep * part, _number(top * part) + unit) for part in (0, 0.5, 1)]
    return Plot(WIDTH, HEIGHT, boxes, across, down, [name for name, _ in series] if len(series) > 1 else ())


def bars(rows: Sequence[tuple[str, float]], unit: str = "") -> Plot:
    """Bars beside their labels, in the order given."""
    top = max((value for _, value in rows), default=0) or 1
    wide = BAR_WIDTH - BAR_LEFT - BAR_RIGHT
    boxes, down, values = [], [], []
    for at, (label, value) in enumerate(rows):
        y = at * (BAR_HEIGHT + BAR_GAP) + BAR_GAP / 2
        long = wide * value / top
        boxes.append(Box(BAR_LEFT, y, long, BAR_HEIGHT, 0, f"{label}: {_number(value)}{unit}"))
        down.append(Mark(BAR_LEFT - 8, y + BAR_HEIGHT / 2, label))
        values.append(Mark(BAR_LEFT + long + 6, y + BAR_HEIGHT / 2, _number(value) + unit))
    height = max(len(rows), 1) * (BAR_HEIGHT + BAR_GAP)
    return Plot(BAR_WIDTH, height, boxes, (), down, (), values, "bars")


def _round_up(value: float) -> float:
    """The next 2, 4, 10, 20, 40, 100 ... that is not below: half of it is a whole number too."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= value:
                return step * size
        size *= 10


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
