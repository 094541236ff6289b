"""`./run manage audit_epoch --reason …`: after a restore, before anything else writes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.errors import DomainError
from practice.services.epochs import start_epoch


class Command(BaseCommand):
    """Begins a new epoch of the audit seal. Runs as the owner of the tables."""

    help = "Begin a new epoch of the audit seal (after a restore)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reason", required=True, help="why, for the verifier's report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which epoch has begun."""
        try:
            number = start_epoch(options["reason"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"epoch {number} has begun")
