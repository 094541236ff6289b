"""The only doors to referrals."""

from __future__ import annotations

from django.db.models import QuerySet

from patients.models import Referral, ReferralStep
from patients.permissions import PatientPermission
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today


def visible_to(actor: Actor) -> QuerySet[Referral]:
    """Referrals of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_REFERRAL):
        return Referral.objects.none()
    found = Referral.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("patient", "elsewhere")


def steps(actor: Actor) -> QuerySet[ReferralStep]:
    """The steps of those referrals."""
    return ReferralStep.objects.filter(referral__in=visible_to(actor))


def still_open(queryset: QuerySet[Referral], *, actor: Actor) -> QuerySet[Referral]:
    """The loop is not closed."""
    return queryset.filter(due_on__isnull=False)


def late(queryset: QuerySet[Referral], *, actor: Actor) -> QuerySet[Referral]:
    """The next step was expected before today."""
    return queryset.filter(due_on__lt=practice_today(actor))


def search(queryset: QuerySet[Referral], *, text: str, actor: Actor) -> QuerySet[Referral]:
    """Referrals of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))
