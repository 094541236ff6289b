"""Carry an import through, step by step, so that it may be killed anywhere and go on."""

from __future__ import annotations

import csv
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from kit.sheet_reader import Row
from practice import jobs
from practice.models import ImportedRecord, ImportFile, ImportRefusal, ImportRun, PracticeProfile
from practice.rehearsal import rehearsing
from practice.services.import_chunks import Chunk, FileKind, Plan, Refused, Taker
from practice.services.import_plans import in_name_of_asker, plan_of
from practice.statistics import refresh

KEPT_CELL = 32_767  # a longer one would not fit into a spreadsheet either


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
                practice_id=self.file.practice_id,
                file=self.file,
                row_number=one.row.number,
                field=one.field,
                message=one.message,
                row={name: text[:KEPT_CELL] for name, text in one.row.values.items()},
            )
            for one in self.refused
        )
        self.refused = []


def carry_out(job: jobs.Job) -> None:
    """Try or run (or go on with) the import a job names. Raises NotAgain for files that cannot be read at all."""
    run_id, rehearsal = uuid.UUID(job.args["run_id"]), bool(job.args.get("rehearsal"))
    try:
        Import(job, run_id=run_id, rehearsal=rehearsal).carry_out()
    except (DomainError, csv.Error, OSError, EOFError) as error:
        message = error.message if isinstance(error, DomainError) else f"A file cannot be read: {error}"
        with job.step():
            ImportRun.objects.filter(pk=run_id).update(
                state=ImportRun.State.FAILED, error=message, finished_at=clock.now()
            )
        raise jobs.NotAgain(message) from error


class Import:
    """One import in one process."""

    def __init__(self, job: jobs.Job, *, run_id: uuid.UUID, rehearsal: bool) -> None:
        self.job, self.run_id, self.rehearsal = job, run_id, rehearsal
        self.done = self.total = 0

    def carry_out(self) -> None:
        """Every file, then what follows from them."""
        with self.job.step():
            self.run = ImportRun.objects.select_related("asked_by__user").get(pk=self.run_id)
            self.job = in_name_of_asker(self.job, run=self.run)
        with self.job.step() as actor:
            if self.run.state in (ImportRun.State.DONE, ImportRun.State.UNDONE, ImportRun.State.UNDOING):
                return
            self.zone = PracticeProfile.objects.get(practice_id=actor.practice_id).timezone
            plan = plan_of(self.run, actor=actor)
        kinds = plan.kinds()
        counts = {kind.name: sum(1 for _ in plan.rows(kind.name)) for kind in kinds}
        self.total = sum(counts.values())
        with self.job.step():
            files = self._begin(counts)
        if self.rehearsal:
            self._rehearse(plan, kinds=kinds, files=files)
        else:
            for kind in kinds:
                self._take_file(plan, kind=kind, file=files[kind.name])
            plan.follow_up(self.job)
        with self.job.step():
            self._conclude(plan)

    def _conclude(self, plan: Plan) -> None:
        run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.run_id)
        run.error, run.finished_at = "", clock.now()
        if self.rehearsal:
            run.state, run.is_tried = ImportRun.State.TRIED, True
        else:
            run.state = ImportRun.State.DONE
        run.save(update_fields=["state", "is_tried", "finished_at", "error", "updated_at"])
        if not self.rehearsal:
            plan.conclude(run, actor=self.job.actor)

    def _begin(self, counts: dict[str, int]) -> dict[str, ImportFile]:
        """Mark the run as running and find or make its checkpoints. A rehearsal starts over."""
        run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.run_id)
        if self.rehearsal:
            run.state = ImportRun.State.TRYING
            ImportFile.objects.filter(run=run, is_rehearsal=True).delete()
        else:
            run.state, run.started_at = ImportRun.State.RUNNING, run.started_at or clock.now()
        run.save(update_fields=["state", "started_at", "updated_at"])
        files = {}
        for position, (name, total) in enumerate(counts.items(), start=1):
            files[name], _ = ImportFile.objects.get_or_create(
                practice_id=run.practice_id,
                run=run,
                is_rehearsal=self.rehearsal,
                name=name,
                defaults={"position": position, "rows_total": total},
            )
        return files

    def _chunk(self, rows: Sequence[Row]) -> Chunk:
        return Chunk(actor=self.job.actor, rows=rows, run=self.run, zone=self.zone, rehearsal=self.rehearsal)

    def _chunks(self, plan: Plan, *, kind: FileKind, taker: Taker, file: ImportFile) -> Iterator[list[Row]]:
        """The rows behind the checkpoint, a step's worth at a time, after telling the taker those before it."""
        rows = plan.rows(kind.name)
        before = itertools.islice(rows, file.rows_read)
        taker.replay(before, refused=self._refused_rows(file))
        self.done += file.rows_read
        while chunk := list(itertools.islice(rows, plan.step_rows)):
            yield chunk

    def _refused_rows(self, file: ImportFile) -> set[int]:
        if not file.rows_refused:
            return set()
        with self.job.step(read_only=True):
            return set(ImportRefusal.objects.filter(file=file).values_list("row_number", flat=True))

    def _take_file(self, plan: Plan, *, kind: FileKind, file: ImportFile) -> None:
        """Each chunk with its checkpoint in one transaction: killed between two, nothing is lost or doubled."""
        if file.is_finished:
            self.done += file.rows_read
            return
        taker = kind.taker()
        for rows in self._chunks(plan, kind=kind, taker=taker, file=file):
            self._step(file, rows=rows, work=taker.take)
            self._tell(len(rows), kind=kind)
        self._step(file, rows=[], work=taker.finish, last=True)
        if plan.fills:
            with self.job.step():
                refresh(ImportedRecord, *plan.fills)

    def _step(
        self, file: ImportFile, *, rows: list[Row], work: Callable[[Chunk], None], last: bool = False
    ) -> None:
        with self.job.step():
            locked = ImportFile.objects.select_for_update(no_key=True, of=("self",)).get(pk=file.pk)
            if locked.rows_read != file.rows_read or locked.is_finished:
                raise jobs.NotAgain("Another process goes on with this import.")
            chunk = self._chunk(rows)
            work(chunk)
            tally = Tally(file)
            tally.add(chunk)
            file.is_finished = last
            tally.save()

    def _rehearse(self, plan: Plan, *, kinds: Sequence[FileKind], files: dict[str, ImportFile]) -> None:
        """The same code in one transaction that is rolled back (later rows need the earlier ones); counts are kept."""
        tallies = [Tally(files[kind.name]) for kind in kinds]
        with self.job.step(), rehearsing():
            for kind, tally in zip(kinds, tallies, strict=True):
                taker = kind.taker()
                rows = plan.rows(kind.name)
                while some := list(itertools.islice(rows, plan.step_rows)):
                    chunk = self._chunk(some)
                    taker.take(chunk)
                    tally.add(chunk)
                    self._tell(len(some), kind=kind)
                last = self._chunk([])
                taker.finish(last)
                tally.add(last)
            transaction.set_rollback(True)
        with self.job.step():
            for tally in tallies:
                tally.file.is_finished = True
                tally.save()

    def _tell(self, rows: int, *, kind: FileKind) -> None:
        self.done += rows
        self.job.progress(self.done, total=self.total, note=kind.name)
