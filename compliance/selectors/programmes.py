"""Programmes and their checklists."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from compliance.models import ChecklistItem, Programme
from compliance.permissions import CompliancePermission
from practice.actor import Actor


def visible_to(actor: Actor) -> QuerySet[Programme]:
    """Every programme of the practice, for those who may see compliance."""
    if not actor.may(CompliancePermission.VIEW_COMPLIANCE):
        return Programme.objects.none()
    return Programme.objects.filter(practice_id=actor.practice_id)


def get_programme(programme_id: uuid.UUID, *, actor: Actor) -> Programme:
    """One programme, or 404."""
    found = visible_to(actor).filter(pk=programme_id).first()
    if found is None:
        raise Http404
    return found


def checklist(actor: Actor) -> QuerySet[ChecklistItem]:
    """Every checklist item, past and present."""
    if not actor.may(CompliancePermission.VIEW_COMPLIANCE):
        return ChecklistItem.objects.none()
    return ChecklistItem.objects.filter(practice_id=actor.practice_id)


def in_force(programme: Programme, *, day: date) -> QuerySet[ChecklistItem]:
    """What a programme asks for on a day."""
    return programme.checklist.filter(effective_from__lte=day).filter(
        Q(effective_to=None) | Q(effective_to__gte=day)
    )
