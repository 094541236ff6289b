"""What the web processes of this machine have answered since they started, for the operator's status page.

Each process keeps its own counters and writes them to a file every few seconds; the page adds them up. No ids.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import os
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

WRITE_SECONDS = 2.0
# Upper edges of the time buckets in milliseconds, each a quarter above the last: 1 ms to over a minute.
EDGES = [1.25**step for step in range(50)]

_lock = threading.Lock()
_counts: Counter[str] = Counter()
_buckets: Counter[int] = Counter()
_state = {"pid": 0, "began": 0.0, "written": 0.0}


def count_request(*, status: int, seconds: float, foreign: bool) -> None:
    """Count one answered request. ``foreign``: it was refused because it asked for another practice."""
    with _lock:
        _begin()
        _counts["requests"] += 1
        _counts["server_errors"] += status >= 500 and status != 503
        _counts["unavailable"] += status == 503
        _counts["foreign_practice"] += foreign
        _buckets[bisect.bisect_left(EDGES, seconds * 1000)] += 1
        due = time.monotonic() - _state["written"] > WRITE_SECONDS
        if due:
            _state["written"] = time.monotonic()
            content = json.dumps(_own())
    if due:
        _write(content)


def _begin() -> None:
    """A forked process starts from nothing: its parent's figures are its parent's."""
    if _state["pid"] != os.getpid():
        _counts.clear()
        _buckets.clear()
        _state.update(pid=os.getpid(), began=time.time(), written=0.0)


def _own() -> dict[str, Any]:
    return {
        "began": _state["began"],
        "counts": dict(_counts),
        "buckets": {str(k): v for k, v in _buckets.items()},
    }


def _folder() -> Path:
    return Path(settings.STATE) / "metrics"


def _write(content: str) -> None:
    """Replace this process's file. A full disk must not fail a request."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f"{os.getpid()}.new"
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(folder / f"{os.getpid()}.json")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def since_start() -> dict[str, Any]:
    """The sum over this machine's living web processes; times in milliseconds."""
    found = []
    for path in _folder().glob("*.json"):
        if path.stem.isdigit() and not _alive(int(path.stem)):
            path.unlink(missing_ok=True)
        elif path.stem != str(os.getpid()):
            with contextlib.suppress(OSError, ValueError):
                found.append(json.loads(path.read_text(encoding="utf-8")))
    with _lock:
        _begin()
        found.append(_own())
    counts: Counter[str] = Counter()
    buckets: Counter[int] = Counter()
    for one in found:
        counts.update(one["counts"])
        buckets.update({int(edge): number for edge, number in one["buckets"].items()})
    return {
        "since": datetime.fromtimestamp(min(one["began"] for one in found), tz=UTC).isoformat(
            timespec="seconds"
        ),
        "processes": len(found),
        **{name: counts[name] for name in ("requests", "server_errors", "unavailable", "foreign_practice")},
        "p50_ms": _quantile(buckets, share=0.5),
        "p95_ms": _quantile(buckets, share=0.95),
    }


def _quantile(buckets: Counter[int], *, share: float) -> float | None:
    """The upper edge of the bucket in which that share of the requests is reached; None without requests."""
    left = share * sum(buckets.values())
    if not left:
        return None
    for number in sorted(buckets):
        left -= buckets[number]
        if left <= 0:
            return round(EDGES[min(number, len(EDGES) - 1)], 1)
    return None
