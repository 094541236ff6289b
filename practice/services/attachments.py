"""Files: taken in by size and content, encrypted one by one, given back only to those who may see the record."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import secrets
import uuid
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.http import Http404

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import Attachment
from practice.services.refs import ref_to

MAX_BYTES = 10 * 1024 * 1024
# What content begins with, by type. What is not listed is not taken.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
)
# Who may open a record's files: kind of record -> permission, declared by each app in ``permissions.ATTACHMENTS``.


def content_type_of(content: bytes) -> str:
    """The type by content, never by name. Raises DomainError for what is not taken."""
    for magic, content_type in MAGIC:
        if content.startswith(magic):
            return content_type
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise DomainError("Attach a PDF, PNG, JPEG, ZIP or plain text file.", field="file") from None
    if "\x00" in text or "<script" in text.lower():
        raise DomainError("Attach a PDF, PNG, JPEG, ZIP or plain text file.", field="file")
    return "text/plain"


def _key(number: int) -> bytes:
    return base64.urlsafe_b64decode(settings.FILE_KEYS[number])


@transaction.atomic
def store(
    content: bytes, *, name: str, record: Any, note: str = "", max_bytes: int = MAX_BYTES, actor: Actor
) -> Attachment:
    """Encrypt and keep a file of a record (AES-GCM, bound to the practice and the storage name)."""
    if not content:
        raise DomainError("The file is empty.", field="file")
    if len(content) > max_bytes:
        raise DomainError(f"The file is larger than {max_bytes // 1024 // 1024} MB.", field="file")
    storage_name = secrets.token_hex(24)
    nonce = os.urandom(12)
    bound = f"{actor.practice_id}|{storage_name}".encode()
    sealed = nonce + AESGCM(_key(0)).encrypt(nonce, content, bound)
    folder = settings.MEDIA_ROOT / storage_name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / storage_name).write_bytes(sealed)
    return Attachment.objects.create(
        practice_id=actor.practice_id,
        ref=ref_to(record, actor=actor),
        name=os.path.basename(name.replace("\\", "/"))[:200] or "file",
        content_type=content_type_of(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
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


def read(attachment_id: uuid.UUID, *, actor: Actor) -> tuple[Attachment, io.BytesIO]:
    """The file and its content, or 404 for what is unknown, foreign, forbidden, lost or tampered with."""
    attachment = Attachment.objects.filter(pk=attachment_id).select_related("ref").first()
    if attachment is None:
        raise Http404
    permission = permission_for(attachment.ref.kind)
    if not permission or not actor.may(permission):
        raise Http404
    path = settings.MEDIA_ROOT / attachment.storage_name[:2] / attachment.storage_name
    if not path.is_file():
        raise Http404
    sealed = path.read_bytes()
    bound = f"{attachment.practice_id}|{attachment.storage_name}".encode()
    for number in range(len(settings.FILE_KEYS)):
        try:
            return attachment, io.BytesIO(AESGCM(_key(number)).decrypt(sealed[:12], sealed[12:], bound))
        except InvalidTag:
            continue
    raise Http404
