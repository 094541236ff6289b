"""Records of the schedule's Resources for the cases every Resource has."""

import itertools
from datetime import UTC, date, datetime, timedelta

from kit.testing import Sample
from practice.models import Location
from scheduling.models import Appointment, AppointmentType, CheckIn
from scheduling.services import flow
from staff.models import Employee, Provider
from tests.patients.samples import make_patients
from tests.scheduling.outreach_samples import OUTREACH
from tests.scheduling.reach_samples import REACH
from tests.scheduling.supply_samples import SUPPLY
from tests.scheduling.waiting_samples import WAITING

NUMBERS = itertools.count(1)


def make_visits(actor, count):
    own = {"practice_id": actor.practice_id}
    number = next(NUMBERS)
    site = Location.objects.create(**own, name=f"Clinic of sample {number}")
    kind = AppointmentType.objects.create(**own, code=f"v{number}", name="Visit")
    employee = Employee.objects.create(**own, first_name="Ann", last_name="Doe", job_title="MD")
    provider = Provider.objects.create(**own, employee=employee, display_name=f"A. Sample {number}")
    start = datetime(2026, 3, 2, 14, tzinfo=UTC)
    return [
        Appointment.objects.create(
            **own,
            patient=patient,
            provider=provider,
            location=site,
            type=kind,
            starts_at=start + timedelta(minutes=20 * place),
            ends_at=start + timedelta(minutes=20 * place + 20),
            local_day=date(2026, 3, 2),
        )
        for place, patient in enumerate(make_patients(actor, count))
    ]


def make_reasons(actor, count):
    return [flow.add_reason(actor=actor, name=f"Reason {next(NUMBERS)}") for _ in range(count)]


def make_check_ins(actor, count):
    return [
        CheckIn.objects.create(
            practice_id=actor.practice_id,
            appointment=visit,
            at=visit.starts_at,
            by_id=actor.membership_id,
            missing=1,
            reason="Card follows",
        )
        for visit in make_visits(actor, count)
    ]


SAMPLES = (
    {
        "scheduling.check_in": Sample(make=make_check_ins),
        "scheduling.visit": Sample(make=make_visits),
        "scheduling.wait_reason": Sample(
            make=make_reasons, form=lambda actor: {"name": f"Reason {next(NUMBERS)}", "is_active": "on"}
        ),
    }
    | OUTREACH
    | SUPPLY
    | REACH
    | WAITING
)
