"""Files: taken in by size and content, encrypted one by one, given back only to those who may see the record."""

from __future__ import annotations

import hashlib
import io
import secrets
import uuid
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.module_loading import import_string

from kit import registry
from kit.errors import DomainError
from practice.actor import Actor
from practice.intake import judge
from practice.models import Attachment, RecordRef
from practice.scanning import scan
from practice.sealing import CannotOpen, seal, unseal, write_whole
from practice.services.refs import ref_to

MAX_BYTES = 10 * 1024 * 1024
# Who may open a record's files: kind of record -> permission, declared by each app in ``permissions.ATTACHMENTS``.


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


def of_record(record: Any) -> list[Attachment]:
    """A record's files, newest first."""
    found = Attachment.objects.filter(ref__kind=record._meta.label_lower, ref__record_id=record.pk)
    return list(found.select_related("added_by__user").order_by("-created_at"))


def permission_for(kind: str) -> str:
    """The permission that opens files of a kind of record; unknown kinds have none and stay shut."""
    from practice.discovery import modules

    for module in modules("permissions"):
        if kind in getattr(module, "ATTACHMENTS", {}):
            return str(module.ATTACHMENTS[kind])
    return ""


def _sees_record(ref: RecordRef, *, actor: Actor) -> bool:
    """Whether the record itself is for this actor: hidden patients and other sites keep their files too."""
    from practice.discovery import modules

    for module in modules("permissions"):
        if door := getattr(module, "ATTACHMENT_DOORS", {}).get(ref.kind):
            return bool(import_string(door)(actor).filter(pk=ref.record_id).exists())
    model: Any = apps.get_model(ref.kind)
    resource = registry.for_model(model)
    return resource is None or resource.visible_to(actor).filter(pk=ref.record_id).exists()


def read(attachment_id: uuid.UUID, *, actor: Actor) -> tuple[Attachment, io.BytesIO]:
    """The file and its content, or 404 for what is unknown, foreign, forbidden, lost or tampered with."""
    attachment = Attachment.objects.filter(pk=attachment_id).select_related("ref").first()
    if attachment is None:
        raise Http404
    permission = permission_for(attachment.ref.kind)
    if not permission or not actor.may(permission) or not _sees_record(attachment.ref, actor=actor):
        raise Http404
    try:
        return attachment, io.BytesIO(content_of(attachment))
    except (OSError, CannotOpen):
        raise Http404 from None


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a stored file, for the program itself. Raises OSError (lost) or CannotOpen (key, tampering)."""
    bound = bound_to(attachment.practice_id, storage_name=attachment.storage_name)
    sealed = path_of(attachment.storage_name).read_bytes()
    return unseal(sealed, keys=settings.FILE_KEYS, bound=bound)[0]
