"""The uploaded sheet of a run: kept sealed as it came, read back as often as its rows are needed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import IO

from kit.errors import DomainError
from kit.sheet_reader import Sheet, open_sheet
from kit.sheet_reader.tables import of_bytes
from kit.sheet_target import SheetTarget
from practice.actor import Actor
from practice.models import ImportRun
from practice.sealing import CannotOpen
from practice.selectors import files
from practice.services import attachments
from practice.services.import_files import SHEET

MEMBER = "sheet"
LOST = "The uploaded sheet is gone. Upload it again."


def taken_in(upload: IO[bytes]) -> bytes:
    """The bytes of an upload. Raises DomainError (field ``file``) for nothing and for too much."""
    content = upload.read(SHEET.bytes + 1)
    if not content:
        raise DomainError("This file is empty", field="file")
    if len(content) > SHEET.bytes:
        raise DomainError(f"Upload a sheet of at most {SHEET.bytes // 1024 // 1024} MB", field="file")
    return content


def key_of(content: bytes) -> str:
    """What names a file's content."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes, *, run: ImportRun, actor: Actor) -> None:
    """Seal the sheet with its run. It lies inside an archive: sheets come in more encodings than texts we attach."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MEMBER, content)
    attachments.store(
        packed.getvalue(),
        name=f"{run.pk}.zip",
        record=run,
        max_bytes=SHEET.bytes + 1024 * 1024,
        actor=actor,
    )


def content_of(run: ImportRun) -> bytes:
    """The sheet as it came. Raises DomainError when it is no longer there."""
    stored = files.of_record(run, withdrawn=True)
    if not stored:
        raise DomainError(LOST)
    try:
        with zipfile.ZipFile(io.BytesIO(attachments.content_of(stored[-1]))) as archive:
            return archive.read(MEMBER)
    except (OSError, CannotOpen, zipfile.BadZipFile) as error:
        raise DomainError(LOST) from error


def sheet_of(run: ImportRun, *, target: SheetTarget) -> Sheet:
    """The run's sheet, opened as its person has chosen."""
    return opened(content_of(run), target=target, worksheet=run.worksheet, heading_row=run.heading_row)


def opened(content: bytes, *, target: SheetTarget, worksheet: str = "", heading_row: int = 0) -> Sheet:
    """A sheet of this target. Raises DomainError for what is none."""
    return open_sheet(
        of_bytes(content),
        fields=target.fields,
        worksheet=worksheet,
        heading_row=heading_row,
        limits=SHEET,
    )
