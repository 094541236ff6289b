"""Timing that can be trusted on a noisy machine: interleaved rounds, plain percentiles, ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ROUNDS = 5
NOISY = 1.5  # a ratio counts only when its rounds agree this well


@dataclass(frozen=True)
class Timing:
    """One contender's times in milliseconds, round by round."""

    rounds: tuple[tuple[float, ...], ...]

    @property
    def all(self) -> list[float]:
        """Every measured time, sorted."""
        return sorted(one for each in self.rounds for one in each)

    def percentile(self, share: float) -> float:
        """The plain percentile (0 to 1) over all rounds."""
        times = self.all
        return times[min(len(times) - 1, int(share * len(times)))]

    @property
    def medians(self) -> list[float]:
        """Each round's median."""
        return [statistics.median(each) for each in self.rounds]


@dataclass(frozen=True)
class Line:
    """One row of the result: an operation, its floor, ours, the ratio and the limit it must keep."""

    operation: str
    floor: float
    ours: float
    limit: float
    percentile: str = "p50"
    n: int = 0
    spread: float = 1.0
    note: str = ""
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """Ours over the floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def verdict(self) -> str:
        """pass, MISS, or noisy: rounds that disagree prove neither."""
        if self.spread > NOISY:
            return "noisy"
        return "pass" if self.ratio <= self.limit else "MISS"

    def as_dict(self) -> dict[str, object]:
        """For the history file."""
        return {
            "operation": self.operation, "percentile": self.percentile, "floor": round(self.floor, 3),
            "ours": round(self.ours, 3), "unit": self.unit, "ratio": round(self.ratio, 2), "limit": self.limit,
            "n": self.n, "spread": round(self.spread, 2), "verdict": self.verdict, "note": self.note,
        }  # fmt: skip


@dataclass
class Report:
    """What was measured, and facts that must simply hold (0 overbooked, no foreign row)."""

    lines: list[Line] = field(default_factory=list)
    facts: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a limit was missed or a fact does not hold."""
        return any(line.verdict == "MISS" for line in self.lines) or not all(held for _, held in self.facts)


def race(contenders: Mapping[str, Callable[[], object]], *, n: int, warm_up: int = 15) -> dict[str, Timing]:
    """Time each contender ``n`` times in all, in interleaved rounds; the warm-up is thrown away."""
    for run in contenders.values():
        for _ in range(warm_up):
            run()
    rounds: dict[str, list[tuple[float, ...]]] = {name: [] for name in contenders}
    each = max(1, n // ROUNDS)
    for _ in range(ROUNDS):
        for name, run in contenders.items():
            rounds[name].append(tuple(_timed(run) for _ in range(each)))
    return {name: Timing(tuple(times)) for name, times in rounds.items()}


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def compare(
    operation: str, *, floor: Timing, ours: Timing, limit: float, at: float = 0.5, note: str = ""
) -> Line:
    """One line of the table out of two timings, at a percentile (0.5 or 0.95)."""
    ratios = [mine / theirs for mine, theirs in zip(ours.medians, floor.medians, strict=True)]
    return Line(
        operation=operation,
        floor=floor.percentile(at),
        ours=ours.percentile(at),
        limit=limit,
        percentile=f"p{round(at * 100)}",
        n=len(ours.all),
        spread=max(ratios) / min(ratios),
        note=note,
    )


def table(report: Report) -> str:
    """The result as text."""
    head = f"{'operation':<52} {'':>4} {'floor':>9} {'ours':>9} {'ratio':>7} {'limit':>6}  verdict"
    rows = [
        f"{line.operation:<52} {line.percentile:>4} {line.floor:>9.2f} {line.ours:>9.2f} "
        f"{line.ratio:>6.2f}x {line.limit:>5.1f}x  {line.verdict} {line.note}".rstrip()
        for line in report.lines
    ]
    facts = [f"{'holds' if held else 'BROKEN':<7} {text}" for text, held in report.facts]
    return "\n".join([head, *rows, "", *facts])
