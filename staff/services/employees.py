"""Hire people, change their details, send them on leave and end employment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor, system_actor
from practice.services.people import end_membership
from staff.models import Employee, Provider
from staff.permissions import StaffPermission
from staff.services import expiries

DETAILS = frozenset(
    {"first_name", "last_name", "job_title", "email", "phone", "location", "hired_on", "membership"}
)


def _settle(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"an employee has no {', '.join(sorted(unknown))}")
    for name in ("first_name", "last_name", "job_title"):
        if name in values:
            values[name] = " ".join(str(values[name]).split())
            if not values[name]:
                raise DomainError(f"Enter the {name.replace('_', ' ')}.", field=name)
    return values


def _locked(employee: Employee) -> Employee:
    return Employee.objects.select_for_update(of=("self",), no_key=True).get(pk=employee.pk)


@transaction.atomic
def add(*, actor: Actor, first_name: str, last_name: str, job_title: str, **details: Any) -> Employee:
    """Put somebody on the staff list. Raises DomainError for an empty name or title."""
    actor.require(StaffPermission.CHANGE_EMPLOYEE)
    values = _settle({"first_name": first_name, "last_name": last_name, "job_title": job_title, **details})
    return Employee.objects.create(practice_id=actor.practice_id, **values)


@transaction.atomic
def change(employee: Employee, *, actor: Actor, **details: Any) -> Employee:
    """Change the given details; employment itself is ended by ``end``."""
    actor.require(StaffPermission.CHANGE_EMPLOYEE)
    locked = _locked(employee)
    for name, value in _settle(details).items():
        setattr(locked, name, value)
    if locked.ended_on and locked.hired_on and locked.hired_on > locked.ended_on:
        raise DomainError("Enter a first day before the last one.", field="hired_on")
    locked.save()
    return locked


@transaction.atomic
def send_on_leave(employee: Employee, *, actor: Actor) -> Employee:
    """Mark as away; licences are watched on."""
    return _move(employee, given=Employee.Status.ACTIVE, wanted=Employee.Status.LEAVE, actor=actor)


@transaction.atomic
def return_from_leave(employee: Employee, *, actor: Actor) -> Employee:
    """Mark as back at work."""
    return _move(employee, given=Employee.Status.LEAVE, wanted=Employee.Status.ACTIVE, actor=actor)


def _move(employee: Employee, *, given: str, wanted: str, actor: Actor) -> Employee:
    actor.require(StaffPermission.CHANGE_EMPLOYEE)
    locked = _locked(employee)
    if locked.status != given:
        raise Conflict(f"{locked} is {locked.get_status_display().lower()} now.")
    locked.status = wanted
    locked.save()
    return locked


@transaction.atomic
def end(employee: Employee, *, actor: Actor, ended_on: date) -> Employee:
    """End employment: no longer a provider to book, way into the program closed, licences no longer watched.

    Raises Conflict when it has ended already, DomainError for a last day before the first.
    """
    actor.require(StaffPermission.CHANGE_EMPLOYEE)
    locked = _locked(employee)
    if not locked.is_employed:
        raise Conflict(f"Employment of {locked} has ended already.")
    if locked.hired_on and ended_on < locked.hired_on:
        raise DomainError("Enter a last day on or after the first one.", field="ended_on")
    locked.status, locked.ended_on = Employee.Status.ENDED, ended_on
    locked.save()
    for provider in Provider.objects.select_for_update(of=("self",), no_key=True).filter(
        employee=locked, is_active=True
    ):
        provider.is_active = False
        provider.save()
    if locked.membership is not None and locked.membership.ended_at is None:
        # Whoever may end employment must be able to shut the door the same day, without managing roles.
        house = system_actor(practice_id=actor.practice_id, request_id=actor.request_id)
        end_membership(locked.membership, actor=house)
    for credential in locked.credentials.order_by("id"):
        expiries.watch(credential, actor=actor)
    return locked
