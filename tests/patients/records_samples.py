"""Requests for records, for the cases every Resource has."""

from kit.testing import Sample
from patients.models import RecordsRelease, RecordsStep
from patients.services import records_desk as desk
from tests.patients.consent_samples import person


def request(actor, patient=None, **more):
    given = {"asker": "patient", "what": "Visit notes of 2026", **more}
    return desk.receive(patient=patient or person(actor), actor=actor, **given)


def ready(made, *, actor, pages=10, **seen):
    known = {"shown": "photo", "basis": "own", **seen}
    return desk.prepare(desk.verify(made, actor=actor, **known), pages=pages, actor=actor)


def _steps(actor, count):
    made = [request(actor).pk for _ in range(count)]
    return list(RecordsStep.objects.filter(records_request__in=made))


def _released(actor, count):
    made = [desk.release(ready(request(actor), actor=actor), actor=actor).pk for _ in range(count)]
    return list(RecordsRelease.objects.filter(records_request__in=made))


RECORDS_SAMPLES = {
    "patients.records_request": Sample(
        make=lambda actor, n: [request(actor) for _ in range(n)],
        form=lambda actor: {
            "patient": person(actor).mrn,
            "asker": "attorney",
            "requester": "Lyle Brandt",
            "what": "Records of the accident",
            "medium": "paper",
            "way": "post",
        },
    ),
    "patients.records_step": Sample(make=_steps),
    "patients.records_release": Sample(make=_released),
}
