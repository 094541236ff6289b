"""Keep a visit from a plan when the patient pays it in full and asks so, and disclose it after all with a reason."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.models import Claim, PlanRestriction
from billing.permissions import BillingPermission
from billing.selectors.charges import GONE, of_visit
from billing.selectors.restrictions import of_claims, owed_for, patient_owes
from billing.services import claims, rebilling, scrubbing
from kit.errors import Conflict, DomainError
from kit.words import dollars
from practice import events
from practice.actor import Actor
from practice.models import Payer, WorkItem
from practice.selectors.days import practice_today
from practice.services.rules import rule
from practice.services.work import close_items, open_item
from scheduling.models import Appointment

DISCLOSED, UNPAID = "billing.disclosed", "billing.restricted_unpaid"
MEMO = "The patient pays; the plan is not told"


@transaction.atomic
def restrict(
    appointment: Appointment,
    *,
    asked_by: str,
    actor: Actor,
    payer: Payer | None = None,
    asked_on: date | None = None,
    note: str = "",
) -> PlanRestriction:
    """Keep a visit from a plan, or (without one) from all: unsent claims are held, what they ask is the patient's.

    A claim that has left is work for whoever answers for privacy. Raises DomainError at the field, Conflict when the
    visit is kept from that plan already.
    """
    actor.require(BillingPermission.RESTRICT_DISCLOSURE)
    visit = _locked(appointment)
    who, day = " ".join(asked_by.split())[:120], asked_on or practice_today(actor)
    if not who:
        raise DomainError("Enter who asked.", field="asked_by")
    if day > practice_today(actor):
        raise DomainError("Enter a day that is not in the future.", field="asked_on")
    kept = PlanRestriction.objects.filter(appointment=visit, lifted_on=None)
    if kept.filter(payer=None).exists() or (payer is not None and kept.filter(payer=payer).exists()):
        raise Conflict("This visit is kept from that plan already.", field="payer")
    made = PlanRestriction.objects.create(
        practice_id=actor.practice_id,
        appointment=visit,
        payer=payer,
        asked_by=who,
        asked_on=day,
        note=" ".join(note.split())[:200],
    )
    _hold_back(made, actor=actor)
    events.emit("visit.restricted", actor=actor, appointment_id=visit.pk)
    return made


@transaction.atomic
def lift(restriction: PlanRestriction, *, reason: str, actor: Actor) -> PlanRestriction:
    """Disclose the visit after all: what was held is checked again and asked of the plan, new claims are made.

    Raises DomainError without a reason, Conflict when that was done already.
    """
    actor.require(BillingPermission.LIFT_RESTRICTION)
    visit = _locked(restriction.appointment)
    locked = PlanRestriction.objects.select_for_update(of=("self",), no_key=True).get(pk=restriction.pk)
    if not locked.is_open:
        raise Conflict("Somebody else did this already.")
    said = " ".join(reason.split())
    if len(said) < 5:
        raise DomainError("Say in a few words why the plan may be told.", field="reason")
    locked.lifted_on, locked.lifted_reason = practice_today(actor), said[:500]
    locked.save()
    for kind in (DISCLOSED, UNPAID):
        close_items(locked, kind=kind, outcome="The plan may be told", actor=actor)
    held = _of(locked).filter(state=Claim.State.HELD)
    checked = scrubbing.check_many(list(held.values_list("pk", flat=True)), actor=actor)
    kept = of_claims(checked)
    for claim in checked:
        if claim.pk not in kept:
            claims.take_over([line.charge for line in claim.lines.all()], claim=claim, actor=actor)
    if visit.status == Appointment.Status.COMPLETED:
        claims.from_charges(visit, actor=actor)
    events.emit("visit.unrestricted", actor=actor, appointment_id=visit.pk)
    return locked


@transaction.atomic
def watch_payment(*, actor: Actor) -> int:
    """Make work of what a patient still owes for a visit kept from the plan some days after it; end what is paid.

    45 CFR 164.522(a)(1)(vi) binds for what was paid in full. The days are the rule restriction.pay_days; whether the
    plan is told after all is a person's decision. Returns how many are unpaid.
    """
    today = practice_today(actor)
    over = today - timedelta(days=int(rule("restriction.pay_days", on=today)))
    unpaid = owed_for(PlanRestriction.objects.filter(lifted_on=None, appointment__local_day__lte=over))
    for each, owes in unpaid:
        open_item(
            UNPAID,
            record=each,
            title=f"{dollars(owes)} of a visit that is kept from {each.payer or 'every plan'} is not paid",
            permission=BillingPermission.VIEW_RESTRICTION,
            due_on=today,
            amount=owes,
            reason="The request binds for what is paid in full: ask for payment, or disclose with a reason",
            location=each.appointment.location_id,
            patient=each.appointment.patient_id,
            actor=actor,
        )
    waiting = WorkItem.objects.filter(kind=UNPAID, state=WorkItem.State.OPEN).values("ref__record_id")
    settled = PlanRestriction.objects.filter(pk__in=waiting).exclude(pk__in=[each.pk for each, _ in unpaid])
    for each in settled.select_related("appointment"):
        charged = patient_owes(each.appointment) is not None
        outcome = "Paid in full" if charged else "Nothing is charged any more"
        close_items(each, kind=UNPAID, outcome=outcome, actor=actor)
    return len(unpaid)


def _hold_back(made: PlanRestriction, *, actor: Actor) -> None:
    """Hold what has not left, name what has, and let the patient owe what the plan is not asked for."""
    living = list(_of(made).order_by("id").select_for_update(of=("self",), no_key=True))
    unsent = [claim.pk for claim in living if claim.state in scrubbing.UNSENT]
    scrubbing.check_many(unsent, actor=actor)
    told = [claim for claim in living if claim.first_submitted_on or claim.state not in scrubbing.UNSENT]
    for claim in told:
        open_item(
            DISCLOSED,
            record=made,
            key=str(claim.pk),
            title=f"{claim} went to {claim.payer} before the patient asked that the plan is not told",
            permission=BillingPermission.LIFT_RESTRICTION,
            due_on=practice_today(actor),
            location=made.appointment.location_id,
            patient=made.appointment.patient_id,
            actor=actor,
        )
    asked = {line.charge_id for claim in told for line in claim.lines.all()}
    rest = [charge for charge in of_visit(made.appointment) if charge.pk not in asked]
    rebilling.to_patient(rest, payer_id=made.payer_id, memo=MEMO, actor=actor)


def _of(restriction: PlanRestriction) -> QuerySet[Claim]:
    """The living claims of the visit to the plan that is not told."""
    found = Claim.objects.filter(appointment=restriction.appointment_id).exclude(state__in=GONE)
    found = found.filter(payer=restriction.payer_id) if restriction.payer_id else found
    return found.select_related("payer")


def _locked(appointment: Appointment) -> Appointment:
    return Appointment.objects.select_for_update(of=("self",), no_key=True).get(pk=appointment.pk)
