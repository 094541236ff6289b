"""`./run test --deep NAME` writes what its tests measured to docs/evidence/NAME.json, to be committed.

Tests marked ``deep`` run in both tiers; under --deep their counts grow. They tell their figures with the
``evidence`` fixture.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FIGURES: dict[str, dict[str, Any]] = {}
BEGAN = time.time()


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Callable[..., None]:
    """``evidence(slots=20, overbooked=0)``: keep the figures of this test."""

    def keep(**figures: Any) -> None:
        FIGURES.setdefault(request.node.name, {}).update(figures)

    return keep


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    name = os.environ.get("WELLRUN_DEEP")
    if not name or hasattr(session.config, "workerinput"):
        return
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    folder = ROOT / "docs" / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "name": name,
        "commit": head,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": getattr(session.config.option, "randomly_seed", None),
        "passed": session.testscollected - session.testsfailed,
        "failed": session.testsfailed,
        "seconds": round(time.time() - BEGAN, 1),
        "figures": FIGURES,
    }
    (folder / f"{name}.json").write_text(json.dumps(record, indent=2, sort_keys=True, default=str) + "\n")
