"""Records of billing's Resources for the cases every Resource has (tests/resources)."""

import itertools
from datetime import date
from decimal import Decimal

from billing.models import Charge, LedgerEntry, Remittance, UnmappedCode
from billing.services import adjustment_catalogue, codes, payments, remittances, restrictions, rules_catalogue
from kit.testing import Sample
from practice.models import Location
from scheduling.models import AppointmentType
from tests.billing import remittance_world
from tests.billing.remittance_text import answer, line, payment, text

NUMBERS = itertools.count(10_000)
_worlds: dict = {}


def world_of(actor):
    """One practice with money in it, apart from what other tests build beside it."""
    known = _worlds.get(actor.practice_id)
    if known is None or not Location.objects.filter(pk=known.location.pk).exists():
        before, remittance_world._numbers = remittance_world._numbers, NUMBERS
        known = _worlds[actor.practice_id] = remittance_world.build(actor)
        remittance_world._numbers = before
        AppointmentType.objects.filter(pk=known.kind.pk).update(code=f"s{next(NUMBERS)}")
        adjustment_catalogue.install(actor=actor)
    known.actor = actor
    return known


def make_claims(actor, count):
    world = world_of(actor)
    return [world.claim("150.00", control=f"SM{next(NUMBERS):08d}") for _ in range(count)]


def make_charges(actor, count):
    return list(Charge.objects.filter(claim_lines__claim__in=make_claims(actor, count)))


def make_restrictions(actor, count):
    return [
        restrictions.restrict(claim.appointment, asked_by="The patient", actor=actor)
        for claim in make_claims(actor, count)
    ]


def make_entries(actor, count):
    return list(LedgerEntry.objects.filter(charge__in=make_charges(actor, count)))


def make_payments(actor, count):
    world = world_of(actor)
    one = {"patient": world.patient, "method": "cash", "location": world.location, "actor": actor}
    return [payments.take(amount=Decimal("20.00"), **one) for _ in range(count)]


def _payment_form(actor):
    world = world_of(actor)
    return {
        "patient": str(world.patient.pk),
        "location": str(world.location.pk),
        "amount": "20.00",
        "method": "cash",
    }


def make_files(actor, count):
    """Each with one payment of one claim."""
    files = []
    for claim in make_claims(actor, count):
        said = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"), number=f"P{next(NUMBERS)}")
        whole = text(payment(said, trace=f"T{next(NUMBERS)}"), number=next(NUMBERS))
        files.append(remittances.receive(whole, name=f"{next(NUMBERS)}.835", actor=actor))
    return files


def make_remittances(actor, count):
    return list(Remittance.objects.filter(file__in=make_files(actor, count)))


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
    "billing.claim": Sample(make=make_claims),
    "billing.charge": Sample(make=make_charges),
    "billing.ledger_entry": Sample(make=make_entries),
    "billing.patient_payment": Sample(make=make_payments, form=_payment_form),
    "billing.remittance": Sample(make=make_remittances),
    "billing.remittance_file": Sample(make=make_files),
    "billing.procedure_code": Sample(make=make_codes, form=_code_form),
    "billing.fee": Sample(make=make_fees, form=_fee_form),
    "billing.unmapped_code": Sample(make=make_unmapped),
    "billing.restriction": Sample(make=make_restrictions),
    "billing.scrub_rule": Sample(make=make_rules, form=_rule_form),
}
