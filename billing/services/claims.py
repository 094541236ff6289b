"""Make claims from the charges of a visit, and take back those that have not left."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from billing.models import Charge, Claim, ClaimDiagnosis, ClaimEvent, ClaimLine, OpenItem
from billing.permissions import BillingPermission
from billing.rules.scrub import MAX_DIAGNOSES, MAX_LINES
from billing.selectors import restrictions
from billing.selectors.charges import GONE, first_coverages, primary_coverage, primary_coverages, unclaimed
from billing.services import ledger, scrubbing
from kit.errors import Conflict, DomainError
from kit.ids import uuid7
from patients.models import Coverage
from practice.actor import Actor
from practice.models import BillingEntity
from practice.selectors.days import practice_today
from practice.services import work
from practice.services.sequences import next_number
from scheduling.models import Appointment

State = Claim.State
OPEN = (State.DRAFT, State.HELD, State.READY)


@transaction.atomic
def create_for_visit(appointment: Appointment, *, actor: Actor) -> list[Claim]:
    """Put the visit's charges that are on no claim yet on claims to the primary coverage, and check them.

    Returns the claims touched; none when there is nothing to claim or the patient pays alone. Raises Conflict when the
    patient keeps the visit from the plan that would be asked.
    """
    actor.require(BillingPermission.CHANGE_CLAIM)
    first = first_coverages([appointment]).get(appointment.pk)
    if first is not None and (fact := restrictions.standing(appointment.pk, payer_id=first.payer_id)):
        raise Conflict(f"{fact.words}. No claim is made.")
    return from_charges(appointment, actor=actor)


@transaction.atomic
def from_charges(appointment: Appointment, *, actor: Actor) -> list[Claim]:
    """As ``create_for_visit``, for services that have required their own permission."""
    visit = Appointment.objects.select_for_update(of=("self",), no_key=True).get(pk=appointment.pk)
    charges = unclaimed(visit)
    coverage = primary_coverage(visit)
    if not charges or coverage is None:
        return []
    touched: list[Claim] = []
    for chunk in chunks(charges, start=_room(visit, coverage=coverage)):
        if not chunk:
            continue
        claim = _open_claim(visit, coverage=coverage) if not touched else None
        claim = claim or _new_claim(visit, coverage=coverage, actor=actor)
        _add_lines(claim, charges=chunk, actor=actor)
        take_over(chunk, claim=claim, actor=actor)
        touched.append(claim)
    return scrubbing.check_many([claim.pk for claim in touched], actor=actor)


@transaction.atomic
def for_first_charges(charges: Mapping[Appointment, Sequence[Charge]], *, actor: Actor) -> list[Claim]:
    """Claims for many visits at once, whose charges were just entered; as ``from_charges``, in a few statements.

    Visits that have a claim already, or need more than one, go the long way.
    """
    had = set(Claim.objects.filter(appointment__in=list(charges)).values_list("appointment_id", flat=True))
    coverages = primary_coverages(list(charges))
    plain = {
        visit: rows
        for visit, rows in charges.items()
        if visit.pk in coverages and visit.pk not in had and len(chunks(rows)) == 1
    }
    made = _new_claims(plain, coverages=coverages, actor=actor)
    for visit in charges:
        if visit.pk in coverages and visit not in plain:
            made += from_charges(visit, actor=actor)
    return scrubbing.check_many([claim.pk for claim in made], actor=actor)


def _new_claims(
    charges: Mapping[Appointment, Sequence[Charge]], *, coverages: Mapping[uuid.UUID, Coverage], actor: Actor
) -> list[Claim]:
    """One first claim per visit with its lines, diagnoses and history, not checked yet."""
    if not charges:
        return []
    first = next_number("claim", actor=actor, count=len(charges))
    entity = BillingEntity.objects.order_by("created_at").first()
    claims, lines, codes = [], [], []
    for number, (visit, rows) in enumerate(charges.items(), start=first):
        claim = _blank(visit, coverage=coverages[visit.pk], number=number, entity=entity, actor=actor)
        claim.total = sum((row.amount for row in rows), Decimal("0.00"))
        claims.append(claim)
        lines += _lines(claim, charges=rows, start=1)
        wanted = dict.fromkeys(row.code for charge in rows for row in charge.diagnoses.all())
        codes += [
            ClaimDiagnosis(practice_id=actor.practice_id, claim=claim, code=code, position=position)
            for position, code in enumerate(wanted, start=1)
        ]
    Claim.objects.bulk_create(claims)
    ClaimLine.objects.bulk_create(lines)
    ClaimDiagnosis.objects.bulk_create(codes)
    ClaimEvent.objects.bulk_create(scrubbing.step(claim, text=_born(claim), actor=actor) for claim in claims)
    return claims


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
    entity = BillingEntity.objects.order_by("created_at").first()
    number = next_number("claim", actor=actor)
    claim = _blank(visit, coverage=coverage, number=number, entity=entity, actor=actor)
    claim.part = last + 1
    claim.save(force_insert=True)
    scrubbing.note(claim, text=_born(claim), actor=actor)
    return claim


def _born(claim: Claim) -> str:
    return f"Created from the visit of {claim.service_date:%m/%d/%Y}"


def _blank(
    visit: Appointment, *, coverage: Coverage, number: int, entity: BillingEntity | None, actor: Actor
) -> Claim:
    """A draft without lines, not saved yet."""
    key = uuid7()
    return Claim(
        id=key,
        practice_id=actor.practice_id,
        control_number=control_number(number, key=key.bytes),
        appointment=visit,
        patient_id=visit.patient_id,
        coverage=coverage,
        payer=coverage.payer,
        billing_entity=entity,
        rendering_provider_id=visit.provider_id,
        location_id=visit.location_id,
        place_of_service=visit.location.place_of_service,
        service_date=visit.local_day,
        total=Decimal("0.00"),
        file_by=visit.local_day + timedelta(days=coverage.payer.filing_days),
    )


def control_number(number: int, *, key: bytes) -> str:
    """CLM01: the practice's own counter and four characters of the claim's id, at most 17 in all.

    The counter makes it unique and never reused; the rest keeps another practice's answer from fitting ours.
    It says nothing about the patient (X12.md 4.2).
    """
    mark = base64.b32encode(hashlib.sha256(key).digest())[:4].decode()
    return f"{number:07d}{mark}"


def _add_lines(claim: Claim, *, charges: Sequence[Charge], actor: Actor) -> None:
    last = claim.lines.order_by("-number").values_list("number", flat=True).first() or 0
    ClaimLine.objects.bulk_create(_lines(claim, charges=charges, start=last + 1))
    refresh(claim, actor=actor)


def _lines(claim: Claim, *, charges: Sequence[Charge], start: int) -> list[ClaimLine]:
    return [
        ClaimLine(
            practice_id=claim.practice_id,
            claim=claim,
            charge=charge,
            number=number,
            line_control=f"{claim.control_number}-{number}",
        )
        for number, charge in enumerate(charges, start=start)
    ]


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


def take_over(charges: Iterable[Charge], *, claim: Claim, actor: Actor) -> None:
    """Move what somebody else still owes on these charges to the payer who is now asked."""
    owed = OpenItem.objects.filter(charge__in=list(charges), balance__gt=0).exclude(payer_id=claim.payer_id)
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
            memo=f"Now billed to {claim.payer}",
        )
        ledger.transfer(template, to_payer_id=claim.payer_id, actor=actor)


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
    scrubbing.note(claim, text=f"Voided: {why}", actor=actor)
    work.close_items(claim, kind=scrubbing.WORK_KIND, outcome="Voided", actor=actor)
    return claim
