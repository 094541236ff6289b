"""Enter what was done at a visit, and take back what was entered wrongly. The ledger follows at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum, prefetch_related_objects

from billing.models import Charge, ChargeDiagnosis, Claim, ClaimLine, LedgerEntry, ProcedureCode, UnmappedCode
from billing.permissions import BillingPermission
from billing.selectors.charges import GONE, fees, primary_coverages, procedures
from billing.services import claims, ledger, payments, scrubbing
from billing.x12 import is_modifier
from kit import clock
from kit.errors import DomainError
from kit.money import round_cents
from patients.models import Coverage
from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import Appointment

Status = Appointment.Status
CHARGEABLE = (Status.WITH_PROVIDER, Status.CHECKOUT, Status.COMPLETED)
MAX_ENTERED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargeLine:
    """One line as entered: code, units, modifiers, diagnoses in order. ``amount`` is for all units, in dollars;
    None takes the practice's fee."""

    code: str
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    amount: Decimal | None = None


def capture(appointment: Appointment, *, lines: Sequence[ChargeLine], actor: Actor) -> list[Charge]:
    """Enter the charges of a visit, post them to the ledger, and put them on claims when the visit is completed.

    What they cost is owed by the primary coverage's payer on that day, by the patient when there is none.
    Raises DomainError for a visit that has not happened, an unknown code, a missing fee or a bad modifier.
    """
    return capture_many([(appointment, lines)], actor=actor)


@transaction.atomic
def capture_many(
    entered: Sequence[tuple[Appointment, Sequence[ChargeLine]]], *, actor: Actor
) -> list[Charge]:
    """``capture`` for many visits in a few statements; all of them or none."""
    actor.require(BillingPermission.CAPTURE_CHARGE)
    rows = Appointment.objects.filter(pk__in=[visit.pk for visit, _ in entered]).order_by("id")
    rows = rows.select_related("location", "patient").select_for_update(of=("self",), no_key=True)
    visits = {visit.pk: visit for visit in rows}
    given: dict[Appointment, list[ChargeLine]] = {}
    for appointment, lines in entered:
        visit = visits[appointment.pk]
        if visit.status not in CHARGEABLE:
            state = visit.get_status_display().lower()
            raise DomainError(f"Charges belong to a visit that took place; this one is {state}.")
        if not 1 <= len(lines) <= MAX_ENTERED:
            raise DomainError("Enter at least one charge.", field="code")
        given[visit] = [_clean(line) for line in lines]
    made = _make(given, actor=actor)
    every = [charge for charges in made.values() for charge in charges]
    coverages = primary_coverages(list(made))
    ledger.post(
        [_posting(charge, coverage=coverages.get(charge.appointment_id)) for charge in every], actor=actor
    )
    refresh_unmapped(
        {charge.procedure_id for charge in every if not charge.procedure.claim_code}, actor=actor
    )
    completed = {visit: charges for visit, charges in made.items() if visit.status == Status.COMPLETED}
    claims.for_first_charges(completed, actor=actor)
    payments.apply_to_visits(set(visits), actor=actor)  # who pays alone may have paid before
    return every


def _clean(line: ChargeLine) -> ChargeLine:
    """Capitals, no points and no blanks, nothing twice."""
    modifiers = tuple(dict.fromkeys(each.strip().upper() for each in line.modifiers if each.strip()))
    codes = (each.strip().upper().replace(".", "") for each in line.diagnoses)
    if line.units <= 0 or line.units > 9999:
        raise DomainError("Units are above zero.", field="units")
    if len(modifiers) > 4 or not all(map(is_modifier, modifiers)):
        raise DomainError("A line takes up to four modifiers of two letters or digits.", field="modifiers")
    if line.amount is not None and (line.amount < 0 or line.amount != round_cents(line.amount)):
        raise DomainError("An amount is dollars and cents, not below zero.", field="amount")
    return ChargeLine(
        code=line.code.strip().upper(),
        units=line.units,
        modifiers=modifiers,
        diagnoses=tuple(dict.fromkeys(code[:20] for code in codes if code)),
        amount=line.amount,
    )


def _make(
    given: Mapping[Appointment, Sequence[ChargeLine]], *, actor: Actor
) -> dict[Appointment, list[Charge]]:
    codes = {line.code for lines in given.values() for line in lines}
    known, today = procedures(codes), practice_today(actor)
    prices = {day: fees(codes, day=day) for day in {visit.local_day for visit in given}}
    made: dict[Appointment, list[Charge]] = {visit: [] for visit in given}
    rows: list[ChargeDiagnosis] = []
    for visit, lines in given.items():
        for line in lines:
            if line.code not in known:
                raise DomainError(f"{line.code} is not one of the practice's codes.", field="code")
            fee = prices[visit.local_day].get(line.code)
            charge = _charge(visit, line=line, procedure=known[line.code], fee=fee, today=today)
            charge.practice_id = actor.practice_id
            made[visit].append(charge)
            rows += [
                ChargeDiagnosis(practice_id=actor.practice_id, charge=charge, code=code, position=position)
                for position, code in enumerate(line.diagnoses, start=1)
            ]
    every = [charge for charges in made.values() for charge in charges]
    Charge.objects.bulk_create(every)
    ChargeDiagnosis.objects.bulk_create(rows)
    prefetch_related_objects(every, "diagnoses")
    return made


def _charge(
    visit: Appointment, *, line: ChargeLine, procedure: ProcedureCode, fee: Decimal | None, today: date
) -> Charge:
    if line.amount is None and fee is None:
        raise DomainError(
            f"{line.code} has no fee on {visit.local_day:%m/%d/%Y}: add one or enter an amount.", field="code"
        )
    amount = line.amount if line.amount is not None else round_cents((fee or Decimal(0)) * line.units)
    padded = (*line.modifiers, "", "", "", "")
    return Charge(
        appointment=visit,
        patient_id=visit.patient_id,
        provider_id=visit.provider_id,
        location_id=visit.location_id,
        procedure=procedure,
        modifier1=padded[0],
        modifier2=padded[1],
        modifier3=padded[2],
        modifier4=padded[3],
        units=line.units,
        amount=amount,
        service_date=visit.local_day,
        posted_on=today,
        place_of_service=visit.location.place_of_service,
    )


def _posting(charge: Charge, *, coverage: Coverage | None) -> ledger.Posting:
    return ledger.Posting(
        kind=ledger.Kind.CHARGE,
        patient_id=charge.patient_id,
        charge_id=charge.pk,
        location_id=charge.location_id,
        amount=charge.amount,
        service_date=charge.service_date,
        posted_on=charge.posted_on,
        source_kind="visit",
        source_key=f"charge/{charge.pk}",
        payer_id=coverage.payer_id if coverage else None,
        coverage_id=coverage.pk if coverage else None,
        memo=charge.procedure.code,
    )


@transaction.atomic
def void(charge: Charge, *, actor: Actor) -> Charge:
    """Take back a charge that no sent claim carries: mirror entries, and off its claim. Twice is once.

    Raises DomainError when a claim with it has left or money was posted on it.
    """
    actor.require(BillingPermission.CAPTURE_CHARGE)
    # Claims before charges, as a submission locks them.
    on_claims = Claim.objects.filter(lines__charge=charge).exclude(state__in=GONE).order_by("id")
    states = [claim.state for claim in on_claims.select_for_update(of=("self",), no_key=True)]
    locked = Charge.objects.select_for_update(of=("self",), no_key=True).get(pk=charge.pk)
    if locked.voided_at is not None:
        return locked
    if any(state not in claims.OPEN for state in states):
        raise DomainError("A claim with this charge has left. Correct it with a replacement claim.")
    entries = LedgerEntry.objects.filter(charge=locked, kind__in=[ledger.Kind.CHARGE, ledger.Kind.TRANSFER])
    if LedgerEntry.objects.filter(charge=locked).exclude(pk__in=entries).exists():
        raise DomainError("Money was posted on this charge. Reverse it first.")
    ledger.reverse(entries, posted_on=practice_today(actor), actor=actor, memo="Charge voided")
    locked.voided_at = clock.now()
    locked.save(update_fields=["voided_at", "updated_at"])
    for line in ClaimLine.objects.filter(charge=locked).exclude(claim__state__in=GONE):
        _take_off(line, actor=actor)
    if not locked.procedure.claim_code:
        refresh_unmapped([locked.procedure_id], actor=actor)
    return locked


def _take_off(line: ClaimLine, *, actor: Actor) -> None:
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=line.claim_id)
    line.delete()
    claims.refresh(claim, actor=actor)
    if claim.lines.exists():
        scrubbing.check_many([claim.pk], actor=actor)
    else:
        claims.withdraw(claim, why="its last charge was taken back", actor=actor)


def refresh_unmapped(procedure_ids: Iterable[uuid.UUID], *, actor: Actor) -> None:
    """Bring the work list of codes without a billable one in line with the charges that carry them."""
    for key in procedure_ids:
        sums = Charge.objects.filter(procedure_id=key, voided_at=None).aggregate(
            n=Count("id"), amount=Sum("amount")
        )
        UnmappedCode.objects.update_or_create(
            practice_id=actor.practice_id,
            code_id=key,
            defaults={"charge_count": sums["n"], "charge_amount": sums["amount"] or Decimal(0)},
        )
