"""A sheet comes in: judged, sealed, its columns profiled and guessed. Nothing of it is taken yet."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from typing import IO

from django.db import transaction

from kit.errors import DomainError
from kit.sheet_target import SheetTarget
from practice import sheet_registry
from practice.actor import Actor
from practice.models import ImportRun
from practice.permissions import PracticePermission
from practice.services import sheet_files, sheet_mappings


@transaction.atomic
def upload(
    file: IO[bytes],
    *,
    name: str,
    target: SheetTarget,
    source: str = "",
    options: Mapping[str, object] | None = None,
    actor: Actor,
) -> ImportRun:
    """Take a sheet in for a target. ``source`` names the system it comes from: what was chosen for it before is used.

    Raises DomainError (field ``file``): too large, no sheet, no headings, too many columns.
    """
    actor.require(PracticePermission.RUN_IMPORTS)
    actor.require(target.permission)
    content = sheet_files.taken_in(file)
    try:
        sheet = sheet_files.opened(content, target=target)
        run = ImportRun(
            practice_id=actor.practice_id,
            target=target.name,
            label=(name.replace("\x00", "").strip() or "Sheet")[:120],
            source=" ".join(source.split())[:80],
            upload=True,
            file_key=sheet_files.key_of(content),
            worksheet=sheet.worksheet[:120],
            heading_row=sheet.heading_row,
            options={key: str(value) for key, value in (options or {}).items()},
            asked_by_id=actor.membership_id,
            requested_by=actor.name or str(actor),
        )
        run.mapping = sheet_mappings.lay_out(run, sheet=sheet, target=target, actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="file") from error
    run.save(force_insert=True)
    sheet_files.keep(content, run=run, actor=actor)
    return run


@transaction.atomic
def receive(
    *, target: str, name: str, content: str, source: str = "", options: str = "", actor: Actor
) -> ImportRun:
    """The same for a program: the sheet in base64, the answers to the target's questions as ``year=2027, …``.

    Raises DomainError for what is no base64 or answers no question.
    """
    found = sheet_registry.sheet_target(target)
    try:
        body = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DomainError("Send the sheet in base64", field="content") from error
    answers = answered(found, given=_pairs(options), actor=actor)
    try:
        return upload(io.BytesIO(body), name=name, target=found, source=source, options=answers, actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="content" if error.field == "file" else error.field) from error


def _pairs(options: str) -> dict[str, str]:
    parts = [part.partition("=") for part in options.split(",") if part.strip()]
    return {name.strip(): value.strip() for name, _, value in parts}


def answered(target: SheetTarget, *, given: Mapping[str, str], actor: Actor) -> dict[str, object]:
    """The answers to a target's own questions. Raises DomainError (field ``options``) for what its form refuses."""
    if not target.options:
        return {}
    form = target.load(target.options)(data=dict(given), actor=actor)
    if not form.is_valid():
        message = next(iter(form.errors.values()))[0]
        raise DomainError(str(message), field="options")
    return dict(form.cleaned_data)


def taken_before(run: ImportRun) -> ImportRun | None:
    """An earlier import of the very same file, if there was one that was not undone."""
    earlier = ImportRun.objects.filter(target=run.target, file_key=run.file_key, state=ImportRun.State.DONE)
    return earlier.exclude(pk=run.pk).order_by("-finished_at").first() if run.file_key else None
