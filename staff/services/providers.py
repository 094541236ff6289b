"""Add and change those who treat."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit.errors import DomainError
from practice.actor import Actor
from practice.identifiers import npi_is_valid
from staff.models import Employee, Provider
from staff.permissions import StaffPermission

DETAILS = frozenset({"display_name", "npi", "taxonomy", "specialty", "location", "is_active"})


def _settle(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a provider has no {', '.join(sorted(unknown))}")
    if "display_name" in values and not values["display_name"].strip():
        raise DomainError("Enter the name patients read.", field="display_name")
    if "npi" in values:
        values["npi"] = "".join(str(values["npi"]).split())
        if values["npi"] and not npi_is_valid(values["npi"]):
            raise DomainError(
                "This is no NPI: ten digits, the last one a check digit. Look it up in NPPES.", field="npi"
            )
    return values


@transaction.atomic
def add(*, actor: Actor, employee: Employee, display_name: str, **details: Any) -> Provider:
    """Make an employee a provider. Raises DomainError for a wrong NPI or somebody who has left."""
    actor.require(StaffPermission.CHANGE_PROVIDER)
    if not employee.is_employed:
        raise DomainError(f"{employee} no longer works here.", field="employee")
    if Provider.objects.filter(employee=employee).exists():
        raise DomainError(f"{employee} is a provider already.", field="employee")
    values = _settle({"display_name": display_name, **details})
    return Provider.objects.create(practice_id=actor.practice_id, employee=employee, **values)


@transaction.atomic
def change(provider: Provider, *, actor: Actor, **details: Any) -> Provider:
    """Change how a provider is shown, billed and placed; the person behind never changes.

    Raises DomainError for a wrong NPI, for another person, or for making a leaver active.
    """
    actor.require(StaffPermission.CHANGE_PROVIDER)
    locked = Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=provider.pk)
    person = details.pop("employee", None)
    if person is not None and person.pk != locked.employee_id:
        raise DomainError("A provider stays the same person: add another provider.", field="employee")
    for name, value in _settle(details).items():
        setattr(locked, name, value)
    if locked.is_active and not locked.employee.is_employed:
        raise DomainError(f"{locked.employee} no longer works here.", field="is_active")
    locked.save()
    return locked
