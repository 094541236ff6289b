"""Reads about opened restricted records: who, whom, why, until when, what was looked at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from patients.models import BreakGlass, BreakGlassReview
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import AuditAccessPatient, Membership


def visible_to(actor: Actor) -> QuerySet[BreakGlass]:
    """Every opened record of the practice, for reviewers; none for others."""
    if not actor.may(PatientPermission.REVIEW_BREAK_GLASS):
        return BreakGlass.objects.none()
    looked = (
        AuditAccessPatient.objects.filter(grant_id=OuterRef("pk"))
        .order_by()
        .values("grant_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        BreakGlass.objects.filter(practice_id=actor.practice_id)
        .select_related("membership__user", "patient")
        .prefetch_related("closings", "reviews__reviewer__user")
        .annotate(looks=Coalesce(Subquery(looked), 0), shown_name=restricted.shown_name(actor))
        .order_by("-starts_at", "-id")
    )


def to_review(queryset: QuerySet[BreakGlass], *, actor: Actor) -> QuerySet[BreakGlass]:
    """Those nobody has reviewed yet."""
    return queryset.filter(~Exists(BreakGlassReview.objects.filter(grant=OuterRef("pk"))))


def own(grant_id: uuid.UUID, *, actor: Actor) -> BreakGlass:
    """One record the actor has opened, living or past, or 404."""
    found = BreakGlass.objects.filter(pk=grant_id).first()
    if found is None or actor.kind != "user" or found.membership_id != actor.membership_id:
        raise Http404
    return found


def living(actor: Actor) -> Sequence[BreakGlass]:
    """What the actor has open now, the one that ends first in front."""
    found = BreakGlass.objects.filter(pk__in=list(actor.opened.values())).select_related("patient")
    return list(found.order_by("ends_at"))


def looks(grant: BreakGlass) -> QuerySet[AuditAccessPatient]:
    """What was looked at under a grant, first to last."""
    found = AuditAccessPatient.objects.filter(grant_id=grant.pk).select_related("access")
    return found.order_by("created_at", "id")


def reviewers(practice_id: uuid.UUID) -> list[str]:
    """E-mail addresses of the members who review, the opener's own among them when they do."""
    holders = Membership.objects.filter(
        practice_id=practice_id,
        ended_at=None,
        role_links__role__permissions__permission=PatientPermission.REVIEW_BREAK_GLASS,
    )
    return sorted(set(holders.values_list("user__email", flat=True)))
