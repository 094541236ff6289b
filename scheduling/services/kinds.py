"""Visit types, what they need, and providers' own rules about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import Location
from practice.services import plain
from scheduling.models import AppointmentType, ProviderTypeRule, ProviderTypeSite, TypeNeed
from scheduling.permissions import SchedulingPermission

CHANGE = SchedulingPermission.CHANGE_TEMPLATES
_add, _change = plain.pair(AppointmentType, permission=CHANGE)
add_need, change_need = plain.pair(TypeNeed, permission=CHANGE)
_add_rule, _change_rule = plain.pair(ProviderTypeRule, permission=CHANGE)


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> AppointmentType:
    """Make a visit type. DomainError for a code that is no single word."""
    return _add(actor=actor, **_coded(values))


@transaction.atomic
def change(kind: AppointmentType, /, *, actor: Actor, **values: Any) -> AppointmentType:
    """Change a visit type. Visits that are booked keep their length."""
    return _change(kind, actor=actor, **_coded(values))


def _coded(values: dict[str, Any]) -> dict[str, Any]:
    """The code as the booking line reads it: one lower-case word."""
    if "code" not in values:
        return values
    code = values["code"].strip().lower()
    if not code.isalnum():
        raise DomainError("Enter letters and digits only, such as fu.", field="code")
    return {**values, "code": code}


@transaction.atomic
def add_rule(*, actor: Actor, locations: Iterable[Location] = (), **values: Any) -> ProviderTypeRule:
    """Say what a provider does otherwise with a visit type; ``locations``: only there."""
    made = _add_rule(actor=actor, **values)
    _set_sites(made, locations=locations)
    return made


@transaction.atomic
def change_rule(
    rule: ProviderTypeRule, /, *, actor: Actor, locations: Iterable[Location] | None = None, **values: Any
) -> ProviderTypeRule:
    """Change a provider's rule; emptied fields follow the type again. ``locations`` None leaves them as they are."""
    changed = _change_rule(rule, actor=actor, **values)
    if locations is not None:
        _set_sites(changed, locations=locations)
    return changed


def _set_sites(rule: ProviderTypeRule, *, locations: Iterable[Location]) -> None:
    wanted = {each.pk for each in locations}
    rule.sites.exclude(location_id__in=sorted(wanted)).delete()
    known = set(rule.sites.values_list("location_id", flat=True))
    ProviderTypeSite.objects.bulk_create(
        ProviderTypeSite(practice_id=rule.practice_id, rule=rule, location_id=pk)
        for pk in sorted(wanted - known)
    )
