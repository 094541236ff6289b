"""Reads of what patients keep from their plans. Whoever tells a plan anything about a visit asks here first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum

from billing.models import Charge, OpenItem, PlanRestriction
from billing.permissions import BillingPermission
from patients.selectors import patients, restricted
from practice.actor import Actor
from scheduling.models import Appointment

if TYPE_CHECKING:
    from billing.models import Claim

PATIENT = "appointment__patient"


def visible_to(actor: Actor) -> QuerySet[PlanRestriction]:
    """Those of the sites the actor works at, without hidden patients'."""
    if not actor.may(BillingPermission.VIEW_RESTRICTION):
        return PlanRestriction.objects.none()
    found = restricted.visible(PlanRestriction.objects.all(), actor=actor, patient=PATIENT)
    found = found.filter(appointment__location_id__in=actor.locations) if actor.locations else found
    return found.select_related("payer", "appointment__patient", "appointment__type")


def search(queryset: QuerySet[PlanRestriction], *, text: str, actor: Actor) -> QuerySet[PlanRestriction]:
    """Those of the patients that a typed text means."""
    return queryset.filter(**{f"{PATIENT}__in": patients.named(text, actor=actor)})


def in_force(queryset: QuerySet[PlanRestriction], *, actor: Actor) -> QuerySet[PlanRestriction]:
    """Those that billing obeys."""
    return queryset.filter(lifted_on=None)


def kept_from(visit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID | None]]:
    """The payers that are told nothing, by visit; None among them: no plan at all. One query."""
    found: dict[uuid.UUID, set[uuid.UUID | None]] = {}
    rows = PlanRestriction.objects.filter(appointment__in=list(visit_ids), lifted_on=None)
    for visit, payer in rows.values_list("appointment_id", "payer_id"):
        found.setdefault(visit, set()).add(payer)
    return found


def standing(visit_id: uuid.UUID, *, payer_id: uuid.UUID) -> PlanRestriction | None:
    """What keeps a visit from a plan, None when nothing does. For claims, eligibility, authorizations, letters."""
    found = PlanRestriction.objects.filter(Q(payer=payer_id) | Q(payer=None), appointment=visit_id)
    return found.filter(lifted_on=None).select_related("payer").order_by("asked_on", "id").first()


def of_claims(claims: Iterable[Claim]) -> dict[uuid.UUID, PlanRestriction]:
    """What keeps each claim from its payer, by claim; in one query."""
    wanted = list(claims)
    rows = PlanRestriction.objects.filter(
        appointment__in=[claim.appointment_id for claim in wanted], lifted_on=None
    )
    facts = list(rows.select_related("payer").order_by("asked_on", "id"))
    found: dict[uuid.UUID, PlanRestriction] = {}
    for claim in wanted:
        for fact in facts:
            if fact.appointment_id == claim.appointment_id and fact.payer_id in (None, claim.payer_id):
                found.setdefault(claim.pk, fact)
    return found


def of_visit(visit: Appointment) -> list[PlanRestriction]:
    """Every restriction of a visit, those in force first."""
    rows = PlanRestriction.objects.filter(appointment=visit).select_related("payer")
    return sorted(rows.order_by("-asked_on", "-id"), key=lambda row: row.lifted_on is not None)


def patient_owes(visit: Appointment) -> Decimal | None:
    """What the patient still owes for a visit, in dollars: 0 when it is paid in full, None before it is charged."""
    if not Charge.objects.filter(appointment=visit, voided_at=None).exists():
        return None
    owed = OpenItem.objects.filter(charge__appointment=visit, payer=None).aggregate(sum=Sum("balance"))
    return owed["sum"] or Decimal("0.00")


def owed_for(found: QuerySet[PlanRestriction]) -> list[tuple[PlanRestriction, Decimal]]:
    """Those whose patient still owes something for the visit, with the dollars. Two queries."""
    owed = OpenItem.objects.filter(payer=None, charge__appointment__in=found.values("appointment"))
    sums = dict(
        owed.order_by().values_list("charge__appointment").annotate(sum=Sum("balance")).filter(sum__gt=0)
    )
    rows = found.filter(appointment__in=list(sums)).select_related("appointment", "payer").order_by("id")
    return [(each, sums[each.appointment_id]) for each in rows]
