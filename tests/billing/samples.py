"""Records of billing's Resources for the cases every Resource has (tests/resources)."""

import itertools
from datetime import date
from decimal import Decimal

from billing.models import UnmappedCode
from billing.services import codes, rules_catalogue
from kit.testing import Sample

NUMBERS = itertools.count(10_000)


def make_codes(actor, count):
    return [
        codes.add_code(actor=actor, system="cpt", code=str(next(NUMBERS)), name="Own words")
        for _ in range(count)
    ]


def make_fees(actor, count):
    return [
        codes.add_fee(
            actor=actor, code=str(next(NUMBERS)), amount=Decimal("12.50"), effective_from=date(2026, 1, 1)
        )
        for _ in range(count)
    ]


def make_unmapped(actor, count):
    """Foreign codes without a billable one, with the money that waits for each."""
    received = [
        codes.add_code(actor=actor, system="snomed", code=str(next(NUMBERS)), name="Received")
        for _ in range(count)
    ]
    return [
        UnmappedCode.objects.create(
            practice_id=actor.practice_id, code=code, charge_count=1, charge_amount=Decimal("10.00")
        )
        for code in received
    ]


def make_rules(actor, count):
    return [
        rules_catalogue.add(
            actor=actor,
            code=f"own-{next(NUMBERS)}",
            message="No licence",
            test="licence",
            parameter="",
            severity="warn",
            effective_from=date(2026, 1, 1),
        )
        for _ in range(count)
    ]


def _code_form(actor):
    return {"system": "cpt", "code": str(next(NUMBERS)), "name": "Own words", "is_active": "on"}


def _fee_form(actor):
    return {"code": str(next(NUMBERS)), "amount": "12.50", "effective_from": "01/01/2026"}


def _rule_form(actor):
    return {
        "code": f"own-{next(NUMBERS)}",
        "message": "No licence",
        "test": "licence",
        "severity": "warn",
        "effective_from": "01/01/2026",
        "is_active": "on",
    }


SAMPLES = {
    "billing.procedure_code": Sample(make=make_codes, form=_code_form),
    "billing.fee": Sample(make=make_fees, form=_fee_form),
    "billing.unmapped_code": Sample(make=make_unmapped),
    "billing.scrub_rule": Sample(make=make_rules, form=_rule_form),
}
