"""Charts drawn on the server as SVG, the same markup for page, mail and PDF.

Every shape carries literal colours as presentation attributes (the light palette of tokens.css, as hex)
and a class. On a page the style sheet wins over presentation attributes, so dark mode works; in a mail
or a PDF no such rule exists and the literals show. Figures come in as Decimal or int; pixels are float.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from django.utils.safestring import SafeString

from kit.status import Tone
from kit.svg import AttrValue, element
from kit.words import dollars

Figure = Decimal | int
Written = Callable[[Figure], str]
Kind = Literal["total", "change"]

INK: Final = "#1a2327"
INK_2: Final = "#4d575c"
GREY: Final = "#646d72"
LINE: Final = "#c8cfd1"
BAND: Final = "#eff0f0"
ACCENT: Final = "#00626a"
CANVAS: Final = "#ffffff"
BAD: Final = "#cd3130"
MARKS: Final[dict[Tone, str]] = {
    "muted": ACCENT, "info": ACCENT, "ok": ACCENT, "warn": "#bd6c00", "bad": BAD,
}
FONT: Final = "-apple-system, 'Segoe UI', Inter, Roboto, Arial, sans-serif"
WIDTH: Final = 660


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


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps figures from low to high onto pixels from bottom (larger) to top."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: Figure | float) -> float:
        """The height of a value; a flat series lies in the middle."""
        if self.high == self.low:
            return (self.top + self.bottom) / 2
        return self.bottom - (float(value) - self.low) / (self.high - self.low) * (self.bottom - self.top)


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
        parts.append(_polyline(places, width=1.5))
    parts.append(_dot(places[-1], tone=tone, radius=3))
    attrs: dict[str, AttrValue] = {
        "class": "wr-spark wr-chart", "viewBox": "0 0 88 28", "width": 88, "height": 28, "aria-hidden": "true",
    }
    return element("svg", attrs=attrs, children=parts)


def line(
    points: Sequence[Point], *, title: str, band: Band | None = None, tone: Tone = "muted",
    write: Written = dollars, value_name: str = "Value", note: str = "",
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
    parts.append(_rule("ax", y=90, left=left, right=right, colour=LINE))
    if len(places) > 1:
        parts.append(_polyline(places, width=1.75))
    parts.append(_dot(places[-1], tone=tone, radius=3.5))
    parts.append(_text(write(points[-1].value), x=places[-1][0] + 8, y=places[-1][1] + 4, role="lab"))
    every = -(-len(points) // 13)  # at most thirteen labels fit
    parts += [
        _text(point.label, x=place[0], y=106, anchor="middle")
        for i, (point, place) in enumerate(zip(points, places, strict=True))
        if (len(points) - 1 - i) % every == 0
    ]
    rows = tuple((point.label, write(point.value)) for point in points)
    return Chart(_svg(parts, height=112, title=title), title, Table(("Period", value_name), rows), note)


def bars(
    points: Sequence[Point], *, title: str, write: Written = dollars, value_name: str = "Value", note: str = ""
) -> Chart:
    """Columns from zero, negative ones hanging below the axis. Raises ValueError on no points."""
    if not points:
        raise ValueError("bars need points")
    values = [point.value for point in points]
    scale = Scale(low=float(min(0, *values)), high=float(max(0, *values)), top=20, bottom=140)
    axis = scale.y(0) if scale.high != scale.low else 140.0
    slot = WIDTH / len(points)
    wide = min(56.0, slot * 0.56)
    parts = [_rule("ax0", y=axis, left=0, right=WIDTH, colour=GREY)]
    for i, point in enumerate(points):
        middle = slot * (i + 0.5)
        y = scale.y(point.value) if scale.high != scale.low else axis
        parts.append(_box("down" if point.value < 0 else "up", x=middle - wide / 2, y=min(y, axis), w=wide, h=abs(axis - y)))
        parts.append(_text(write(point.value), x=middle, y=y - 6 if point.value >= 0 else y + 13, anchor="middle", role="lab"))
        parts += _caption(point.label, x=middle, y=172)
    rows = tuple((point.label, write(point.value)) for point in points)
    return Chart(_svg(parts, height=190, title=title), title, Table(("", value_name), rows), note)


def waterfall(
    steps: Sequence[Step], *, title: str, cut: Figure | None = None, write: Written | None = None, note: str = ""
) -> Chart:
    """From one total to another, change by change. `cut` starts the axis above zero, which is marked on the
    totals and said below. Raises ValueError when the steps do not add up to a later total, when the first
    is no total, or when the cut is not below every column."""
    totals = _running(steps)
    low = _cut_low(totals, cut=cut)
    written = write or (lambda value: dollars(value, whole=True))
    scale = Scale(low=low, high=float(max(0, *(max(pair) for pair in totals))), top=20, bottom=156)
    axis = scale.y(low if cut else 0)
    slot = WIDTH / len(steps)
    parts = [_rule("ax0", y=axis, left=0, right=WIDTH, colour=GREY)]
    for i, (step, (before, after)) in enumerate(zip(steps, totals, strict=True)):
        middle, last = slot * (i + 0.5), i == len(steps) - 1
        parts += _column(step, scale=scale, axis=axis, middle=middle, before=before, after=after, cut=bool(cut))
        if not last:
            parts.append(_rule("link", y=scale.y(after), left=middle + slot * 0.28, right=middle + slot * 0.72, colour=LINE))
        label = written(step.value) if step.kind == "total" else _signed(step.value, write=written)
        parts.append(_text(label, x=middle, y=scale.y(max(before, after)) - 6, anchor="middle", role="lab"))
        parts += _caption(step.label, x=middle, y=172)
    said = f"The totals are cut below {written(cut)}." if cut else ""
    rows = tuple(
        (step.label, written(step.value) if step.kind == "total" else _signed(step.value, write=written), written(after))
        for step, (_, after) in zip(steps, totals, strict=True)
    )
    drawn = _svg(parts, height=190, title=title)
    return Chart(drawn, title, Table(("Step", "Change", "Running total"), rows), f"{note} {said}".strip())


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


def _cut_low(totals: Sequence[tuple[Figure, Figure]], *, cut: Figure | None) -> float:
    if not cut:
        return float(min(0, *(min(pair) for pair in totals)))
    lowest = min(min(start, end) if start else end for start, end in totals)
    if not 0 < cut < lowest:
        raise ValueError(f"the cut must lie between 0 and {lowest}")
    return float(cut)


def _column(
    step: Step, *, scale: Scale, axis: float, middle: float, before: Figure, after: Figure, cut: bool
) -> list[SafeString]:
    wide = 37.0
    if step.kind == "total":
        y = scale.y(after)
        drawn = [_box("tot", x=middle - wide / 2, y=min(y, axis), w=wide, h=abs(axis - y))]
        if cut:
            x = middle - wide / 2 - 3
            d = f"M{x:.1f} {axis - 12:.1f} l43 -5 M{x:.1f} {axis - 8:.1f} l43 -5"
            drawn.append(element("path", attrs={"class": "cut", "d": d, "stroke": CANVAS, "stroke-width": 2, "fill": "none"}))
        return drawn
    top, bottom = scale.y(max(before, after)), scale.y(min(before, after))
    return [_box("down" if step.value < 0 else "up", x=middle - wide / 2, y=top, w=wide, h=bottom - top)]


def _signed(value: Figure, *, write: Written) -> str:
    return ("+" if value > 0 else "") + write(value)


def _scale(values: Sequence[Figure], *, band: Band | None, top: float, bottom: float) -> Scale:
    edges = [edge for edge in (band.low, band.high) if edge is not None] if band else []
    everything = [float(value) for value in (*values, *edges)]
    return Scale(low=min(everything), high=max(everything), top=top, bottom=bottom)


def _band(scale: Scale, *, band: Band, left: float, right: float) -> list[SafeString]:
    top = scale.y(band.high) if band.high is not None else scale.top
    bottom = scale.y(band.low) if band.low is not None else scale.bottom
    attrs: dict[str, AttrValue] = {
        "class": "band", "x": left, "y": top, "width": right - left, "height": max(0.0, bottom - top), "fill": BAND,
    }
    return [element("rect", attrs=attrs)]


def _band_words(band: Band, *, scale: Scale, left: float, write: Written) -> list[SafeString]:
    parts = [
        _text(write(edge), x=left - 6, y=scale.y(edge) + 4, anchor="end")
        for edge in (band.low, band.high)
        if edge is not None
    ]
    top = scale.y(band.high) if band.high is not None else scale.top
    return [*parts, _text(band.label, x=left + 6, y=top + 14)] if band.label else parts


def _polyline(places: Sequence[tuple[float, float]], *, width: float) -> SafeString:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    attrs: dict[str, AttrValue] = {
        "class": "ln", "points": path, "fill": "none", "stroke": ACCENT, "stroke-width": f"{width}",
        "stroke-linejoin": "round", "stroke-linecap": "round",
    }
    return element("polyline", attrs=attrs)


def _dot(place: tuple[float, float], *, tone: Tone, radius: float) -> SafeString:
    mark = f"pt pt--{tone}" if tone in ("warn", "bad") else "pt"
    attrs: dict[str, AttrValue] = {
        "class": mark, "cx": place[0], "cy": place[1], "r": radius, "fill": MARKS[tone], "stroke": CANVAS,
        "stroke-width": "1.5",
    }
    return element("circle", attrs=attrs)


def _box(role: str, *, x: float, y: float, w: float, h: float) -> SafeString:
    fill = {"tot": GREY, "up": ACCENT, "down": BAD}[role]
    return element("rect", attrs={"class": role, "x": x, "y": y, "width": w, "height": h, "rx": "1.5", "fill": fill})


def _rule(role: str, *, y: float, left: float, right: float, colour: str) -> SafeString:
    return element("line", attrs={"class": role, "x1": left, "x2": right, "y1": y, "y2": y, "stroke": colour})


def _text(words: str, *, x: float, y: float, anchor: str | None = None, role: Literal["lab", "sub"] = "sub") -> SafeString:
    label = role == "lab"
    attrs: dict[str, AttrValue] = {
        "class": role, "x": x, "y": y, "text-anchor": anchor, "font-family": FONT, "font-size": "11.5" if label else 11,
        "font-weight": 600 if label else None, "fill": INK if label else INK_2,
    }
    return element("text", attrs=attrs, children=[words])


def _caption(label: str, *, x: float, y: float) -> list[SafeString]:
    """A label below its column, on two lines when it has more than one word."""
    words = label.split()
    half = -(-len(words) // 2)
    lines = [" ".join(words[:half]), " ".join(words[half:])]
    return [_text(words, x=x, y=y + 13 * i, anchor="middle") for i, words in enumerate(lines) if words]


def _svg(parts: Sequence[SafeString], *, height: int, title: str) -> SafeString:
    attrs: dict[str, AttrValue] = {
        "class": "wr-chart", "viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": title,
    }
    return element("svg", attrs=attrs, children=parts)
