"""The only doors to employees."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from staff.models import Employee
from staff.permissions import StaffPermission


def visible_to(actor: Actor) -> QuerySet[Employee]:
    """Everyone who works or worked here, within the actor's sites (people without a site belong to all)."""
    if not actor.may(StaffPermission.VIEW_EMPLOYEE):
        return Employee.objects.none()
    found = Employee.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(location_id__in=actor.locations) | Q(location=None))
    return found


def get_employee(employee_id: uuid.UUID, *, actor: Actor) -> Employee:
    """One employee; unknown, foreign and hidden ones all look unknown (404)."""
    found = visible_to(actor).filter(pk=employee_id).first()
    if found is None:
        raise Http404
    return found
