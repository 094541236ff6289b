"""`./run manage rotate_phi_keys`: encrypt every protected value with the newest of PHI_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from practice import keyring
from practice.actor import system_actor
from practice.models import Practice
from practice.services.phikeys import Rotation, rotate, rotate_second_factors


class Command(BaseCommand):
    """Exit status 1 when a value could not be opened with any key: then no old key may be thrown away."""

    help = "Encrypt every protected value with the newest of PHI_KEYS; safe to repeat and beside the product."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a practice, one for the second factors, one for each value that could not be opened."""
        told = {"second factors": rotate_second_factors()}
        for practice in Practice.objects.order_by("slug"):
            tally = Rotation()
            for tally in rotate(actor=system_actor(practice_id=practice.id, name="rotate_phi_keys")):
                self.stdout.write(f"{practice.slug}: {tally.kept + tally.renewed} values", ending="\r")
            told[practice.slug] = tally
        lost = 0
        for name, tally in told.items():
            self.stdout.write(
                f"{name}: {tally.renewed} values encrypted anew, {tally.kept} under the newest key already"
            )
            for where in tally.lost:
                self.stdout.write(f"  {where}: no key opens it")
            lost += len(tally.lost)
        if not lost:
            keyring.renew("phi")
        if lost:
            raise SystemExit(1)
