"""Make claims from the charges of a visit, and take back those that have not left."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from billing.models import Charge, Claim, ClaimDiagnosis, ClaimLine, OpenItem
from billing.permissions import BillingPermission
from billing.rules.scrub import MAX_DIAGNOSES, MAX_LINES
from billing.selectors.charges import GONE, primary_coverage, unclaimed
from billing.selectors.days import practice_today
from billing.services import ledger, scrubbing
from kit.errors import DomainError
from kit.ids import uuid7
from patients.models import Coverage
from practice.actor import Actor
from practice.models import BillingEntity
from practice.services import work
from practice.services.sequences import next_number
from scheduling.models import Appointment

State = Claim.State
OPEN = (State.DRAFT, State.HELD, State.READY)


@transaction.atomic
def create_for_visit(appointment: Appointment, *, actor: Actor) -> list[Claim]:
    """Put the visit's charges that are on no claim yet on claims to the primary coverage, and check them.

    Returns the claims touched; none when there is nothing to claim or the patient pays alone.
    """
    actor.require(BillingPermission.CHANGE_CLAIM)
    return from_charges(appointment, actor=actor)


@transaction.atomic
def from_charges(appointment: Appointment, *, actor: Actor) -> list[Claim]:
    """As ``create_for_visit``, for services that have required their own permission."""
    visit = Appointment.objects.select_for_update(of=("self",), no_key=True).get(pk=appointment.pk)
    charges = unclaimed(visit)
    coverage = primary_coverage(visit.patient, day=visit.local_day)
    if not charges or coverage is None:
        return []
    touched: list[Claim] = []
    for chunk in chunks(charges, start=_room(visit, coverage=coverage)):
        if not chunk:
            continue
        claim = _open_claim(visit, coverage=coverage) if not touched else None
        claim = claim or _new_claim(visit, coverage=coverage, actor=actor)
        _add_lines(claim, charges=chunk, actor=actor)
        _take_over(chunk, claim=claim, coverage=coverage, actor=actor)
        touched.append(claim)
    return scrubbing.check_many([claim.pk for claim in touched], actor=actor)


def chunks(charges: Iterable[Charge], *, start: tuple[int, set[str]] | None = None) -> list[list[Charge]]:
    """Charges in portions of at most 50 lines and 12 diagnoses, in order.

    ``start`` is what the claim that takes the first portion holds already; that portion may stay empty.
    """
    lines, codes = (start[0], set(start[1])) if start else (0, set())
    found: list[list[Charge]] = [[]]
    for charge in charges:
        wanted = {row.code for row in charge.diagnoses.all()}
        if lines and (lines + 1 > MAX_LINES or len(codes | wanted) > MAX_DIAGNOSES):
            found.append([])
            lines, codes = 0, set()
        found[-1].append(charge)
        lines, codes = lines + 1, codes | wanted
    return found


def _open_claim(visit: Appointment, *, coverage: Coverage) -> Claim | None:
    found = Claim.objects.filter(appointment=visit, coverage=coverage, state__in=OPEN, frequency="1")
    return found.select_for_update(of=("self",), no_key=True).order_by("-part").first()


def _room(visit: Appointment, *, coverage: Coverage) -> tuple[int, set[str]] | None:
    claim = _open_claim(visit, coverage=coverage)
    if claim is None:
        return None
    return claim.lines.count(), set(claim.diagnoses.values_list("code", flat=True))


def _new_claim(visit: Appointment, *, coverage: Coverage, actor: Actor) -> Claim:
    living = Claim.objects.filter(appointment=visit, payer_id=coverage.payer_id).exclude(state__in=GONE)
    last = living.order_by("-part").values_list("part", flat=True).first() or 0
    key = uuid7()
    claim = Claim.objects.create(
        id=key,
        practice_id=actor.practice_id,
        control_number=control_number(next_number("claim", actor=actor), key=key.bytes),
        appointment=visit,
        patient_id=visit.patient_id,
        coverage=coverage,
        payer=coverage.payer,
        billing_entity=BillingEntity.objects.order_by("created_at").first(),
        rendering_provider_id=visit.provider_id,
        location_id=visit.location_id,
        place_of_service=visit.location.place_of_service,
        part=last + 1,
        service_date=visit.local_day,
        total=Decimal("0.00"),
        file_by=visit.local_day + timedelta(days=coverage.payer.filing_days),
    )
    scrubbing.note(
        claim, state=claim.state, text=f"Created from the visit of {visit.local_day:%m/%d/%Y}", actor=actor
    )
    return claim


def control_number(number: int, *, key: bytes) -> str:
    """CLM01: the practice's own counter and four characters of the claim's id, at most 17 in all.

    The counter makes it unique and never reused; the rest keeps another practice's answer from fitting ours.
    It says nothing about the patient (X12.md 4.2).
    """
    mark = base64.b32encode(hashlib.sha256(key).digest())[:4].decode()
    return f"{number:07d}{mark}"


def _add_lines(claim: Claim, *, charges: Sequence[Charge], actor: Actor) -> None:
    last = claim.lines.order_by("-number").values_list("number", flat=True).first() or 0
    ClaimLine.objects.bulk_create(
        ClaimLine(
            practice_id=actor.practice_id,
            claim=claim,
            charge=charge,
            number=number,
            line_control=f"{claim.control_number}-{number}",
        )
        for number, charge in enumerate(charges, start=last + 1)
    )
    refresh(claim, actor=actor)


def refresh(claim: Claim, *, actor: Actor) -> None:
    """Total and diagnoses of an unsent claim from its lines: principal ones of the first lines first."""
    claim.total = claim.lines.aggregate(sum=Sum("charge__amount"))["sum"] or Decimal("0.00")
    claim.version += 1
    claim.save(update_fields=["total", "version", "updated_at"])
    rows = ClaimLine.objects.filter(claim=claim).order_by("number", "charge__diagnoses__position")
    codes = dict.fromkeys(code for code in rows.values_list("charge__diagnoses__code", flat=True) if code)
    if list(codes) == list(claim.diagnoses.values_list("code", flat=True)):
        return
    claim.diagnoses.all().delete()
    ClaimDiagnosis.objects.bulk_create(
        ClaimDiagnosis(practice_id=actor.practice_id, claim=claim, code=code, position=position)
        for position, code in enumerate(codes, start=1)
    )


def _take_over(charges: Iterable[Charge], *, claim: Claim, coverage: Coverage, actor: Actor) -> None:
    """Move what somebody else still owes on these charges to the payer who is now asked."""
    owed = OpenItem.objects.filter(charge__in=list(charges), balance__gt=0).exclude(
        payer_id=coverage.payer_id
    )
    owed = owed | OpenItem.objects.filter(charge__in=list(charges), balance__gt=0, payer=None)
    for item in owed.select_related("charge"):
        template = ledger.Posting(
            kind=ledger.Kind.TRANSFER,
            patient_id=item.patient_id,
            charge_id=item.charge_id,
            location_id=item.location_id,
            amount=item.balance,
            service_date=item.service_date,
            posted_on=practice_today(actor),
            source_kind="visit",
            source_key=f"claim/{claim.pk}/{item.charge_id}/{item.payer_id or 'patient'}",
            payer_id=item.payer_id,
            claim_id=claim.pk,
            memo=f"Now billed to {coverage.payer}",
        )
        ledger.transfer(template, to_payer_id=coverage.payer_id, actor=actor)


@transaction.atomic
def void(claim: Claim, *, reason: str, actor: Actor) -> Claim:
    """Take back a claim that has not left; its charges can go on another one. Raises DomainError otherwise."""
    actor.require(BillingPermission.CHANGE_CLAIM)
    locked = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if locked.state not in (*OPEN, State.REJECTED):
        raise DomainError("Only a claim that was not sent can be voided here.")
    if len(reason.strip()) < 5:
        raise DomainError("Say in a few words why the claim is voided.", field="reason")
    return withdraw(locked, why=reason.strip(), actor=actor)


def withdraw(claim: Claim, *, why: str, actor: Actor) -> Claim:
    """Set a locked, unsent claim to voided and close what waits for it."""
    claim.state = State.VOIDED
    claim.version += 1
    claim.save(update_fields=["state", "version", "updated_at"])
    scrubbing.note(claim, state=claim.state, text=f"Voided: {why}", actor=actor)
    work.close_items(claim, kind=scrubbing.WORK_KIND, outcome="Voided", actor=actor)
    return claim
