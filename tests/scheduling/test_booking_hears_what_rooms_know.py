import json
from datetime import date

import pytest
from django.db import connection

from patients.services import standing
from practice.booking import BookingWarning, warnings
from scheduling.errors import Warned
from scheduling.models import Appointment
from tests.cast import in_practice
from tests.scheduling.clinic import at, make_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


STATUSES = [
    ({"status": "deceased", "on": date(2026, 2, 1)}, "patient_deceased", True),
    ({"status": "discharged", "reason": "Threatened staff"}, "patient_discharged", True),
    ({"status": "moved"}, "patient_moved", False),
    ({"status": "inactive"}, "patient_inactive", False),
]


@pytest.mark.parametrize(("status", "code", "wants_reason"), STATUSES)
def test_booking_warns_and_never_blocks(site, status, code, wants_reason):
    with in_practice(site.actor):
        patient = standing.set_status(site.patient(), actor=site.actor, **status)
        with pytest.raises(Warned) as warned:
            site.book(patient)
        assert (warned.value.warning, warned.value.wants_reason) == (code, wants_reason)
        assert not Appointment.objects.exists()
        if wants_reason:
            with pytest.raises(Warned) as again:
                site.book(patient, accept=[code])
            assert again.value.field == "override_reason"
        made = site.book(patient, accept=[code], override_reason="Family asked for a certificate")
        assert Appointment.objects.get() == made


def test_an_active_patient_is_booked_without_a_word(site):
    with in_practice(site.actor):
        patient = site.patient()
        assert warnings(patient, day=date(2026, 3, 2), actor=site.actor) == []
        site.book(patient)


def test_a_room_that_cannot_be_asked_is_never_fine(site, settings):
    settings.CONTRIBUTIONS = {**settings.CONTRIBUTIONS, "booking_checks": ["patients.nowhere.check"]}
    with in_practice(site.actor):
        patient = site.patient()
        assert warnings(patient, day=date(2026, 3, 2), actor=site.actor) == [
            BookingWarning(
                code="unchecked_patients_and_complaints",
                message="Patients and complaints: could not be checked.",
                wants_reason=False,
            )
        ]
        with pytest.raises(Warned):
            site.book(patient)
        site.book(patient, accept=["unchecked_patients_and_complaints"])


def fails_late(patient, *, day, actor):
    """A check that has something to say before the database refuses its next question."""
    yield BookingWarning(code="half", message="Half of it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_a_room_that_fails_on_the_way_says_nothing_by_half_and_spoils_no_other(site, settings):
    mine = [f"{__name__}.fails_late", "patients.booking_checks.registration"]
    settings.CONTRIBUTIONS = {**settings.CONTRIBUTIONS, "booking_checks": mine}
    with in_practice(site.actor):
        patient = standing.set_status(site.patient(), actor=site.actor, status="moved")
        said = [each.code for each in warnings(patient, day=date(2026, 3, 2), actor=site.actor)]
        assert said == ["unchecked_tests", "patient_moved"]
        site.book(patient, accept=said)
        assert Appointment.objects.count() == 1


def test_over_rest_the_warning_is_named_and_accepted(site, front_desk):
    with in_practice(site.actor):
        patient = standing.set_status(site.patient(), actor=site.actor, status="moved")
    body = {
        "patient": str(patient.pk),
        "provider": str(site.providers[0].pk),
        "location": str(site.site.pk),
        "type": str(site.types["fu"].pk),
        "starts_at": at(9).isoformat(),
    }

    def post(key, **more):
        return front_desk.post(
            "/p/harbor/api/v1/appointments/",
            json.dumps({**body, **more}),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    refused = post("b1")
    assert (refused.status_code, refused.json()["warning"]) == (422, "patient_moved")
    assert post("b2", accept=["patient_moved"]).status_code == 201
