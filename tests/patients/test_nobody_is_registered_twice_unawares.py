import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.errors import DomainError
from patients.models import DuplicateRuling, Patient
from patients.rules.duplicates import Person
from patients.selectors import duplicates
from patients.services import patients, registration
from practice.models import AuditAccessPatient
from practice.statistics import refresh
from tests.cast import actor_named, in_practice
from tests.patients.test_patients_are_found_by_what_people_type import CROWD, explained
from tests.scheduling.clinic import make_clinic

pytestmark = pytest.mark.django_db
JANE = {"first_name": "Jane", "last_name": "Smith", "birth_date": date(1980, 3, 4)}
FORM = {"first_name": "Jane", "last_name": "Smyth", "birth_date": "03/04/1980", "phone": "(914) 555-0177"}


@pytest.fixture
def jane(acting):
    with acting("manager") as actor:
        return patients.register(actor=actor, phone="9145550101", **JANE)


def test_somebody_alike_is_held_against_the_new_one_and_nothing_is_saved(jane):
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(registration.LikelyDuplicate) as refused:
            registration.register(actor=desk, phone="9145550101", **{**JANE, "first_name": "Janet"})
        assert [each.patient for each in refused.value.found] == [jane]
        assert jane.mrn in refused.value.message
        assert Patient.objects.count() == 1
        assert not DuplicateRuling.objects.exists()


def test_two_desks_with_one_person_wait_for_each_other(jane):
    with in_practice(actor_named("front_desk")) as desk, CaptureQueriesContext(connection) as asked:
        registration.register(
            actor=desk,
            first_name="Una",
            last_name="\u202eLee\u200b",
            birth_date=date(1970, 1, 2),
            phone="9145550166",
        )
        assert Patient.objects.get(first_name="Una").last_name == "Lee"  # nothing that turns or hides a name
    first = next(
        each["sql"] for each in asked if "patients_patient" in each["sql"] or "advisory" in each["sql"]
    )
    assert "pg_advisory_xact_lock" in first


def test_a_reason_registers_all_the_same_and_is_kept_with_whom_it_was_given_against(jane):
    with in_practice(actor_named("front_desk")) as desk:
        twin = registration.register(
            actor=desk, no_phone_reason="declined", duplicate_reason=" Her  twin sister ", **JANE
        )
        ruling = DuplicateRuling.objects.get()
        assert (ruling.patient, ruling.other, ruling.ground) == (twin, jane, "name_birth")
        assert ruling.reason == "Her twin sister"


def test_without_a_telephone_the_reason_there_is_none_is_asked(jane):
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(DomainError) as refused:
            registration.register(actor=desk, first_name="Al", last_name="Bo", birth_date=date(1990, 1, 1))
        assert refused.value.field == "phone"
        assert Patient.objects.count() == 1
        made = registration.register(
            actor=desk,
            first_name="Al",
            last_name="Bo",
            birth_date=date(1990, 1, 1),
            no_phone_reason="none",
        )
        assert made.reach == "Has no telephone"
        assert patients.update(made, actor=desk, phone="9145550133").no_phone_reason == ""


def test_a_hidden_patient_is_held_against_nobody(jane, acting):
    with acting("manager") as manager:
        patients.restrict(jane, reason="Works here", actor=manager)
    with in_practice(actor_named("front_desk")) as desk:
        made = registration.register(actor=desk, phone="9145550101", **JANE)
    with in_practice(actor_named("manager")):
        assert Patient.objects.count() == 2
        assert not DuplicateRuling.objects.filter(patient=made).exists()


def test_the_part_beside_the_form_says_who_is_alike_while_typing(jane, front_desk):
    text = front_desk.send("patients/alike/", FORM).content.decode()
    assert "Smith, Jane" in text
    assert "a similar name and the same birth date" in text
    with in_practice(actor_named("manager")):
        assert AuditAccessPatient.objects.filter(patient_id=jane.pk).exists()
    half = front_desk.send("patients/alike/", {"last_name": "Smith"}).content.decode()
    assert "Nobody alike so far" in half


def test_only_who_may_register_asks_who_is_alike(jane, physician, nobody):
    assert physician.send("patients/alike/", FORM).status_code == 403
    assert nobody.send("patients/alike/", FORM).status_code == 302
    assert physician.at("patients/new/").status_code == 403


def test_the_form_asks_why_and_registers_with_the_answer(jane, front_desk):
    refused = front_desk.send("patients/new/", FORM)
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "say why this is somebody else" in text
    assert 'value="Smyth"' in text
    with in_practice(actor_named("manager")):
        assert Patient.objects.count() == 1
    made = front_desk.send("patients/new/", {**FORM, "duplicate_reason": "Her cousin"})
    assert made.status_code == 302
    assert "Her cousin" in front_desk.at("patients/likenesses/").content.decode()


def test_the_booking_line_asks_too(jane, front_desk, acting):
    with acting("manager") as actor:
        clinic = make_clinic(actor)
    form = {**FORM, "location": str(clinic.site.pk), "day": "2026-03-02"}
    refused = front_desk.send("scheduling/book/new-patient/", form)
    assert refused.status_code == 409
    assert "say why this is somebody else" in refused.content.decode()
    made = front_desk.send("scheduling/book/new-patient/", {**form, "duplicate_reason": "Her cousin"})
    assert made.status_code == 302


def test_over_rest_the_conflict_names_the_records(jane, front_desk):
    def post(**more):
        body = {**FORM, "birth_date": "1980-03-04", **more}
        return front_desk.post(
            "/p/harbor/api/v1/patients/", json.dumps(body), content_type="application/json"
        )

    refused = post()
    assert refused.status_code == 409
    assert jane.mrn in refused.content.decode()
    assert post(duplicate_reason="Her cousin").status_code == 201


def test_who_is_alike_is_asked_by_index_in_a_few_bounded_queries(jane, acting):
    asked = Person(
        first_name="Jane",
        last_name="Smith",
        born=date(1980, 3, 4),
        phones=frozenset({"9145550101"}),
        ssn="f" * 64,
    )
    with acting("manager") as actor:
        with CaptureQueriesContext(connection) as seen:
            assert [each.patient for each in duplicates.alike(asked, actor=actor)] == [jane]
        assert len(seen) == 4
        assert all("LIMIT" in query["sql"] for query in seen)
        with connection.cursor() as cursor:
            cursor.execute(CROWD, [str(actor.practice_id)])
        refresh(Patient)
        for query in seen:
            plan = explained(query["sql"])
            keys = ("birth_date =", "phone)::text =", "last_name_key)::text =", "ssn_index)::text =")
            conditions = [line for line in plan.splitlines() if "Index Cond" in line]
            assert any(key in line for line in conditions for key in keys), plan
