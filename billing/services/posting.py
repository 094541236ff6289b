"""Post a payment: all its ready claims in one transaction, once. The money of the others stays unapplied."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from billing.models import (
    Claim,
    ClaimEvent,
    ClaimLine,
    LedgerEntry,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
)
from billing.permissions import BillingPermission
from billing.rules.balance import Deposit
from billing.selectors.remittances import entries_of, provider_adjustments, rows_of
from billing.services import denials, ledger, posting_plan
from billing.services.posting_plan import ClaimPlan, Plan
from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import counted, dollars, us_date
from practice import events
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services import work

ZERO = Decimal("0.00")
State = Remittance.State
EXCEPTIONS = "remittance.exceptions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What a posting did: how many claims and entries are new, what is left, and whether it was done before."""

    remittance: Remittance
    claims: int
    entries: int
    left: int
    already: bool

    @property
    def message(self) -> str:
        """One sentence for the page and the API."""
        row = self.remittance
        if self.already:
            when = us_date(timezone.localtime(row.posted_at).date()) if row.posted_at else "an earlier day"
            return f"Already posted on {when} by {row.posted_by}. Nothing was posted again."
        text = f"Posted {counted(self.claims, one='claim', many='claims')}."
        if self.left:
            waiting = counted(self.left, one="claim waits", many="claims wait")
            text += f" {waiting} for a decision, {dollars(row.unapplied)} stay unapplied."
        return text


def preview(remittance: Remittance, *, actor: Actor) -> Plan:
    """What posting would do now, claim by claim. Writes nothing."""
    actor.require(BillingPermission.VIEW_REMITTANCE)
    return posting_plan.make(remittance, rows=rows_of(remittance), day=practice_today(actor))


@transaction.atomic
def post(remittance: Remittance, *, actor: Actor) -> Posted:
    """Write a payment's ready claims to the ledger: payments, write-offs, patient shares; open its denials.

    Locks the payment, then its claims, then their charges. Asked again it answers that it was done. A payment
    with exceptions can be posted again once they are resolved: only what is not posted yet is written.
    Raises Conflict for a payment that is refused or in quarantine; then nothing has changed.
    """
    actor.require(BillingPermission.POST_REMITTANCE)
    locked = _locked(remittance)
    if locked.state in (State.REFUSED, State.QUARANTINED):
        raise Conflict(f"This payment cannot be posted: {locked.problem}")
    _lock_claims(locked, actor=actor)
    plan = posting_plan.make(locked, rows=rows_of(locked), day=practice_today(actor))
    ready, already = plan.ready, locked.state == State.POSTED
    if already and not ready:
        return Posted(remittance=locked, claims=0, entries=0, left=len(plan.exceptions), already=True)
    entries = ledger.post([one for claim in ready for one in claim.postings], actor=actor)
    if entries != sum(len(claim.postings) for claim in ready):
        raise Conflict("Some of these entries are in the ledger already; nothing was posted.")
    _record_outcomes(ready, remittance=locked, actor=actor)
    denials.open_cases(ready, remittance=locked, actor=actor)
    _finish(locked, plan=plan, actor=actor)
    if not already:
        events.emit("remittance.posted", actor=actor, remittance_id=locked.pk)
    return Posted(
        remittance=locked, claims=len(ready), entries=entries, left=len(plan.exceptions), already=False
    )


def _locked(remittance: Remittance) -> Remittance:
    found = Remittance.objects.select_for_update(of=("self",), no_key=True).filter(pk=remittance.pk).first()
    if found is None:
        raise DomainError("That payment does not exist in this practice.")
    return found


def _lock_claims(remittance: Remittance, *, actor: Actor) -> None:
    """Claims by id, then charges by id: the order of the house."""
    wanted = RemittanceClaim.objects.filter(remittance=remittance, claim__isnull=False).values("claim_id")
    claims = Claim.objects.select_for_update(of=("self",), no_key=True).filter(id__in=wanted).order_by("id")
    ids = [claim.pk for claim in claims]
    charges = ClaimLine.objects.filter(claim_id__in=ids).values_list("charge_id", flat=True)
    ledger.lock_charges(charges, actor=actor)


def _record_outcomes(plans: Iterable[ClaimPlan], *, remittance: Remittance, actor: Actor) -> None:
    """State, answer and lines of every claim, and the event that says so; a few statements for any number."""
    plans = list(plans)
    day = remittance.paid_on or practice_today(actor)
    RemittanceClaim.objects.filter(pk__in=[plan.row.pk for plan in plans]).update(posted=True, problem="")
    claims: dict[uuid.UUID, Claim] = {}
    lines: dict[uuid.UUID, ClaimLine] = {}
    history: list[ClaimEvent] = []
    for plan in plans:
        if plan.row.claim is None or not plan.state:
            continue
        claim = claims.setdefault(plan.row.claim.pk, plan.row.claim)
        _answer(claim, plan=plan, day=day, lines=lines)
        note = f"{_words(plan)} by payment {remittance.trace_number} of {us_date(day)}"
        history.append(
            ClaimEvent(
                practice_id=actor.practice_id, claim=claim, state=plan.state, note=note[:300], at=clock.now()
            )
        )
    answered = ["state", "version", "adjudicated_on", "payer_control_number", "updated_at"]
    Claim.objects.bulk_update(claims.values(), answered, batch_size=500)
    ClaimLine.objects.bulk_update(lines.values(), ["paid", "allowed", "updated_at"], batch_size=500)
    ClaimEvent.objects.bulk_create(history)


def _answer(claim: Claim, *, plan: ClaimPlan, day: date, lines: dict[uuid.UUID, ClaimLine]) -> None:
    """Write a claim's answer on the objects; the same claim may be answered twice (reversal, correction)."""
    reversed_ = plan.reversed_row is not None
    claim.state, claim.version, claim.updated_at = plan.state, claim.version + 1, clock.system_now()
    claim.adjudicated_on = None if reversed_ else day
    claim.payer_control_number = plan.row.payer_control_number or claim.payer_control_number
    for own in claim.lines.all():
        line = lines.setdefault(own.pk, own)
        line.paid, line.updated_at = line.paid + plan.line_paid[line.pk], claim.updated_at
        line.allowed = None if reversed_ else plan.line_allowed[line.pk]


def _words(plan: ClaimPlan) -> str:
    if plan.reversed_row is not None:
        return f"{dollars(-plan.paid)} taken back"
    parts = [
        f"{dollars(amount)} {word}"
        for amount, word in (
            (plan.paid, "paid"),
            (plan.written_off, "written off"),
            (plan.patient, "patient share"),
            (plan.denied, "denied"),
        )
        if amount
    ]
    return ", ".join(parts) or "Nothing paid"


def _finish(remittance: Remittance, *, plan: Plan, actor: Actor) -> None:
    """The payment's own record; raises when a cent would have no place."""
    remittance.unapplied = plan.exceptions_paid
    if remittance.state != State.POSTED:
        remittance.state = State.POSTED
        remittance.posted_at, remittance.posted_by = clock.now(), actor.name or str(actor)
    remittance.problem = ""
    remittance.save()
    _check(remittance)
    keep_work_item(remittance, exceptions=len(plan.exceptions), actor=actor)
    for claim in plan.exceptions:
        RemittanceClaim.objects.filter(pk=claim.row.pk).update(problem=claim.problem[:300])
    others = Remittance.objects.filter(file_id=remittance.file_id).exclude(
        state__in=(State.POSTED, State.REFUSED)
    )
    if not others.exists():
        RemittanceFile.objects.filter(pk=remittance.file_id).update(state=RemittanceFile.State.POSTED)


def deposit_of(remittance: Remittance) -> Deposit:
    """What the bank got, what the payer kept, what is in the ledger and what is not, in dollars."""
    kept = sum((row.amount for row in provider_adjustments(remittance)), ZERO)
    return Deposit(
        deposited=remittance.amount,
        provider_adjusted=kept,
        posted=-sum((entry.amount for entry in entries_of(remittance) if is_payment(entry)), ZERO),
        unapplied=remittance.unapplied,
    )


def is_payment(entry: LedgerEntry) -> bool:
    """A payment, or the mirror of one."""
    if entry.kind == LedgerEntry.Kind.REVERSAL:
        return bool(entry.reverses and entry.reverses.kind == LedgerEntry.Kind.INSURANCE_PAYMENT)
    return bool(entry.kind == LedgerEntry.Kind.INSURANCE_PAYMENT)


def _check(remittance: Remittance) -> None:
    deposit = deposit_of(remittance)
    if deposit.difference:
        raise DomainError(
            f"Payment {remittance.trace_number} would leave {dollars(deposit.difference)} without a place: "
            "nothing was posted."
        )


def keep_work_item(remittance: Remittance, *, exceptions: int, actor: Actor) -> None:
    """Put what waits on the list, or take it off when nothing does."""
    if not exceptions:
        work.close_items(remittance, kind=EXCEPTIONS, outcome="Everything is posted", actor=actor)
        return
    waiting = counted(exceptions, one="claim needs", many="claims need")
    work.open_item(
        EXCEPTIONS,
        record=remittance,
        title=f"Payment {remittance.trace_number} of {remittance.payer_name}: {waiting} a decision",
        permission=BillingPermission.POST_REMITTANCE,
        amount=remittance.unapplied or None,
        actor=actor,
    )
