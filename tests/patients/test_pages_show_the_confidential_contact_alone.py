"""While a confidential contact is in force, pages show it alone: never the record's own street, e-mail or telephone."""

from datetime import date, timedelta

import pytest

from kit import clock
from patients.models import Patient
from patients.models.patient import NOT_USED
from patients.selectors.patients import listed
from patients.services import contact
from scheduling.services import appointments
from tests.cast import actor_named, in_practice
from tests.patients.samples import make_patients
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db
HOME = {
    "phone": "9145550101",
    "email": "home@example.com",
    "address_line": "7 Mill Road",
    "city": "Rye",
    "state": "NY",
    "postal_code": "10580",
}
SAFE = {
    "phone": "9145550190",
    "email": "safe@example.com",
    "address_line": "PO Box 12",
    "city": "Riverton",
    "state": "NY",
    "postal_code": "10566",
}
OWN_WORDS = ("555-0101", "9145550101", "home@example.com", "7 Mill Road")
SAFE_WORDS = ("(914) 555-0190", "safe@example.com", "PO Box 12")
YESTERDAY = date.today() - timedelta(days=1)


def patient(**asked):
    """A patient who lives somewhere and, with ``asked``, wants to be reached elsewhere."""
    with in_practice(actor_named("manager")) as actor:
        (made,) = make_patients(actor, 1)
        Patient.objects.filter(pk=made.pk).update(**HOME)
        if asked:
            contact.keep_confidential(patient=made, starts_on=YESTERDAY, actor=actor, **asked)
    return made


def page_of(visitor, made):
    """The patient's page down to its history, which tells by date what was on file."""
    return visitor.at(f"patients/{made.pk}/").content.decode().split('aria-labelledby="history"')[0]


def shown(words, body):
    return [word for word in words if word in body]


def test_the_patients_page_shows_what_was_asked_for_and_nothing_of_the_home(front_desk):
    body = page_of(front_desk, patient(**SAFE))
    assert shown(OWN_WORDS, body) == []
    for words in ("(914) 555-0190 (confidential)", "safe@example.com (confidential)"):
        assert words in body
    assert "PO Box 12, Riverton, NY 10566 (confidential)" in body


def test_what_the_confidential_contact_leaves_empty_is_marked_not_to_be_used(front_desk):
    body = page_of(front_desk, patient(phone=SAFE["phone"]))
    assert shown(OWN_WORDS, body) == []
    assert body.count(NOT_USED) == 2  # e-mail and address


def test_after_it_has_ended_the_records_own_are_back(front_desk):
    made = patient(**SAFE)
    with in_practice(actor_named("manager")):
        made.confidential_contacts.update(
            starts_on=YESTERDAY - timedelta(days=9), ends_on=YESTERDAY - timedelta(days=1)
        )
    body = page_of(front_desk, made)
    own = ("(914) 555-0101", "home@example.com", "7 Mill Road, Rye, NY 10580")
    assert shown(own, body) == list(own)
    assert NOT_USED not in body


def test_without_one_nothing_is_marked(front_desk):
    body = page_of(front_desk, patient())
    assert "home@example.com" in body
    assert "7 Mill Road, Rye, NY 10580" in body
    assert "(confidential)" not in body
    assert NOT_USED not in body


def test_the_edit_form_still_offers_the_records_own(front_desk):
    made = patient(**SAFE)
    assert 'value="7 Mill Road"' in front_desk.at(f"patients/{made.pk}/edit/").content.decode()


def test_lists_ask_once_for_everybodys_email(django_assert_num_queries):
    made = patient(**SAFE)
    other = patient()
    with in_practice(actor_named("manager")) as actor, django_assert_num_queries(1):
        found = {each.pk: each.email_at for each in listed(actor)}
    assert found[made.pk] == "safe@example.com (confidential)"
    assert found[other.pk] == "home@example.com"


@pytest.fixture
def arrived(acting):
    """A visit at the desk at nine on a Monday, of somebody who has a home."""
    with clock.at(at(7)), acting("manager") as actor:
        site = make_clinic(actor)
        visit = site.book(site.patient("Desk", "Dora", **HOME), starts_at=at(9))
    with clock.at(at(9)):
        with in_practice(actor):
            visit = appointments.arrive(visit, actor=actor)
        yield site, visit


def ask_elsewhere(site, visit):
    with in_practice(site.actor):
        day = MONDAY - timedelta(days=1)
        contact.keep_confidential(patient=visit.patient, starts_on=day, actor=site.actor, **SAFE)


@pytest.mark.parametrize("page", ["", "check-in/"])
def test_the_visit_and_its_check_in_show_the_confidential_contact_alone(arrived, front_desk, page):
    site, visit = arrived
    ask_elsewhere(site, visit)
    body = front_desk.at(f"scheduling/visits/{visit.pk}/{page}").content.decode()
    assert shown(OWN_WORDS, body) == []
    assert shown(SAFE_WORDS, body) == list(SAFE_WORDS if page else SAFE_WORDS[:1])


def test_check_in_lets_the_desk_correct_the_home_of_everybody_else(arrived, front_desk):
    _, visit = arrived
    body = front_desk.at(f"scheduling/visits/{visit.pk}/check-in/").content.decode()
    assert 'value="7 Mill Road"' in body


def test_checking_in_never_changes_the_hidden_home(arrived, front_desk):
    site, visit = arrived
    ask_elsewhere(site, visit)
    sent = {"version": visit.version, "idempotency_key": "hidden-home", "identity": "on", "contact": "on"}
    path = f"scheduling/visits/{visit.pk}/check-in/"
    answer = front_desk.send(path, {**sent, "reason": "No card", "city": "Elsewhere", "phone": ""})
    assert answer.status_code == 302
    with in_practice(site.actor):
        kept = Patient.objects.get(pk=visit.patient_id)
        assert (kept.city, kept.phone) == ("Rye", "9145550101")
