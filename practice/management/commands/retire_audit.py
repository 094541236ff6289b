"""`./run manage retire_audit`: remove the audit log of years that need not be kept any longer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from practice.actor import system_actor
from practice.models import GLOBAL_CHAIN, Practice
from practice.services.retention import retire
from practice.services.verification import verify
from practice.transactions import acting_in


class Command(BaseCommand):
    """Retires each chain in a transaction of its own, after it was verified. Runs as the owner of the tables."""

    help = "Remove audit rows of calendar years past their retention; their digests stay in the chain."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was removed from each chain; stop at the first that does not verify."""
        chains: list[tuple[Any, str]] = list(Practice.objects.order_by("slug").values_list("id", "slug"))
        for chain, slug in [*chains, (GLOBAL_CHAIN, "global")]:
            actor = system_actor(practice_id=chain, name="retire_audit")
            with acting_in(chain, actor=actor):
                report = verify(practice_id=chain, slug=slug)
                if report.findings:
                    raise CommandError(f"{slug}: nothing was removed, the chain does not verify.")
                done = retire(practice_id=chain)
            self.stdout.write(
                f"{slug}: {done.rows:,} rows in {done.batches:,} batches removed (before {done.before:%Y-%m-%d})"
            )
