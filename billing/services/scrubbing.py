"""Ask every rule in force about claims, keep what they found, and say whether the claims may leave."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from billing.models import Claim, ClaimEvent, ScrubFinding, ScrubRule
from billing.permissions import BillingPermission
from billing.rules import scrub
from billing.selectors import restrictions
from billing.selectors.claim_facts import facts_of
from billing.selectors.claim_wire import loaded
from billing.services import rules_catalogue
from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services import work

State = Claim.State
UNSENT = (State.DRAFT, State.HELD, State.READY, State.REJECTED)
WORK_KIND = "claim.held"
FORMAT = "format"
Key = tuple[uuid.UUID, int | None]


def step(claim: Claim, *, text: str, actor: Actor) -> ClaimEvent:
    """A step of a claim's history in its present state, at the business time; not saved yet."""
    return ClaimEvent(
        practice_id=actor.practice_id, claim=claim, state=claim.state, note=text[:300], at=clock.now()
    )


def note(claim: Claim, *, text: str, actor: Actor) -> None:
    """Add a step to a claim's history."""
    step(claim, text=text, actor=actor).save(force_insert=True)


@transaction.atomic
def check(claim: Claim, *, actor: Actor) -> Claim:
    """Check one claim that has not left; returns it, ready or held. Raises DomainError for one that has."""
    actor.require(BillingPermission.CHANGE_CLAIM)
    checked = check_many([claim.pk], actor=actor)
    if not checked:
        raise DomainError("This claim has already left. Only a claim that was not sent can be checked.")
    return checked[0]


@transaction.atomic
def check_many(claim_ids: Iterable[uuid.UUID], *, actor: Actor) -> list[Claim]:
    """Check the unsent ones of these claims. Whoever calls has required its permission; locks in order of id."""
    unsent = Claim.objects.filter(pk__in=list(claim_ids), state__in=UNSENT).order_by("id")
    claims = loaded(unsent.select_for_update(of=("self",), no_key=True))
    if not claims:
        return []
    today = practice_today(actor)
    rules = rules_catalogue.in_force(day=today, actor=actor)
    facts = facts_of(claims, today=today)
    known = _known(claims)
    steps: list[ClaimEvent] = []
    fresh: list[ScrubFinding] = []
    kept = restrictions.of_claims(claims)
    for claim in claims:
        mine = known.get(claim.pk, {})
        found = _ask(claim, rules=rules, facts=facts[claim.pk], known=mine)
        fresh += _keep(claim, found=found, known=mine, actor=actor)
        held = [rule.message for rule, _ in _holding(found, known=mine)]
        # What the patient keeps from the plan is no rule that a biller could change or override.
        fact = kept.get(claim.pk)
        steps += _settle(claim, holding=[fact.words, *held] if fact else held, actor=actor)
    ScrubFinding.objects.bulk_create(fresh)
    moved = {step.claim_id for step in steps}
    Claim.objects.bulk_update([claim for claim in claims if claim.pk in moved], ["state", "version"])
    ClaimEvent.objects.bulk_create(steps)
    return claims


def _known(claims: Iterable[Claim]) -> dict[uuid.UUID, dict[Key, ScrubFinding]]:
    found: dict[uuid.UUID, dict[Key, ScrubFinding]] = {}
    for row in ScrubFinding.objects.filter(claim__in=[claim.pk for claim in claims]):
        found.setdefault(row.claim_id, {})[row.rule_id, row.line_number] = row
    return found


def _ask(
    claim: Claim, *, rules: Iterable[ScrubRule], facts: scrub.ClaimFacts, known: dict[Key, ScrubFinding]
) -> dict[Key, tuple[ScrubRule, str]]:
    """What is wrong, by rule and line. The format is asked last, and only when nothing else holds the claim."""
    found: dict[Key, tuple[ScrubRule, str]] = {}
    for rule in sorted(rules, key=lambda rule: rule.test == FORMAT):
        if rule.payer_id not in (None, claim.payer_id):
            continue
        if rule.test == FORMAT and _holding(found, known=known):
            continue
        for each in scrub.run(rule.test, facts=facts, parameter=rule.parameter):
            found[rule.pk, each.line] = (rule, each.detail)
    return found


def _holding(
    found: dict[Key, tuple[ScrubRule, str]], *, known: dict[Key, ScrubFinding]
) -> list[tuple[ScrubRule, str]]:
    return [
        (rule, detail)
        for key, (rule, detail) in found.items()
        if rule.severity == ScrubRule.Severity.HOLD and not (key in known and known[key].overridden_at)
    ]


def _settle(claim: Claim, *, holding: list[str], actor: Actor) -> list[ClaimEvent]:
    """Set the claim's state and its place on the work list; returns the step it took, if any."""
    before, claim.state = claim.state, State.HELD if holding else State.READY
    if holding:
        work.open_item(
            WORK_KIND,
            record=claim,
            title=f"{claim}: {holding[0]}",
            permission=BillingPermission.CHANGE_CLAIM,
            due_on=claim.file_by,
            amount=claim.total,
            actor=actor,
        )
    elif before == State.HELD:
        work.close_items(claim, kind=WORK_KIND, outcome="Passed every rule", actor=actor)
    if claim.state == before:
        return []
    claim.version += 1
    return [step(claim, text=holding[0] if holding else "Passed every rule", actor=actor)]


def _keep(
    claim: Claim,
    *,
    found: dict[Key, tuple[ScrubRule, str]],
    known: dict[Key, ScrubFinding],
    actor: Actor,
) -> list[ScrubFinding]:
    """Drop findings that are mended, renew the words of the others; returns the new ones, not saved yet."""
    gone = [row.pk for key, row in known.items() if key not in found]
    if gone:
        ScrubFinding.objects.filter(pk__in=gone).delete()
    fresh = []
    for (rule_id, line), (_, detail) in found.items():
        row = known.get((rule_id, line))
        if row is None:
            row = ScrubFinding(practice_id=actor.practice_id, claim=claim, rule_id=rule_id, line_number=line)
            row.detail = detail[:200]
            fresh.append(row)
        elif row.detail != detail[:200]:
            row.detail = detail[:200]
            row.save(update_fields=["detail", "updated_at"])
    return fresh


@transaction.atomic
def override(finding: ScrubFinding, *, reason: str, actor: Actor) -> Claim:
    """Let the claim go despite one finding, with a reason that stays on record; returns the claim, checked again.

    Raises DomainError without a reason, for a claim that left, and for what cannot be written at all.
    """
    actor.require(BillingPermission.OVERRIDE_SCRUB)
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.claim_id)
    if claim.state not in UNSENT:
        raise DomainError("This claim has already left.")
    if len(reason.strip()) < 5:
        raise DomainError("Say in a few words why the claim may go.", field="reason")
    if finding.rule.test == FORMAT:
        raise DomainError("Nobody can override this: the claim cannot be written. Correct what is missing.")
    finding.overridden_at = clock.now()
    finding.override_reason = reason.strip()[:200]
    finding.save(update_fields=["overridden_at", "override_reason", "updated_at"])
    text = f"{actor.name or 'Somebody'} overrode “{finding.rule.message}”: {reason.strip()}"
    note(claim, text=text, actor=actor)
    return check_many([claim.pk], actor=actor)[0]
