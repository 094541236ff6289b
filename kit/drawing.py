"""Shapes and colours of our charts: presentation attributes for mail and paper, classes for the page.

On a page the style sheet wins over presentation attributes, so dark mode works; in a mail or a PDF no such
rule exists and the literal colours (the light palette of tokens.css, as hex) show. All sizes are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from django.utils.safestring import SafeString

from kit.status import Tone
from kit.svg import AttrValue, element

Figure = Decimal | int
Role = Literal["tot", "up", "down"]

INK: Final = "#1a2327"
INK_2: Final = "#4d575c"
GREY: Final = "#646d72"
LINE: Final = "#c8cfd1"
BAND: Final = "#eff0f0"
ACCENT: Final = "#00626a"
CANVAS: Final = "#ffffff"
BAD: Final = "#cd3130"
MARKS: Final[dict[Tone, str]] = {
    "muted": ACCENT,
    "info": ACCENT,
    "ok": ACCENT,
    "warn": "#bd6c00",
    "bad": BAD,
}
FONT: Final = "-apple-system, 'Segoe UI', Inter, Roboto, Arial, sans-serif"
WIDTH: Final = 660


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


def polyline(places: Sequence[tuple[float, float]], *, width: float) -> SafeString:
    """The line of a chart."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    attrs: dict[str, AttrValue] = {
        "class": "ln",
        "points": path,
        "fill": "none",
        "stroke": ACCENT,
        "stroke-width": f"{width}",
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
    }
    return element("polyline", attrs=attrs)


def dot(place: tuple[float, float], *, tone: Tone, radius: float) -> SafeString:
    """A point; its colour is the tone."""
    mark = f"pt pt--{tone}" if tone in ("warn", "bad") else "pt"
    attrs: dict[str, AttrValue] = {
        "class": mark,
        "cx": place[0],
        "cy": place[1],
        "r": radius,
        "fill": MARKS[tone],
        "stroke": CANVAS,
        "stroke-width": "1.5",
    }
    return element("circle", attrs=attrs)


def box(role: Role, *, x: float, y: float, w: float, h: float) -> SafeString:
    """A column."""
    fill = {"tot": GREY, "up": ACCENT, "down": BAD}[role]
    return element(
        "rect", attrs={"class": role, "x": x, "y": y, "width": w, "height": h, "rx": "1.5", "fill": fill}
    )


def rule(role: str, *, y: float, left: float, right: float, colour: str) -> SafeString:
    """A horizontal line."""
    return element("line", attrs={"class": role, "x1": left, "x2": right, "y1": y, "y2": y, "stroke": colour})


def text(
    words: str, *, x: float, y: float, anchor: str | None = None, role: Literal["lab", "sub"] = "sub"
) -> SafeString:
    """Words: `lab` is a figure, `sub` an axis label."""
    label = role == "lab"
    attrs: dict[str, AttrValue] = {
        "class": role,
        "x": x,
        "y": y,
        "text-anchor": anchor,
        "font-family": FONT,
        "font-size": "11.5" if label else 11,
        "font-weight": 600 if label else None,
        "fill": INK if label else INK_2,
    }
    return element("text", attrs=attrs, children=[words])


def caption(label: str, *, x: float, y: float) -> list[SafeString]:
    """A label below its column, on two lines as even as its words allow."""
    words = label.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words) + 1)]
    lines = min(splits, key=lambda pair: max(len(pair[0]), len(pair[1])), default=())
    return [text(part, x=x, y=y + 13 * i, anchor="middle") for i, part in enumerate(lines) if part]


def picture(parts: Sequence[SafeString], *, height: int, title: str) -> SafeString:
    """The whole drawing, named by its title."""
    attrs: dict[str, AttrValue] = {
        "class": "wr-chart",
        "viewBox": f"0 0 {WIDTH} {height}",
        "role": "img",
        "aria-label": title,
    }
    return element("svg", attrs=attrs, children=parts)
