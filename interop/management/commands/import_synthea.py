"""`./run manage import_synthea DIR`: import Synthea's CSV export here and now."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interop.services import imports
from practice.actor import Actor, system_actor
from practice.jobs import Job, NotAgain
from practice.models import ImportFile, ImportRun, Practice
from practice.services import import_engine
from practice.services.tenants import open_practice
from practice.transactions import acting_in


class Command(BaseCommand):
    help = (
        "Import Synthea's CSV export (plain or gzipped) into a practice. Twice is once; killed, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", help="folder with patients.csv, claims.csv …")
        parser.add_argument("--practice", default="synthea", metavar="SLUG", help="made when it is `synthea`")
        parser.add_argument("--dry-run", action="store_true", help="count what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["directory"]).resolve()
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        practice = self._practice(options["practice"])
        actor = system_actor(
            practice_id=practice.pk, name="Command line", request_id=f"import-{uuid.uuid4().hex[:8]}"
        )
        with acting_in(practice.pk, actor=actor):
            run = imports.start_or_resume(folder=folder, is_dry_run=options["dry_run"], actor=actor)
        job = Job(
            id=run.pk,
            practice_id=practice.pk,
            key=str(run.pk),
            args={"run_id": str(run.pk), "rehearsal": options["dry_run"]},
            actor=actor,
            report=self._report,
        )
        try:
            import_engine.carry_out(job)
        except NotAgain as error:
            raise CommandError(str(error)) from error
        self._summary(run, dry=options["dry_run"], actor=actor)

    def _practice(self, slug: str) -> Practice:
        if slug == "synthea":
            return open_practice(slug="synthea", name="Synthea Community Practice")
        practice = Practice.objects.filter(slug=slug).first()
        if practice is None:
            raise CommandError(f"There is no practice {slug}.")
        return practice

    def _report(self, done: int, total: int, note: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} rows, {note}".ljust(60), ending="")

    def _summary(self, run: ImportRun, *, dry: bool, actor: Actor) -> None:
        with acting_in(actor.practice_id, actor=actor, read_only=True):
            files = list(ImportFile.objects.filter(run=run, is_rehearsal=dry))
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write("Dry run: nothing was changed." if dry else f"Imported {run.label}.")
        self.stdout.write(f"{'file':26}{'rows':>8}{'new':>8}{'changed':>9}{'unchanged':>11}{'refused':>9}")
        for file in files:
            self.stdout.write(
                f"{file.name:26}{file.rows_total:8}{file.rows_new:8}{file.rows_changed:9}{file.rows_known:11}"
                f"{file.rows_refused:9}"
            )
        if any(file.rows_refused for file in files):
            self.stdout.write("Refused rows, with reasons: Settings > Imports.")
