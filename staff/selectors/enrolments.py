"""Payer enrolments as far as an actor may see them."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from staff.models import PayerEnrolment
from staff.permissions import StaffPermission

DONE = (PayerEnrolment.State.EFFECTIVE, PayerEnrolment.State.TERMINATED, PayerEnrolment.State.DENIED)


def visible_to(actor: Actor) -> QuerySet[PayerEnrolment]:
    """Enrolments at the actor's sites and those for every site."""
    if not actor.may(StaffPermission.VIEW_ENROLMENT):
        return PayerEnrolment.objects.none()
    found = PayerEnrolment.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(location_id__in=actor.locations) | Q(location=None))
    return found


def get_enrolment(enrolment_id: uuid.UUID, *, actor: Actor) -> PayerEnrolment:
    """One enrolment, or 404."""
    found = visible_to(actor).filter(pk=enrolment_id).first()
    if found is None:
        raise Http404
    return found


def in_progress(queryset: QuerySet[PayerEnrolment], *, actor: Actor) -> QuerySet[PayerEnrolment]:
    """Those on which somebody still works: a provider cannot bill this payer yet, or soon no longer."""
    return queryset.exclude(state__in=DONE)
