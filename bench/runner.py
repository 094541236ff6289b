"""Load the data, serve product and floor alike, run the scenarios, print the table; 1 when a limit was missed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command

from bench import world as worlds
from bench.measure import Report, table
from bench.scenarios import growth, lists, pages, posting, request, schedule, search, supply
from bench.servers import serve
from bench.world import World

ROOT = Path(__file__).resolve().parents[1]
SERVED = {
    "request": request.measure,
    "search": search.measure,
    "schedule": schedule.measure,
    "supply": supply.measure,
    "lists": lists.measure,
    "pages": pages.measure,
    "growth": growth.measure,
}
OWN_ROWS = {"lists", "growth"}  # they bring rows of their own
ALONE = "growth"  # begins where nothing else has been loaded
SCENARIOS = (*SERVED, "posting")


def say(text: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """See the module; the exit code is 1 on a missed limit or a fact that does not hold."""
    parser = argparse.ArgumentParser(prog="./run bench", allow_abbrev=False)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="50,000 patients, a few minutes (the default)")
    size.add_argument("--full", action="store_true", help="a million patients, two million visits")
    parser.add_argument("--only", choices=SCENARIOS, action="append", help="only this scenario; repeatable")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    chosen = parser.parse_args()
    name, began = "full" if chosen.full else "quick", time.monotonic()
    say(f"Loading {name} data ...")
    only = chosen.only or [scenario for scenario in SCENARIOS if scenario != ALONE]
    if ALONE in only and len(only) > 1:
        parser.error(f"{ALONE} needs a database of its own: ./run bench --only {ALONE}")
    world = worlds.build(worlds.SIZES[name], loaded=not set(only) <= OWN_ROWS)
    say(f"Loaded in {time.monotonic() - began:.0f} s; load average {os.getloadavg()[0]:.1f}\n")
    report = measure(world, only=only)
    say("\n" + table(report))
    if chosen.json:
        target = Path(os.environ.get("WELLRUN_CWD", ".")) / chosen.json
        record = history(report, size=name, seconds=time.monotonic() - began)
        target.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 1 if report.failed else 0


def measure(world: World, *, only: Collection[str]) -> Report:
    """Run the scenarios that were asked for; product and floor are served alike."""
    report = Report()
    # As production serves them: hashed names, brotli; without the API pages' own, which no page here asks for.
    call_command("collectstatic", "--no-input", "-v", "0", "-i", "drf_spectacular_sidecar")
    with serve("bench.wsgi", threads=8) as product, serve("bench.floor.wsgi", threads=8) as floor:
        for name, scenario in SERVED.items():
            if name in only:
                scenario(world, report=report, product=product, floor=floor)
                say(f"{name} measured; load average {os.getloadavg()[0]:.1f}")
    if "posting" in only:
        posting.measure(world, report=report)
    return report


def history(report: Report, *, size: str, seconds: float) -> dict[str, object]:
    """The figures with what is needed to compare them with another run's."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "name": f"bench-{size}",
        "commit": commit,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "load_average": os.getloadavg()[0],
        "lines": [line.as_dict() for line in report.lines],
        "facts": [{"fact": text, "holds": held} for text, held in report.facts],
    }
