"""The only doors to complaints."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404

from patients.models import Complaint, ComplaintEvent
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.selectors.days import practice_today

SOON_DAYS = 7


def visible_to(actor: Actor) -> QuerySet[Complaint]:
    """Complaints at the actor's sites; those of restricted patients only for who may see restricted."""
    if not actor.may(PatientPermission.VIEW_COMPLAINT):
        return Complaint.objects.none()
    found = Complaint.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(location_id__in=actor.locations) | Q(location=None))
    return restricted.visible(found, actor=actor, optional=True)


def get_complaint(complaint_id: uuid.UUID, *, actor: Actor) -> Complaint:
    """One complaint, or 404."""
    found = visible_to(actor).select_related("patient").filter(pk=complaint_id).first()
    if found is None:
        raise Http404
    return found


def steps(actor: Actor) -> QuerySet[ComplaintEvent]:
    """The steps taken on those complaints."""
    return ComplaintEvent.objects.filter(complaint__in=visible_to(actor))


def still_open(queryset: QuerySet[Complaint], *, actor: Actor) -> QuerySet[Complaint]:
    """Not closed."""
    return queryset.exclude(stage=Complaint.Stage.CLOSED)


def overdue(queryset: QuerySet[Complaint], *, actor: Actor) -> QuerySet[Complaint]:
    """Not acknowledged, or not closed, by its day."""
    return late_on(queryset, day=practice_today(actor))


def due_soon(queryset: QuerySet[Complaint], *, actor: Actor) -> QuerySet[Complaint]:
    """To be acknowledged or closed within seven days, and not late yet."""
    today = practice_today(actor)
    last = today + timedelta(days=SOON_DAYS)
    unanswered = Q(stage=Complaint.Stage.RECEIVED, acknowledge_by__lte=last)
    due = still_open(queryset, actor=actor).filter(unanswered | Q(resolve_by__lte=last))
    return due.exclude(pk__in=late_on(queryset, day=today).values("pk"))


def late_on(queryset: QuerySet[Complaint], *, day: date) -> QuerySet[Complaint]:
    """The same for a given day."""
    unanswered = Q(stage=Complaint.Stage.RECEIVED, acknowledge_by__lt=day)
    return queryset.exclude(stage=Complaint.Stage.CLOSED).filter(unanswered | Q(resolve_by__lt=day))
