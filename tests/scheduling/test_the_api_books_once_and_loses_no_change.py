import json

import pytest

from scheduling.models import Appointment
from tests.cast import in_practice
from tests.scheduling.clinic import at, make_clinic

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/"


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


def send(person, path, data, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.post(f"{API}{path}", json.dumps(data), content_type="application/json", headers=named)


def wish(site, patient, when=None, **more):
    return {
        "patient": str(patient.pk),
        "provider": str(site.providers[0].pk),
        "location": str(site.site.pk),
        "type": str(site.types["fu"].pk),
        "starts_at": (when or at(9)).isoformat(),
        **more,
    }


def test_a_booking_needs_a_key_and_is_done_once_per_key(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient()
    data = wish(site, patient)
    assert send(front_desk, "appointments/", data).status_code == 428
    first = send(front_desk, "appointments/", data, Idempotency_Key="k1")
    assert first.status_code == 201, first.content
    assert first["ETag"] == '"v1"'
    again = send(front_desk, "appointments/", data, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    other = send(front_desk, "appointments/", wish(site, patient, at(10)), Idempotency_Key="k1")
    assert other.status_code == 422
    with in_practice(site.actor):
        assert Appointment.objects.get().created_via == "api"


def test_a_full_slot_answers_409_with_openings_as_words_and_as_data(site, front_desk):
    with in_practice(site.actor):
        site.book(starts_at=at(9))
        patient = site.patient()
    answer = send(front_desk, "appointments/", wish(site, patient), Idempotency_Key="k2")
    body = answer.json()
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert len(body["alternatives"]) == len(body["openings"]) == 3
    assert body["openings"][0]["provider"] == str(site.providers[1].pk)
    assert body["openings"][0]["sentence"] == body["alternatives"][0]
    with in_practice(site.actor):
        assert Appointment.objects.count() == 1
    nearest = body["openings"][0]
    retry = wish(site, patient, provider=nearest["provider"]) | {"starts_at": nearest["starts_at"]}
    assert send(front_desk, "appointments/", retry, Idempotency_Key="k2b").status_code == 201


def test_a_warning_is_named_so_that_a_client_can_accept_it(site, front_desk):
    with in_practice(site.actor):
        patient = site.patient()
    refused = send(front_desk, "appointments/", wish(site, patient, at(12)), Idempotency_Key="k3")
    assert (refused.status_code, refused.json()["warning"]) == (422, "outside_hours")
    data = wish(site, patient, at(12), accept=["outside_hours"], override_reason="Only then")
    assert send(front_desk, "appointments/", data, Idempotency_Key="k4").status_code == 201


def test_changes_need_the_version_that_was_read(site, front_desk):
    with in_practice(site.actor):
        made = site.book()
    path = f"appointments/{made.pk}/"
    assert front_desk.get(f"{API}{path}")["ETag"] == '"v1"'
    move = {"starts_at": at(10).isoformat()}
    assert send(front_desk, f"{path}move/", move).status_code == 428
    assert send(front_desk, f"{path}move/", move, If_Match='"v1"')["ETag"] == '"v2"'
    assert (
        send(front_desk, f"{path}move/", {"starts_at": at(11).isoformat()}, If_Match='"v1"').status_code
        == 412
    )
    cancel = {"by": "practice", "reason": "Provider ill"}
    assert send(front_desk, f"{path}cancel/", cancel, If_Match='"v1"').status_code == 412
    with in_practice(site.actor):
        made.refresh_from_db()
        assert (made.starts_at, made.status) == (at(10), "booked")
    assert send(front_desk, f"{path}arrive/", {}, If_Match='"v2"').json()["status"] == "arrived"
    done = send(front_desk, f"{path}complete/", {}, If_Match='"v3"')
    assert (done.status_code, done.json()["status"]) == (200, "completed")
    assert send(front_desk, f"{path}arrive/", {}, If_Match='"v4"').status_code == 409


def test_visits_are_listed_by_day_provider_patient_and_change(site, front_desk):
    with in_practice(site.actor):
        first, second = site.book(starts_at=at(9)), site.book(starts_at=at(9), provider=1)

    def found(**query):
        return {row["id"] for row in front_desk.get(f"{API}appointments/", query).json()["results"]}

    assert found(day="2026-03-02") == {str(first.pk), str(second.pk)}
    assert found(day="2026-03-03") == set()
    assert found(provider=str(site.providers[1].pk)) == {str(second.pk)}
    assert found(patient=str(first.patient_id)) == {str(first.pk)}
    assert found(updated_since="2100-01-01T00:00:00Z") == set()
    page = front_desk.get(f"{API}appointments/", {"page_size": 1}).json()
    assert len(page["results"]) == 1
    assert len(front_desk.get(page["next"]).json()["results"]) == 1
    assert front_desk.get(f"{API}appointments/", {"day": "soon"}).status_code == 422


def test_openings_are_found_for_a_type(site, front_desk):
    with in_practice(site.actor):
        site.book(starts_at=at(8))
    query = {"type": str(site.types["fu"].pk), "provider": str(site.providers[0].pk), "limit": 2}
    rows = front_desk.get(f"{API}openings/", query).json()["results"]
    assert [row["starts_at"] for row in rows] == ["2026-03-02T13:20:00Z", "2026-03-02T13:30:00Z"]


def test_nobody_from_elsewhere_and_nobody_without_the_permission_changes_anything(
    site, stranger, biller, nobody
):
    with in_practice(site.actor):
        made, patient = site.book(), site.patient()
    path = f"appointments/{made.pk}/cancel/"
    cancel = {"by": "practice", "reason": "x"}
    foreign = f"/p/summit/api/v1/{path}"
    answer = stranger.post(
        foreign, json.dumps(cancel), content_type="application/json", headers={"If-Match": "*"}
    )
    assert answer.status_code == 404
    assert send(stranger, path, cancel, If_Match="*").status_code == 404
    assert send(biller, path, cancel, If_Match="*").status_code == 403
    assert send(biller, "appointments/", wish(site, patient, at(10)), Idempotency_Key="k9").status_code == 403
    assert send(nobody, path, cancel, If_Match="*").status_code == 401
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.status == "booked"
        assert Appointment.objects.count() == 1


def test_the_schema_tells_of_every_refusal(front_desk):
    schema = front_desk.get("/api/schema/", headers={"Accept": "application/json"}).json()
    book = schema["paths"]["/p/{practice}/api/v1/appointments/"]["post"]
    assert {"201", "409", "422", "428"} <= set(book["responses"])
    move = schema["paths"]["/p/{practice}/api/v1/appointments/{id}/move/"]["post"]
    assert {"200", "409", "412", "422", "428"} <= set(move["responses"])
