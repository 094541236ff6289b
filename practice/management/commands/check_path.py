"""Walk the main job over HTTP as its users would, against a running demo; print a table; exit 0 or 1."""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from practice.discovery import modules
from practice.walk import Step, Walker, WalkFailed


class Command(BaseCommand):
    help = "Walk the main job against a running demo and say how each step came out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.BASE_URL)

    def handle(self, *args: Any, **options: Any) -> None:
        walker = Walker(base=options["base_url"], slug="harborview", kept=_cast())
        steps: list[Step] = [step for module in modules("walk") for step in module.STEPS]
        began, failed = time.monotonic(), 0
        self.stdout.write(f"{'step':<44} {'result':<7} {'time':>7}  what happened")
        for name, walk in steps:
            start = time.monotonic()
            try:
                words, result = walk(walker), "ok"
            except Exception as error:
                words, result = (
                    f"{type(error).__name__}: {error}" if not isinstance(error, WalkFailed) else str(error),
                    "FAILED",
                )
                failed += 1
            self.stdout.write(f"{name:<44} {result:<7} {time.monotonic() - start:6.1f}s  {words}")
        self.stdout.write(
            f"\n{len(steps) - failed} of {len(steps)} steps ok in {time.monotonic() - began:.1f} s"
        )
        if failed:
            raise SystemExit(1)


def _cast() -> dict[str, Any]:
    """Who may be signed in as, from the file that the seed wrote."""
    from practice.models import User
    from practice.startup import CAST_DOMAIN

    names = dict(User.objects.filter(email__endswith=CAST_DOMAIN).values_list("email", "name"))
    entries = json.loads((settings.STATE / "logins.json").read_text(encoding="utf-8"))
    here = [entry for entry in entries if entry["practice"] == "Harborview Family Medicine"]
    return {
        "people": {entry["role"]: names[entry["email"]] for entry in here},
        "other_slug": "lakeside",
        "other_name": "Lakeside Pediatrics",
    }
