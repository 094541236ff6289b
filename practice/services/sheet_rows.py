"""The plan of one sheet: its rows go through form and service one by one, or all together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from kit.errors import DomainError, from_any_integrity
from kit.sheet_reader import BadField, Mistake, Row, SheetRefused, judge
from kit.sheet_target import SheetRow, SheetTarget, Taken
from practice import jobs
from practice.actor import Actor
from practice.models import ImportedRecord, ImportFile, ImportRun
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.records import visible
from practice.services import sheet_columns, sheet_files
from practice.services.import_chunks import Chunk, FileKind
from practice.services.work import open_item

REFUSED = "practice.refused_rows"
HIDDEN = "was imported before, and the record it became is not open to you"
UNFIT = "has a value that is too long or of the wrong kind"


@dataclass
class Prepared:
    """A row that may be taken: its texts, clean values, what names it, what it says."""

    row: Row
    read: SheetRow
    key: str
    digest: str
    values: dict[str, Any]


class SheetPlan:
    """How one uploaded sheet is taken."""

    fills: Sequence[type[models.Model]] = ()

    def __init__(self, run: ImportRun, *, target: SheetTarget, actor: Actor) -> None:
        if run.mapping is None:
            raise DomainError("Choose first what each column becomes.")
        self.run, self.target, self.step_rows = run, target, target.step_rows
        self.sheet = sheet_files.sheet_of(run, target=target)
        self.columns = sheet_columns.chosen_of(run.mapping, target=target)
        self.today = practice_today(actor)

    def kinds(self) -> list[FileKind]:
        """The one file."""
        taker: type[Any] = WholeTaker if self.target.whole else RowTaker
        return [FileKind(name=self.run.label, taker=lambda: taker(self))]

    def rows(self, name: str) -> Iterator[Row]:
        """Its rows."""
        return self.sheet.rows()

    def follow_up(self, job: jobs.Job) -> None:
        """Nothing follows from a sheet that its services have not done."""

    def conclude(self, run: ImportRun, *, actor: Actor) -> None:
        """What was refused is somebody's work."""
        refused = sum(
            ImportFile.objects.filter(run=run, is_rehearsal=False).values_list("rows_refused", flat=True)
        )
        if refused:
            title = f"Mend {refused:,} refused rows of the import {run.label}"
            open_item(
                REFUSED, record=run, title=title, permission=PracticePermission.RUN_IMPORTS, actor=actor
            )

    def read(self, row: Row) -> SheetRow:
        """A row as texts by field."""
        return sheet_columns.read_row(row, columns=self.columns, today=self.today)

    def prepare(self, row: Row, *, actor: Actor) -> Prepared:
        """A row judged by the target's form. Raises BadField under the heading of the first bad column."""
        read = self.read(row)
        if read.wrong:
            raise sheet_columns.joined(read.wrong)
        key = sheet_columns.key_of(read, target=self.target)
        values, messages = judge(read.texts, form=self.target.load(self.target.form), actor=actor)
        if messages:
            raise BadField(read.heading(next(iter(messages))), _said(messages, row=read))
        return Prepared(row=row, read=read, key=key, digest=sheet_columns.digest_of(read), values=values)


def _said(messages: dict[str, list[str]], *, row: SheetRow) -> str:
    (_, first), *others = messages.items()
    return " · ".join(
        [" ".join(first), *(f"{row.heading(name)}: {' '.join(texts)}" for name, texts in others)]
    )


class RowTaker:
    """Takes the rows of a sheet one by one, each through its form and its service."""

    def __init__(self, plan: SheetPlan) -> None:
        self.plan, self.target = plan, plan.target
        self.take_row = self.target.load(self.target.take)
        self.seen: dict[str, tuple[str, int]] = {}

    def take(self, chunk: Chunk) -> None:
        """Judge, look up what is here already, write what is new or says something else."""
        prepared = [one for row in chunk.rows if (one := self._prepared(row, chunk=chunk))]
        before = {
            record.external_id: record
            for record in ImportedRecord.objects.filter(
                source=chunk.run.source,
                kind=self.target.name,
                external_id__in=[one.key for one in prepared],
                withdrawn_at=None,
            )
        }
        ids = [record.record_id for record in before.values()]
        records = visible(self.target.model_class, ids=ids, actor=chunk.actor)
        for one in prepared:
            earlier = before.get(one.key)
            if earlier is not None and earlier.checksum == one.digest:
                chunk.known += 1
            elif earlier is not None and earlier.record_id not in records:
                chunk.refuse(one.row, error=BadField("", HIDDEN))
            else:
                record = records[earlier.record_id] if earlier else None
                self._take_one(one, earlier=earlier, record=record, chunk=chunk)

    def _prepared(self, row: Row, *, chunk: Chunk) -> Prepared | None:
        """The row, unless it is refused or stands above already."""
        try:
            one = self.plan.prepare(row, actor=chunk.actor)
            digest, number = self.seen.setdefault(one.key, (one.digest, row.number))
            if digest != one.digest:
                raise BadField("", f"is the same as row {number:,} but says something else: keep one of them")
        except BadField as error:
            chunk.refuse(row, error=error)
            return None
        if number != row.number:
            chunk.known += 1
            return None
        return one

    def _take_one(self, one: Prepared, *, earlier: ImportedRecord | None, record: Any, chunk: Chunk) -> None:
        try:
            with transaction.atomic():
                taken: Taken = self.take_row(
                    one.values, record=record, options=chunk.run.options, actor=chunk.actor
                )
        except (DomainError, IntegrityError, DataError, ValidationError) as error:
            chunk.refuse(one.row, error=_in_words(error, row=one.read))
            return
        chunk.new += taken.change == "new"
        chunk.changed += taken.change == "changed"
        chunk.known += taken.change == "same"
        self._remember(one, earlier=earlier, taken=taken, chunk=chunk)

    def _remember(self, one: Prepared, *, earlier: ImportedRecord | None, taken: Taken, chunk: Chunk) -> None:
        if earlier is not None:
            earlier.checksum = one.digest
            earlier.save(update_fields=["checksum", "updated_at"])
            return
        made = taken.change == "new"
        ImportedRecord.objects.create(
            practice_id=chunk.actor.practice_id,
            source=chunk.run.source,
            kind=self.target.name,
            external_id=one.key,
            record_id=taken.record.pk,
            checksum=one.digest,
            run=chunk.run if made else None,
            record_version=getattr(taken.record, "updated_at", None) if made else None,
        )

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        """What stood above: a row that comes again is told by it, whoever took the first."""
        for row in rows:
            if row.number not in refused:
                read = self.plan.read(row)
                key = sheet_columns.key_of(read, target=self.target)
                self.seen.setdefault(key, (sheet_columns.digest_of(read), row.number))

    def finish(self, chunk: Chunk) -> None:
        """Nothing waits."""


def _in_words(error: Exception, *, row: SheetRow) -> BadField:
    """A refusal of the service or the table; what is neither stays a bug and is raised."""
    refused = error
    if isinstance(error, IntegrityError):
        found = from_any_integrity(error)
        if found is None:
            raise error
        refused = found
    if isinstance(refused, DomainError):
        return BadField(row.heading(refused.field) if refused.field else "", refused.message)
    if isinstance(refused, ValidationError):
        return BadField("", " ".join(refused.messages))
    return BadField("", UNFIT)


class WholeTaker:
    """Collects the rows of a sheet and takes them all in the last step, or none of them."""

    def __init__(self, plan: SheetPlan) -> None:
        self.plan, self.target = plan, plan.target
        self.rows: dict[int, Row] = {}

    def take(self, chunk: Chunk) -> None:
        """Keep them."""
        self.replay(chunk.rows, refused=set())

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        """Those an earlier process had kept are kept again: nothing of them was taken."""
        self.rows |= {row.number: row for row in rows}

    def finish(self, chunk: Chunk) -> None:
        """Take them. A real run with a mistake raises, so that nothing stands half; a dry run names each row."""
        run, read = chunk.run, [self.plan.read(row) for row in self.rows.values()]
        try:
            with transaction.atomic():
                whole = self.target.load(self.target.take_all)(
                    read, key=run.file_key, options=run.options, actor=chunk.actor
                )
        except DomainError as error:
            if not chunk.rehearsal:
                raise
            self._refuse(error, chunk=chunk)
            return
        chunk.new += whole.new
        chunk.known += whole.same
        ImportedRecord.objects.bulk_create(
            ImportedRecord(
                practice_id=chunk.actor.practice_id,
                source=run.source,
                kind=self.target.name,
                external_id=str(record.pk),
                record_id=record.pk,
                run=run,
                record_version=getattr(record, "updated_at", None),
            )
            for record in whole.records
        )

    def _refuse(self, error: DomainError, *, chunk: Chunk) -> None:
        """Every mistake at its row; what concerns the whole sheet at the first."""
        wrong: dict[int, list[Mistake]] = {}
        for each in error.mistakes if isinstance(error, SheetRefused) else ():
            wrong.setdefault(each.row, []).append(each)
        if not wrong and self.rows:
            first = next(iter(self.rows))
            wrong[first] = [Mistake(row=first, field="", message=error.message)]
        for number, mistakes in sorted(wrong.items()):
            chunk.refuse(self.rows[number], error=sheet_columns.joined(mistakes))
