"""Take a patient's payment, take it back, and put money on account to charges. The ledger holds the money itself.

Locks, in this order: the payment, the patient's row, their charges by id, the number of the receipt.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from billing.models import LedgerEntry, OpenItem, PatientPayment, RemittanceClaim
from billing.numbers import RECEIPT
from billing.permissions import BillingPermission
from billing.rules.payments import Owed, allocate, looks_like_card
from billing.selectors import payments as found
from billing.selectors.payments import SOURCE
from billing.services import ledger
from billing.services.ledger import Posting
from kit import clock
from kit.errors import Conflict, DomainError
from kit.money import ZERO, round_cents
from patients.models import Patient
from practice.actor import Actor
from practice.models import Location
from practice.services.sequences import next_texts
from scheduling.models import Appointment
from scheduling.selectors.appointments import zone_of

APPLIED = "applied"  # of entries made of money that came by no payment of ours: an import, an earlier system
NO_CARD = (
    "This looks like a card number, which is never kept here. Enter the terminal's approval number instead."
)


@transaction.atomic
def take(
    *,
    patient: Patient,
    amount: Decimal,
    method: str,
    location: Location,
    actor: Actor,
    visit: Appointment | None = None,
    reference: str = "",
    note: str = "",
) -> PatientPayment:
    """Take ``amount`` dollars for what the patient owes: the visit's items first, then the oldest.

    What is left is on account, and as much as is still due of the visit's copay stays with the visit. Raises
    DomainError at the field; nothing is kept then.
    """
    actor.require(BillingPermission.TAKE_PAYMENT)
    said, words = " ".join(reference.split()), " ".join(note.split())
    _check(patient, amount=amount, method=method, location=location, visit=visit, actor=actor)
    for text, field in ((said, "reference"), (words, "note")):
        if looks_like_card(text):
            raise DomainError(NO_CARD, field=field)
    hold([patient.pk])
    owed = _owed(patient, actor=actor)
    today = clock.today(zone_of(location))
    made = PatientPayment.objects.create(
        practice_id=actor.practice_id,
        number=next_texts(RECEIPT, on=today, actor=actor)[0],
        patient=patient,
        visit=visit,
        location=location,
        amount=amount,
        method=method,
        reference=said[:40],
        note=words[:200],
        received_on=today,
        received_by_id=actor.membership_id,
        balance_after=found.own_balance(patient) - amount,
    )
    kept = found.copay_due(visit, card=found.card_of(visit)) if visit is not None else ZERO
    shares = allocate(amount, items=_of_visit(owed, visits={made.visit_id}), kept_for_visit=kept)
    ledger.post(_parts(_whole(made), shares=shares), actor=actor)
    return made


@transaction.atomic
def void(payment: PatientPayment, *, reason: str, actor: Actor) -> PatientPayment:
    """Take a payment back, whatever it has been put to since: every balance is as if it had never come.

    Raises DomainError without a reason, Conflict when that was done already.
    """
    actor.require(BillingPermission.VOID_PAYMENT)
    rows = PatientPayment.objects.select_related("patient", "location")
    locked = rows.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    if not locked.can_void:
        raise Conflict("Somebody else voided this payment already.")
    said = " ".join(reason.split())
    if len(said) < 5:
        raise DomainError("Say in a few words why it is voided.", field="reason")
    hold([locked.patient_id])
    today = clock.today(zone_of(locked.location))
    ledger.reverse(found.entries_of(locked), posted_on=today, memo=f"{locked} voided", actor=actor)
    locked.voided_at, locked.voided_by_id, locked.voided_reason = (
        clock.now(),
        actor.membership_id,
        said[:500],
    )
    locked.save()
    return locked


@transaction.atomic
def apply(patient: Patient, *, actor: Actor) -> Decimal:
    """Put a patient's money on account to what they owe: of a payment's visit first, then the oldest.

    Returns the dollars that found a charge; 0 when nothing is owed or nothing is on account.
    """
    actor.require(BillingPermission.TAKE_PAYMENT)
    hold([patient.pk])
    return _apply(found.loose_of(patient, actor=actor), owed=_owed(patient, actor=actor), actor=actor)


def settle(patient: Patient, *, actor: Actor) -> Decimal:
    """The same for a service that holds the patient and has required its own permission.

    A copay whose claim is not answered yet stays with its visit: nobody has said that it may pay an older bill.
    """
    loose = list(found.loose_of(patient, actor=actor))
    if not loose:
        return ZERO
    visits = Appointment.objects.filter(payments__in=_payments_of(loose)).distinct()
    waiting = {visit.pk for visit in visits.select_related("patient") if found.copay_waits(visit)}
    return _apply(loose, owed=_owed(patient, actor=actor), actor=actor, bound=waiting)


@transaction.atomic
def apply_to_visits(visits: Collection[uuid.UUID], *, actor: Actor) -> Decimal:
    """Put money that was taken for these visits, copays most of all, to what has become the patient's of them.

    Nothing goes to another visit. Returns the dollars that found a charge.
    """
    taken = PatientPayment.objects.filter(visit_id__in=visits, voided_at=None).select_related("patient")
    applied = ZERO
    for patient in sorted({payment.patient for payment in taken}, key=lambda each: each.pk):
        hold([patient.pk])
        of_visits = {str(payment.pk) for payment in taken if payment.patient_id == patient.pk}
        loose = [
            each
            for each in found.loose_of(patient, actor=actor)
            if each.source_kind == SOURCE and _root(each) in of_visits
        ]
        owed = [
            item for item in _owed(patient, actor=actor) if loose and item.charge.appointment_id in visits
        ]
        applied += _apply(loose, owed=owed, actor=actor, bound=visits)
    return applied


def apply_answered(remittance_id: uuid.UUID, *, actor: Actor) -> Decimal:
    """A payer has said what patients owe: the copays they gave at the desk go there. Returns the dollars."""
    answered = RemittanceClaim.objects.filter(remittance=remittance_id, posted=True, claim__isnull=False)
    visits = set(answered.values_list("claim__appointment_id", flat=True))
    return apply_to_visits(visits, actor=actor)


def _check(
    patient: Patient,
    *,
    amount: Decimal,
    method: str,
    location: Location,
    visit: Appointment | None,
    actor: Actor,
) -> None:
    for wrong, sentence, field in (
        (amount <= 0, "Enter an amount above zero.", "amount"),
        (amount != round_cents(amount), "Enter dollars and whole cents.", "amount"),
        (method not in PatientPayment.Method.values, "Choose how it was paid.", "method"),
        (not actor.sees_location(location.pk), "Choose one of your locations.", "location"),
        (
            visit is not None and visit.patient_id != patient.pk,
            "This visit is another patient's.",
            "visit",
        ),
        (patient.merged_into_id is not None, "This record was merged into another one.", "patient"),
    ):
        if wrong:
            raise DomainError(sentence, field=field)


def hold(patient_ids: Iterable[uuid.UUID]) -> list[Patient]:
    """These patients, locked in one order: two desks at one account take turns."""
    rows = Patient.objects.filter(pk__in=list(patient_ids)).order_by("id")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _owed(patient: Patient, *, actor: Actor) -> list[OpenItem]:
    """What the patient owes on each charge at the actor's sites, the charges held until the transaction ends."""
    mine = OpenItem.objects.filter(patient=patient, payer=None).exclude(balance=0)
    mine = mine.filter(location_id__in=actor.locations) if actor.locations else mine
    held = ledger.lock_charges(mine.values_list("charge_id", flat=True), actor=actor)
    rows = mine.filter(charge_id__in=held).select_related("charge")
    return [item for item in rows.order_by("service_date", "charge_id") if item.balance > 0]


def _of_visit(owed: Iterable[OpenItem], *, visits: Collection[uuid.UUID | None]) -> list[Owed]:
    return [
        Owed(
            key=item,
            balance=item.balance,
            service_date=item.service_date,
            of_visit=item.charge.appointment_id in visits,
        )
        for item in owed
    ]


def _whole(payment: PatientPayment) -> Posting:
    """All of a payment as money on account."""
    return Posting(
        kind=LedgerEntry.Kind.PATIENT_PAYMENT,
        patient_id=payment.patient_id,
        charge_id=None,
        location_id=payment.location_id,
        amount=-payment.amount,
        service_date=payment.visit.local_day if payment.visit else payment.received_on,
        posted_on=payment.received_on,
        source_kind=SOURCE,
        source_key=str(payment.pk),
        method=payment.method,
        memo=str(payment),
    )


def _parts(base: Posting, *, shares: Iterable[tuple[OpenItem, Decimal]]) -> list[Posting]:
    """``base``, money on account, divided: a part for each share on its charge, and what is left as it was."""
    parts, left = [], base.amount
    for item, share in shares:
        left += share
        parts.append(
            replace(
                base,
                patient_id=item.patient_id,
                charge_id=item.charge_id,
                location_id=item.location_id,
                amount=-share,
                service_date=item.service_date,
            )
        )
    parts += [replace(base, amount=left)] if left else []
    return [
        replace(part, source_key=f"{base.source_key}/{place}") for place, part in enumerate(parts, start=1)
    ]


def _root(entry: LedgerEntry) -> str:
    """The payment an entry is part of."""
    return entry.source_key.split("/")[0]


def _payments_of(entries: Iterable[LedgerEntry]) -> QuerySet[PatientPayment]:
    """The payments of ours that entries are parts of."""
    return PatientPayment.objects.filter(
        pk__in=[_root(entry) for entry in entries if entry.source_kind == SOURCE]
    )


def _apply(
    loose: Iterable[LedgerEntry],
    *,
    owed: list[OpenItem],
    actor: Actor,
    bound: Collection[uuid.UUID] = (),
) -> Decimal:
    """Each loose entry that finds a charge is taken back and written anew where it belongs: the sum is zero.

    Money taken for a visit of ``bound`` goes to charges of that visit alone.
    """
    entries, applied = list(loose), ZERO
    visit_of = dict(_payments_of(entries).values_list("pk", "visit_id"))
    for entry in entries:
        ours = entry.source_kind == SOURCE
        visit = visit_of.get(uuid.UUID(_root(entry))) if ours else None
        items = _of_visit(owed, visits={visit})
        items = [item for item in items if item.balance > 0 and (visit not in bound or item.of_visit)]
        shares = allocate(-entry.amount, items=items)
        if not shares:
            continue
        for item, share in shares:
            item.balance -= share  # of our copy: the next entry sees what is left
            applied += share
        today = clock.today(zone_of(entry.location))
        (back,) = ledger.reversal_postings(
            [entry], posted_on=today, memo=f"{entry.memo}, put to charges"[:200]
        )
        anew = replace(
            back,
            kind=entry.kind,
            amount=entry.amount,
            source_kind=SOURCE if ours else APPLIED,
            source_key=f"{_root(entry)}/{entry.pk}" if ours else str(entry.pk),
            memo=entry.memo,
            reverses_id=None,
        )
        ledger.post([back, *_parts(anew, shares=shares)], actor=actor)
    return applied
