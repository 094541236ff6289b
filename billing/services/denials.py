"""Denials: a case for each true denial of a posting, worked against its deadline.

Nothing is ever written off by itself: only a person who may can give an amount up.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from billing.models import DenialCase, DenialEvent, LedgerEntry, OpenItem, Remittance
from billing.models.denial import DenialCategory
from billing.permissions import BillingPermission
from billing.services import ledger
from billing.services.posting_plan import ClaimPlan, Denied
from kit import clock
from kit.errors import Conflict, DomainError
from kit.money import round_cents
from kit.words import dollars, us_date
from practice import events
from practice.actor import Actor
from practice.models import Membership, MembershipRole
from practice.rules.deadlines import Length
from practice.selectors.days import practice_today
from practice.services import approvals, deadlines, work
from practice.services.rules import rule
from practice.services.sequences import next_number

ZERO = Decimal("0.00")
State = DenialCase.State
WORK = "denial.answer"
OPEN = (State.NEW, State.WORKING, State.APPEALED, State.WAITING)
# What may follow what. Lost and won are the end.
NEXT: dict[str, frozenset[str]] = {
    State.NEW: frozenset({State.WORKING, State.APPEALED, State.WAITING, State.WON, State.LOST}),
    State.WORKING: frozenset({State.APPEALED, State.WAITING, State.WON, State.LOST}),
    State.APPEALED: frozenset({State.WORKING, State.WAITING, State.WON, State.LOST}),
    State.WAITING: frozenset({State.WORKING, State.APPEALED, State.WON, State.LOST}),
    State.WON: frozenset(),
    State.LOST: frozenset(),
}
LEAVE, WRITE_OFF, TO_PATIENT = "leave", "write_off", "patient"
DISPOSITIONS = {
    LEAVE: "Leave the balance with the payer",
    WRITE_OFF: "Write the rest off",
    TO_PATIENT: "Move the rest to the patient",
}


def open_cases(plans: Iterable[ClaimPlan], *, remittance: Remittance, actor: Actor) -> list[DenialCase]:
    """A case for each denied adjustment of a posting, and the older cases this posting answers.

    Only the posting service calls this, under its locks.
    """
    plans = list(plans)
    answer_older(plans, remittance=remittance, actor=actor)
    wanted = [(plan, denied) for plan in plans for denied in plan.denials if denied.adjustment.amount > 0]
    if not wanted:
        return []
    first = next_number("denial", actor=actor, count=len(wanted))
    owners = billers_by_load(actor=actor)
    cases = [
        _case(
            plan,
            denied=denied,
            number=first + place,
            owner=_turn(owners, place=place),
            day=_day(remittance, actor),
        )
        for place, (plan, denied) in enumerate(wanted)
    ]
    DenialCase.objects.bulk_create(cases)
    note = f"Payment {remittance.trace_number}"
    DenialEvent.objects.bulk_create(_event(case, note=note, actor=actor) for case in cases)
    for case in cases:
        _put_on_the_list(case, actor=actor)
        events.emit("denial.opened", actor=actor, denial_id=case.pk)
    return cases


def _day(remittance: Remittance, actor: Actor) -> date:
    return remittance.paid_on or practice_today(actor)


def _case(plan: ClaimPlan, *, denied: Denied, number: int, owner: Membership | None, day: date) -> DenialCase:
    claim = plan.row.claim
    if claim is None:
        raise ValueError("only a matched claim has denials")
    given = claim.payer.appeal_days
    limit = Length(amount=given) if given else rule("denial.default_days", on=day)
    return DenialCase(
        practice_id=claim.practice_id,
        number=number,
        claim=claim,
        claim_line=denied.line,
        adjustment=denied.adjustment,
        payer_id=claim.payer_id,
        category=denied.rule.category or DenialCategory.OTHER,
        group_code=denied.adjustment.group_code,
        reason_code=denied.adjustment.reason_code,
        remark_codes=" ".join(denied.remarks)[:80],
        amount=denied.adjustment.amount,
        next_action=denied.rule.next_action or "Read the remark and decide",
        denied_on=day,
        deadline=deadlines.due(limit, start=day),
        owner=owner,
    )


def billers_by_load(*, actor: Actor) -> list[Membership]:
    """Current members in the role biller, the one with the fewest open cases first."""
    holders = MembershipRole.objects.filter(role__code="biller", membership__ended_at=None)
    load = dict(
        DenialCase.objects.filter(state__in=OPEN, owner__isnull=False)
        .order_by()
        .values_list("owner_id")
        .annotate(Count("id"))
    )
    members = [
        link.membership for link in holders.select_related("membership__user").order_by("membership_id")
    ]
    return sorted(members, key=lambda member: (load.get(member.pk, 0), str(member.pk)))


def _turn(owners: list[Membership], *, place: int) -> Membership | None:
    return owners[place % len(owners)] if owners else None


def answer_older(plans: Iterable[ClaimPlan], *, remittance: Remittance, actor: Actor) -> None:
    """Open cases of the same charges: won when the payer now pays, waiting when it took its answer back."""
    plans = list(plans)
    reversed_rows = [plan.reversed_row for plan in plans if plan.reversed_row is not None]
    if reversed_rows:
        note = f"The payer took its answer back ({remittance.trace_number}); a correction follows."
        for case in _locked_cases(_open().filter(adjustment__remittance_claim__in=reversed_rows)):
            _move(case, state=State.WAITING, note=note, actor=actor)
    paid: dict[uuid.UUID, Decimal] = {}
    for plan in plans:
        paid |= _paid_in_full(plan)
    for case in _locked_cases(_open().filter(claim_line__charge__in=list(paid))):
        line = case.claim_line
        money = min(paid[line.charge_id], case.amount) if line else ZERO
        note = f"{dollars(money)} came with payment {remittance.trace_number}."
        _close(case, state=State.WON, recovered=money, note=note, actor=actor)


def _open() -> QuerySet[DenialCase]:
    return DenialCase.objects.filter(state__in=OPEN)


def _paid_in_full(plan: ClaimPlan) -> dict[uuid.UUID, Decimal]:
    """Charges an answer pays without denying anything of them, with what it pays."""
    if plan.row.claim is None or plan.reversed_row is not None:
        return {}
    denied_again = {denied.line.charge_id for denied in plan.denials if denied.line}
    return {
        line.charge_id: plan.line_paid[line.pk]
        for line in plan.row.claim.lines.all()
        if plan.line_paid[line.pk] > 0 and line.charge_id not in denied_again
    }


def _locked_cases(cases: QuerySet[DenialCase]) -> list[DenialCase]:
    ids = list(cases.values_list("pk", flat=True))
    locked = DenialCase.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("id")
    return list(locked.select_related("claim_line", "claim"))


@transaction.atomic
def start(denial: DenialCase, *, actor: Actor) -> DenialCase:
    """Take a case: it is being worked, by whoever starts it when nobody owns it."""
    return _step(denial, state=State.WORKING, note="Work started", actor=actor)


@transaction.atomic
def appeal(denial: DenialCase, *, note: str, actor: Actor) -> DenialCase:
    """The appeal went out; say what was sent. Refused after the deadline."""
    if practice_today(actor) > denial.deadline:
        raise Conflict(f"The last day to appeal was {us_date(denial.deadline)}.")
    return _step(denial, state=State.APPEALED, note=_said(note, field="note"), actor=actor)


@transaction.atomic
def wait(denial: DenialCase, *, note: str, actor: Actor) -> DenialCase:
    """Somebody else must act first; say who and what."""
    return _step(denial, state=State.WAITING, note=_said(note, field="note"), actor=actor)


@transaction.atomic
def win(denial: DenialCase, *, recovered: Decimal, note: str = "", actor: Actor) -> DenialCase:
    """The payer gave in. ``recovered`` in dollars, above zero and at most what was denied.

    The money itself comes with a remittance; this only closes the case.
    """
    case = _taken(denial, state=State.WON, actor=actor)
    if recovered != round_cents(recovered) or not ZERO < recovered <= case.amount:
        raise DomainError(
            f"Enter what was won, above zero and at most {dollars(case.amount)}.", field="recovered"
        )
    return _close(case, state=State.WON, recovered=recovered, note=note or "Won", actor=actor)


@transaction.atomic
def lose(denial: DenialCase, *, note: str, disposition: str = LEAVE, actor: Actor) -> DenialCase:
    """Give up. A person chooses what happens to the rest: leave it, write it off, or move it to the patient.

    Writing off and moving need the permission to post payments. Group CO never goes to the patient. A write-off above
    the practice's rule ``denial.write_off_alone`` is asked for instead: the case waits until somebody else approves.
    """
    case = _taken(denial, state=State.LOST, actor=actor)
    said = _said(note, field="note")
    if disposition not in DISPOSITIONS:
        raise DomainError("Choose what happens to the rest.", field="disposition")
    if disposition != LEAVE:
        actor.require(BillingPermission.POST_PAYMENT)
    if disposition == WRITE_OFF and _needs_second_person(case, actor=actor):
        return _ask_to_write_off(case, reason=said, actor=actor)
    return close_as_lost(case, disposition=disposition, memo=said, actor=actor)


def close_as_lost(case: DenialCase, *, disposition: str, memo: str, actor: Actor) -> DenialCase:
    """Settle the rest and close. Whoever calls has locked the case and decided who may."""
    if disposition != LEAVE:
        _settle(case, disposition=disposition, memo=memo, actor=actor)
    note = f"{DISPOSITIONS[disposition]}: {memo}"
    return _close(case, state=State.LOST, recovered=ZERO, note=note, actor=actor)


def resume(case: DenialCase, *, note: str, actor: Actor) -> DenialCase:
    """A case that waited for an approval it did not get is worked again. Nothing happens to one that moved on."""
    return _move(case, state=State.WORKING, note=note, actor=actor) if case.state == State.WAITING else case


def still_open(case: DenialCase) -> Decimal:
    """What a write-off would take: the denied amount, or what the payer still owes of its charges if that is less."""
    owed = OpenItem.objects.filter(
        charge_id__in=_charges(case), payer_id=case.payer_id, balance__gt=0
    ).aggregate(owed=Sum("balance"))["owed"]
    return min(case.amount, owed or ZERO)


def _charges(case: DenialCase) -> list[uuid.UUID]:
    lines = [case.claim_line] if case.claim_line else list(case.claim.lines.all())
    return [line.charge_id for line in lines if line]


def _needs_second_person(case: DenialCase, *, actor: Actor) -> bool:
    """Larger sums take two people. The program itself (imports, the demo) asks nobody."""
    alone = rule("denial.write_off_alone", on=practice_today(actor)).number
    return actor.kind in ("user", "token") and still_open(case) > alone


def _ask_to_write_off(case: DenialCase, *, reason: str, actor: Actor) -> DenialCase:
    moved = _move(case, state=State.WAITING, note=f"Asked to write off: {reason}", actor=actor)
    approvals.ask("billing.write_off", subject=moved, reason=reason, amount=still_open(moved), actor=actor)
    return moved


def _settle(case: DenialCase, *, disposition: str, memo: str, actor: Actor) -> None:
    """Write off or move what the payer still owes of the denied amount, charge by charge."""
    if disposition == TO_PATIENT and case.group_code == "CO":
        raise DomainError(
            "The contract (CO) does not let the patient be billed for this.", field="disposition"
        )
    charges = _charges(case)
    ledger.lock_charges(charges, actor=actor)
    left, postings = case.amount, []
    items = OpenItem.objects.filter(charge_id__in=charges, payer_id=case.payer_id, balance__gt=0)
    for item in items.order_by("charge_id"):
        amount = min(left, item.balance)
        if amount <= 0:
            break
        left -= amount
        template = _settlement(case, item=item, amount=amount, memo=memo, actor=actor)
        if disposition == WRITE_OFF:
            postings.append(template)
        else:
            moved = replace(template, amount=amount)
            postings += ledger.transfer_postings(moved, to_payer_id=None)
    if not postings:
        raise Conflict("Nothing of the denied amount is open any more.")
    ledger.post(postings, actor=actor)


def _settlement(
    case: DenialCase, *, item: OpenItem, amount: Decimal, memo: str, actor: Actor
) -> ledger.Posting:
    """The write-off of one charge."""
    return ledger.Posting(
        kind=LedgerEntry.Kind.WRITE_OFF,
        patient_id=item.patient_id,
        charge_id=item.charge_id,
        location_id=item.location_id,
        amount=-amount,
        service_date=item.service_date,
        posted_on=practice_today(actor),
        source_kind="denial",
        source_key=f"{case.pk}/{item.charge_id}",
        payer_id=case.payer_id,
        claim_id=case.claim_id,
        group_code=case.group_code,
        reason_code=case.reason_code,
        memo=memo[:200],
    )


def _said(note: str, *, field: str) -> str:
    text = note.strip()
    if not text:
        raise DomainError("Say what was done.", field=field)
    return text


def _taken(denial: DenialCase, *, state: str, actor: Actor) -> DenialCase:
    """The case under lock, if it may go there."""
    actor.require(BillingPermission.WORK_DENIAL)
    found = _locked_cases(DenialCase.objects.filter(pk=denial.pk))
    if not found:
        raise DomainError("That denial does not exist in this practice.")
    case = found[0]
    if state not in NEXT[case.state]:
        raise Conflict(f"{case} is {case.get_state_display().lower()}; that step does not follow.")
    return case


def _step(denial: DenialCase, *, state: str, note: str, actor: Actor) -> DenialCase:
    case = _taken(denial, state=state, actor=actor)
    if case.owner_id is None and actor.membership_id is not None:
        case.owner_id = actor.membership_id
    return _move(case, state=state, note=note, actor=actor)


def _move(case: DenialCase, *, state: str, note: str, actor: Actor) -> DenialCase:
    case.state = state
    case.save()
    _event(case, note=note, actor=actor).save(force_insert=True)
    _put_on_the_list(case, actor=actor)
    return case


def _close(case: DenialCase, *, state: str, recovered: Decimal, note: str, actor: Actor) -> DenialCase:
    case.state, case.recovered, case.closed_on = state, recovered, practice_today(actor)
    case.save()
    _event(case, note=note, actor=actor).save(force_insert=True)
    work.close_items(case, kind=WORK, outcome=case.get_state_display(), actor=actor)
    return case


def _event(case: DenialCase, *, note: str, actor: Actor) -> DenialEvent:
    return DenialEvent(
        practice_id=actor.practice_id, denial=case, state=case.state, note=note[:300], at=clock.now()
    )


def _put_on_the_list(case: DenialCase, *, actor: Actor) -> None:
    code = f"{case.group_code}-{case.reason_code}"
    work.open_item(
        WORK,
        record=case,
        title=f"Denial {case.number}: {code}, {case.next_action}",
        permission=BillingPermission.WORK_DENIAL,
        due_on=case.deadline,
        amount=case.amount,
        owner=case.owner,
        location=case.claim.location_id,
        patient=case.claim.patient_id,
        actor=actor,
    )
