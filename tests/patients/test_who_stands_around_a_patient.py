import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from kit.errors import Conflict, DomainError, Forbidden
from patients.models import FamilyLink, Guarantor, PatientFlag, ReferringProvider
from patients.selectors import around as found
from patients.services import around, patients, referring, standing
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acting):
    with acting("manager") as actor:
        people = [
            patients.register(actor=actor, first_name=first, last_name="Abernal", birth_date=born)
            for first, born in (("Alma", date(1984, 5, 6)), ("Emil", date(2015, 7, 8)))
        ]
    return actor, *people


def test_the_next_guarantor_ends_the_one_before_the_day_before(scene):
    actor, alma, emil = scene
    with in_practice(actor):
        first = around.name_guarantor(patient=emil, person=alma, starts_on=date(2026, 1, 1), actor=actor)
        second = around.name_guarantor(
            patient=emil, first_name="Otto", last_name="Payer", starts_on=date(2026, 7, 1), actor=actor
        )
        first.refresh_from_db()
        assert (first.ends_on, first.name, second.name) == (date(2026, 6, 30), "Alma Abernal", "Otto Payer")
        assert Guarantor.objects.filter(patient=emil, ends_on=None).get() == second


@pytest.mark.parametrize("given", [{}, {"person": True, "last_name": "Payer"}])
def test_a_guarantor_is_one_person(scene, given):
    actor, alma, emil = scene
    with in_practice(actor):
        given = {**given, **({"person": alma} if given.get("person") else {})}
        with pytest.raises(DomainError, match="Name one guarantor"):
            around.name_guarantor(patient=emil, actor=actor, **given)
        assert not Guarantor.objects.exists()


def test_nobody_is_their_own_guarantor_and_none_begins_before_the_present_one(scene):
    actor, alma, emil = scene
    with in_practice(actor):
        with pytest.raises(DomainError, match="pay for themselves"):
            around.name_guarantor(patient=emil, person=emil, actor=actor)
        around.name_guarantor(patient=emil, person=alma, starts_on=date(2026, 7, 1), actor=actor)
        with pytest.raises(Conflict):
            around.name_guarantor(patient=emil, last_name="P", starts_on=date(2026, 7, 1), actor=actor)
        assert Guarantor.objects.get().ends_on is None


def test_the_database_keeps_one_guarantor_at_a_time(scene):
    actor, alma, emil = scene
    with in_practice(actor):
        around.name_guarantor(patient=emil, person=alma, starts_on=date(2026, 7, 1), actor=actor)
        with pytest.raises(IntegrityError), transaction.atomic():
            Guarantor.objects.create(
                practice_id=actor.practice_id, patient=emil, last_name="P", starts_on=date(2026, 8, 1)
            )


def test_a_family_link_stands_on_both_records_and_ends_on_both(scene):
    actor, alma, emil = scene
    with in_practice(actor):
        link = around.link_family(patient=alma, relative=emil, relationship="child", actor=actor)
        back = FamilyLink.objects.get(patient=emil)
        assert (back.relative, back.relationship) == (alma, "parent")
        with pytest.raises(Conflict):
            around.link_family(patient=alma, relative=emil, relationship="sibling", actor=actor)
        around.unlink_family(link, actor=actor)
        assert not FamilyLink.objects.filter(ended_on=None).exists()
        around.link_family(patient=emil, relative=alma, relationship="guardian", actor=actor)
        assert FamilyLink.objects.get(patient=alma, ended_on=None).relationship == "ward"


def test_a_relative_whose_record_is_hidden_hides_the_link_and_the_guarantor(scene):
    actor, alma, emil = scene
    with in_practice(actor):
        around.link_family(patient=emil, relative=alma, relationship="parent", actor=actor)
        around.name_guarantor(patient=emil, person=alma, actor=actor)
        patients.restrict(alma, reason="Works here", actor=actor)
        assert found.family(actor).count() == 2
    with in_practice(actor_named("front_desk")) as desk:
        assert not found.family(desk).exists()
        assert not found.guarantors(desk).exists()


def test_flags_stand_at_the_head_of_the_page_until_their_day(scene, front_desk):
    actor, alma, _ = scene
    with in_practice(actor):
        today = date.today()
        around.raise_flag(patient=alma, words="Needs wheelchair", tone="warn", actor=actor)
        around.raise_flag(patient=alma, words="Bring old images", until_on=today, actor=actor)
        down = around.raise_flag(patient=alma, words="Owes a form", tone="bad", actor=actor)
        assert [flag.words for flag in found.flags_of(alma, actor=actor)] == [
            "Owes a form",
            "Needs wheelchair",
            "Bring old images",
        ]
        around.take_down_flag(down, actor=actor)
        PatientFlag.objects.filter(words="Bring old images").update(until_on=today - timedelta(days=3))
        assert [flag.words for flag in found.flags_of(alma, actor=actor)] == ["Needs wheelchair"]


def test_a_sixth_flag_and_one_that_is_over_are_refused(scene):
    actor, alma, _ = scene
    with in_practice(actor):
        with pytest.raises(DomainError, match="still to come"):
            around.raise_flag(patient=alma, words="Late", until_on=date(2020, 1, 1), actor=actor)
        for number in range(5):
            around.raise_flag(patient=alma, words=f"Flag {number}", actor=actor)
        with pytest.raises(Conflict, match="Five flags"):
            around.raise_flag(patient=alma, words="One more", actor=actor)
        assert PatientFlag.objects.count() == 5


def test_an_emergency_contact_needs_a_telephone(scene):
    actor, alma, _ = scene
    with in_practice(actor):
        with pytest.raises(DomainError) as refused:
            around.add_contact(patient=alma, name="Otto", phone="", actor=actor)
        assert refused.value.field == "phone"
        made = around.add_contact(patient=alma, name="Otto", phone="(914) 555-0133", actor=actor)
        assert made.phone == "9145550133"
        assert around.change_contact(made, is_active=False, actor=actor).is_active is False


def test_a_physician_changes_nothing_around_a_patient(scene):
    actor, alma, emil = scene
    percy = actor_named("physician")
    for attempt in (
        lambda: around.raise_flag(patient=alma, words="X", actor=percy),
        lambda: around.add_contact(patient=alma, name="X", phone="9145550133", actor=percy),
        lambda: around.name_guarantor(patient=emil, person=alma, actor=percy),
        lambda: around.link_family(patient=emil, relative=alma, relationship="parent", actor=percy),
        lambda: standing.set_status(alma, status="moved", actor=percy),
        lambda: referring.add_provider(first_name="R", last_name="S", actor=percy),
    ):
        with in_practice(percy), pytest.raises(Forbidden):
            attempt()
    with in_practice(actor):
        assert not PatientFlag.objects.exists()
        assert not any(model.objects.exists() for model in (Guarantor, FamilyLink, ReferringProvider))
        assert found.contacts(actor).count() == 0


@pytest.mark.parametrize("npi", ["123", "1234567890", "9999999999"])
def test_an_npi_with_a_wrong_check_digit_is_refused(scene, npi):
    actor, *_ = scene
    with in_practice(actor):
        with pytest.raises(DomainError) as refused:
            referring.add_provider(first_name="Rhea", last_name="Sender", npi=npi, actor=actor)
        assert refused.value.field == "npi"
        assert not ReferringProvider.objects.exists()
        made = referring.add_provider(first_name="Rhea", last_name="Sender", npi="1234567893", actor=actor)
        assert str(referring.change_provider(made, actor=actor, credential="MD")) == "Sender, Rhea, MD"


def test_a_status_has_its_day_and_a_discharge_its_reason(scene):
    actor, alma, _ = scene
    with in_practice(actor):
        with pytest.raises(DomainError) as refused:
            standing.set_status(alma, status="discharged", actor=actor)
        assert refused.value.field == "reason"
        gone = standing.set_status(
            alma, status="discharged", on=date(2026, 2, 1), reason="Threatened staff", actor=actor
        )
        assert (gone.record_status, gone.record_status_on) == ("discharged", date(2026, 2, 1))
        assert gone.standing.word == "Discharged"
        with pytest.raises(Conflict):
            standing.set_status(gone, status="discharged", reason="Again", actor=actor)


def test_a_death_is_a_status_and_is_corrected_with_a_reason_only(scene):
    actor, alma, _ = scene
    with in_practice(actor):
        dead = standing.set_status(alma, status="deceased", on=date(2026, 2, 1), actor=actor)
        assert (dead.deceased_on, dead.standing.word) == (date(2026, 2, 1), "Deceased")
        with pytest.raises(DomainError):
            standing.set_status(dead, status="active", actor=actor)
        back = standing.set_status(dead, status="active", reason="Another Alma Abernal", actor=actor)
        assert (back.deceased_on, back.record_status) == (None, "active")


def test_the_patients_page_shows_what_stands_around(scene, front_desk):
    actor, alma, emil = scene
    with in_practice(actor):
        around.raise_flag(patient=emil, words="Needs wheelchair", tone="warn", actor=actor)
        around.name_guarantor(patient=emil, person=alma, actor=actor)
        patients.update(emil, actor=actor, needs_interpreter=True, language="es", preferred_name="Emi")
    text = front_desk.at(f"patients/{emil.pk}/").content.decode()
    for words in ("Needs wheelchair", "Alma Abernal", "Interpreter: Spanish", "“Emi”"):
        assert words in text


def test_a_relative_is_linked_by_page_and_by_rest(scene, front_desk, physician):
    actor, alma, emil = scene
    form = {"patient": alma.mrn, "relative": emil.mrn, "relationship": "child"}
    assert physician.send("patients/family/new/", form).status_code == 403
    wrong = front_desk.send("patients/family/new/", {**form, "relative": "999999"})
    assert (wrong.status_code, "No patient has this MRN" in wrong.content.decode()) == (422, True)
    with in_practice(actor):
        assert not FamilyLink.objects.exists()
    assert front_desk.send("patients/family/new/", form).status_code == 302
    with in_practice(actor):
        assert FamilyLink.objects.count() == 2
        link = FamilyLink.objects.get(patient=alma)
    rest = "/p/harbor/api/v1/patients/family/"
    assert front_desk.post(f"{rest}{link.pk}/unlink/", {}, content_type="application/json").status_code == 200
    again = front_desk.post(rest, json.dumps(form), content_type="application/json")
    assert again.status_code == 201, again.content
