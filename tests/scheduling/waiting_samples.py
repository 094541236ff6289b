"""The wait list for the cases every Resource has."""

import itertools
from datetime import UTC, datetime, timedelta

from kit.testing import Sample
from scheduling.models import Appointment, WaitlistOffer
from scheduling.services import kinds, waitlist
from tests.patients.samples import make_patients

NUMBERS = itertools.count(1)


def _type(actor):
    number = next(NUMBERS)
    return kinds.add(actor=actor, code=f"w{number}", name=f"Waited for {number}")


def make_entries(actor, count):
    return [
        waitlist.add(patient=patient, type=_type(actor), note="Calls back", actor=actor)
        for patient in make_patients(actor, count)
    ]


def _offers(actor, count):
    from tests.scheduling.samples import make_visits

    moment = datetime(2026, 3, 2, 13, tzinfo=UTC)
    visits = make_visits(actor, count)
    Appointment.objects.filter(pk__in=[each.pk for each in visits]).update(
        status="held", hold_expires_at=datetime(2099, 1, 1, tzinfo=UTC)
    )
    return [
        WaitlistOffer.objects.create(
            practice_id=actor.practice_id,
            entry=waitlist.add(patient=visit.patient, type=visit.type, actor=actor),
            appointment=visit,
            offered_at=moment,
            expires_at=moment + timedelta(hours=2),
        )
        for visit in visits
    ]


def _form(actor):
    [patient] = make_patients(actor, 1)
    return {"patient": patient.mrn, "type": str(_type(actor).pk), "priority": "2", "weekdays": ["0", "2"]}


WAITING = {
    "scheduling.waiting": Sample(make=make_entries, form=_form),
    "scheduling.waitlist_offer": Sample(make=_offers),
}
