"""The only doors to a visit from outside: a living address, and the one visit, or held time, behind it."""

from __future__ import annotations

import uuid

from django.db.models import Q

from kit import clock
from practice.actor import Actor
from practice.models import Practice
from practice.selectors.outside import holder, link_behind
from scheduling.models import VisitLink
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL


def answerer(*, link_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living address may do: answer about its visit. None when it is ended, or its visit began, moved or ended;
    that of an offer also when it ended a while ago. Inside ``acting_in``.
    """
    living = VisitLink.objects.filter(revoked_at=None, expires_at__gt=clock.now())
    stands = Q(appointment__status__in=sorted(BEFORE_ARRIVAL)) | Q(offer__isnull=False)
    link = living.filter(stands, pk=link_id).first()
    if link is None:
        return None
    return holder(
        link,
        practice=practice,
        name="Who holds a reminder",
        permission=SchedulingPermission.ANSWER_REMINDER,
        request_id=request_id,
    )


def link_of(actor: Actor) -> VisitLink:
    """The link that an answer came in by, with its visit, or 404."""
    rows = VisitLink.objects.select_related("appointment__location", "appointment__patient", "offer__entry")
    return link_behind(rows, actor=actor, permission=SchedulingPermission.ANSWER_REMINDER)
