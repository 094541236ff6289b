"""`./run restore --drill` runs this in the throw-away copy: every check, a table, an exit code."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from kit import clock
from practice.services.drills import drill


class Command(BaseCommand):
    """Never run it on a database that people use: it signs in as a person it makes."""

    help = "Prove a restored copy."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("manifest", help="what the restore wrote with --manifest")
        parser.add_argument("--result", metavar="PATH", help="write the result there as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when a check failed."""
        manifest = json.loads(Path(options["manifest"]).read_text())
        checks = []
        for check in drill(manifest):
            checks.append(check)
            state = "passed" if check.passed else "FAILED"
            self.stdout.write(f"  {state}  {check.what:<38} {check.seconds:>6.1f} s  {check.found}")
            self.stdout.flush()
        passed = all(check.passed for check in checks)
        if options["result"]:
            result = {
                "at": clock.now().isoformat(timespec="seconds"),
                "backup": manifest["made_at"],
                "passed": passed,
                "failed": [check.what for check in checks if not check.passed],
                "seconds": round(sum(check.seconds for check in checks), 1),
            }
            Path(options["result"]).write_text(json.dumps(result))
        if not passed:
            raise SystemExit(1)
