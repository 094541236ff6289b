"""`./run manage rotate_file_keys`: seal every stored file with the newest of FILE_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from practice import keyring
from practice.actor import system_actor
from practice.models import Practice
from practice.services.filekeys import Rotation, rotate


class Command(BaseCommand):
    """Exit status 1 when a file could not be opened with any key: then no old key may be thrown away."""

    help = (
        "Seal every stored file with the newest of FILE_KEYS; safe to repeat and to run beside the product."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a practice, one for each file that could not be opened."""
        lost = 0
        for practice in Practice.objects.order_by("slug"):
            actor = system_actor(practice_id=practice.id, name="rotate_file_keys")
            tally = Rotation()
            for tally in rotate(actor=actor):
                self.stdout.write(f"{practice.slug}: {tally.seen} files looked at", ending="\r")
            self.stdout.write(
                f"{practice.slug}: {tally.renewed} files sealed anew, {tally.kept} under the newest key already"
            )
            for pk in tally.lost:
                self.stdout.write(f"  attachment {pk}: missing, or no key opens it")
            lost += len(tally.lost)
        if not lost:
            keyring.renew("files")
        if lost:
            raise SystemExit(1)
