"""Referrals for the cases every Resource has."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.models import ReferralStep
from patients.services import patients, referrals, referring

NUMBERS = itertools.count(1)


def elsewhere(actor):
    return referring.add_provider(actor=actor, first_name="Rhea", last_name=f"Elsewhere {next(NUMBERS)}")


def person(actor):
    return patients.register(
        actor=actor, first_name="Nell", last_name=f"Sent {next(NUMBERS)}", birth_date=date(1980, 3, 4)
    )


def make_referrals(actor, count):
    other, patient = elsewhere(actor), person(actor)
    return [
        referrals.write(patient=patient, direction="out", elsewhere=other, reason="Heart murmur", actor=actor)
        for _ in range(count)
    ]


def _steps(actor, count):
    made = [each.pk for each in make_referrals(actor, count)]
    return list(ReferralStep.objects.filter(referral__in=made))


REFERRAL_SAMPLES = {
    "patients.referral": Sample(
        make=make_referrals,
        form=lambda actor: {
            "patient": person(actor).mrn,
            "direction": "out",
            "elsewhere": str(elsewhere(actor).pk),
            "reason": "Heart murmur",
            "urgency": "routine",
        },
    ),
    "patients.referral_step": Sample(make=_steps),
}
