"""Reschedules, recalls, tries and series for the cases every Resource has."""

import itertools
from datetime import time, timedelta

from kit.testing import Sample
from practice.selectors.days import practice_today
from scheduling.models import ContactAttempt, SeriesVisit, VisitSeries
from scheduling.services import kinds, outreach, recalls, reschedules
from tests.patients.samples import make_patients

NUMBERS = itertools.count(1)


def _visits(actor, count):
    from tests.scheduling.samples import make_visits

    return make_visits(actor, count)


def make_reschedules(actor, count):
    return [reschedules.put_on_list(visit, cause=4, actor=actor) for visit in _visits(actor, count)]


def _visit_type(actor):
    number = next(NUMBERS)
    return kinds.add(actor=actor, code=f"r{number}", name=f"Recalled {number}")


def make_types(actor, count):
    return [
        recalls.add_type(actor=actor, name=f"Yearly {next(NUMBERS)}", type=_visit_type(actor), months=12)
        for _ in range(count)
    ]


def make_recalls(actor, count):
    patients = make_patients(actor, count)
    return [
        recalls.plan(patient=patient, kind=kind, actor=actor)
        for patient, kind in zip(patients, make_types(actor, count), strict=True)
    ]


def _tries(actor, count):
    for row in make_reschedules(actor, count):
        outreach.attempt(row, how="phone", result="no_answer", actor=actor)
    return list(ContactAttempt.objects.order_by("-id")[:count])


def make_series(actor, count):
    return [
        VisitSeries.objects.create(
            practice_id=actor.practice_id,
            patient=visit.patient,
            type=visit.type,
            provider=visit.provider,
            location=visit.location,
            starts_on=visit.local_day,
            starts_at=time(9),
            count=4,
        )
        for visit in _visits(actor, count)
    ]


def _places(actor, count):
    return [
        SeriesVisit.objects.create(
            practice_id=actor.practice_id, series=series, number=1, day=series.starts_on
        )
        for series in make_series(actor, count)
    ]


def _recall_form(actor):
    [patient], [kind] = make_patients(actor, 1), make_types(actor, 1)
    due = practice_today(actor) + timedelta(days=30)
    return {"patient": patient.mrn, "kind": str(kind.pk), "due_on": f"{due:%m/%d/%Y}"}


OUTREACH = {
    "scheduling.reschedule": Sample(make=make_reschedules),
    "scheduling.recall": Sample(make=make_recalls, form=_recall_form),
    "scheduling.recall_type": Sample(
        make=make_types,
        form=lambda actor: {"name": f"Y {next(NUMBERS)}", "type": str(_visit_type(actor).pk), "months": "12"},
    ),
    "scheduling.contact_attempt": Sample(make=_tries),
    "scheduling.series": Sample(make=make_series),
    "scheduling.series_visit": Sample(make=_places),
}
