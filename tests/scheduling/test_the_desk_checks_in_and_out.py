"""Check-in keeps what was confirmed and what is missing and never blocks; check-out shows what comes next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models import Patient
from patients.services import cases, coverages, patients
from practice.models import Payer
from practice.wiring import CONTRIBUTIONS
from scheduling.errors import Stale
from scheduling.models import CheckIn, CheckInItem, StatusEvent
from scheduling.selectors.check_in import to_look_at
from scheduling.services import appointments
from scheduling.services.check_in import check_in
from tests.cast import in_practice
from tests.patients.consent_samples import consent_form, signed
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db
ADDRESS = {
    "phone": "9145550123",
    "address_line": "7 Mill Road",
    "city": "Rye",
    "state": "NY",
    "postal_code": "10580",
}


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


@pytest.fixture
def nine():
    with clock.at(at(9)):
        yield


def insured(site, *, ends_on=None, copay="25.00", last="Desk"):
    """Somebody with a telephone, an address and a card."""
    patient = site.patient(last, "Dora", **ADDRESS)
    payer, _ = Payer.objects.get_or_create(
        practice_id=site.actor.practice_id, name="Alder Mutual", defaults={"payer_id": "ALD22"}
    )
    coverages.add(
        patient=patient,
        payer=payer,
        member_id="A1",
        starts_on=date(2025, 1, 1),
        ends_on=ends_on,
        copay=Decimal(copay),
        actor=site.actor,
    )
    return patient


def arrived(site, patient):
    return appointments.arrive(site.book(patient, starts_at=at(9)), actor=site.actor)


def states(visit, actor):
    return {item.code: item.state for item in to_look_at(visit, identity=True, contact=True, actor=actor)}


def test_a_complete_check_in_asks_for_no_reason_and_keeps_every_item(site, nine):
    with in_practice(site.actor):
        visit = arrived(site, insured(site))
        made = check_in(visit, identity=True, contact=True, actor=site.actor)
        visit.refresh_from_db()
        assert (visit.status, made.missing, made.reason, made.at) == ("checked_in", 0, "", at(9))
        assert made.by_id == site.actor.membership_id
        kept = dict(made.items.values_list("code", "state"))
        looked_at = ("identity", "contact", "coverage", "copay", "sign", "balance")
        assert kept == dict.fromkeys(looked_at, "ok") | {"copay": "warn"}
        assert made.items.get(code="copay").detail == "$25.00 due today."


def test_what_is_not_signed_is_said_at_the_desk_until_it_is(site, nine):
    with in_practice(site.actor):
        patient = insured(site)
        visit = arrived(site, patient)
        apart = consent_form(site.actor, kind="telehealth", asked_of="telehealth")
        version = consent_form(site.actor)
        assert states(visit, site.actor)[f"sign_{version.form_id.hex}"] == "warn"
        assert f"sign_{apart.form_id.hex}" not in states(visit, site.actor)
        signed(patient, version, actor=site.actor)
        assert states(visit, site.actor)["sign"] == "ok"
        site.types["fu"].modality = "video"
        site.types["fu"].save()
        visit.type.refresh_from_db()
        assert states(visit, site.actor)[f"sign_{apart.form_id.hex}"] == "warn"


def test_what_is_missing_asks_for_a_reason_and_is_kept_with_it(site, nine):
    with in_practice(site.actor):
        visit = arrived(site, site.patient("Bare", "Ben", **ADDRESS))
        events = StatusEvent.objects.count()
        with pytest.raises(DomainError, match="without: name and date of birth, coverage") as refused:
            check_in(visit, identity=False, contact=True, actor=site.actor)
        assert refused.value.field == "reason"
        visit.refresh_from_db()
        assert (visit.status, StatusEvent.objects.count(), CheckIn.objects.count()) == ("arrived", events, 0)
        made = check_in(visit, identity=False, contact=True, reason="Known for years", actor=site.actor)
        assert (made.missing, made.reason) == (2, "Known for years")
        assert made.lacked == "Name and date of birth, Coverage"
        assert made.items.get(code="coverage").detail == "None on file for this visit."


def test_coverage_is_that_of_the_visits_case_on_its_day(site, nine):
    with in_practice(site.actor):
        over = arrived(site, insured(site, ends_on=MONDAY - timedelta(days=3)))
        assert states(over, site.actor)["coverage"] == "missing"
        (item,) = [
            each
            for each in to_look_at(over, identity=True, contact=True, actor=site.actor)
            if each.code == "coverage"
        ]
        assert item.detail == "Alder Mutual ended on 02/27/2026."
        soon = appointments.arrive(
            site.book(insured(site, ends_on=MONDAY + timedelta(days=5), last="Soon"), starts_at=at(9, 20)),
            actor=site.actor,
        )
        assert states(soon, site.actor)["coverage"] == "warn"
        injury = cases.open_case(patient=soon.patient, kind="auto", injured_on=MONDAY, actor=site.actor)
        cases.put_visit(soon, case=injury, actor=site.actor)
        assert states(soon, site.actor)["coverage"] == "missing"


def test_telephone_and_address_are_corrected_on_the_spot(site, nine):
    with in_practice(site.actor):
        patient = insured(site)
        visit = arrived(site, patient)
        check_in(
            visit,
            identity=True,
            contact=True,
            details={**ADDRESS, "phone": "(914) 555-0199", "city": "Port Chester"},
            actor=site.actor,
        )
        patient.refresh_from_db()
        assert (patient.phone, patient.city, patient.address_line) == (
            "9145550199",
            "Port Chester",
            "7 Mill Road",
        )


def test_a_wrong_telephone_is_named_and_nothing_is_saved(site, nine):
    with in_practice(site.actor):
        patient = insured(site)
        visit = arrived(site, patient)
        with pytest.raises(DomainError, match="ten digits") as refused:
            check_in(
                visit, identity=True, contact=True, details={"phone": "12", "city": "Rome"}, actor=site.actor
            )
        assert refused.value.field == "phone"
        patient.refresh_from_db()
        visit.refresh_from_db()
        assert (patient.city, visit.status, CheckIn.objects.count()) == ("Rye", "arrived", 0)


def test_who_is_only_booked_arrives_with_the_check_in(site, nine):
    with in_practice(site.actor):
        visit = site.book(insured(site), starts_at=at(9))
        check_in(visit, identity=True, contact=True, version=visit.version, actor=site.actor)
        said = list(visit.status_events.order_by("created_at", "id").values_list("status", flat=True))
    assert said == ["booked", "arrived", "checked_in"]


def test_a_second_check_in_and_an_old_copy_are_refused(site, nine):
    with in_practice(site.actor):
        visit = arrived(site, insured(site))
        old = visit.version
        check_in(visit, identity=True, contact=True, actor=site.actor)
        with pytest.raises(Conflict, match="cannot become checked in"):
            check_in(visit, identity=True, contact=True, actor=site.actor)
        with pytest.raises(Stale):
            check_in(visit, identity=True, contact=True, version=old, actor=site.actor)
        assert CheckIn.objects.count() == 1


def broken(visit, *, actor, slug):
    raise RuntimeError("no answer")


def test_a_room_that_cannot_be_asked_is_missing_and_never_fine(site, nine):
    broken_setting = {**CONTRIBUTIONS, "check_in_items": [f"{__name__}.broken"]}
    with in_practice(site.actor), override_settings(CONTRIBUTIONS=broken_setting):
        visit = arrived(site, insured(site))
        items = to_look_at(visit, identity=True, contact=True, actor=site.actor)
        assert items[-1].state == "missing"
        assert items[-1].detail == "It could not be checked."
        made = check_in(visit, identity=True, contact=True, reason="Asked at the desk", actor=site.actor)
        assert made.missing == 1


def form(visit, **more):
    return {"version": visit.version, "idempotency_key": f"desk-{visit.pk}-{len(more)}", **ADDRESS, **more}


def test_the_page_checks_in_and_leads_back_to_the_board(site, nine, front_desk):
    with in_practice(site.actor):
        visit = arrived(site, insured(site))
    path = f"scheduling/visits/{visit.pk}/check-in/"
    page = front_desk.at(path).content.decode()
    assert "Alder Mutual A1" in page
    assert 'value="7 Mill Road"' in page
    refused = front_desk.send(path, form(visit))
    assert refused.status_code == 422
    assert "Say why the visit goes on without" in refused.content.decode()
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert visit.status == "arrived"
    both = front_desk.send(path, form(visit, phone="12", state="N"))
    said = both.content.decode()
    assert both.status_code == 422
    for words in ("Say why the visit goes on without", "Enter the two letters of the state", "phone"):
        assert words in said, words
    told = front_desk.send(path, form(visit, state="N", reason="Known for years")).content.decode()
    assert "Say why the visit goes on without" not in told
    answer = front_desk.send(path, form(visit, identity="on", contact="on"))
    assert answer.status_code == 302
    assert f"at={visit.pk}" in answer["Location"]
    assert "is checked in" in front_desk.at(path).content.decode()


def test_who_may_not_change_patients_confirms_without_correcting(site, nine, physician):
    with in_practice(site.actor):
        patient = insured(site)
        visit = arrived(site, patient)
    path = f"scheduling/visits/{visit.pk}/check-in/"
    assert 'name="phone"' not in physician.at(path).content.decode()
    answer = physician.send(path, form(visit, identity="on", contact="on", city="Elsewhere"))
    assert answer.status_code == 302
    with in_practice(site.actor):
        assert Patient.objects.get(pk=patient.pk).city == "Rye"


def test_check_out_shows_what_is_left_and_completes_the_visit(site, nine, front_desk):
    with in_practice(site.actor):
        visit = arrived(site, insured(site))
        for step in ("check_in", "room", "with_provider", "check_out"):
            visit = getattr(appointments, step)(visit, actor=site.actor)
    path = f"scheduling/visits/{visit.pk}/check-out/"
    page = front_desk.at(path).content.decode()
    assert "None is booked." in page
    assert "Nothing is owed." in page
    day = (MONDAY + timedelta(days=91)).isoformat()
    assert f"day={day}&amp;line=fu+%40lee0" in page
    assert f"patient={visit.patient_id}" in page
    assert (
        front_desk.send(path, {"version": visit.version, "idempotency_key": "leave-the-desk"}).status_code
        == 302
    )
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert visit.status == "completed"


def test_the_link_to_the_next_visit_fills_in_patient_type_and_provider(site, nine, front_desk):
    with in_practice(site.actor):
        visit = arrived(site, insured(site))
    query = {
        "patient": str(visit.patient_id),
        "location": str(site.site.pk),
        "day": (MONDAY + timedelta(days=28)).isoformat(),
        "line": "fu @lee0",
    }
    page = front_desk.at("scheduling/book/", **query).content.decode()
    assert "Follow-up" in page
    assert str(site.resources[0].pk) in page


def test_the_desk_of_a_restricted_patient_is_not_there(site, nine, front_desk, biller):
    with in_practice(site.actor):
        patient = patients.restrict(insured(site), reason="Works here", actor=site.actor)
        visit = arrived(site, patient)
    for person in (front_desk,):
        for page in ("check-in", "check-out"):
            assert person.at(f"scheduling/visits/{visit.pk}/{page}/").status_code == 404
    assert biller.at(f"scheduling/visits/{visit.pk}/check-in/").status_code == 403


def test_rest_looks_and_checks_in(site, nine, manager):
    with in_practice(site.actor):
        visit = arrived(site, site.patient("Rest", "Rita", **ADDRESS))
    address = f"/p/{manager.slug}/api/v1/appointments/{visit.pk}/check-in/"
    looked = manager.get(address)
    assert {item["code"]: item["state"] for item in looked.json()["items"]}["coverage"] == "missing"
    send = {"content_type": "application/json", "headers": {"If-Match": looked["ETag"]}}
    body = {"identity": True, "contact": True}
    refused = manager.post(address, body, **send)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "reason"
    done = manager.post(address, {**body, "reason": "Card follows"}, **send)
    assert done.status_code == 200
    assert (done.json()["missing"], done.json()["reason"]) == (1, "Card follows")
    with in_practice(site.actor):
        assert CheckInItem.objects.filter(check_in__appointment=visit, code="coverage").exists()
