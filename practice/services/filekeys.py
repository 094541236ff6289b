"""Bring stored files under the newest of ``FILE_KEYS``, so that an old key can be thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from practice.actor import Actor
from practice.models import Attachment
from practice.sealing import CannotOpen, seal, unseal, write_whole
from practice.services.attachments import bound_to, path_of
from practice.transactions import acting_in

STEP = 200


@dataclass
class Rotation:
    """What a rotation did: files under the newest key already, sealed anew, and those that could not be opened."""

    kept: int = 0
    renewed: int = 0
    lost: list[uuid.UUID] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Files looked at."""
        return self.kept + self.renewed + len(self.lost)


def rotate(*, actor: Actor) -> Iterator[Rotation]:
    """Seal every attachment of the actor's practice with ``FILE_KEYS[0]``; yields the tally after each step.

    Opens its own short transactions. Safe beside readers (a file is replaced whole) and safe to repeat: a run that
    was killed goes on where it was, for what is under the newest key already is left alone.
    """
    tally, last = Rotation(), uuid.UUID(int=0)
    while True:
        with acting_in(actor.practice_id, actor=actor, read_only=True):
            files = Attachment.objects.filter(pk__gt=last).order_by("pk")
            step = list(files.values_list("pk", "storage_name")[:STEP])
        if not step:
            return
        for pk, storage_name in step:
            _renew(storage_name, pk=pk, actor=actor, tally=tally)
        last = step[-1][0]
        yield tally


def _renew(storage_name: str, *, pk: uuid.UUID, actor: Actor, tally: Rotation) -> None:
    path = path_of(storage_name)
    bound = bound_to(actor.practice_id, storage_name=storage_name)
    try:
        content, number = unseal(path.read_bytes(), keys=settings.FILE_KEYS, bound=bound)
    except (OSError, CannotOpen):
        tally.lost.append(pk)
        return
    if number == 0:
        tally.kept += 1
        return
    write_whole(path, seal(content, key=settings.FILE_KEYS[0], bound=bound))
    tally.renewed += 1
