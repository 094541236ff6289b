"""Files: taken in by size and content, encrypted one by one, given back only to those who may see the record."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.intake import judge
from practice.models import Attachment
from practice.permissions import PracticePermission
from practice.scanning import scan
from practice.sealing import seal, unseal, write_whole
from practice.services.refs import ref_to

MAX_BYTES = 10 * 1024 * 1024


def path_of(storage_name: str) -> Path:
    """Where a stored file lies."""
    folder: Path = settings.MEDIA_ROOT
    return folder / storage_name[:2] / storage_name


def bound_to(practice_id: uuid.UUID, *, storage_name: str) -> str:
    """What a stored file's bytes are sealed to: they open under this practice and name only."""
    return f"{practice_id}|{storage_name}"


@transaction.atomic
def store(
    content: bytes, *, name: str, record: Any, note: str = "", max_bytes: int = MAX_BYTES, actor: Actor
) -> Attachment:
    """Judge, encrypt and keep a file of a record (AES-GCM, bound to the practice and the storage name).

    Raises DomainError (field ``file``) for what is empty, too large, not taken or refused by the scanner.
    """
    if not content:
        raise DomainError("The file is empty.", field="file")
    if len(content) > max_bytes:
        raise DomainError(f"The file is larger than {max_bytes // 1024 // 1024} MB.", field="file")
    judged = judge(content, name=name)
    scanned = scan(judged.content)
    storage_name = secrets.token_hex(24)
    bound = bound_to(actor.practice_id, storage_name=storage_name)
    path = path_of(storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, seal(judged.content, key=settings.FILE_KEYS[0], bound=bound))
    return Attachment.objects.create(
        practice_id=actor.practice_id,
        ref=ref_to(record, actor=actor),
        name=judged.name,
        content_type=judged.content_type,
        size=len(judged.content),
        sha256=hashlib.sha256(judged.content).hexdigest(),
        scan=scanned,
        storage_name=storage_name,
        note=note[:200],
        added_by_id=actor.membership_id,
    )


@transaction.atomic
def attach(content: bytes, *, name: str, record: Any, note: str = "", actor: Actor) -> Attachment:
    """Keep a file that a person adds to a record they see. Raises DomainError as ``store`` does."""
    actor.require(PracticePermission.ATTACH_FILE)
    return store(content, name=name, record=record, note=note, actor=actor)


@transaction.atomic
def withdraw(attachment: Attachment, *, reason: str, actor: Actor) -> Attachment:
    """Take a file back that was attached in error: it is kept and stays readable, and says why it counts no more.

    Whoever added it may, and who may withdraw files of others. Raises DomainError when it is withdrawn already.
    """
    if actor.membership_id is None or attachment.added_by_id != actor.membership_id:
        actor.require(PracticePermission.WITHDRAW_FILE)
    locked = Attachment.objects.select_for_update(no_key=True, of=("self",)).get(pk=attachment.pk)
    if locked.withdrawn_at is not None:
        raise DomainError("This file is withdrawn already.")
    locked.withdrawn_at, locked.withdrawn_reason = clock.now(), reason[:200]
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return locked


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a stored file, for the program itself. Raises OSError (lost) or CannotOpen (key, tampering)."""
    bound = bound_to(attachment.practice_id, storage_name=attachment.storage_name)
    sealed = path_of(attachment.storage_name).read_bytes()
    return unseal(sealed, keys=settings.FILE_KEYS, bound=bound)[0]
