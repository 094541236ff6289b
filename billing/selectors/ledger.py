"""Reads about patient accounts: entries, what is open, how old it is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum, Window

from billing.models import LedgerEntry, OpenItem
from billing.permissions import BillingPermission
from billing.rules.ageing import Aged, OpenAmount, age
from kit.words import dollars
from patients.models import Patient
from patients.selectors import patients, restricted
from patients.selectors.merges import same_person
from practice.actor import Actor

ZERO = Decimal("0.00")
PATIENT = "Patient"


def visible_to(actor: Actor) -> QuerySet[LedgerEntry]:
    """Entries of the actor's sites, restricted patients only for who may see them; none without permission."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return LedgerEntry.objects.none()
    found = LedgerEntry.objects.all()
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return restricted.visible(found, actor=actor)


def listed(actor: Actor) -> QuerySet[LedgerEntry]:
    """The same entries with what their list shows."""
    return visible_to(actor).select_related("patient", "payer", "charge__procedure", "claim")


def search(queryset: QuerySet[LedgerEntry], *, text: str, actor: Actor) -> QuerySet[LedgerEntry]:
    """Entries of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def entries_of(
    patient: Patient,
    *,
    actor: Actor,
    kind: str = "",
    party: str = "",
    charge: uuid.UUID | None = None,
) -> QuerySet[LedgerEntry]:
    """A patient's entries, newest first, each with the account's ``running`` balance after it.

    ``party`` is "patient" or a payer's id; a narrowed list runs over its own rows only.
    """
    found = visible_to(actor).filter(patient_id__in=same_person(patient))
    if kind:
        found = found.filter(kind=kind)
    if charge is not None:
        found = found.filter(charge_id=charge)
    if party:
        found = found.filter(payer=None) if party == "patient" else found.filter(payer_id=party)
    order = ("posted_on", "created_at", "id")
    running = Window(expression=Sum("amount"), order_by=order)
    return (
        found.select_related("charge__procedure", "payer", "claim")
        .annotate(running=running)
        .order_by(*(f"-{name}" for name in order))
    )


def open_items_of(patient: Patient, *, actor: Actor) -> list[OpenItem]:
    """What is still owed on each charge, oldest service first."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return []
    found = restricted.visible(OpenItem.objects.filter(patient=patient), actor=actor).exclude(balance=0)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return list(
        found.select_related("charge__procedure", "payer").order_by("service_date", "charge_id", "id")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one patient owes in dollars: open on ``charges``, less what is ``on_account`` (both above zero as such)."""

    charges: Decimal = ZERO
    on_account: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """The one figure that is shown as owed; a credit is negative."""
        return self.charges - self.on_account

    @property
    def parts(self) -> str:
        """What the figure is made of, in words; '' when nothing is on account or nothing on charges."""
        if not self.charges or not self.on_account:
            return ""
        return f"{dollars(self.charges)} on charges, less {dollars(self.on_account)} on account"


def owed_by(patient_ids: Collection[uuid.UUID], *, actor: Actor) -> dict[uuid.UUID, Owed]:
    """What each of these patients owes at the actor's sites, in two queries; who has neither part is absent.

    Money on account counts wherever it is kept, also on records that were merged into theirs (``same_person``).
    """
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return {}
    people = Patient.objects.filter(Q(pk__in=patient_ids) | Q(merged_into__in=patient_ids))
    open_now = OpenItem.objects.filter(patient_id__in=patient_ids, payer=None).exclude(balance=0)
    loose = LedgerEntry.objects.filter(patient_id__in=people.values("pk"), charge=None, payer=None)
    if actor.locations:
        open_now = open_now.filter(location_id__in=actor.locations)
        loose = loose.filter(location_id__in=actor.locations)
    charges = dict(open_now.values_list("patient_id").annotate(total=Sum("balance")).order_by())
    credit: dict[uuid.UUID, Decimal] = defaultdict(lambda: ZERO)
    rows = loose.values_list("patient_id", "patient__merged_into_id").annotate(total=Sum("amount"))
    for record, kept, total in rows.order_by():
        credit[record if record in patient_ids else kept] -= total
    found = {
        each: Owed(charges=charges.get(each, ZERO), on_account=credit.get(each, ZERO)) for each in patient_ids
    }
    return {each: owed for each, owed in found.items() if owed.charges or owed.on_account}


def owed_of(patient: Patient, *, actor: Actor) -> Owed:
    """What one patient owes (``owed_by``)."""
    return owed_by([patient.pk], actor=actor).get(patient.pk, Owed())


def unapplied_of(patient: Patient, *, actor: Actor) -> Decimal:
    """Money on the account that belongs to no charge yet, in dollars; a credit is negative."""
    found = visible_to(actor).filter(patient_id__in=same_person(patient), charge=None)
    return found.aggregate(total=Sum("amount"))["total"] or ZERO


def aged(items: Iterable[OpenItem], *, day: date) -> list[Aged]:
    """Each party's balance by age since it was first billed."""
    return age(
        (
            OpenAmount(item.payer.name if item.payer else PATIENT, item.balance, item.first_billed_on)
            for item in items
        ),
        day=day,
    )


def balance_of(patient: Patient, *, day: date, actor: Actor) -> tuple[Decimal, list[Aged]]:
    """What is owed on a patient's account in dollars, unapplied money counted, and each party's share by age."""
    parties = aged(open_items_of(patient, actor=actor), day=day)
    total = sum((party.total for party in parties), ZERO) + unapplied_of(patient, actor=actor)
    return total, parties
