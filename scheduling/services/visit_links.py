"""The address a reminder carries: made when it goes out, kept as a hash, shut when its visit ends, moves or begins."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kit import clock
from kit.errors import Conflict
from practice.actor import Actor
from practice.models import TokenLookup
from practice.services.secrets import forget_secrets, register_secret
from scheduling.models import Appointment, VisitLink
from scheduling.permissions import SchedulingPermission


def make(visit: Appointment, *, actor: Actor) -> str:
    """A new address for a visit; nothing keeps it. Earlier ones stay good: a patient may open any reminder."""
    raw = secrets.token_urlsafe(32)
    link = VisitLink(practice_id=actor.practice_id, appointment=visit, expires_at=visit.starts_at)
    link.secret_hash = register_secret(raw, kind=TokenLookup.Kind.VISIT, row_id=link.id, actor=actor)
    link.save()
    return f"{settings.BASE_URL}{reverse('public_visit', kwargs={'secret': raw})}"


def end(visit: Appointment, *, actor: Actor) -> int:
    """No address opens this visit from the next look on; how many did."""
    live = list(VisitLink.objects.filter(appointment=visit, revoked_at=None).values_list("pk", flat=True))
    VisitLink.objects.filter(pk__in=live).update(revoked_at=clock.now(), updated_at=clock.now())
    forget_secrets(live, actor=actor)
    return len(live)


@transaction.atomic
def close(visit: Appointment, *, actor: Actor) -> int:
    """A member shuts the addresses of a visit, when one went to the wrong person. Conflict when none is open."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not (shut := end(visit, actor=actor)):
        raise Conflict("No confirmation link of this visit is open.")
    return shut
