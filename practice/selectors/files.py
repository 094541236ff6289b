"""Files of records: whoever sees the record sees its files, unless the app asks for a permission on top.

``ATTACHMENTS`` in an app's permissions names that permission by kind of record; ``ATTACHMENT_DOORS`` names a door for
kinds that have neither a Resource nor a line in the setting RECORD_SELECTORS.
"""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.apps import apps
from django.http import Http404
from django.utils.module_loading import import_string

from practice.actor import Actor
from practice.models import Attachment, RecordRef
from practice.sealing import CannotOpen
from practice.selectors import records
from practice.services.attachments import content_of


def of_record(record: Any, *, withdrawn: bool = False) -> list[Attachment]:
    """A record's files, newest first; those withdrawn only when asked for."""
    found = Attachment.objects.filter(ref__kind=record._meta.label_lower, ref__record_id=record.pk)
    found = found if withdrawn else found.filter(withdrawn_at=None)
    return list(found.select_related("added_by__user").order_by("-created_at", "-id"))


def permission_for(kind: str) -> str:
    """The permission that files of a kind ask for beside sight of the record; '' for none."""
    from practice.discovery import modules

    for module in modules("permissions"):
        if kind in getattr(module, "ATTACHMENTS", {}):
            return str(module.ATTACHMENTS[kind])
    return ""


def may_open(ref: RecordRef, *, actor: Actor) -> bool:
    """Whether files of this record are for this actor: hidden patients and other sites keep theirs too."""
    permission = permission_for(ref.kind)
    if permission and not actor.may(permission):
        return False
    return _door(ref, actor=actor)


def _door(ref: RecordRef, *, actor: Actor) -> bool:
    from practice.discovery import modules

    for module in modules("permissions"):
        if door := getattr(module, "ATTACHMENT_DOORS", {}).get(ref.kind):
            return bool(import_string(door)(actor).filter(pk=ref.record_id).exists())
    return ref.record_id in records.visible(apps.get_model(ref.kind), ids=[ref.record_id], actor=actor)


def get_file(attachment_id: uuid.UUID, *, actor: Actor) -> Attachment:
    """A file's row, or 404 for what is unknown, foreign or of a record this actor may not see."""
    found = Attachment.objects.filter(pk=attachment_id).select_related("ref", "added_by__user").first()
    if found is None or not may_open(found.ref, actor=actor):
        raise Http404
    return found


def read(attachment_id: uuid.UUID, *, actor: Actor) -> tuple[Attachment, io.BytesIO]:
    """The file and its content; 404 also for what is lost or was tampered with."""
    attachment = get_file(attachment_id, actor=actor)
    try:
        return attachment, io.BytesIO(content_of(attachment))
    except (OSError, CannotOpen):
        raise Http404 from None
