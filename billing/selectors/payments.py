"""Reads of patients' payments: whose, on which day, what each went to, and the copay that is still to come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from billing.models import LedgerEntry, OpenItem, PatientPayment
from billing.permissions import BillingPermission
from billing.selectors import restrictions
from kit.money import ZERO
from patients.models import Coverage, Patient
from patients.selectors import cases, coverages, patients, restricted
from patients.selectors.merges import same_person
from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import Appointment

SOURCE = "payment"  # of the entries a payment wrote; their keys begin with its id
JOINS = ("patient", "visit", "location", "received_by__user", "voided_by__user")
Kind = LedgerEntry.Kind


def visible_to(actor: Actor) -> QuerySet[PatientPayment]:
    """Payments taken at the actor's sites, restricted patients' only for who may see them; none without permission."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return PatientPayment.objects.none()
    found = PatientPayment.objects.filter(practice_id=actor.practice_id)
    found = found.filter(location_id__in=actor.locations) if actor.locations else found
    return restricted.visible(found, actor=actor).select_related(*JOINS)


def get_payment(payment_id: uuid.UUID, *, actor: Actor) -> PatientPayment:
    """One payment, or 404 for what is unknown, foreign or out of scope."""
    found = visible_to(actor).filter(pk=payment_id).first()
    if found is None:
        raise Http404
    return found


def search(queryset: QuerySet[PatientPayment], *, text: str, actor: Actor) -> QuerySet[PatientPayment]:
    """Payments with a receipt number, or of the patients that a typed text means."""
    numbered = Q(number=text.strip().upper()[:20])
    return queryset.filter(numbered | Q(patient__in=patients.named(text, actor=actor)))


def today(queryset: QuerySet[PatientPayment], *, actor: Actor) -> QuerySet[PatientPayment]:
    """The day's till: what was taken today and stands."""
    return queryset.filter(received_on=practice_today(actor), voided_at=None)


def voided(queryset: QuerySet[PatientPayment], *, actor: Actor) -> QuerySet[PatientPayment]:
    """Those that were taken back."""
    return queryset.filter(voided_at__isnull=False)


def of_day(patient_id: uuid.UUID, *, day: date, actor: Actor) -> list[PatientPayment]:
    """What a patient paid on a day and was not taken back, oldest first."""
    found = visible_to(actor).filter(patient_id=patient_id, received_on=day, voided_at=None)
    return list(found.order_by("created_at", "id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """What one person took on a day in dollars, by method in the order of ``PatientPayment.Method``, and in all."""

    who: str
    sums: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """What they hand over."""
        return sum(self.sums, ZERO)


def till(*, day: date, actor: Actor) -> list[Drawer]:
    """Who took how much on a day at the actor's sites, by name. Money of hidden patients counts, without them."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return []
    taken = PatientPayment.objects.filter(practice_id=actor.practice_id, received_on=day, voided_at=None)
    taken = taken.filter(location_id__in=actor.locations) if actor.locations else taken
    sums: dict[str, dict[str, Decimal]] = {}
    rows = taken.values_list("received_by__user__name", "method").annotate(total=Sum("amount"))
    for who, method, total in rows.order_by("received_by__user__name"):
        sums.setdefault(who or "By REST", {})[method] = total
    return [
        Drawer(who=who, sums=tuple(found.get(method, ZERO) for method in PatientPayment.Method.values))
        for who, found in sums.items()
    ]


def entries_of(payment: PatientPayment) -> QuerySet[LedgerEntry]:
    """Where a payment's money stands now: its entries that nothing has taken back. None once it is voided."""
    found = LedgerEntry.objects.filter(
        patient_id__in=same_person(payment.patient),
        source_kind=SOURCE,
        source_key__startswith=f"{payment.pk}/",
    )
    return standing(found).select_related("charge__procedure").order_by("service_date", "charge_id", "id")


def standing(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """Entries that no other one has taken back."""
    undone = LedgerEntry.objects.filter(practice_id=OuterRef("practice_id"), reverses=OuterRef("pk"))
    return entries.exclude(kind=Kind.REVERSAL).filter(~Exists(undone))


def loose_of(patient: Patient, *, actor: Actor) -> QuerySet[LedgerEntry]:
    """A patient's payments, or parts of them, that are on no charge yet; the oldest first."""
    found = LedgerEntry.objects.filter(
        patient_id__in=same_person(patient), charge=None, payer=None, kind=Kind.PATIENT_PAYMENT, amount__lt=0
    )
    found = found.filter(location_id__in=actor.locations) if actor.locations else found
    return standing(found).select_related("location").order_by("posted_on", "created_at", "id")


def own_balance(patient: Patient) -> Decimal:
    """What a patient owes the practice by themselves in dollars, money on account counted; a credit is negative."""
    mine = LedgerEntry.objects.filter(patient_id__in=same_person(patient), payer=None)
    return mine.aggregate(total=Sum("amount"))["total"] or ZERO


def card_of(visit: Any) -> Coverage | None:
    """The card of a visit that is billed first; None without one, and for a visit that is kept from its plan."""
    if restrictions.kept_from([visit.pk]):
        return None
    return coverages.coverage_on(visit.patient, day=visit.local_day, case=cases.case_of_visit(visit.pk))


def share_is_known(visit: Appointment) -> bool:
    """Whether anything of a visit has become the patient's own to pay: from then on no copay is guessed."""
    return OpenItem.objects.filter(charge__appointment=visit, payer=None).exists()


def held_for(visit: Any) -> Decimal:
    """What the patient gave for a visit in dollars and is on no other visit's charge."""
    ids = PatientPayment.objects.filter(visit=visit, voided_at=None).values_list("pk", flat=True)
    keyed = Q(pk__in=[])
    for pk in ids:
        keyed |= Q(source_key__startswith=f"{pk}/")
    mine = LedgerEntry.objects.filter(
        keyed,
        Q(charge=None) | Q(charge__appointment=visit),
        patient_id__in=same_person(visit.patient),
        source_kind=SOURCE,
    )
    return -(standing(mine).aggregate(total=Sum("amount"))["total"] or ZERO)


def copay_waits(visit: Any) -> bool:
    """Whether money given for a visit is a copay whose claim has not said yet what the patient owes."""
    card = card_of(visit)
    return card is not None and bool(card.copay) and not share_is_known(visit)


def copay_due(visit: Any, *, card: Coverage | None) -> Decimal:
    """What is still to be taken of a visit's copay in dollars; 0 once its claim has said what the patient owes."""
    if card is None or not card.copay or share_is_known(visit):
        return ZERO
    return max(card.copay - held_for(visit), ZERO)
