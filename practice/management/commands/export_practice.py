"""`./run export-practice SLUG --to DIR`: everything of one practice in a documented format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.errors import DomainError
from practice.actor import system_actor
from practice.models import Practice
from practice.services.exports import export_to


class Command(BaseCommand):
    """The ZIP is readable for whoever has it. docs/export-format.md says what is in it."""

    help = "Write everything of one practice into one ZIP; logged in the practice's audit."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument("--to", metavar="DIR", required=True, help="the folder to write to")
        parser.add_argument(
            "--sealed-values",
            action="store_true",
            help="with SSNs, tax ids and other sealed values, readable",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say where it is and what is in it; exit status 1 when a stored file could not be read."""
        practice = Practice.objects.filter(slug=options["slug"]).first()
        if practice is None:
            raise CommandError(f"There is no practice {options['slug']}.")
        actor = system_actor(practice_id=practice.id, name="export_practice", request_id="export-practice")
        try:
            path, counts = export_to(
                Path(options["to"]).absolute(),
                practice=practice,
                sealed_values=options["sealed_values"],
                actor=actor,
                tell=lambda done, total, note: self.stdout.write(f"{done}/{total} {note}   ", ending="\r"),
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        rows = sum(counts.rows.values())
        self.stdout.write(
            f"{path}\n{rows:,} rows in {len(counts.rows)} tables, {counts.files:,} stored files"
        )
        for pk in counts.missing:
            self.stdout.write(f"  attachment {pk}: missing, or no key opens it")
        if counts.missing:
            raise SystemExit(1)
