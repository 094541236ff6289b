"""The only doors to a letter online: a living address, and the one letter behind it."""

from __future__ import annotations

import uuid

from kit import clock
from practice.actor import Actor
from practice.models import Letter, LetterLink, Practice
from practice.permissions import PracticePermission
from practice.selectors.outside import holder, link_behind


def reader(*, link_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living address may do: read its letter. None when it is ended, too old, or its letter came back or was
    cancelled since. Inside ``acting_in``.
    """
    living = LetterLink.objects.filter(
        revoked_at=None, expires_at__gt=clock.now(), letter__state=Letter.State.SENT
    )
    link = living.filter(pk=link_id).first()
    if link is None:
        return None
    return holder(
        link,
        practice=practice,
        name="Whom a letter was written to",
        permission=PracticePermission.READ_ONLINE,
        request_id=request_id,
    )


def link_of(actor: Actor) -> LetterLink:
    """The link that a reader came in by, with its letter, or 404."""
    return link_behind(
        LetterLink.objects.select_related("letter"), actor=actor, permission=PracticePermission.READ_ONLINE
    )
