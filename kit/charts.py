"""Charts drawn on the server as SVG, the same markup for page, mail and PDF (kit/drawing.py says how).

Figures come in as Decimal or int; every chart carries its finding as title and its figures as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.safestring import SafeString

from kit.drawing import (
    BAND,
    CANVAS,
    GREY,
    LINE,
    WIDTH,
    Figure,
    Scale,
    box,
    caption,
    dot,
    picture,
    polyline,
    rule,
    text,
)
from kit.status import Tone
from kit.svg import AttrValue, element
from kit.words import dollars

Written = Callable[[Figure], str]
Kind = Literal["total", "change"]
COLUMN: Final = 37.0


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as a table, already written as text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: markup, the finding as its title, its twin as a table, a note below it."""

    svg: SafeString
    title: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A target: between low and high, or open on one side."""

    low: Figure | None = None
    high: Figure | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line or one bar."""

    label: str
    value: Figure


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a waterfall: a total stands on the axis, a change hangs on the one before."""

    label: str
    value: Figure
    kind: Kind = "change"


def sparkline(values: Sequence[Figure], *, band: Band | None = None, tone: Tone = "muted") -> SafeString:
    """A line of 88 by 28 with the target as a grey band and the last point in tone. It stands beside its
    figure and is hidden from screen readers. One value draws its point alone. Raises ValueError on none."""
    if not values:
        raise ValueError("a sparkline needs a value")
    scale = _scale(values, band=band, top=3.7, bottom=24.3)
    step = 82 / (len(values) - 1) if len(values) > 1 else 0.0
    places = [(2 + i * step if len(values) > 1 else 84.0, scale.y(value)) for i, value in enumerate(values)]
    parts = _band(scale, band=band, left=0, right=88) if band else []
    if len(places) > 1:
        parts.append(polyline(places, width=1.5))
    parts.append(dot(places[-1], tone=tone, radius=3))
    attrs: dict[str, AttrValue] = {
        "class": "wr-spark wr-chart",
        "viewBox": "0 0 88 28",
        "width": 88,
        "height": 28,
        "aria-hidden": "true",
    }
    return element("svg", attrs=attrs, children=parts)


def line(
    points: Sequence[Point],
    *,
    title: str,
    band: Band | None = None,
    tone: Tone = "muted",
    write: Written = dollars,
    value_name: str = "Value",
    note: str = "",
) -> Chart:
    """A line over time with its target band; the last point is labelled. Raises ValueError on no points."""
    if not points:
        raise ValueError("a line needs points")
    scale = _scale([point.value for point in points], band=band, top=15.2, bottom=83)
    left, right = 56.0, 600.0
    step = (right - left) / max(1, len(points) - 1)
    places = [(left + i * step, scale.y(point.value)) for i, point in enumerate(points)]
    parts = _band(scale, band=band, left=left, right=right) if band else []
    parts += _band_words(band, scale=scale, left=left, write=write) if band else []
    parts.append(rule("ax", y=90, left=left, right=right, colour=LINE))
    if len(places) > 1:
        parts.append(polyline(places, width=1.75))
    parts.append(dot(places[-1], tone=tone, radius=3.5))
    parts.append(text(write(points[-1].value), x=places[-1][0] + 8, y=places[-1][1] + 4, role="lab"))
    every = -(-len(points) // 13)  # at most thirteen labels fit
    parts += [
        text(point.label, x=place[0], y=106, anchor="middle")
        for i, (point, place) in enumerate(zip(points, places, strict=True))
        if (len(points) - 1 - i) % every == 0
    ]
    rows = tuple((point.label, write(point.value)) for point in points)
    return Chart(picture(parts, height=112, title=title), title, Table(("Period", value_name), rows), note)


def bars(
    points: Sequence[Point],
    *,
    title: str,
    write: Written = dollars,
    value_name: str = "Value",
    note: str = "",
) -> Chart:
    """Columns from zero, negative ones hanging below the axis. Raises ValueError on no points."""
    if not points:
        raise ValueError("bars need points")
    values = [point.value for point in points]
    scale = Scale(low=float(min(0, *values)), high=float(max(0, *values)), top=20, bottom=140)
    slot = WIDTH / len(points)
    parts = [rule("ax0", y=scale.y(0), left=0, right=WIDTH, colour=GREY)]
    for i, point in enumerate(points):
        parts += _bar(point, scale=scale, middle=slot * (i + 0.5), wide=min(56.0, slot * 0.56), write=write)
    rows = tuple((point.label, write(point.value)) for point in points)
    return Chart(picture(parts, height=190, title=title), title, Table(("", value_name), rows), note)


def _bar(point: Point, *, scale: Scale, middle: float, wide: float, write: Written) -> list[SafeString]:
    y, axis, below = scale.y(point.value), scale.y(0), point.value < 0
    shape = box("down" if below else "up", x=middle - wide / 2, y=min(y, axis), w=wide, h=abs(axis - y))
    label = text(write(point.value), x=middle, y=y + 13 if below else y - 6, anchor="middle", role="lab")
    return [shape, label, *caption(point.label, x=middle, y=172)]


def waterfall(
    steps: Sequence[Step],
    *,
    title: str,
    cut: Figure | None = None,
    write: Written | None = None,
    note: str = "",
) -> Chart:
    """From one total to another, change by change. `cut` starts the axis above zero, which is marked on the
    totals and said below. Raises ValueError when the steps do not add up to a later total, when the first
    is no total, or when the cut is not below every column."""
    columns = _columns(steps, write=write or (lambda value: dollars(value, whole=True)))
    low = _cut_low(columns, cut=cut)
    scale = Scale(low=low, high=float(max(0, *(column.top for column in columns))), top=20, bottom=156)
    axis, slot = scale.y(low if cut else 0), WIDTH / len(columns)
    parts = [rule("ax0", y=axis, left=0, right=WIDTH, colour=GREY)]
    for i, column in enumerate(columns):
        middle = slot * (i + 0.5)
        parts += _column(column, scale=scale, axis=axis, middle=middle, cut=bool(cut))
        if i < len(columns) - 1:
            left, right = middle + slot * 0.28, middle + slot * 0.72
            parts.append(rule("link", y=scale.y(column.after), left=left, right=right, colour=LINE))
    said = f"The totals are cut below {dollars(cut, whole=True)}." if cut else ""
    table = Table(
        ("Step", "Change", "Running total"),
        tuple((column.step.label, column.written, column.running) for column in columns),
    )
    return Chart(picture(parts, height=190, title=title), title, table, f"{note} {said}".strip())


@dataclass(frozen=True, slots=True)
class _Column:
    """A step with where it starts and ends, and its figures as text."""

    step: Step
    before: Figure
    after: Figure
    written: str
    running: str

    @property
    def top(self) -> Figure:
        return max(self.before, self.after)

    @property
    def bottom(self) -> Figure:
        return min(self.before, self.after)


def _columns(steps: Sequence[Step], *, write: Written) -> list[_Column]:
    spans = _running(steps)
    return [
        _Column(
            step=step,
            before=before,
            after=after,
            written=("+" if step.kind == "change" and step.value > 0 else "") + write(step.value),
            running=write(after),
        )
        for step, (before, after) in zip(steps, spans, strict=True)
    ]


def _running(steps: Sequence[Step]) -> list[tuple[Figure, Figure]]:
    """Where each column starts and ends."""
    if not steps or steps[0].kind != "total":
        raise ValueError("a waterfall starts with a total")
    found: list[tuple[Figure, Figure]] = []
    standing: Figure = steps[0].value
    for i, step in enumerate(steps):
        if step.kind == "total":
            if i and step.value != standing:
                raise ValueError(f"the steps lead to {standing}, not to {step.value} ({step.label})")
            found.append((0, step.value))
        else:
            found.append((standing, standing + step.value))
            standing += step.value
    return found


def _cut_low(columns: Sequence[_Column], *, cut: Figure | None) -> float:
    """Where the axis starts. A cut may not run through a change or take a total away."""
    if not cut:
        return float(min(0, *(column.bottom for column in columns)))
    lowest = min(column.after if column.step.kind == "total" else column.bottom for column in columns)
    if not 0 < cut < lowest:
        raise ValueError(f"the cut must lie between 0 and {lowest}")
    return float(cut)


def _column(column: _Column, *, scale: Scale, axis: float, middle: float, cut: bool) -> list[SafeString]:
    left, wide = middle - COLUMN / 2, COLUMN
    label = text(column.written, x=middle, y=scale.y(column.top) - 6, anchor="middle", role="lab")
    words = [label, *caption(column.step.label, x=middle, y=172)]
    if column.step.kind == "change":
        top, bottom = scale.y(column.top), scale.y(column.bottom)
        return [box("down" if column.step.value < 0 else "up", x=left, y=top, w=wide, h=bottom - top), *words]
    y = scale.y(column.after)
    shape = box("tot", x=left, y=min(y, axis), w=wide, h=abs(axis - y))
    return [shape, *([_cut_mark(left - 3, axis=axis)] if cut else []), *words]


def _cut_mark(x: float, *, axis: float) -> SafeString:
    """Two slanted lines in the colour of the ground: here the column is shorter than its figure."""
    d = f"M{x:.1f} {axis - 12:.1f} l43 -5 M{x:.1f} {axis - 8:.1f} l43 -5"
    return element(
        "path", attrs={"class": "cut", "d": d, "stroke": CANVAS, "stroke-width": 2, "fill": "none"}
    )


def _scale(values: Sequence[Figure], *, band: Band | None, top: float, bottom: float) -> Scale:
    edges = [edge for edge in (band.low, band.high) if edge is not None] if band else []
    everything = [float(value) for value in (*values, *edges)]
    return Scale(low=min(everything), high=max(everything), top=top, bottom=bottom)


def _band(scale: Scale, *, band: Band, left: float, right: float) -> list[SafeString]:
    top = scale.y(band.high) if band.high is not None else scale.top
    bottom = scale.y(band.low) if band.low is not None else scale.bottom
    attrs: dict[str, AttrValue] = {
        "class": "band",
        "x": left,
        "y": top,
        "width": right - left,
        "height": max(0.0, bottom - top),
        "fill": BAND,
    }
    return [element("rect", attrs=attrs)]


def _band_words(band: Band, *, scale: Scale, left: float, write: Written) -> list[SafeString]:
    parts = [
        text(write(edge), x=left - 6, y=scale.y(edge) + 4, anchor="end")
        for edge in (band.low, band.high)
        if edge is not None
    ]
    top = scale.y(band.high) if band.high is not None else scale.top
    return [*parts, text(band.label, x=left + 6, y=top + 14)] if band.label else parts
