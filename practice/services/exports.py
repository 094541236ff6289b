"""Exports of everything of a practice: ordered by an owner, made by a job, kept sealed for some days, then deleted."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from psycopg2 import sql

from kit import clock
from kit.errors import Conflict, DomainError
from practice import jobs
from practice.actor import Actor
from practice.models import AuditAccess, JobRun, Practice, PracticeExport
from practice.permissions import PracticePermission
from practice.sealing import CannotOpen, SealedWriter, unseal_stream
from practice.selectors.days import practice_today
from practice.services.export_zip import Counts, Tell, write_zip
from practice.services.rules import rule
from practice.transactions import acting_in

KIND = "practice.export"
GIVEN_UP_DAYS = 2


@transaction.atomic
def order(*, sealed_values: bool = False, actor: Actor) -> PracticeExport:
    """Queue an export; whoever asks for sealed values needs a permission of its own. One at a time."""
    actor.require(PracticePermission.EXPORT_PRACTICE)
    actor.require_fresh()
    if sealed_values:
        actor.require(PracticePermission.EXPORT_SEALED)
    with connection.cursor() as cursor:  # two owners at once are one after the other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"export|{actor.practice_id}"]
        )
    if under_way() is not None:
        raise Conflict("An export is being made already. Wait until it is ready.")
    made = PracticeExport.objects.create(
        practice_id=actor.practice_id, sealed_values=sealed_values, requested_by_id=actor.membership_id
    )
    jobs.enqueue(KIND, actor=actor, key=str(made.pk), args={"export_id": str(made.pk)})
    return made


def job_of(export: PracticeExport) -> JobRun | None:
    """The background work that makes an export; None when it is no longer listed."""
    return JobRun.objects.filter(kind=KIND, key=str(export.pk)).first()


def under_way() -> PracticeExport | None:
    """The export that is being made; one whose job gave up is none."""
    found = PracticeExport.objects.filter(state=PracticeExport.State.ORDERED).order_by("-created_at").first()
    job = job_of(found) if found else None
    return found if job is not None and job.state != JobRun.State.FAILED else None


def folder_of(practice_id: uuid.UUID) -> Path:
    """Where a practice's exports lie."""
    media: Path = settings.MEDIA_ROOT
    return media / "exports" / str(practice_id)


def _bound(export: PracticeExport) -> str:
    return f"export|{export.practice_id}|{export.pk}"


def make(job: jobs.Job) -> dict[str, Any]:
    """Make the export a job names, sealed on disk; made anew from the start when the job is run again."""
    with job.step():
        export = PracticeExport.objects.get(pk=job.args["export_id"])
        practice = Practice.objects.get(pk=job.practice_id)
    if export.state != PracticeExport.State.ORDERED:
        return {"rows": export.rows}
    path = folder_of(job.practice_id) / str(export.pk)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        with fresh.open("wb") as raw:
            sealed = SealedWriter(raw, key=settings.FILE_KEYS[0], bound=_bound(export))
            out = _Measured(sealed)
            counts = write_zip(
                out,
                practice=practice,
                sealed_values=export.sealed_values,
                actor=job.actor,
                tell=lambda done, total, note: job.progress(done, total=total, note=note),
            )
            sealed.close()
            os.fsync(raw.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    with job.step() as actor:
        _finish(export, counts=counts, size=out.size, sha256=out.digest.hexdigest(), actor=actor)
    return {"rows": sum(counts.rows.values()), "unreadable_files": len(counts.missing)}


class _Measured:
    """A file that cannot seek; knows the length and the SHA-256 of what went through."""

    def __init__(self, out: IO[bytes] | SealedWriter) -> None:
        self.out, self.size, self.digest = out, 0, hashlib.sha256()

    def write(self, data: Any) -> int:
        """Pass on."""
        self.digest.update(data)
        self.size += len(data)
        self.out.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Pass on."""
        self.out.flush()


def _finish(export: PracticeExport, *, counts: Counts, size: int, sha256: str, actor: Actor) -> None:
    now = clock.now()
    day = practice_today(actor)
    PracticeExport.objects.filter(pk=export.pk).update(
        state=PracticeExport.State.READY,
        rows=sum(counts.rows.values()),
        tables=len(counts.rows),
        files=counts.files,
        size=size,
        sha256=sha256,
        finished_at=now,
        expires_at=now + timedelta(days=int(rule("custody.export_days", on=day))),
    )
    log_export(sealed_values=export.sealed_values, actor=actor)


def log_export(*, sealed_values: bool, actor: Actor) -> None:
    """Write into the read log that everything of everybody was exported; each patient's own report shows it."""
    what = "everything of the practice" + (" with sealed values" if sealed_values else "")
    access = AuditAccess.objects.create(
        practice_id=actor.practice_id, action=AuditAccess.Action.EXPORT, what=what, path=""
    )
    patients = apps.get_model("patients.Patient")._meta.db_table  # by name: patients stand above this app
    statement = sql.SQL(
        "INSERT INTO practice_auditaccesspatient (practice_id, access_id, patient_id) "
        "SELECT practice_id, %s, id FROM {} WHERE practice_id = %s"
    ).format(sql.Identifier(patients))
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(access.pk), str(actor.practice_id)])


def export_to(
    folder: Path, *, practice: Practice, sealed_values: bool, actor: Actor, tell: Tell
) -> tuple[Path, Counts]:
    """The operator's way: write the ZIP, readable, to ``folder``. Raises DomainError; overwrites nothing.

    Opens its own transactions and logs the export.
    """
    stamp = f"{clock.now():%Y%m%dT%H%M%SZ}"
    path = folder / f"{practice.slug}-{stamp}.zip"
    fresh = path.with_suffix(".unfinished")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as raw:
                counts = write_zip(
                    _Measured(raw), practice=practice, sealed_values=sealed_values, actor=actor, tell=tell
                )
            os.link(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise DomainError(f"{path} cannot be written: {error.strerror}.") from None
    with acting_in(practice.id, actor=actor):
        log_export(sealed_values=sealed_values, actor=actor)
    return path, counts


def content(export_id: uuid.UUID, *, actor: Actor) -> tuple[PracticeExport, Iterator[bytes]]:
    """A ready export and its plain bytes, chunk by chunk; 404 for what is unknown, foreign, forbidden or gone."""
    if not actor.may(PracticePermission.EXPORT_PRACTICE):
        raise Http404
    export = PracticeExport.objects.filter(pk=export_id, state=PracticeExport.State.READY).first()
    if export is None or export.expires_at is None or export.expires_at <= clock.now():
        raise Http404
    if export.sealed_values and not actor.may(PracticePermission.EXPORT_SEALED):
        raise Http404
    path = folder_of(actor.practice_id) / str(export.pk)
    if not path.is_file():
        raise Http404
    chunks = _chunks(path, bound=_bound(export))
    try:
        first = next(chunks)
    except CannotOpen:
        raise Http404 from None
    return export, _after(first, rest=chunks)


def _chunks(path: Path, *, bound: str) -> Iterator[bytes]:
    with path.open("rb") as raw:
        yield from unseal_stream(raw, keys=settings.FILE_KEYS, bound=bound)


def _after(first: bytes, *, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def expire(*, actor: Actor) -> int:
    """Delete the files of exports whose days are over, or whose job gave up. Returns how many rows changed."""
    now = clock.now()
    given_up = Q(state=PracticeExport.State.ORDERED, created_at__lte=now - timedelta(days=GIVEN_UP_DAYS))
    over = PracticeExport.objects.filter(practice_id=actor.practice_id).filter(
        Q(expires_at__lte=now) | given_up
    )
    over = over.exclude(state=PracticeExport.State.EXPIRED)
    for pk in over.values_list("pk", flat=True):
        (folder_of(actor.practice_id) / str(pk)).unlink(missing_ok=True)
    return over.update(state=PracticeExport.State.EXPIRED, updated_at=now)
