"""Synthea's CSV export: which of its files are read, in which order, and how an import of them begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from django.db import models, transaction

from billing.models import Charge, Claim, ClaimLine, LedgerEntry, OpenItem
from interop.permissions import InteropPermission
from interop.services import finishing, masters, visits
from interop.services.money import Transactions
from interop.sheet_targets import SYNTHEA
from kit.errors import DomainError
from kit.sheet_reader import Row
from patients.models import Coverage, Patient
from practice import jobs
from practice.actor import Actor
from practice.models import ImportRun
from practice.selectors import files
from practice.services import attachments, import_files, import_runs
from practice.services.import_chunks import FileKind, Plain
from practice.services.import_files import Archive, Folder, Source
from scheduling.models import Appointment

STEP_ROWS = 500

# What later files look up by the thousand: the planner must know how much there is by then.
LOADED = (Patient, Coverage, Appointment, Claim, ClaimLine, Charge, LedgerEntry, OpenItem)
# In the order in which rows refer to each other.
FILES = (
    FileKind("payers", lambda: Plain(masters.take_payers), ("Id", "NAME", "STATE_HEADQUARTERED")),
    FileKind("organizations", lambda: Plain(masters.take_organizations), ("Id", "NAME", "STATE")),
    FileKind("providers", lambda: Plain(masters.take_providers), ("Id", "ORGANIZATION", "NAME")),
    FileKind("patients", lambda: Plain(masters.take_patients), ("Id", "BIRTHDATE", "FIRST", "LAST", "GENDER")),
    FileKind(
        "payer_transitions", lambda: Plain(masters.take_payer_transitions),
        ("PATIENT", "MEMBERID", "START_YEAR", "END_YEAR", "PAYER", "SECONDARY_PAYER", "OWNERSHIP"),
    ),
    FileKind(
        "encounters", lambda: Plain(visits.take_encounters),
        ("Id", "START", "STOP", "PATIENT", "ORGANIZATION", "PROVIDER", "ENCOUNTERCLASS"),
    ),
    FileKind(
        "claims", lambda: Plain(visits.take_claims),
        ("Id", "PATIENTID", "PROVIDERID", "PRIMARYPATIENTINSURANCEID", "APPOINTMENTID", "SERVICEDATE", "STATUS1"),
    ),
    FileKind(
        "claims_transactions", Transactions,
        ("ID", "CLAIMID", "CHARGEID", "PATIENTID", "TYPE", "AMOUNT", "METHOD", "FROMDATE", "PLACEOFSERVICE",
         "PROCEDURECODE", "TRANSFEROUTID", "TRANSFERTYPE", "PAYMENTS", "ADJUSTMENTS", "TRANSFERS", "APPOINTMENTID",
         "PROVIDERID"),
    ),
)  # fmt: skip


class SyntheaPlan:
    """How the files of one export are taken."""

    step_rows = STEP_ROWS
    fills: Sequence[type[models.Model]] = LOADED

    def __init__(self, source: Source) -> None:
        self.source, self.found = source, _files_of(source)

    def kinds(self) -> list[FileKind]:
        """The files that are there, in the order in which their rows refer to each other."""
        return [FileKind(name=f"{kind.name}.csv", taker=kind.taker) for kind in self.found]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of one of them."""
        return import_files.rows(self.source, name=name.removesuffix(".csv"))

    def follow_up(self, job: jobs.Job) -> None:
        """Tell new patients from established ones."""
        with job.step(read_only=True) as actor:
            people = finishing.patients_with_imported_visits(actor=actor)
        for first in range(0, len(people), STEP_ROWS):
            with job.step() as actor:
                finishing.tell_new_patients(people[first : first + STEP_ROWS], actor=actor)

    def conclude(self, run: ImportRun, *, actor: Actor) -> None:
        """Put on the work list what people must do now, and tell the rooms that figures changed."""
        finishing.conclude(run, actor=actor)


def plan(run: ImportRun, *, actor: Actor) -> SyntheaPlan:
    """The plan of a run. Raises DomainError when its files are gone or are no export."""
    if not run.upload:
        folder = Path(run.directory)
        if not folder.is_dir():
            raise DomainError(f"The folder {folder} is not there.")
        return SyntheaPlan(Folder(folder))
    stored = files.of_record(run, withdrawn=True)
    if not stored:
        raise DomainError("The uploaded archive is gone. Upload it again.")
    return SyntheaPlan(Archive(attachments.content_of(stored[-1])))


def _files_of(source: Source) -> list[FileKind]:
    """The files of a source that we read, in order. Raises DomainError when there are none or columns lack."""
    there = set(source.names())
    found = [kind for kind in FILES if kind.name in there]
    if not found:
        wanted = ", ".join(f"{kind.name}.csv" for kind in FILES)
        raise DomainError(f"None of Synthea's files is there: {wanted}.", field="upload")
    for kind in found:
        there = set(import_files.columns(source, name=kind.name))
        if missing := [name for name in kind.columns if name not in there]:
            raise DomainError(f"{kind.name}.csv lacks the column {', '.join(missing)}.", field="upload")
    return found


@transaction.atomic
def start(*, folder: Path, is_dry_run: bool, actor: Actor) -> ImportRun:
    """Queue an import of a folder of the server. Raises DomainError for a folder that is not offered."""
    actor.require(InteropPermission.RUN_IMPORTS)
    if folder not in import_files.allowed_folders():
        raise DomainError("Choose one of the folders in the list.", field="folder")
    run = import_runs.new_run(SYNTHEA, label=folder.name, directory=str(folder), actor=actor)
    return import_runs.begin(run, rehearsal=is_dry_run, actor=actor)


@transaction.atomic
def start_upload(upload: IO[bytes], *, name: str, is_dry_run: bool, actor: Actor) -> ImportRun:
    """Keep an uploaded archive encrypted and queue its import. Raises DomainError for what is no archive."""
    actor.require(InteropPermission.RUN_IMPORTS)
    content = import_files.pack(upload, name=name)
    _files_of(Archive(content))
    run = import_runs.new_run(SYNTHEA, label=name or "upload", upload=True, actor=actor)
    limit = import_files.UPLOAD_BYTES + 1024 * 1024
    attachments.store(content, name=f"{run.pk}.zip", record=run, actor=actor, max_bytes=limit)
    return import_runs.begin(run, rehearsal=is_dry_run, actor=actor)


@transaction.atomic
def start_or_resume(*, folder: Path, is_dry_run: bool, actor: Actor) -> ImportRun:
    """For the command line: the unfinished import of this folder goes on, else a new one begins."""
    actor.require(InteropPermission.RUN_IMPORTS)
    trying, taking = (ImportRun.State.TRYING,), (ImportRun.State.QUEUED, ImportRun.State.RUNNING)
    unfinished = ImportRun.objects.filter(
        target=SYNTHEA.name, directory=str(folder), state__in=trying if is_dry_run else taking
    )
    run = unfinished.order_by("-created_at").first()
    if run is None:
        run = import_runs.new_run(SYNTHEA, label=folder.name, directory=str(folder), actor=actor)
        run.state = trying[0] if is_dry_run else taking[0]
        run.save()
    return run
