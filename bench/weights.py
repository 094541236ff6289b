"""What a page weighs as a browser sees it: bytes cold and warm, requests, nodes, shifts, long tasks (G10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page

# Measured value -> what it may be at most.
LIMITS: Final[Mapping[str, float]] = {
    "cold_kb": 130,
    "warm_kb": 30,
    "requests": 10,
    "nodes": 1_500,
    "shift": 0.05,
}
LONG_TASK_MS: Final = 50  # told, not judged: a busy machine makes any task long
WATCH: Final = """
  window.__seen = { shift: 0, long: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    if (!each.hadRecentInput) window.__seen.shift += each.value;
  })).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    window.__seen.long = Math.max(window.__seen.long, each.duration);
  })).observe({ type: "longtask", buffered: true });
"""


@dataclass(frozen=True)
class Weight:
    """One page; kilobytes are thousands of bytes, headers included."""

    cold_kb: float
    warm_kb: float
    requests: int
    nodes: int
    shift: float
    long_task_ms: float

    @property
    def too_much(self) -> dict[str, float]:
        """What is above its limit."""
        return {name: getattr(self, name) for name, most in LIMITS.items() if getattr(self, name) > most}


class Scales:
    """Counts what a page of this context takes from the network."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bytes = self.requests = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._sent)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _sent(self, event: dict[str, Any]) -> None:
        self.requests += not event["request"]["url"].startswith("data:")

    def load(self, address: str) -> tuple[float, int]:
        """Kilobytes and requests of one loading."""
        self.bytes = self.requests = 0
        answer = self.page.goto(address, wait_until="networkidle")
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status if answer else 'no answer'}")
        return self.bytes / 1000, self.requests


def weigh(context: BrowserContext, *, address: str) -> Weight:
    """Load a page into an empty cache and once more; the context must be fresh."""
    page = context.new_page()
    page.add_init_script(WATCH)
    scales = Scales(page)
    cold, requests = scales.load(address)
    seen = page.evaluate("window.__seen")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    warm, _ = scales.load(address)
    page.close()
    return Weight(
        cold_kb=round(cold, 1),
        warm_kb=round(warm, 1),
        requests=requests,
        nodes=nodes,
        shift=round(seen["shift"], 3),
        long_task_ms=round(seen["long"]),
    )
