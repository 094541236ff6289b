"""Invitations: the practice's own, and the one a secret belongs to."""

from __future__ import annotations

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kit import clock
from practice.actor import Actor
from practice.models import Invitation, PracticeProfile


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Every invitation of the practice, with its roles and sites."""
    found = Invitation.objects.select_related("invited_by__user")
    return found.prefetch_related("role_links__role", "location_links__location")


def waiting(queryset: QuerySet[Invitation], *, actor: Actor) -> QuerySet[Invitation]:
    """Those neither accepted nor withdrawn; too old ones among them, so that they can be sent again."""
    return queryset.filter(accepted_at=None, revoked_at=None)


def last_day(invitation: Invitation) -> date:
    """The last day it works, as the practice's calendar has it. Inside ``acting_in`` its practice."""
    zone = PracticeProfile.objects.get(practice_id=invitation.practice_id).timezone
    return invitation.expires_at.astimezone(ZoneInfo(zone)).date()


def acceptable(invitation_id: uuid.UUID) -> Invitation | None:
    """The invitation if it still lets somebody in. Inside ``acting_in`` its practice."""
    found = Invitation.objects.filter(
        pk=invitation_id, accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
    )
    return found.select_related("practice", "invited_by__user").prefetch_related("role_links__role").first()
