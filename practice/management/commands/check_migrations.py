"""Zero-downtime rules for every migration that is not in the baseline: see practice.migration_rules."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from practice.migration_rules import judged


class Command(BaseCommand):
    help = (
        "Judge the migrations since the baseline; exit with an error when one could stop a running release."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = judged(house=settings.HOUSE)
        wrong = [f"{name}: {words}" for name, objections in found.items() for words in objections]
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(
            f"{len(found)} migrations since the baseline, none of which stops a running release."
        )
