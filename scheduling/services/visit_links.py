"""The address a message carries: made when it goes out, kept as a hash, shut when its visit ends, moves or begins, or
a while after its offer was answered or ran out.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from kit import clock
from kit.errors import Conflict
from practice.actor import Actor
from practice.models import TokenLookup
from practice.services.secrets import forget_secrets, register_secret
from scheduling.models import Appointment, VisitLink, WaitlistOffer
from scheduling.permissions import SchedulingPermission

SAYS_SO = timedelta(hours=1)  # how long the address of an offer that has ended tells what became of it


def make(visit: Appointment, *, actor: Actor, offer: WaitlistOffer | None = None) -> str:
    """A new address for a visit; nothing keeps it. Earlier ones stay good: a patient may open any reminder.

    With ``offer`` it answers that one, as long as it lives.
    """
    raw = secrets.token_urlsafe(32)
    expires_at = visit.starts_at if offer is None else offer.expires_at + SAYS_SO
    link = VisitLink(practice_id=actor.practice_id, appointment=visit, offer=offer, expires_at=expires_at)
    link.secret_hash = register_secret(raw, kind=TokenLookup.Kind.VISIT, row_id=link.id, actor=actor)
    link.save()
    return f"{settings.BASE_URL}{reverse('public_visit', kwargs={'secret': raw})}"


def end(visit: Appointment, *, actor: Actor) -> int:
    """No address opens this visit from the next look on; how many did."""
    return _end(VisitLink.objects.filter(appointment=visit), actor=actor)


def _end(links: QuerySet[VisitLink], *, actor: Actor) -> int:
    live = list(links.filter(revoked_at=None).values_list("pk", flat=True))
    VisitLink.objects.filter(pk__in=live).update(revoked_at=clock.now(), updated_at=clock.now())
    forget_secrets(live, actor=actor)
    return len(live)


def answered(offer: WaitlistOffer) -> None:
    """An offer has ended: its addresses answer nothing from now on, say so for a while, and then open nothing."""
    over = clock.now() + SAYS_SO
    live = VisitLink.objects.filter(offer=offer, revoked_at=None, expires_at__gt=over)
    live.update(expires_at=over, updated_at=clock.now())


def forget_over(*, actor: Actor) -> int:
    """End the addresses of offers whose while is over; how many. Part of the night."""
    return _end(VisitLink.objects.filter(offer__isnull=False, expires_at__lte=clock.now()), actor=actor)


@transaction.atomic
def close(visit: Appointment, *, actor: Actor) -> int:
    """A member shuts the addresses of a visit, when one went to the wrong person. Conflict when none is open."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not (shut := end(visit, actor=actor)):
        raise Conflict("No confirmation link of this visit is open.")
    return shut
