"""Reads about charges: of a visit, their fees, who is asked to pay for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from billing.models import Charge, Claim, ClaimLine, FeeScheduleLine, ProcedureCode, ScrubRule, UnmappedCode
from billing.permissions import BillingPermission
from billing.selectors import restrictions
from patients.models import Coverage
from patients.selectors import patients, restricted
from patients.selectors.coverages import coverages_of_visits
from practice.actor import Actor
from practice.models import Payer
from practice.selectors.days import practice_today
from scheduling.models import Appointment

# Claims that no longer ask for anything: their charges may go on another one.
GONE = (Claim.State.VOIDED, Claim.State.CLOSED)
LATELY_DAYS = 60


def visible_to(actor: Actor) -> QuerySet[Charge]:
    """Charges of the sites the actor works at, without hidden patients'; none without the permission."""
    if not actor.may(BillingPermission.VIEW_CHARGE):
        return Charge.objects.none()
    found = restricted.visible(Charge.objects.all(), actor=actor)
    return found.filter(location_id__in=actor.locations) if actor.locations else found


def live(actor: Actor) -> QuerySet[Charge]:
    """Charges that were not taken back, with what their lists show."""
    found = visible_to(actor).filter(voided_at=None)
    return found.select_related("procedure", "patient", "provider", "appointment").prefetch_related(
        "diagnoses"
    )


def not_claimed(queryset: QuerySet[Charge], *, actor: Actor) -> QuerySet[Charge]:
    """On no live claim, of the last two months: nobody is asked for that money."""
    claimed = ClaimLine.objects.filter(charge=OuterRef("pk")).exclude(claim__state__in=GONE)
    since = practice_today(actor) - timedelta(days=LATELY_DAYS)
    return queryset.filter(~Exists(claimed), service_date__gte=since)


def search(queryset: QuerySet[Charge], *, text: str, actor: Actor) -> QuerySet[Charge]:
    """Charges of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def get_charge(charge_id: uuid.UUID, *, actor: Actor) -> Charge:
    """One charge, or 404 for what is unknown, foreign or out of scope."""
    found = visible_to(actor).select_related("procedure", "appointment").filter(pk=charge_id).first()
    if found is None:
        raise Http404
    return found


def get_visit(appointment_id: uuid.UUID, *, actor: Actor) -> Appointment:
    """The visit charges are entered for, or 404."""
    visits = Appointment.objects.select_related("patient", "provider", "location", "type")
    visits = visits.filter(location_id__in=actor.locations) if actor.locations else visits
    found = visits.filter(pk=appointment_id).first()
    if found is None or not actor.may(BillingPermission.VIEW_CHARGE):
        raise Http404
    if not restricted.sees(found.patient, actor=actor):
        raise Http404
    return found


def of_visit(appointment: Appointment) -> list[Charge]:
    """Live charges of a visit in the order they were entered, with code and diagnoses."""
    found = appointment.charges.filter(voided_at=None).select_related("procedure")
    return list(found.prefetch_related("diagnoses").order_by("created_at", "id"))


def unclaimed(appointment: Appointment) -> list[Charge]:
    """Live charges of a visit that stand on no live claim."""
    claimed = ClaimLine.objects.filter(charge__appointment=appointment).exclude(claim__state__in=GONE)
    taken = set(claimed.values_list("charge_id", flat=True))
    return [charge for charge in of_visit(appointment) if charge.pk not in taken]


def primary_coverage(visit: Appointment) -> Coverage | None:
    """The coverage billed first for a visit: that of its case on its day. None when the patient pays."""
    return primary_coverages([visit]).get(visit.pk)


def primary_coverages(visits: Sequence[Appointment]) -> dict[uuid.UUID, Coverage]:
    """As ``primary_coverage`` for many visits at once, by visit; those the patient pays for are absent."""
    kept = restrictions.kept_from(visit.pk for visit in visits)
    found = first_coverages(visits)
    return {key: row for key, row in found.items() if not kept.get(key, set()) & {None, row.payer_id}}


def first_coverages(visits: Sequence[Appointment]) -> dict[uuid.UUID, Coverage]:
    """The coverage of each visit that comes first, whether or not the patient keeps the visit from it.

    No other plan takes the place of one that is not told: the patient pays.
    """
    found = {}
    for key, insured in coverages_of_visits(visits).items():
        billed = (row for row in insured if row.payer.is_active and row.payer.kind != Payer.Kind.SELF_PAY)
        first = next(billed, None)
        if first is not None:
            found[key] = first
    return found


def fees(codes: Iterable[str], *, day: date) -> dict[str, Decimal]:
    """The practice's own fee per unit for each code on a day, in dollars; codes without one are absent."""
    found = FeeScheduleLine.objects.filter(code__in=set(codes), effective_from__lte=day)
    found = found.filter(Q(effective_to=None) | Q(effective_to__gte=day)).order_by("effective_from")
    return {line.code: line.amount for line in found}


def procedures(codes: Iterable[str]) -> dict[str, ProcedureCode]:
    """Active codes by what is typed; a CPT/HCPCS code before a foreign one of the same name."""
    found = ProcedureCode.objects.filter(code__in=set(codes), is_active=True)
    by_rank = sorted(found, key=lambda row: row.system == ProcedureCode.System.CPT)
    return {row.code: row for row in by_rank}


def codes_visible_to(actor: Actor) -> QuerySet[ProcedureCode]:
    """Procedure codes, for the holders of VIEW_CODES."""
    return (
        ProcedureCode.objects.all()
        if actor.may(BillingPermission.VIEW_CODES)
        else ProcedureCode.objects.none()
    )


def unmapped_visible_to(actor: Actor) -> QuerySet[UnmappedCode]:
    """The work list of codes without a billable one."""
    may = actor.may(BillingPermission.VIEW_CODES)
    return UnmappedCode.objects.select_related("code") if may else UnmappedCode.objects.none()


def fees_visible_to(actor: Actor) -> QuerySet[FeeScheduleLine]:
    """The practice's fees."""
    may = actor.may(BillingPermission.VIEW_CODES)
    return FeeScheduleLine.objects.all() if may else FeeScheduleLine.objects.none()


def rules_visible_to(actor: Actor) -> QuerySet[ScrubRule]:
    """The rules claims must pass, past and present."""
    return ScrubRule.objects.all() if actor.may(BillingPermission.VIEW_RULE) else ScrubRule.objects.none()
