"""The scrubber's rules: what we ship, and how a practice changes them without losing what was true before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from billing.models import ScrubRule
from billing.permissions import BillingPermission
from billing.rules import scrub
from kit.errors import DomainError
from practice.actor import Actor
from practice.selectors.days import practice_today

SHIPPED_FROM = date(2020, 1, 1)
HOLD, WARN = ScrubRule.Severity.HOLD, ScrubRule.Severity.WARN


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipped:
    """A rule as it comes with the product; the words are ours, the citation says where the need is written."""

    code: str
    test: str
    message: str
    citation: str
    severity: str = HOLD
    parameter: str = ""


GUIDE = "005010X222A1, professional claim guide"
CATALOGUE: tuple[Shipped, ...] = (
    Shipped(
        code="rendering-npi", test="rendering_npi", citation="45 CFR 162.406 (check digit), 162.410",
        message="Rendering provider's NPI is missing or mistyped: correct it in the staff file.",
    ),
    Shipped(
        code="billing-npi", test="billing_npi", citation="45 CFR 162.406, 162.410",
        message="Billing NPI is missing or mistyped: correct the billing entity.",
    ),
    Shipped(
        code="billing-taxonomy", test="billing_taxonomy", citation=GUIDE,
        message="Billing taxonomy code is missing or mistyped: correct the billing entity.",
    ),
    Shipped(
        code="billing-zip", test="billing_zip", citation=GUIDE,
        message="Billing address needs a nine-digit ZIP code: correct the billing entity.",
    ),
    Shipped(
        code="payer-id", test="payer_identifier", citation=GUIDE,
        message="The payer has no payer id: add the clearinghouse's id for it.",
    ),
    Shipped(
        code="member-id", test="member_id", citation=GUIDE,
        message="Member id is missing: add it to the coverage from the card.",
    ),
    Shipped(
        code="coverage", test="coverage_in_force", citation="practice rule",
        message="Coverage was not in force on the service date: find the right coverage.",
    ),
    Shipped(
        code="patient", test="patient_person", citation=GUIDE,
        message="Patient's address, birth date or sex is missing: complete the registration.",
    ),
    Shipped(
        code="diagnosis-missing", test="diagnosis_missing", citation="42 CFR 424.32; " + GUIDE,
        message="The claim needs one to twelve diagnoses: enter them with the charges.",
    ),
    Shipped(
        code="diagnosis-shape", test="diagnosis_shape", citation="45 CFR 162.1002 (ICD-10-CM)",
        message="A diagnosis has not the form of ICD-10-CM without the point: correct it.",
    ),
    Shipped(
        code="diagnosis-pointer", test="diagnosis_pointer", citation=GUIDE,
        message="A line points at no diagnosis of the claim: say what it was done for.",
    ),
    Shipped(
        code="procedure-code", test="procedure_code", citation="45 CFR 162.1002 (HCPCS)",
        message="A line has no billable procedure code: map it under Unmapped codes.",
    ),
    Shipped(
        code="modifiers", test="modifiers", citation=GUIDE,
        message="A line's modifiers are not two characters each, or stand there twice.",
    ),
    Shipped(
        code="total", test="total", citation=GUIDE,
        message="The claim's total is not the sum of its lines.",
    ),
    Shipped(
        code="service-in-future", test="service_in_future", citation="practice rule",
        message="A service lies in the future: correct its date.",
    ),
    Shipped(
        code="filing-limit", test="filing_limit", citation="42 CFR 424.44; payer's filing limit",
        message="The payer's filing limit has passed: send only with proof of earlier filing.",
    ),
    Shipped(
        code="filing-limit-near", test="filing_limit", citation="payer's filing limit", severity=WARN, parameter="7",
        message="The payer's filing limit is less than a week away.",
    ),
    Shipped(
        code="duplicate", test="duplicate", citation="practice rule; payers answer with CARC 18",
        message="The same service is on another claim: void one of them or explain the difference.",
    ),
    Shipped(
        code="enrolment", test="enrolment", citation="practice rule; payers answer with CARC B7", severity=WARN,
        message="The provider is not enrolled with this payer on the service date.",
    ),
    Shipped(
        code="licence", test="licence", citation="state licence law; payers answer with CARC B7",
        message="The provider's licence was not in force on the service date.",
    ),
    Shipped(
        code="licence-unknown", test="licence", citation="practice rule", severity=WARN, parameter="unknown",
        message="No licence is on file for the provider: add it in the staff file.",
    ),
    Shipped(
        code="format", test="format", citation=GUIDE,
        message="The claim cannot be written as an 837P.",
    ),
)  # fmt: skip


@transaction.atomic
def install(*, actor: Actor) -> int:
    """Give the practice every shipped rule it does not have yet. Returns how many were new."""
    known = set(ScrubRule.objects.values_list("code", flat=True))
    made = [
        ScrubRule(
            practice_id=actor.practice_id,
            code=rule.code,
            test=rule.test,
            parameter=rule.parameter,
            message=rule.message,
            citation=rule.citation,
            severity=rule.severity,
            effective_from=SHIPPED_FROM,
        )
        for rule in CATALOGUE
        if rule.code not in known
    ]
    ScrubRule.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def in_force(*, day: date, actor: Actor) -> list[ScrubRule]:
    """The rules of a day. A practice that never had any is given the shipped ones: nothing goes unchecked."""
    if not ScrubRule.objects.exists():
        install(actor=actor)
    return list(
        ScrubRule.objects.filter(is_active=True, effective_from__lte=day)
        .filter(Q(effective_to=None) | Q(effective_to__gte=day))
        .order_by("severity", "code")
    )


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> ScrubRule:
    """Add a rule of the practice's own, over one of the registered tests."""
    actor.require(BillingPermission.CHANGE_RULE)
    _check(values)
    return ScrubRule.objects.create(practice_id=actor.practice_id, **values)


@transaction.atomic
def change(rule: ScrubRule, *, actor: Actor, **values: Any) -> ScrubRule:
    """Change a rule from today on. Claims checked before keep the rule as it was; returns the row now in force."""
    actor.require(BillingPermission.CHANGE_RULE)
    _check({"test": rule.test, "parameter": rule.parameter, **values})
    today = practice_today(actor)
    locked = ScrubRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if locked.effective_to is not None and locked.effective_to < today:
        raise DomainError("This rule has ended. Change the one that is in force.")
    new = {**{name: getattr(locked, name) for name in KEPT}, **values}
    if locked.effective_from >= today:
        for name, value in new.items():
            setattr(locked, name, value)
        locked.save()
        return locked
    locked.effective_to = today - timedelta(days=1)
    locked.save()
    return ScrubRule.objects.create(practice_id=actor.practice_id, **{**new, "effective_from": today})


KEPT = ("code", "message", "test", "parameter", "payer", "severity", "effective_to", "citation", "is_active")


def _check(values: dict[str, Any]) -> None:
    if values["test"] not in scrub.TESTS:
        raise DomainError(f"Choose a test: {', '.join(sorted(scrub.TESTS))}.", field="test")
    parameter = values.get("parameter", "")
    if values["test"] == "filing_limit" and parameter and not parameter.isdecimal():
        raise DomainError("The parameter of this test is a number of days.", field="parameter")
    ends, starts = values.get("effective_to"), values.get("effective_from")
    if ends and starts and ends < starts:
        raise DomainError("A rule ends after it begins.", field="effective_to")
