"""Reading visit types, their needs and providers' rules: whoever sees the schedule sees them."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.actor import Actor
from practice.selectors import plain
from scheduling.models import AppointmentType, ProviderTypeRule, TypeNeed, WaitReason

types = plain.every(AppointmentType)
needs = plain.every(TypeNeed)
wait_reasons = plain.every(WaitReason)


def rules(actor: Actor) -> QuerySet[ProviderTypeRule]:
    """Every rule, with the locations it names."""
    return ProviderTypeRule.objects.prefetch_related("sites__location")
