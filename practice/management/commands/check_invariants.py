"""`./run check-invariants`: do the sums of every practice come out, to the cent?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand

from kit.words import dollars
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in


class Command(BaseCommand):
    """Checks each practice in a read-only transaction of its own; exit status 1 when a sum does not come out."""

    help = "Compare ledger, open items, receivable and deposits of every practice."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slugs", nargs="*", help="only these practices")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each practice and one for each difference."""
        # By name: billing stands above this app on the ladder.
        check = import_module("billing.services.invariants").check
        practices = Practice.objects.order_by("slug")
        if options["slugs"]:
            practices = practices.filter(slug__in=options["slugs"])
        wrong = 0
        for practice in practices:
            actor = system_actor(practice_id=practice.id, name="check_invariants")
            with acting_in(practice.id, actor=actor, read_only=True):
                report = check(actor=actor)
            state = f"{len(report.findings)} differences" if report.findings else "every sum comes out"
            self.stdout.write(f"{practice.slug}: receivable {dollars(report.receivable)}, {state}")
            for finding in report.findings:
                self.stdout.write(f"  {finding}")
            wrong += len(report.findings)
        if wrong:
            raise SystemExit(1)
