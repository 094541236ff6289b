"""How a number of a series is written: ``INV-2026-00042``."""

from __future__ import annotations

from dataclasses import dataclass

WIDEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Letters in front, whether the year stands in it (and it begins again each year), and how many digits."""

    prefix: str = ""
    yearly: bool = False
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series as its app declares it. ``above``: its first number, while it is not yearly, is one more than this."""

    code: str
    title: str
    style: Format
    above: int = 0


def counter(series: Series, *, style: Format, year: int) -> str:
    """The counter a number comes from. Another one each year: formats changed to and fro never repeat a number."""
    return f"{series.code}:{year}" if style.yearly else series.code


def written(number: int, *, series: Series, style: Format, year: int) -> str:
    """A counter's number as text. Prefixes are letters only, so no two formats of a series write the same."""
    figure = number if style.yearly else series.above + number
    parts = [style.prefix, str(year) if style.yearly else "", f"{figure:0{style.width}}"]
    return "-".join(part for part in parts if part)
