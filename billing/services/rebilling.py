"""Unsent claims follow the visit's case: another coverage, or the patient who pays alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from billing.models import Charge, Claim, OpenItem
from billing.selectors.charges import primary_coverages, unclaimed
from billing.services import claims, ledger, payments
from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import Appointment

WHY = "the visit’s case is billed to somebody else"


@transaction.atomic
def follow_coverage(patient_id: uuid.UUID, *, actor: Actor) -> list[Claim]:
    """Take back a patient's unsent claims that ask the wrong payer, and make them anew; returns the new ones.

    For services that have required their own permission. Charges of a visit that the patient now pays become the
    patient's. Claims that have left stay as they were sent. Locks visits before claims, as claim making does, and the
    patient before any charge, as payments do.
    """
    unsent = Claim.objects.filter(patient=patient_id, state__in=claims.OPEN, frequency="1")
    rows = Appointment.objects.filter(pk__in=unsent.values("appointment")).order_by("id")
    visits = list(rows.select_related("patient", "location").select_for_update(of=("self",), no_key=True))
    payments.hold([patient_id] if visits else [])
    wanted = primary_coverages(visits)
    made: list[Claim] = []
    for visit in visits:
        mine = unsent.filter(appointment=visit).order_by("id").select_for_update(of=("self",), no_key=True)
        first = wanted.get(visit.pk)
        wrong = [claim for claim in mine if claim.coverage_id != (first.pk if first else None)]
        for claim in wrong:
            claims.withdraw(claim, why=WHY, actor=actor)
        if wrong and first is None:
            to_patient(unclaimed(visit), memo="The patient pays by agreement", actor=actor)
        elif wrong:
            made += claims.from_charges(visit, actor=actor)
    return made


def to_patient(
    charges: Iterable[Charge], *, memo: str, actor: Actor, payer_id: uuid.UUID | None = None
) -> None:
    """What payers (or one of them) were to be asked for on these charges is owed by the patient.

    Money on the patient's account pays it at once, in the order of every payment (``payments.settle``).
    """
    owed = OpenItem.objects.filter(charge__in=list(charges), balance__gt=0, payer__isnull=False)
    owed = owed.filter(payer_id=payer_id) if payer_id else owed
    items = list(owed.select_related("charge"))
    patients = payments.hold({item.patient_id for item in items})  # before their charges, as the desk does
    for item in items:
        template = ledger.Posting(
            kind=ledger.Kind.TRANSFER,
            patient_id=item.patient_id,
            charge_id=item.charge_id,
            location_id=item.location_id,
            amount=item.balance,
            service_date=item.service_date,
            posted_on=practice_today(actor),
            source_kind="visit",
            source_key=f"case/{actor.request_id or uuid.uuid4()}/{item.charge_id}/{item.payer_id}",
            payer_id=item.payer_id,
            memo=memo,
        )
        ledger.transfer(template, to_payer_id=None, actor=actor)
    for patient in patients:
        payments.settle(patient, actor=actor)
