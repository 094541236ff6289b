"""How each provider does a kind of visit, and what it needs besides: the type's own values where nobody has a rule."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from scheduling.models import AppointmentType, ProviderTypeRule, Resource, TypeNeed
from scheduling.rules.fits import Terms


def terms_for(visit_type: AppointmentType, *, providers: Iterable[UUID | None]) -> dict[UUID, Terms]:
    """The terms of these providers for a type, in two queries however many there are."""
    wanted = {each for each in providers if each is not None}
    rules = {
        rule.provider_id: rule
        for rule in ProviderTypeRule.objects.filter(
            type=visit_type, provider_id__in=sorted(wanted)
        ).prefetch_related("sites")
    }
    return {each: _terms(visit_type, rule=rules.get(each)) for each in wanted}


def owner_of(resource: Resource) -> UUID:
    """The provider whose resource it is. ValueError for a room or device."""
    if resource.provider_id is None:
        raise ValueError(f"{resource} is no provider's")
    return resource.provider_id


def _terms(visit_type: AppointmentType, *, rule: ProviderTypeRule | None) -> Terms:
    if rule is None:
        return Terms(
            minutes=visit_type.minutes,
            before=visit_type.buffer_before,
            after=visit_type.buffer_after,
            align=visit_type.align_minutes,
        )
    sites = frozenset(each.location_id for each in rule.sites.all())
    return Terms(
        minutes=visit_type.minutes if rule.minutes is None else rule.minutes,
        before=visit_type.buffer_before if rule.buffer_before is None else rule.buffer_before,
        after=visit_type.buffer_after if rule.buffer_after is None else rule.buffer_after,
        align=visit_type.align_minutes,
        max_per_day=rule.max_per_day,
        offered=rule.is_offered,
        sites=sites or None,
    )


def needs_of(visit_type: AppointmentType) -> list[TypeNeed]:
    """The rooms and devices a type takes, always in one order."""
    return list(TypeNeed.objects.filter(type=visit_type, count__gt=0).order_by("kind", "group", "id"))
