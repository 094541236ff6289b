"""Start an import and carry it through, step by step, so that it may be killed anywhere and go on."""

from __future__ import annotations

import csv
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.db import transaction

from billing.models import Charge, Claim, ClaimLine, LedgerEntry, OpenItem
from interop.models import ImportedRecord, ImportFile, ImportRefusal, ImportRun
from interop.permissions import InteropPermission
from interop.rules.values import Row
from interop.services import finishing, masters, sources, visits
from interop.services.chunks import SOURCE, Chunk, Plain, Refused, Taker
from interop.services.money import Transactions
from interop.services.sources import Archive, Folder, Source
from kit import clock
from kit.errors import DomainError
from patients.models import Coverage, Patient
from practice import jobs
from practice.actor import Actor
from practice.models import PracticeProfile
from practice.selectors import files
from practice.services import attachments
from practice.statistics import refresh
from scheduling.models import Appointment

STEP_ROWS = 500
KIND = ImportRun.job_kind


@dataclass(frozen=True)
class FileKind:
    """A file of the export: its name, who takes it, and the columns without which it cannot be read."""

    name: str
    taker: Callable[[], Taker]
    columns: tuple[str, ...]


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


@transaction.atomic
def start(*, folder: Path, is_dry_run: bool, actor: Actor) -> ImportRun:
    """Queue an import of a folder of the server. Raises DomainError for a folder that is not offered."""
    actor.require(InteropPermission.RUN_IMPORTS)
    if folder not in sources.allowed_folders():
        raise DomainError("Choose one of the folders in the list.", field="folder")
    run = _new_run(directory=str(folder), label=folder.name, is_dry_run=is_dry_run, actor=actor)
    jobs.enqueue(KIND, actor=actor, key=str(run.pk), args={"run_id": str(run.pk)})
    return run


@transaction.atomic
def start_upload(upload: IO[bytes], *, name: str, is_dry_run: bool, actor: Actor) -> ImportRun:
    """Keep an uploaded archive encrypted and queue its import. Raises DomainError for what is no archive."""
    actor.require(InteropPermission.RUN_IMPORTS)
    content = sources.pack(upload, name=name)
    _files_of(Archive(content))
    run = _new_run(
        directory="", label=name[:120] or "upload", is_dry_run=is_dry_run, actor=actor, upload=True
    )
    attachments.store(
        content, name=f"{run.pk}.zip", record=run, actor=actor, max_bytes=sources.UPLOAD_BYTES + 1024 * 1024
    )
    jobs.enqueue(KIND, actor=actor, key=str(run.pk), args={"run_id": str(run.pk)})
    return run


@transaction.atomic
def start_or_resume(*, folder: Path, is_dry_run: bool, actor: Actor) -> ImportRun:
    """For the command line: the unfinished import of this folder goes on, else a new one begins."""
    actor.require(InteropPermission.RUN_IMPORTS)
    unfinished = ImportRun.objects.filter(
        directory=str(folder),
        is_dry_run=is_dry_run,
        state__in=[ImportRun.State.QUEUED, ImportRun.State.RUNNING],
    )
    return unfinished.order_by("-created_at").first() or _new_run(
        directory=str(folder), label=folder.name, is_dry_run=is_dry_run, actor=actor
    )


def _new_run(
    *, directory: str, label: str, is_dry_run: bool, actor: Actor, upload: bool = False
) -> ImportRun:
    return ImportRun.objects.create(
        practice_id=actor.practice_id, source=SOURCE, label=label[:120], directory=directory, upload=upload,
        is_dry_run=is_dry_run, requested_by=actor.name or str(actor),
    )  # fmt: skip


def carry_out(job: jobs.Job) -> None:
    """Run (or go on with) the import a job names. Raises NotAgain for files that cannot be read at all."""
    run_id = uuid.UUID(job.args["run_id"])
    try:
        Import(job, run_id=run_id).carry_out()
    except (DomainError, csv.Error, OSError, EOFError) as error:
        message = error.message if isinstance(error, DomainError) else f"A file cannot be read: {error}"
        with job.step():
            ImportRun.objects.filter(pk=run_id).update(
                state=ImportRun.State.FAILED, error=message, finished_at=clock.now()
            )
        raise jobs.NotAgain(message) from error


def _files_of(source: Source) -> list[FileKind]:
    """The files of a source that we read, in order. Raises DomainError when there are none or columns lack."""
    there = set(source.names())
    found = [kind for kind in FILES if kind.name in there]
    if not found:
        wanted = ", ".join(f"{kind.name}.csv" for kind in FILES)
        raise DomainError(f"None of Synthea's files is there: {wanted}.", field="upload")
    for kind in found:
        missing = [name for name in kind.columns if name not in sources.columns(source, name=kind.name)]
        if missing:
            raise DomainError(f"{kind.name}.csv lacks the column {', '.join(missing)}.", field="upload")
    return found


@dataclass
class Tally:
    """Counts of one file while it is read."""

    file: ImportFile
    refused: list[Refused] = field(default_factory=list)

    def add(self, chunk: Chunk) -> None:
        """Add what a chunk counted."""
        self.file.rows_read += len(chunk.rows)
        self.file.rows_new += chunk.new
        self.file.rows_changed += chunk.changed
        self.file.rows_known += chunk.known
        self.file.rows_refused += len(chunk.refused)
        self.refused += chunk.refused

    def save(self) -> None:
        """Write counts, checkpoint and refusals, in the transaction of the rows themselves."""
        self.file.save(update_fields=[
            "rows_read", "rows_new", "rows_changed", "rows_known", "rows_refused", "is_finished", "updated_at",
        ])  # fmt: skip
        ImportRefusal.objects.bulk_create(
            ImportRefusal(
                practice_id=self.file.practice_id, file=self.file, row_number=one.row.number, field=one.field,
                message=one.message, row=dict(one.row.values),
            )
            for one in self.refused
        )  # fmt: skip
        self.refused = []


class Import:
    """One import in one process."""

    def __init__(self, job: jobs.Job, *, run_id: uuid.UUID) -> None:
        self.job, self.run_id = job, run_id
        self.done = self.total = 0

    def carry_out(self) -> None:
        """Every file, then what follows from them."""
        with self.job.step() as actor:
            run = ImportRun.objects.select_for_update(no_key=True).get(pk=self.run_id)
            if run.state == ImportRun.State.DONE:
                return
            self.zone = PracticeProfile.objects.get(practice_id=actor.practice_id).timezone
            source: Source = self._source(run, actor=actor)
        kinds = _files_of(source)
        counts = {kind.name: sum(1 for _ in sources.rows(source, name=kind.name)) for kind in kinds}
        self.total = sum(counts.values())
        with self.job.step():
            files = self._begin(run, counts=counts)
        if run.is_dry_run:
            self._rehearse(source, kinds=kinds, files=files)
        else:
            for kind in kinds:
                self._take_file(source, kind=kind, file=files[kind.name])
            self._follow_up()
        with self.job.step() as actor:
            run = ImportRun.objects.select_for_update(no_key=True).get(pk=self.run_id)
            run.state, run.finished_at, run.error = ImportRun.State.DONE, clock.now(), ""
            run.save(update_fields=["state", "finished_at", "error", "updated_at"])
            if not run.is_dry_run:
                finishing.conclude(run, actor=actor)

    def _source(self, run: ImportRun, *, actor: Actor) -> Source:
        if not run.upload:
            folder = Path(run.directory)
            if not folder.is_dir():
                raise DomainError(f"The folder {folder} is not there.")
            return Folder(folder)
        stored = files.of_record(run)
        if not stored:
            raise DomainError("The uploaded archive is gone. Upload it again.")
        return Archive(files.read(stored[0].pk, actor=actor)[1].getvalue())

    def _begin(self, run: ImportRun, *, counts: dict[str, int]) -> dict[str, ImportFile]:
        """Mark the run as running and find or make its checkpoints. A rehearsal starts over."""
        run.state, run.started_at = ImportRun.State.RUNNING, run.started_at or clock.now()
        run.save(update_fields=["state", "started_at", "updated_at"])
        if run.is_dry_run:
            ImportFile.objects.filter(run=run).delete()
        files = {}
        for position, (name, total) in enumerate(counts.items(), start=1):
            files[name], _ = ImportFile.objects.get_or_create(
                practice_id=run.practice_id, run=run, name=f"{name}.csv",
                defaults={"position": position, "rows_total": total},
            )  # fmt: skip
        return files

    def _chunks(
        self, source: Source, *, kind: FileKind, taker: Taker, file: ImportFile
    ) -> Iterator[list[Row]]:
        """The rows behind the checkpoint, a step's worth at a time, after telling the taker those before it."""
        rows = sources.rows(source, name=kind.name)
        before = itertools.islice(rows, file.rows_read)
        taker.replay(before, refused=self._refused_lines(file))
        self.done += file.rows_read
        while chunk := list(itertools.islice(rows, STEP_ROWS)):
            yield chunk

    def _refused_lines(self, file: ImportFile) -> set[int]:
        if not file.rows_refused:
            return set()
        with self.job.step(read_only=True):
            return set(ImportRefusal.objects.filter(file=file).values_list("row_number", flat=True))

    def _take_file(self, source: Source, *, kind: FileKind, file: ImportFile) -> None:
        """Each chunk with its checkpoint in one transaction: killed between two, nothing is lost or doubled."""
        if file.is_finished:
            self.done += file.rows_read
            return
        taker = kind.taker()
        for rows in self._chunks(source, kind=kind, taker=taker, file=file):
            self._step(file, rows=rows, work=taker.take)
            self._tell(len(rows), kind=kind)
        self._step(file, rows=[], work=taker.finish, last=True)
        with self.job.step():
            refresh(ImportedRecord, *LOADED)

    def _step(
        self, file: ImportFile, *, rows: list[Row], work: Callable[[Chunk], None], last: bool = False
    ) -> None:
        with self.job.step() as actor:
            locked = ImportFile.objects.select_for_update(no_key=True).get(pk=file.pk)
            if locked.rows_read != file.rows_read or locked.is_finished:
                raise jobs.NotAgain("Another process goes on with this import.")
            chunk = Chunk(actor=actor, rows=rows, zone=self.zone)
            work(chunk)
            tally = Tally(file)
            tally.add(chunk)
            file.is_finished = last
            tally.save()

    def _rehearse(self, source: Source, *, kinds: list[FileKind], files: dict[str, ImportFile]) -> None:
        """The same code in one transaction that is rolled back (later rows need the earlier ones); counts are kept."""
        tallies = [Tally(files[kind.name]) for kind in kinds]
        with self.job.step() as actor:
            for kind, tally in zip(kinds, tallies, strict=True):
                taker = kind.taker()
                rows = sources.rows(source, name=kind.name)
                while chunk_rows := list(itertools.islice(rows, STEP_ROWS)):
                    chunk = Chunk(actor=actor, rows=chunk_rows, zone=self.zone, rehearsal=True)
                    taker.take(chunk)
                    tally.add(chunk)
                    self._tell(len(chunk_rows), kind=kind)
                last = Chunk(actor=actor, rows=[], zone=self.zone, rehearsal=True)
                taker.finish(last)
                tally.add(last)
            transaction.set_rollback(True)
        with self.job.step():
            for tally in tallies:
                tally.file.is_finished = True
                tally.save()

    def _tell(self, rows: int, *, kind: FileKind) -> None:
        self.done += rows
        self.job.progress(self.done, total=self.total, note=f"{kind.name}.csv")

    def _follow_up(self) -> None:
        with self.job.step(read_only=True) as actor:
            people = finishing.patients_with_imported_visits(actor=actor)
        for first in range(0, len(people), STEP_ROWS):
            with self.job.step() as actor:
                finishing.tell_new_patients(people[first : first + STEP_ROWS], actor=actor)
