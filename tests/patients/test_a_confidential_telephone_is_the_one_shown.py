"""A confidential telephone stands in for the record's own: on the patient's page, in lists, in what booking finds."""

from datetime import date, timedelta

import pytest

from patients.models import Patient
from patients.selectors.patients import find, listed
from patients.services import contact
from tests.cast import actor_named, in_practice
from tests.patients.samples import make_patients

pytestmark = pytest.mark.django_db
OWN, SECOND, SAFE = "9145550101", "9145550102", "9145550190"
TODAY = date.today() - timedelta(days=1)  # begun already wherever the practice is


def patient(**kept):
    """A patient with two telephones who asked to be called elsewhere."""
    with in_practice(actor_named("manager")) as actor:
        (made,) = make_patients(actor, 1)
        Patient.objects.filter(pk=made.pk).update(phone=OWN, second_phone=SECOND, last_name="Hidden")
        if kept:
            contact.keep_confidential(patient=made, starts_on=TODAY, actor=actor, **kept)
    return made


def shown(visitor, path):
    return visitor.at(path).content.decode()


@pytest.mark.parametrize("path", ["patients/{pk}/", "patients/?q=hidden", "scheduling/visits/?q=hidden"])
def test_pages_show_the_confidential_number_with_its_mark_and_never_the_other(front_desk, path):
    made = patient(phone=SAFE)
    body = shown(front_desk, path.format(pk=made.pk))
    assert "555-0101" not in body
    assert "555-0102" not in body
    if "visits" not in path:
        assert "(914) 555-0190 (confidential)" in body


def test_without_a_confidential_contact_the_records_own_numbers_are_shown(front_desk):
    body = shown(front_desk, f"patients/{patient().pk}/")
    assert "(914) 555-0101" in body
    assert "(914) 555-0102" in body
    assert "(confidential)" not in body


def test_a_confidential_address_without_a_telephone_means_no_call(front_desk):
    made = patient(address_line="PO Box 1", city="Riverton", state="NY", postal_code="10566")
    body = shown(front_desk, f"patients/{made.pk}/")
    assert "555-0101" not in body


def test_one_that_has_ended_counts_no_more():
    made = patient(phone=SAFE)
    with in_practice(actor_named("manager")) as actor:
        made.confidential_contacts.update(
            starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=2)
        )
        assert listed(actor).get(pk=made.pk).call_at == "(914) 555-0101"


def test_booking_hits_and_lists_ask_once_for_everybody(django_assert_max_num_queries):
    patient(phone=SAFE)
    with in_practice(actor_named("manager")) as actor:
        with django_assert_max_num_queries(3):
            hits = [each.call_at for each in find("hidden", actor=actor)]
        assert hits == ["(914) 555-0190 (confidential)"]
