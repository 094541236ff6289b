"""`./run verify-audit`: is every sealed row what it was, and does the chain end where it was anchored?"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from practice.actor import system_actor
from practice.models import GLOBAL_CHAIN, Practice
from practice.services.verification import Report, verify
from practice.transactions import acting_in


class Command(BaseCommand):
    """Verifies each chain in a read-only transaction of its own; exit status 1 when anything was tampered with."""

    help = "Prove that the audit trail is what was sealed, for every practice and for the log-ins of people."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--practice", metavar="SLUG", help="only this practice")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--without-anchors",
            action="store_true",
            help="do not compare with the anchor files (a machine that has none)",
        )
        parser.add_argument(
            "--head", metavar="DIGEST", help="with --practice: a head from an e-mail that the chain must hold"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each chain and one for each finding."""
        if options["head"] and not options["practice"]:
            raise CommandError("--head needs --practice: a head belongs to one practice.")
        reports = [self._verify(chain, slug=slug, options=options) for chain, slug in self._chains(options)]
        if options["json"]:
            self.stdout.write(json.dumps([_plain(report) for report in reports], indent=1))
        else:
            for report in reports:
                self._tell(report)
        if any(report.findings for report in reports):
            raise SystemExit(1)

    def _chains(self, options: dict[str, Any]) -> list[tuple[Any, str]]:
        practices = Practice.objects.order_by("slug")
        if options["practice"]:
            practices = practices.filter(slug=options["practice"])
            if not practices:
                raise CommandError(f"There is no practice {options['practice']}.")
        chains: list[tuple[Any, str]] = list(practices.values_list("id", "slug"))
        if options["practice"]:
            return chains
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('practice_auditglobal', 'SELECT')")
            readable = cursor.fetchone()[0]
        if not readable:
            self.stderr.write(
                "global: only the owner of the tables can read the log-ins of people: left out."
            )
        return [*chains, (GLOBAL_CHAIN, "global")] if readable else chains

    def _verify(self, chain: Any, *, slug: str, options: dict[str, Any]) -> Report:
        actor = system_actor(practice_id=chain, name="verify_audit")
        with acting_in(chain, actor=actor, read_only=True):
            return verify(
                practice_id=chain,
                slug=slug,
                anchored=not options["without_anchors"],
                head=options["head"] or "",
            )

    def _tell(self, report: Report) -> None:
        state = f"{len(report.findings)} FINDINGS" if report.findings else "untouched"
        self.stdout.write(
            f"{report.slug}: {report.rows:,} rows in {report.batches:,} batches, {report.anchored:,} anchored heads, "
            f"{report.retired:,} rows retired, {report.seconds:.1f} s: {state}"
        )
        for line in (*report.findings, *report.notes):
            self.stdout.write(f"  {line}")


def _plain(report: Report) -> dict[str, Any]:
    return {
        "practice": report.slug,
        "rows": report.rows,
        "batches": report.batches,
        "anchored": report.anchored,
        "retired": report.retired,
        "seconds": round(report.seconds, 2),
        "head": report.head,
        "notes": report.notes,
        "findings": [
            {
                "what": finding.what,
                "table": finding.table,
                "batch": finding.batch,
                "first_at": finding.first_at and finding.first_at.isoformat(),
                "last_at": finding.last_at and finding.last_at.isoformat(),
            }
            for finding in report.findings
        ],
    }
