"""The requests that the keyboard path makes: line, patient, type, opening. No mouse and no script are needed."""

import re

import pytest

from patients.models import Patient
from scheduling.models import Appointment
from tests.cast import in_practice
from tests.scheduling.clinic import at, make_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


def ask(person, site, **query):
    return person.get(
        f"/p/{person.slug}/scheduling/book/",
        {"day": "2026-03-02", "location": str(site.site.pk), **query},
        headers={"HX-Request": "true"},
    ).content.decode()


def slots(text):
    return re.findall(r'name="slot" value="([^"|]+\|[^"]+)"', text)


def key_of(text):
    return re.search(r'name="idempotency_key" value="([^"]+)"', text)[1]


def booking(site, patient, text, **more):
    return {
        "patient": str(patient.pk),
        "type": "fu",
        "slot": slots(text)[0],
        "location": str(site.site.pk),
        "day": "2026-03-02",
        "idempotency_key": key_of(text),
        **more,
    }


def test_patient_type_and_first_opening_book_a_visit(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient("Ravensworth", "Petra")
        site.patient("Ravenhill", "Paul")
    found = ask(front_desk, site, line="ravens p fu")
    assert f"patient={patient.pk}&amp;line=fu" in found
    assert "Ravenhill" not in found
    chosen = ask(front_desk, site, patient=str(patient.pk), line="pe am")
    assert "Physical" in chosen
    assert "mornings" in chosen
    assert len(slots(chosen)) == 9
    answer = front_desk.send("scheduling/book/", booking(site, patient, chosen, type="pe", line="pe am"))
    assert answer.status_code == 302
    with in_practice(site.actor):
        made = Appointment.objects.get()
        assert (made.patient, made.type.code, made.starts_at) == (patient, "pe", at(8))


def test_pressing_enter_twice_books_once(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient()
    data = booking(site, patient, ask(front_desk, site, patient=str(patient.pk)))
    first, second = (front_desk.send("scheduling/book/", data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    with in_practice(site.actor):
        assert Appointment.objects.count() == 1


def test_a_slot_taken_meanwhile_comes_back_with_alternatives_to_choose_from(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient()
    data = booking(site, patient, ask(front_desk, site, patient=str(patient.pk)))
    with in_practice(site.actor):
        resource = data["slot"].split("|")[1]
        number = [str(each.pk) for each in site.resources].index(resource)
        site.book(starts_at=at(8), provider=number)
    answer = front_desk.send("scheduling/book/", data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "is already booked" in text
    assert len(slots(text)) == 3
    assert "Overbook" not in text
    again = front_desk.send(
        "scheduling/book/", {**data, "slot": slots(text)[0], "idempotency_key": key_of(text)}
    )
    assert again.status_code == 302
    with in_practice(site.actor):
        assert Appointment.objects.filter(patient=patient).count() == 1


def test_who_may_overbook_is_offered_it_with_a_reason(site, manager):
    with in_practice(site.actor):
        patient = site.patient()
    data = booking(site, patient, ask(manager, site, patient=str(patient.pk)))
    with in_practice(site.actor):
        number = [str(each.pk) for each in site.resources].index(data["slot"].split("|")[1])
        site.book(starts_at=at(8), provider=number)
    text = manager.send("scheduling/book/", data).content.decode()
    assert 'name="accept" value="overbook"' in text
    answer = manager.send("scheduling/book/", {**data, "accept": "overbook", "override_reason": "Fever"})
    assert answer.status_code == 302


def test_somebody_new_is_registered_inline_with_four_answers(site, front_desk):
    text = ask(front_desk, site, line="newcomer nora fu")
    assert "Register “newcomer nora”" in text
    text = ask(front_desk, site, new="1", line="o'newcomer-day nora 4/5/91 (914)555-0177")
    assert 'value="O&#x27;Newcomer-Day"' in text
    assert 'value="04/05/1991"' in text
    assert 'value="(914) 555-0177"' in text
    form = {
        "last_name": "Newcomer",
        "first_name": "Nora",
        "birth_date": "04/05/1991",
        "phone": "(914) 555-0177",
        "day": "2026-03-02",
        "location": str(site.site.pk),
        "idempotency_key": key_of(text),
    }
    wrong = front_desk.send("scheduling/book/new-patient/", {**form, "birth_date": "yesterday"})
    assert wrong.status_code == 422
    assert 'value="Newcomer"' in wrong.content.decode()
    with in_practice(site.actor):
        assert not Patient.objects.exists()
    answer = front_desk.send("scheduling/book/new-patient/", form)
    assert answer.status_code == 302
    with in_practice(site.actor):
        patient = Patient.objects.get()
    assert (patient.phone, patient.mrn) == ("9145550177", "100001")
    assert f"patient={patient.pk}" in answer["Location"]
    page = front_desk.get(answer["Location"]).content.decode()
    assert "New patient" in page
    assert slots(page)


def test_another_time_is_typed_and_asks_for_a_reason_outside_hours(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient()
    text = ask(front_desk, site, patient=str(patient.pk))
    data = booking(
        site,
        patient,
        text,
        slot="other",
        other_day="03/02/2026",
        other_time="5:30 pm",
        other_provider=str(site.resources[0].pk),
    )
    refused = front_desk.send("scheduling/book/", data)
    assert refused.status_code == 422
    assert "outside the hours" in refused.content.decode()
    accepted = {
        **data,
        "slot": slots(refused.content.decode())[0],
        "accept": "outside_hours",
        "override_reason": "Shift",
    }
    assert front_desk.send("scheduling/book/", accepted).status_code == 302
    with in_practice(site.actor):
        assert Appointment.objects.get().starts_at == at(17, 30)


def test_moving_offers_openings_and_takes_one(site, front_desk):
    with in_practice(site.actor):
        made = site.book(starts_at=at(9))
    page = front_desk.at(f"scheduling/visits/{made.pk}/move/").content.decode()
    data = {"slot": slots(page)[0], "version": 1, "idempotency_key": key_of(page)}
    assert front_desk.send(f"scheduling/visits/{made.pk}/move/", data).status_code == 302
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.starts_at == at(8)


def test_what_somebody_else_did_is_said_once_and_the_second_try_is_meant(site, front_desk):
    with in_practice(site.actor):
        made = site.book(starts_at=at(9))
    address = f"scheduling/visits/{made.pk}/move/"
    mine = front_desk.at(address).content.decode()
    front_desk.send(address, {"slot": slots(mine)[1], "version": 1, "idempotency_key": "theirs"})
    refused = front_desk.send(
        address, {"slot": slots(mine)[0], "version": 1, "idempotency_key": key_of(mine)}
    )
    assert refused.status_code == 409
    assert "Somebody changed this visit meanwhile" in refused.content.decode()
    assert 'name="version" value="2"' in refused.content.decode()
    again = {"slot": slots(mine)[0], "version": 2, "idempotency_key": key_of(mine)}
    assert front_desk.send(address, again).status_code == 302
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.starts_at == at(8)


def test_a_refusal_outside_a_form_leads_back_to_the_page_it_came_from(site, front_desk):
    with in_practice(site.actor):
        made = site.book(starts_at=at(9))
    page = f"/p/{front_desk.slug}/scheduling/visits/{made.pk}/"
    refused = front_desk.send(
        f"scheduling/visits/{made.pk}/do/complete/",
        {"idempotency_key": "k"},
        headers={"Referer": f"http://testserver{page}"},
    )
    assert refused.status_code == 409
    assert f'href="{page}"' in refused.content.decode()
    for other in ("http://evil.example/", "http://testserver//evil.example/"):
        refused = front_desk.send(
            f"scheduling/visits/{made.pk}/do/complete/", {"idempotency_key": "k"}, headers={"Referer": other}
        )
        assert "evil.example" not in refused.content.decode()


def test_cancelling_asks_who_and_why(site, front_desk):
    with in_practice(site.actor):
        made = site.book(starts_at=at(9))
    refused = front_desk.send(f"scheduling/visits/{made.pk}/cancel/", {"by": "", "reason": ""})
    assert refused.status_code == 422
    assert "There is a problem" in refused.content.decode()
    answer = front_desk.send(
        f"scheduling/visits/{made.pk}/cancel/", {"by": "patient_late", "reason": "No ride"}
    )
    assert answer.status_code == 302
    with in_practice(site.actor):
        made.refresh_from_db()
        assert (made.status, made.cancelled_by) == ("cancelled", "patient_late")
