"""`./run backup`: one sealed file with database, stored files and audit anchors."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kit.errors import DomainError
from practice.services import backups


class Command(BaseCommand):
    """Keys are never inside: keep BACKUP_KEY, PHI_KEYS, FILE_KEYS and INDEX_KEY somewhere else."""

    help = "Write, verify and record a backup; needs BACKUP_KEY and DATABASE_OWNER_URL."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", metavar="DIR", help="the folder to write to (default: STATE/backups)")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="keep the newest N there only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say where it is, how large, and what was removed."""
        if options["keep"] < 0:
            raise CommandError("--keep takes a number of backups, 1 or more.")
        folder = Path(options["to"] or settings.STATE / "backups").absolute()
        try:
            made = backups.make(folder, keep=options["keep"])
        except DomainError as error:
            raise CommandError(error.message) from None
        size = f"{made['bytes'] / 1_000_000:,.1f} MB"
        self.stdout.write(
            f"{made['file']}\n{size}, {made['rows']:,} rows, {made['files']:,} stored files, "
            f"read back whole, {made['seconds']} s"
        )
        for name in made["removed"]:
            self.stdout.write(f"removed {name}")
        if os.isatty(1):
            self.stdout.write("The keys are not in it: keep a copy of them somewhere else.")
