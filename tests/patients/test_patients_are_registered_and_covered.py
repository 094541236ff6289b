import json
from datetime import date
from decimal import Decimal

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from patients.models import Coverage, Patient
from patients.selectors.coverages import coverage_on
from patients.services import coverages, patients
from practice.models import AuditAccessPatient, Payer
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/"


@pytest.fixture
def scene(acting):
    with acting("manager") as actor:
        payers = [
            Payer.objects.create(practice_id=actor.practice_id, name=name) for name in ("Northway", "Alder")
        ]
        jane = patients.register(
            actor=actor,
            first_name=" Jane ",
            last_name="Smith",
            birth_date=date(1980, 3, 4),
            phone="(914) 555-0101",
        )
    return actor, jane, payers


def test_record_numbers_rise_and_are_given_once(scene):
    actor, jane, _ = scene
    with in_practice(actor):
        other = patients.register(actor=actor, first_name="Al", last_name="Bo", birth_date=date(1990, 1, 1))
    assert (jane.mrn, jane.first_name, jane.phone, other.mrn) == ("100001", "Jane", "9145550101", "100002")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"last_name": "  "}, "last_name"),
        ({"deceased_on": date(1950, 1, 1)}, "deceased_on"),
        ({"ssn": "123"}, "ssn"),
    ],
)
def test_impossible_details_are_refused(scene, wrong, field):
    actor, _, _ = scene
    values = {"first_name": "Al", "last_name": "Bo", "birth_date": date(1990, 1, 1), **wrong}
    with in_practice(actor):
        with pytest.raises(DomainError) as refused:
            patients.register(actor=actor, **values)
        assert refused.value.field == field
        assert Patient.objects.count() == 1


def test_a_physician_sees_but_does_not_change(scene):
    _, jane, _ = scene
    with in_practice(actor_named("physician")) as actor:
        with pytest.raises(Forbidden):
            patients.update(jane, actor=actor, city="Elsewhere")
        assert Patient.objects.get(pk=jane.pk).city == ""


def test_only_who_may_restrict_records_marks_one(scene):
    _, jane, _ = scene
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(Forbidden):
            patients.restrict(jane, reason="My neighbour", actor=desk)
        assert not Patient.objects.get(pk=jane.pk).is_restricted


def add(actor, patient, payer, **more):
    values = {"member_id": "nw 12-34", "starts_on": date(2026, 1, 1), **more}
    return coverages.add(patient, payer=payer, actor=actor, **values)


def test_the_coverage_of_a_day_is_the_one_in_force_with_the_lowest_order(scene):
    actor, jane, (northway, alder) = scene
    with in_practice(actor):
        first = add(actor, jane, northway, ends_on=date(2026, 6, 30), copay=Decimal("25.00"))
        second = add(actor, jane, alder, priority=2, member_id="A1")
        assert first.member_id == "NW1234"
        assert coverage_on(jane, day=date(2025, 12, 31)) is None
        assert coverage_on(jane, day=date(2026, 6, 30)) == first
        assert coverage_on(jane, day=date(2026, 7, 1)) == second


def test_two_coverages_never_share_an_order_on_the_same_days(scene):
    actor, jane, (northway, alder) = scene
    with in_practice(actor):
        first = add(actor, jane, northway)
        with pytest.raises(Conflict, match="Northway already has order 1"):
            add(actor, jane, alder, starts_on=date(2026, 7, 1))
        assert Coverage.objects.count() == 1
        coverages.end(first, ends_on=date(2026, 6, 30), actor=actor)
        second = add(actor, jane, alder, starts_on=date(2026, 7, 1))
        with pytest.raises(Conflict):
            coverages.end(first, ends_on=date(2026, 7, 31), actor=actor)
        assert coverage_on(jane, day=date(2026, 7, 1)) == second


def test_the_pages_register_change_and_cover(scene, front_desk):
    actor, _, (northway, _) = scene
    form = {
        "first_name": "Nora",
        "last_name": "New",
        "birth_date": "04/05/1991",
        "phone": "914 555 0177",
        "sex": "F",
    }
    wrong = front_desk.send("patients/new/", {**form, "birth_date": "soon"})
    assert (wrong.status_code, "There is a problem" in wrong.content.decode()) == (422, True)
    form.pop("sex")
    made = front_desk.send("patients/new/", {**form, "idempotency_key": "n1"})
    again = front_desk.send("patients/new/", {**form, "idempotency_key": "n1"})
    assert made["Location"] == again["Location"]
    other = front_desk.send("patients/new/", {**form, "first_name": "Nick", "idempotency_key": "n1"})
    assert other.status_code == 422
    with in_practice(actor):
        nora = Patient.objects.get(last_name="New")
        assert Patient.objects.count() == 2
    page = front_desk.get(made["Location"])
    assert "Nora New" in page.content.decode()
    assert made["Location"].endswith("?done=created")
    cover = {
        "patient": nora.mrn,
        "payer": str(northway.pk),
        "member_id": "X-1",
        "priority": "1",
        "starts_on": "01/01/2026",
        "relationship": "18",
    }
    assert nora.mrn in front_desk.at("coverages/new/", patient=str(nora.pk)).content.decode()
    answer = front_desk.send("coverages/new/", cover)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith(f"/p/harbor/patients/{nora.pk}/")
    back = front_desk.get(answer["Location"]).content.decode()
    assert "Coverage added" in back
    assert "Covered" in back
    assert front_desk.send("coverages/new/", cover).status_code == 409
    with in_practice(actor):
        coverage = Coverage.objects.get()
    ended = front_desk.send(f"coverages/{coverage.pk}/do/end/", {"ends_on": "12/31/2026"})
    assert ended["Location"].startswith(f"/p/harbor/patients/{nora.pk}/")
    edited = {**form, "first_name": "Norah", "state": "ny"}
    assert front_desk.send(f"patients/{nora.pk}/edit/", edited).status_code == 302
    with in_practice(actor):
        nora.refresh_from_db()
        assert (nora.first_name, nora.state, Coverage.objects.get().ends_on) == (
            "Norah",
            "NY",
            date(2026, 12, 31),
        )
        assert AuditAccessPatient.objects.filter(patient_id=nora.pk).exists()


def test_a_change_on_an_old_page_is_refused(scene, front_desk):
    actor, jane, _ = scene
    form = {
        "first_name": "Jane",
        "last_name": "Changed",
        "birth_date": "03/04/1980",
        "sex": "F",
        "_version": '"old"',
    }
    assert front_desk.send(f"patients/{jane.pk}/edit/", form).status_code == 409
    with in_practice(actor):
        assert Patient.objects.get(pk=jane.pk).last_name == "Smith"


def test_the_list_searches_and_pages(scene, front_desk):
    assert "Smith, Jane" in front_desk.at("patients/").content.decode()
    assert "Smith, Jane" in front_desk.at("patients/", q="smi").content.decode()
    assert "No patients match" in front_desk.at("patients/", q="nobody").content.decode()


def test_strangers_find_nothing_at_any_of_the_addresses(scene, stranger, nobody):
    _, jane, _ = scene
    for path in (f"patients/{jane.pk}/", f"patients/{jane.pk}/edit/", f"patients/{jane.pk}/do/restrict/"):
        assert stranger.get(f"/p/summit/{path}").status_code == 404
        assert stranger.get(f"/p/harbor/{path}").status_code == 404
        assert nobody.at(path).status_code == 302


def test_a_failing_panel_says_that_it_could_not_be_checked(scene, front_desk, settings):
    _, jane, _ = scene
    settings.CONTRIBUTIONS = {**settings.CONTRIBUTIONS, "patient_panels": ["billing.nowhere.panel"]}
    text = front_desk.at(f"patients/{jane.pk}/").content.decode()
    assert "could not be checked" in text


def test_the_api_registers_reads_changes_and_covers(scene, front_desk):
    _, jane, (northway, _) = scene

    def send(method, path, data, **headers):
        call = getattr(front_desk, method)
        return call(f"{API}{path}", json.dumps(data), content_type="application/json", headers=headers)

    new = {"first_name": "Al", "last_name": "Bo", "birth_date": "1990-01-02", "phone": "9145550188"}
    made = send("post", "patients/", new, **{"Idempotency-Key": "p1"})
    assert made.status_code == 201, made.content
    assert send("post", "patients/", new, **{"Idempotency-Key": "p1"}).json() == made.json()
    assert send("post", "patients/", {**new, "mrn": "7"}).status_code == 422
    one = f"patients/{made.json()['id']}/"
    assert send("patch", one, {"city": "Riverton"}, **{"If-Match": '"old"'}).status_code == 412
    tag = front_desk.get(f"{API}{one}")["ETag"]
    assert send("patch", one, {"city": "Riverton"}, **{"If-Match": tag}).json()["city"] == "Riverton"
    assert [
        row["id"] for row in front_desk.get(f"{API}patients/", {"q": "smith 1980"}).json()["results"]
    ] == [str(jane.pk)]
    assert len(front_desk.get(f"{API}patients/").json()["results"]) == 2
    cover = {"payer": str(northway.pk), "member_id": "Z9", "starts_on": "2026-01-01"}
    added = send("post", f"{one}coverages/", cover)
    assert added.status_code == 201
    assert send("post", f"{one}coverages/", cover).status_code == 409
    assert (
        send("post", f"coverages/{added.json()['id']}/end/", {"ends_on": "2026-02-01"}).json()["ends_on"]
        == "2026-02-01"
    )
    assert len(front_desk.get(f"{API}{one}coverages/").json()) == 1


def test_the_api_tells_strangers_and_other_roles_nothing(scene, stranger, physician):
    actor, jane, _ = scene
    assert stranger.get(f"/p/summit/api/v1/patients/{jane.pk}/").status_code == 404
    answer = physician.patch(f"{API}patients/{jane.pk}/", '{"city": "X"}', content_type="application/json")
    assert answer.status_code == 403
    with in_practice(actor):
        assert Patient.objects.get(pk=jane.pk).city == ""
