"""`./run restore` runs this: put a backup into the empty database and folders of this process."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from kit.errors import DomainError
from practice.services.restores import restore


class Command(BaseCommand):
    """Runs as wellrun_owner. Brings an older backup up to this version and starts a new epoch of the audit."""

    help = "Restore a backup into an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", help="a file made by ./run backup")
        parser.add_argument("--manifest", metavar="PATH", help="write the backup's manifest there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a database that is not empty."""
        try:
            manifest = restore(Path(options["file"]), tell=self.stdout.write)
        except DomainError as error:
            raise CommandError(error.message) from None
        if options["manifest"]:
            Path(options["manifest"]).write_text(json.dumps(manifest))
        call_command("migrate", interactive=False, verbosity=0)
        if "audit_epoch" in get_commands():
            call_command("audit_epoch", reason="restore", stdout=self.stdout)
        self.stdout.write(f"Restored the backup of {manifest['made_at']}.")
