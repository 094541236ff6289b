"""Pages as a browser takes them (G10): the kit's list with fifty rows and the heaviest pages made by hand."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import sync_playwright

from bench import weights
from bench.measure import Line, Report
from bench.scenarios import lists
from bench.world import World

PAGES = {
    "vendors, 50 rows": "settings/vendors/",
    "journal lines, 50 rows": "finance/lines/",
    "patients": "patients/",
    "day": "scheduling/",
    "claims": "billing/claims/",
    "owners' page": "reports/owner/",
}
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """Weigh each page in a browser that has never been here."""
    chromium = os.environ.get("WELLRUN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        report.facts.append(("pages: NOT MEASURED, no Chromium on this machine", True))
        return
    lists.fill(world)
    cookie = {"name": "wellrun_session", "value": world.session, "url": f"http://localhost:{product}"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, path in PAGES.items():
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([cookie])  # type: ignore[list-item]
            address = f"http://localhost:{product}/p/{world.practice.slug}/{path}"
            _judge(name, weights.weigh(context, address=address), report=report)
            context.close()
        browser.close()


def _judge(name: str, weight: weights.Weight, *, report: Report) -> None:
    for what, most in weights.LIMITS.items():
        line = Line(
            operation=f"{name}: {what}",
            floor=most,
            ours=getattr(weight, what),
            limit=1.0,
            percentile="",
            unit=what,
        )
        report.lines.append(line)
    report.facts.append((f"{name}: longest task {weight.long_task_ms:.0f} ms (50 wanted)", True))
