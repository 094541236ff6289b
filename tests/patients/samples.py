"""Records of patients' Resources for the cases every Resource has (tests/resources)."""

import itertools
import random
import string
from datetime import date

from kit.testing import Sample
from patients.models import BreakGlass
from patients.services import break_glass, patients
from practice.models import Membership
from tests.patients.around_samples import AROUND_SAMPLES
from tests.patients.case_samples import CASE_SAMPLES
from tests.patients.complaint_samples import COMPLAINT_SAMPLES
from tests.patients.consent_samples import CONSENT_SAMPLES
from tests.patients.contact_samples import CONTACT_SAMPLES
from tests.patients.merge_samples import MERGE_SAMPLES
from tests.patients.records_samples import RECORDS_SAMPLES
from tests.patients.referral_samples import REFERRAL_SAMPLES

NUMBERS = itertools.count(1)


def make_patients(actor, count):
    return [
        patients.register(
            actor=actor,
            first_name="Ann",
            last_name=f"Sample {n}",
            birth_date=date(1980, 1, 1),
            phone="9145550101",
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def make_restricted(actor, count):
    return [
        patients.restrict(patient, reason="Works here", actor=actor)
        for patient in make_patients(actor, count)
    ]


def make_openings(actor, count):
    """As the service writes them, for a member whose role may not see restricted patients."""
    member = Membership.objects.filter(ended_at=None).order_by("created_at").last()
    return [
        break_glass._grant(
            patient,
            member=member.pk,
            reason=BreakGlass.Reason.DESK,
            words="Stands at the desk",
            actor=Desk(actor),
        )
        for patient in make_restricted(actor, count)
    ]


class Desk:
    """Whoever made the records, without the right to see restricted ones."""

    def __init__(self, actor):
        self._actor = actor

    def __getattr__(self, name):
        return getattr(self._actor, name)

    def may(self, permission):
        return permission != "patients.view_restricted" and self._actor.may(permission)


def unlike():
    """A name that is like no other, so that nobody is taken for somebody else."""
    return "".join(random.choices(string.ascii_lowercase, k=12)).capitalize()


def _patient_form(actor):
    return {
        "first_name": unlike(),
        "last_name": unlike(),
        "birth_date": "04/05/1991",
        "sex": "F",
        "phone": f"914555{next(NUMBERS):04d}",
    }


SAMPLES = {
    "patients.patient": Sample(make=make_patients, form=_patient_form),
    "patients.restricted": Sample(make=make_restricted),
    "patients.opening": Sample(make=make_openings),
    **AROUND_SAMPLES,
    **CASE_SAMPLES,
    **COMPLAINT_SAMPLES,
    **CONSENT_SAMPLES,
    **CONTACT_SAMPLES,
    **MERGE_SAMPLES,
    **RECORDS_SAMPLES,
    **REFERRAL_SAMPLES,
}
