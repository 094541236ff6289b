"""The letterhead: a logo and a line at the foot, beside the name and address the practice has anyway."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import Attachment, Letterhead
from practice.permissions import PracticePermission
from practice.selectors.letter_compose import LOGO_TYPES
from practice.services import attachments

MOST_BYTES = 300 * 1024


@transaction.atomic
def change(
    *, logo: UploadedFile[Any] | None = None, without_logo: bool = False, foot: str = "", actor: Actor
) -> Letterhead:
    """Set the line at the foot, and a new logo or none. Letters already written keep their PDF."""
    actor.require(PracticePermission.CHANGE_LETTERS)
    head, _ = Letterhead.objects.get_or_create(practice_id=actor.practice_id)
    head.foot = " ".join(foot.split())[:200]
    if without_logo:
        head.logo = None
    if logo is not None:
        content = logo.read(attachments.MAX_BYTES + 1)
        kept = _picture(content, name=logo.name or "logo", head=head, actor=actor)
        head.logo = kept
    head.save()
    return head


def _picture(content: bytes, *, name: str, head: Letterhead, actor: Actor) -> Attachment:
    if len(content) > MOST_BYTES:
        raise DomainError("Take a picture of at most 300 kB.", field="logo")
    try:
        kept = attachments.store(content, name=name, record=head, note="Logo", actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="logo") from error
    if kept.content_type not in LOGO_TYPES:
        raise DomainError("Take a PNG or JPEG picture.", field="logo")
    return kept
