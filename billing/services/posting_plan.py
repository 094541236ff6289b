"""What posting a payment would do, claim by claim: the preview shows it and posting carries it out.

Nothing here writes. A claim with a ``problem`` is an exception: its money stays unapplied until a person decides.
"""

from __future__ import annotations

import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing.models import (
    Claim,
    ClaimLine,
    LedgerEntry,
    OpenItem,
    Remittance,
    RemittanceAdjustment,
    RemittanceClaim,
    RemittanceLine,
)
from billing.rules.adjustments import NOT_DECIDED, WRITTEN_OFF, Rule, RuleTable
from billing.selectors.adjustments import rule_table
from billing.services.ledger import Posting, reversal_postings, transfer_postings
from kit.money import split
from kit.words import dollars
from practice.models import Payer

ZERO = Decimal("0.00")
Kind = LedgerEntry.Kind
State = Claim.State
REVERSAL, PREDETERMINATION = "22", "25"
METHODS = {"ACH": "eft", "BOP": "eft", "FWT": "wire", "CHK": "check", "NON": "none"}
BOOKED = WRITTEN_OFF | {"patient"}
# An answer to one of these is no surprise; anything else was never sent or is gone.
ANSWERABLE = {
    State.SUBMITTED, State.ACCEPTED, State.REJECTED, State.PAID, State.PARTLY_PAID, State.DENIED, State.REVERSED,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Denied:
    """A denied amount that becomes a case."""

    adjustment: RemittanceAdjustment
    line: ClaimLine | None
    rule: Rule
    remarks: tuple[str, ...]


@dataclass(slots=True)
class ClaimPlan:
    """One claim of the payment: what would be written, in dollars, or why nothing is."""

    row: RemittanceClaim
    problem: str = ""
    postings: list[Posting] = field(default_factory=list)
    denials: list[Denied] = field(default_factory=list)
    paid: Decimal = ZERO
    written_off: Decimal = ZERO
    patient: Decimal = ZERO
    denied: Decimal = ZERO
    # What each of our lines was charged and nothing has explained yet: claim-level money is shared over it.
    unexplained: dict[uuid.UUID, Decimal] = field(default_factory=dict)
    line_paid: dict[uuid.UUID, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    line_allowed: dict[uuid.UUID, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    reversed_row: RemittanceClaim | None = None
    state: str = ""

    @property
    def ready(self) -> bool:
        """Whether posting would write this claim now."""
        return not self.problem and not self.row.posted

    @property
    def lines(self) -> list[RemittanceLine]:
        """The payer's lines, in its order."""
        return sorted(self.row.lines.all(), key=lambda line: line.position)


@dataclass(slots=True)
class Plan:
    """A whole payment."""

    remittance: Remittance
    claims: list[ClaimPlan]

    @property
    def ready(self) -> list[ClaimPlan]:
        """Claims that posting would write now."""
        return [claim for claim in self.claims if claim.ready]

    @property
    def exceptions(self) -> list[ClaimPlan]:
        """Claims that wait for a decision."""
        return [claim for claim in self.claims if claim.problem and not claim.row.posted]

    @property
    def ready_paid(self) -> Decimal:
        """Dollars posting would apply now."""
        return sum((claim.row.paid for claim in self.ready), ZERO)

    @property
    def exceptions_paid(self) -> Decimal:
        """Dollars that would stay unapplied."""
        return sum((claim.row.paid for claim in self.exceptions), ZERO)


def make(remittance: Remittance, *, rows: Iterable[RemittanceClaim], day: date) -> Plan:
    """Plan a payment's claims in their order, each on the balances the ones before it leave.

    ``day`` is the accounting day of the entries. The caller holds the locks when the plan is carried out.
    """
    found = list(rows)
    for row in found:
        lines = {line.pk: line for line in row.lines.all()}
        for adjustment in row.adjustments.all():
            if adjustment.line_id is not None:
                adjustment.line = lines[adjustment.line_id]  # the same object: no query for each
    maker = _Maker(remittance, rows=found, day=day)
    return Plan(remittance=remittance, claims=[maker.plan(row) for row in found])


class _Maker:
    """The rules, balances and earlier postings that all claims of a payment share."""

    def __init__(self, remittance: Remittance, *, rows: list[RemittanceClaim], day: date) -> None:
        self.remittance, self.day = remittance, day
        self.rules: RuleTable = rule_table()
        self.method = METHODS.get(remittance.method, remittance.method.lower())
        claims = [row.claim_id for row in rows if row.claim_id and not row.posted]
        items = OpenItem.objects.filter(charge__claim_lines__claim__in=claims, payer__isnull=False)
        self.balances: dict[tuple[uuid.UUID, uuid.UUID | None], Decimal] = {
            (item.charge_id, item.payer_id): item.balance for item in items
        }
        self.taken_back: set[uuid.UUID] = set()

    def plan(self, row: RemittanceClaim) -> ClaimPlan:
        plan = ClaimPlan(row)
        if row.posted:
            return plan
        plan.problem = self._refusal(row)
        if not plan.problem:
            if row.status_code == REVERSAL:
                self._reverse(plan)
            elif row.status_code != NOT_DECIDED:
                self._adjudicate(plan)
        if not plan.problem:
            plan.problem = self._overpaid(plan)
        if plan.problem:
            return ClaimPlan(row, problem=plan.problem)
        for posting in plan.postings:
            if posting.charge_id is not None:
                key = (posting.charge_id, posting.payer_id)
                self.balances[key] = self.balances.get(key, ZERO) + posting.amount
        return plan

    def _refusal(self, row: RemittanceClaim) -> str:
        """Why this claim cannot be posted as it stands, '' when it can."""
        claim = row.claim
        if claim is None:
            return "No claim of ours has this number, and none has this member, day and charge."
        if row.match != RemittanceClaim.Match.EXACT:
            return f"Check the match: claim {claim.control_number} has the same name, day and charge."
        if claim.state not in ANSWERABLE:
            return (
                f"Claim {claim.control_number} is {claim.get_state_display().lower()}: it expects no answer."
            )
        if not _same_payer(claim.payer, theirs=self.remittance.payer):
            return f"Claim {claim.control_number} was sent to {claim.payer}, not to this payer."
        if row.status_code == PREDETERMINATION:
            return "A predetermination only: nothing was decided and nothing is owed."
        if row.status_code == NOT_DECIDED:
            return "The payer forwarded the claim but pays for it." if row.paid else ""
        return "" if row.status_code == REVERSAL else _difference(row, claim=claim)

    def _adjudicate(self, plan: ClaimPlan) -> None:
        """Payment, write-off, patient share and denials of an ordinary answer."""
        row = plan.row
        plan.unexplained = {line.pk: line.charge.amount for line in _claim_of(row).lines.all()}
        for line in plan.lines:
            if line.claim_line is not None:
                self._pay(plan, line=line.claim_line, amount=line.paid, key=f"{line.position}")
        if not plan.lines:
            for own, share in _shares(row.paid, plan=plan):
                self._pay(plan, line=own, amount=share, key=f"0.{own.number}")
        for adjustment in sorted(row.adjustments.all(), key=_place):
            self._adjust(plan, adjustment=adjustment)
        plan.state = _state_of(plan)

    def _pay(self, plan: ClaimPlan, *, line: ClaimLine, amount: Decimal, key: str) -> None:
        plan.paid += amount
        plan.unexplained[line.pk] -= amount
        plan.line_paid[line.pk] += amount
        plan.line_allowed[line.pk] += amount
        if amount:
            template = self._posting(plan.row, line=line, key=f"{key}/pay")
            plan.postings.append(replace(template, kind=Kind.INSURANCE_PAYMENT, amount=-amount))

    def _adjust(self, plan: ClaimPlan, *, adjustment: RemittanceAdjustment) -> None:
        row, line = plan.row, adjustment.line
        remarks = tuple(f"{line.remarks if line else ''} {row.remarks}".split())
        rule = self.rules.find(
            adjustment.reason_code,
            payer=str(_claim_of(row).payer_id),
            group=adjustment.group_code,
            remarks=remarks,
            day=self.remittance.paid_on or self.day,
        )
        if rule is None or rule.treatment == "review":
            what = f"{adjustment.group_code}-{adjustment.reason_code} of {dollars(adjustment.amount)}"
            plan.problem = f"No rule says what {what} means. Add one, then post."
        elif rule.treatment == "denial":
            self._deny(plan, adjustment=adjustment, rule=rule, remarks=remarks)
        for own, share, key in _targets(adjustment, plan=plan):
            plan.unexplained[own.pk] -= share
            if rule is not None and rule.treatment in BOOKED:
                self._book(plan, line=own, amount=share, adjustment=adjustment, rule=rule, key=key)

    def _deny(
        self, plan: ClaimPlan, *, adjustment: RemittanceAdjustment, rule: Rule, remarks: tuple[str, ...]
    ) -> None:
        if adjustment.amount < 0:
            plan.problem = (
                f"{adjustment.group_code}-{adjustment.reason_code} gives back {dollars(-adjustment.amount)} "
                "of a denial outside a reversal."
            )
            return
        own = adjustment.line.claim_line if adjustment.line else None
        plan.denied += adjustment.amount
        plan.denials.append(Denied(adjustment=adjustment, line=own, rule=rule, remarks=remarks))

    def _book(
        self,
        plan: ClaimPlan,
        *,
        line: ClaimLine,
        amount: Decimal,
        adjustment: RemittanceAdjustment,
        rule: Rule,
        key: str,
    ) -> None:
        """One adjustment on one charge: written off, or moved to the patient."""
        template = replace(
            self._posting(plan.row, line=line, key=key),
            group_code=adjustment.group_code,
            reason_code=adjustment.reason_code,
            memo=rule.meaning,
        )
        if rule.treatment in WRITTEN_OFF:
            plan.written_off += amount
            plan.postings.append(replace(template, kind=Kind.ADJUSTMENT, amount=-amount))
        else:
            plan.patient += amount
            plan.postings += transfer_postings(replace(template, amount=amount), to_payer_id=None)
        if rule.treatment != "contractual":
            plan.line_allowed[line.pk] += amount

    def _posting(self, row: RemittanceClaim, *, line: ClaimLine, key: str) -> Posting:
        claim = _claim_of(row)
        return Posting(
            kind=Kind.ADJUSTMENT,
            patient_id=claim.patient_id,
            charge_id=line.charge_id,
            location_id=claim.location_id,
            amount=ZERO,
            service_date=line.charge.service_date,
            posted_on=self.day,
            source_kind="remittance",
            source_key=f"{self.remittance.pk}/{row.position}/{key}",
            payer_id=claim.payer_id,
            coverage_id=claim.coverage_id,
            claim_id=claim.pk,
            method=self.method,
        )

    def _reverse(self, plan: ClaimPlan) -> None:
        """Mirror the entries of the payment that this claim takes back."""
        row = plan.row
        original = self._original_of(row)
        if original is None:
            plan.problem = "Takes back a payment that was never posted here with these amounts."
            return
        entries = _entries_of(original)
        self.taken_back |= {entry.pk for entry in entries}
        plan.reversed_row, plan.state = original, State.REVERSED
        plan.postings = [
            replace(
                posting,
                source_kind="remittance",
                source_key=f"{self.remittance.pk}/{row.position}/back/{number}",
            )
            for number, posting in enumerate(reversal_postings(entries, posted_on=self.day), start=1)
        ]
        plan.paid = row.paid
        by_charge = {line.charge_id: line.pk for line in _claim_of(row).lines.all()}
        for entry in entries:
            if entry.charge_id in by_charge and entry.kind == Kind.INSURANCE_PAYMENT:
                plan.line_paid[by_charge[entry.charge_id]] += entry.amount

    def _original_of(self, row: RemittanceClaim) -> RemittanceClaim | None:
        """The latest posted answer with exactly these amounts that nobody has taken back."""
        candidates = (
            RemittanceClaim.objects.filter(claim=row.claim, posted=True, charge=-row.charge, paid=-row.paid)
            .exclude(status_code=REVERSAL)
            .order_by("-remittance__posted_at", "-position")
        )
        for candidate in candidates:
            entries = _entries_of(candidate)
            untouched = all(entry.pk not in self.taken_back for entry in entries)
            if untouched and (entries or not candidate.paid):
                return candidate
        return None

    def _overpaid(self, plan: ClaimPlan) -> str:
        """A charge the payer would then have paid more than it owes: a double answer, or one to refund."""
        changes: dict[tuple[uuid.UUID | None, uuid.UUID | None], Decimal] = defaultdict(lambda: ZERO)
        for posting in plan.postings:
            if posting.payer_id is not None:
                changes[posting.charge_id, posting.payer_id] += posting.amount
        for (charge, payer), change in changes.items():
            before = self.balances.get((charge, payer), ZERO) if charge else ZERO
            if change < 0 and before + change < 0:
                return (
                    f"More than is owed: a line owes {dollars(before)} and would be lowered by {dollars(-change)}. "
                    "Was this claim answered before?"
                )
        return ""


def _same_payer(ours: Payer, *, theirs: Payer | None) -> bool:
    """Whether a payment can be for a claim: one payer often has several plans under one payer id."""
    return theirs is None or ours.pk == theirs.pk or bool(ours.payer_id and ours.payer_id == theirs.payer_id)


def _difference(row: RemittanceClaim, *, claim: Claim) -> str:
    """Where the payer's charges are not the ones we sent."""
    if row.charge != claim.total:
        return f"The payer answers a charge of {dollars(row.charge)}; we sent {dollars(claim.total)}."
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    for line in lines:
        if line.claim_line is None:
            return f"Line {line.position} ({line.procedure_code}) is none of the lines we sent."
        if line.charge != line.claim_line.charge.amount:
            sent = dollars(line.claim_line.charge.amount)
            return f"Line {line.position} answers a charge of {dollars(line.charge)}; we sent {sent}."
    if lines and sum((line.charge for line in lines), ZERO) != row.charge:
        return "The lines do not add up to the claim's charge."
    return "" if claim.lines.all() else f"Claim {claim.control_number} has no lines to post to."


def _claim_of(row: RemittanceClaim) -> Claim:
    claim: Claim | None = row.claim
    if claim is None:
        raise ValueError("an unmatched claim has no plan")
    return claim


def _place(adjustment: RemittanceAdjustment) -> tuple[int, int]:
    """Lines first: what they leave unexplained is what claim-level adjustments are shared over."""
    return (adjustment.line.position if adjustment.line else sys.maxsize), adjustment.position


def _targets(adjustment: RemittanceAdjustment, *, plan: ClaimPlan) -> list[tuple[ClaimLine, Decimal, str]]:
    """The charges an adjustment falls on: its line's, or every line's in proportion to what is left of it."""
    if adjustment.line is not None:
        own = adjustment.line.claim_line
        key = f"{adjustment.line.position}/{adjustment.position}"
        return [(own, adjustment.amount, key)] if own else []
    shares = _shares(adjustment.amount, plan=plan)
    return [(own, share, f"0.{own.number}/{adjustment.position}") for own, share in shares if share]


def _shares(amount: Decimal, *, plan: ClaimPlan) -> list[tuple[ClaimLine, Decimal]]:
    """Claim-level money over the lines, never more than a line has left while the claim balances."""
    lines = sorted(_claim_of(plan.row).lines.all(), key=lambda line: line.number)
    parts = split(amount, weights=[max(plan.unexplained[line.pk], ZERO) for line in lines])
    return list(zip(lines, parts, strict=True))


def _entries_of(row: RemittanceClaim) -> list[LedgerEntry]:
    """What an answer wrote and nobody has taken back."""
    prefix = f"{row.remittance_id}/{row.position}/"
    return list(
        LedgerEntry.objects.filter(
            claim=row.claim, source_kind="remittance", source_key__startswith=prefix, reversals=None
        ).order_by("created_at", "id")
    )


def _state_of(plan: ClaimPlan) -> str:
    """What the claim becomes: denied when it earned nothing, partly paid when something was denied."""
    if not plan.denied:
        return State.PAID
    return State.PARTLY_PAID if plan.paid or plan.patient else State.DENIED
