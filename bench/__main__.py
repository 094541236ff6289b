"""Load the data, serve product and floor alike, run the scenarios, print the table; exit 1 on a missed limit."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ("request", "search", "schedule", "posting")


def say(text: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="./run bench", allow_abbrev=False)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="50,000 patients, about a minute (the default)")
    size.add_argument("--full", action="store_true", help="a million patients, two million visits")
    parser.add_argument("--only", choices=SCENARIOS, action="append", help="only this scenario; repeatable")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    chosen = parser.parse_args()
    name = "full" if chosen.full else "quick"

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from bench import world as worlds
    from bench.measure import Report, table

    began = time.monotonic()
    say(f"Loading {name} data ...")
    world = worlds.build(worlds.SIZES[name])
    say(f"Loaded in {time.monotonic() - began:.0f} s; load average {os.getloadavg()[0]:.1f}\n")
    report = Report()
    _run(world, report=report, only=chosen.only or SCENARIOS)
    say(table(report))
    record = _record(report, size=name, seconds=time.monotonic() - began)
    if chosen.json:
        target = Path(os.environ.get("WELLRUN_CWD", ".")) / chosen.json
        target.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 1 if report.failed else 0


def _run(world: object, *, report: object, only: object) -> None:
    from typing import Any, cast

    from bench.scenarios import posting, request, schedule, search
    from bench.servers import serve

    known: Any = world
    told, wanted = cast(Any, report), cast(Any, only)
    with serve("bench.wsgi", threads=8) as product, serve("bench.floor.wsgi", threads=8) as floor:
        if "request" in wanted:
            request.measure(known, report=told, product=product, floor=floor)
        if "search" in wanted:
            search.measure(known, report=told, product=product, floor=floor)
        if "schedule" in wanted:
            schedule.measure(known, report=told, product=product, floor=floor)
    if "posting" in wanted:
        posting.measure(known, report=told)


def _record(report: object, *, size: str, seconds: float) -> dict[str, object]:
    from typing import Any, cast

    told = cast(Any, report)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "name": f"bench-{size}",
        "commit": commit,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "load_average": os.getloadavg()[0],
        "lines": [line.as_dict() for line in told.lines],
        "facts": [{"fact": text, "holds": held} for text, held in told.facts],
    }


if __name__ == "__main__":
    sys.exit(main())
