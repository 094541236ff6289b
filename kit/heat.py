"""A heat table: every figure printed, the shade only says where to look first. It is its own twin as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kit.drawing import Figure
from kit.words import dollars

# A cell darkens where it passes this share of the largest figure: five steps of one hue, nothing below the first.
EDGES: Final = (Decimal("0.03"), Decimal("0.10"), Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))


def whole_dollars(value: Figure) -> str:
    """`$1,234`: what a cell has room for."""
    return dollars(value, whole=True)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A figure as text, how dark it is (0 to 5) and where its rows are ("" for nowhere)."""

    text: str
    level: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A line of the table."""

    label: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The table with its sums; title states the finding, ``about`` names the region for who cannot see it."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    foot: tuple[str, ...]
    note: str = ""


def heat(
    rows: Sequence[tuple[str, Sequence[Figure]]],
    *,
    title: str,
    about: str,
    columns: Sequence[str],
    note: str = "",
    href: Callable[[int, int], str] | None = None,
    write: Callable[[Figure], str] = whole_dollars,
) -> Heat:
    """Shade the figures against the largest and add them up; ``columns`` begins with the rows' own heading.

    href(row, column) is where a figure's rows are shown.
    """
    top = max((figure for _, figures in rows for figure in figures), default=0)
    sums = [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]
    return Heat(
        title=title,
        about=about,
        columns=tuple(columns),
        rows=tuple(
            HeatRow(
                label=label,
                cells=tuple(
                    HeatCell(write(figure), level(figure, top=top), href(y, x) if href else "")
                    for x, figure in enumerate(figures)
                ),
            )
            for y, (label, figures) in enumerate(rows)
        ),
        foot=(f"Total {write(sum(sums))}", *map(write, sums)),
        note=note,
    )


def level(figure: Figure, *, top: Figure) -> int:
    """How dark a figure is beside the largest one."""
    return sum(figure > top * edge for edge in EDGES)
