"""Cases, coverage, self-pay and the Medicare questionnaire for the cases every Resource has."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.models import SelfPay
from patients.services import cases, coverages, medicare, patients
from patients.services.medical_cases import medical_case
from practice.models import Payer

NUMBERS = itertools.count(1)


def person(actor):
    return patients.register(
        actor=actor, first_name="Nell", last_name=f"Case {next(NUMBERS)}", birth_date=date(1980, 3, 4)
    )


def payer(actor, **more):
    return Payer.objects.create(practice_id=actor.practice_id, name=f"Northway {next(NUMBERS)}", **more)


def make_cases(actor, count):
    """Cases of injuries: they can be changed, closed, and billed to somebody else."""
    return [
        cases.open_case(
            patient=person(actor),
            kind="work_injury",
            injured_on=date(2026, 2, 2),
            opened_on=date(2026, 2, 2),
            employer="Boat Yard",
            actor=actor,
        )
        for _ in range(count)
    ]


def make_coverages(actor, count):
    plan = payer(actor)
    return [
        coverages.add(
            person(actor), payer=plan, member_id=f"NW{next(NUMBERS)}", starts_on=date(2026, 1, 1), actor=actor
        )
        for _ in range(count)
    ]


def _agreements(actor, count):
    made = [medical_case(person(actor)) for _ in range(count)]
    for case in made:
        cases.agree_self_pay(case, starts_on=date(2026, 1, 1), reason="No plan", actor=actor)
    return list(SelfPay.objects.filter(case__in=made))


def _answers(actor, count):
    one = person(actor)
    return [
        medicare.answer(patient=one, answered_on=date(2026, 1, 1 + n % 28), actor=actor) for n in range(count)
    ]


def _coverage_form(actor):
    return {
        "patient": person(actor).mrn,
        "payer": str(payer(actor).pk),
        "member_id": "X-1",
        "priority": "1",
        "starts_on": "01/01/2026",
        "relationship": "18",
    }


CASE_SAMPLES = {
    "patients.case": Sample(
        make=make_cases,
        form=lambda actor: {
            "patient": person(actor).mrn,
            "kind": "auto",
            "injured_on": "02/02/2026",
            "state": "ny",
            "claim_number": "NF-1",
        },
    ),
    "patients.coverage": Sample(make=make_coverages, form=_coverage_form),
    "patients.self_pay": Sample(make=_agreements),
    "patients.medicare": Sample(
        make=_answers,
        form=lambda actor: {
            "patient": person(actor).mrn,
            "entitled_by": "age",
            "group_plan_by": "own",
            "employees": "40",
        },
    ),
}
