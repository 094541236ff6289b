"""Register and forget the secrets that name a row of this practice: tokens, invitations, displays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from practice.actor import Actor
from practice.models import TokenLookup
from practice.selectors.secrets import hash_secret


def register_secret(raw: str, *, kind: str, row_id: uuid.UUID, actor: Actor) -> str:
    """Make a secret findable before its practice is known; returns its SHA-256, which the row keeps.

    The caller has checked the actor's permission for that row.
    """
    entry = TokenLookup.objects.create(
        secret_hash=hash_secret(raw),
        kind=TokenLookup.Kind(kind),
        practice_id=actor.practice_id,
        row_id=row_id,
    )
    return entry.secret_hash


def forget_secrets(row_ids: Iterable[uuid.UUID], *, actor: Actor) -> int:
    """Make every secret of these rows unknown from now on; how many there were."""
    gone, _ = TokenLookup.objects.filter(practice_id=actor.practice_id, row_id__in=list(row_ids)).delete()
    return gone
