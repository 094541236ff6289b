"""The claims list, a claim's page and the charge entry: what they show, to whom, at what cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Charge, Claim, ClaimBatch, ScrubFinding
from kit import clock
from practice.models import AuditAccessPatient, RolePermission
from tests.billing import claim_world
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(claim_world.NOW):
        yield


def ours(query):
    with in_practice(actor_named("manager")):
        return query()


def state_of(claim):
    return ours(lambda: Claim.objects.get(pk=claim.pk).state)


def test_the_list_shows_claims_by_what_to_do(billing, biller):
    with billing() as world:
        ready = world.claim()
        held = world.claim()
    action = biller.at("billing/claims/").content.decode()
    assert held.control_number in action
    assert "The same service is on another claim" in action
    assert ready.control_number not in action
    assert ready.control_number in biller.at("billing/claims/", view="ready").content.decode()


def test_the_list_costs_the_same_for_two_and_for_twenty(billing, biller):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert biller.at("billing/claims/", view="all").status_code == 200
        return len(caught)

    with billing() as world:
        for name in ("Aziz", "Blanc"):
            world.claim(visit=world.visit(patient=world.another_patient(last_name=name)))
    biller.at("billing/claims/", view="all")
    few = cost()
    with in_practice(world.actor):
        for number in range(18):
            world.claim(visit=world.visit(patient=world.another_patient(last_name=f"Person{number}")))
    assert cost() == few


def test_filters_narrow_and_nonsense_finds_nothing(billing, biller):
    with billing() as world:
        claim = world.claim()
    shown = biller.at("billing/claims/", view="all", payer=str(world.payer.pk), state="ready")
    assert claim.control_number in shown.content.decode()
    for wrong in ({"state": "paid"}, {"rendering_provider": str(world.entity.pk)}):
        assert "No claims match" in biller.at("billing/claims/", view="all", **wrong).content.decode()
    nonsense = biller.at("billing/claims/", view="all", payer="x").content.decode()
    assert "cannot be narrowed like that" in nonsense


def test_typed_text_finds_a_claim_by_its_number_or_its_patient(billing, biller):
    with billing() as world:
        mine = world.claim()
        aziz = world.another_patient(last_name="Aziz", birth_date=date(1971, 4, 9))
        other = world.claim(visit=world.visit(patient=aziz))
    for text in (mine.control_number, mine.control_number[:9].lower(), "sayed", "sayed 1958", "11/02/1958"):
        page = biller.at("billing/claims/", q=text).content.decode()
        assert (mine.control_number in page, other.control_number in page) == (True, False), text


def test_a_hidden_patients_claim_is_found_by_number_and_not_by_name(billing, biller):
    with billing() as world:
        claim = world.claim()
        type(world.patient).objects.update(is_restricted=True)
    assert claim.control_number in biller.at("billing/claims/", q=claim.control_number).content.decode()
    for text in ("sayed", "11/02/1958", world.patient.mrn):
        assert claim.control_number not in biller.at("billing/claims/", q=text).content.decode()


def test_only_names_that_were_shown_are_in_the_read_log(billing, biller):
    with billing() as world:
        world.claim()
        seen = world.another_patient(last_name="Aziz")
        world.claim(visit=world.visit(patient=seen))
        type(world.patient).objects.filter(pk=world.patient.pk).update(is_restricted=True)
    biller.at("billing/claims/", view="all")
    sheet = biller.at("billing/claims/export/csv/", view="all").content.decode()
    assert "Restricted patient" in sheet
    assert "Sayed" not in sheet
    logged = ours(lambda: set(AuditAccessPatient.objects.values_list("patient_id", flat=True)))
    assert logged == {seen.pk}


def test_the_page_before_sending_lists_what_is_ready(billing, biller, physician):
    with billing() as world:
        ready = world.claim()
        held = world.claim()
    page = biller.at("billing/claims/submit/").content.decode()
    assert (ready.control_number in page, held.control_number in page) == (True, False)
    assert physician.at("billing/claims/submit/").status_code == 403


def test_ready_claims_are_sent_by_selection_and_twice_is_once(billing, biller):
    with billing() as world:
        claim = world.claim()
    form = {"claim": [str(claim.pk)], "idempotency_key": "key-1"}
    first = biller.send("billing/claims/submit/", form)
    second = biller.send("billing/claims/submit/", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert state_of(claim) == "submitted"
    assert ours(ClaimBatch.objects.count) == 1


@pytest.mark.parametrize("given", [[], ["nonsense"], ["019d0000-0000-7000-8000-000000000000"]])
def test_a_wrong_selection_sends_nothing(billing, biller, given):
    with billing() as world:
        claim = world.claim()
    assert biller.send("billing/claims/submit/", {"claim": given}).status_code == 422
    assert state_of(claim) == "ready"


def test_the_page_shows_lines_findings_and_history_and_is_logged(billing, biller):
    with billing() as world:
        world.claim()
        claim = world.claim()
    page = biller.at(f"billing/claims/{claim.pk}/").content.decode()
    assert "99213" in page
    assert "I10" in page
    assert "$150.00" in page
    assert "The same service is on another claim" in page
    assert "Created from the visit of 03/02/2026" in page
    seen = ours(lambda: set(AuditAccessPatient.objects.values_list("patient_id", flat=True)))
    assert seen == {claim.patient_id}


def test_a_finding_is_overridden_with_a_reason(billing, biller):
    with billing() as world:
        world.claim()
        claim = world.claim()
        finding = claim.findings.get()
    path = f"billing/claims/{claim.pk}/findings/{finding.pk}/override/"
    assert biller.send(path, {"reason": ""}).status_code == 422
    assert state_of(claim) == "held"
    assert biller.send(path, {"reason": "Two visits that day"}).status_code == 302
    assert state_of(claim) == "ready"
    assert "Two visits that day" in biller.at(f"billing/claims/{claim.pk}/").content.decode()


def test_check_send_and_void_do_what_they_say(billing, biller):
    with billing() as world:
        first = world.claim()
        second = world.claim(visit=world.visit(patient=world.another_patient(last_name="Aziz")))
    assert biller.send(f"billing/claims/{first.pk}/check/").status_code == 302
    assert biller.send(f"billing/claims/{first.pk}/send/").status_code == 302
    assert biller.send(f"billing/claims/{first.pk}/send/").status_code == 422
    assert biller.send(f"billing/claims/{second.pk}/void/", {"reason": "Wrong patient"}).status_code == 302
    assert (state_of(first), state_of(second)) == ("submitted", "voided")


@pytest.mark.parametrize("who", ["stranger", "front_desk", "physician"])
def test_claims_of_others_do_not_exist(billing, who, request):
    with billing() as world:
        world.claim()
        claim = world.claim()
        finding = ScrubFinding.objects.get()
    visitor = request.getfixturevalue(who)
    refused = (403, 404)
    assert visitor.at(f"billing/claims/{claim.pk}/").status_code in refused
    for path in ("check/", "send/", "void/", f"findings/{finding.pk}/override/"):
        assert (
            visitor.send(f"billing/claims/{claim.pk}/{path}", {"reason": "Because I can"}).status_code
            in refused
        )
    assert state_of(claim) == "held"
    assert ours(lambda: ScrubFinding.objects.get().overridden_at) is None


def test_a_physician_sees_only_the_own_claims(billing, physician):
    with billing() as world:
        claim = world.claim()
    assert physician.at("billing/claims/", view="all").status_code == 200
    assert physician.at(f"billing/claims/{claim.pk}/").status_code == 404
    member = actor_named("physician").membership_id
    ours(lambda: type(world.provider.employee).objects.update(membership_id=member))
    assert physician.at(f"billing/claims/{claim.pk}/").status_code == 200


def test_somebody_without_a_membership_sees_no_claim_of_providers_without_one(billing):
    from dataclasses import replace

    from billing.selectors import claims

    with billing() as world:
        world.claim()
        nobody = replace(world.actor, membership_id=None, permissions=frozenset({"billing.view_claim"}))
        assert not claims.visible_to(nobody).exists()


def test_a_restricted_patients_claim_is_listed_without_a_name_and_not_opened(billing, biller, manager):
    with billing() as world:
        claim = world.claim()
        type(world.patient).objects.update(is_restricted=True)
    listed = biller.at("billing/claims/", view="all").content.decode()
    assert claim.control_number in listed
    assert "Restricted patient" in listed
    assert str(world.patient) not in listed
    assert f"${claim.total:,.2f}" in listed
    asked = biller.at(f"billing/claims/{claim.pk}/")
    assert asked["Location"].endswith(f"/billing/claims/{claim.pk}/open/")
    assert str(world.patient) not in biller.get(asked["Location"]).content.decode()
    assert manager.at(f"billing/claims/{claim.pk}/").status_code == 200
    ours(lambda: RolePermission.objects.filter(permission="patients.break_glass").delete())
    assert biller.at(f"billing/claims/{claim.pk}/").status_code == 404


def rows(*given):
    data = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(given):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_charges_are_entered_on_the_visits_page(billing, physician):
    with billing() as world:
        visit = world.visit()
    path = f"billing/visits/{visit.pk}/charges/"
    assert "Enter charges" in physician.at(path).content.decode()
    form = rows(
        {"code": "99213", "units": "1", "modifiers": "25", "diagnoses": "I10, e11.9"},
        {"code": "36415", "diagnoses": "I10"},
    )
    assert physician.send(path, form).status_code == 302
    page = physician.at(path).content.decode()
    assert "$168.00" in page
    assert "E119" in page
    assert ours(lambda: Claim.objects.get().state) == "ready"


def test_a_wrong_row_is_said_and_nothing_is_entered(billing, biller):
    with billing() as world:
        visit = world.visit()
    path = f"billing/visits/{visit.pk}/charges/"
    for form in (
        rows({"code": "99999"}),
        rows({"diagnoses": "I10"}),
        rows(),
        rows({"code": "99213", "units": "x"}),
    ):
        answer = biller.send(path, form)
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()
    assert ours(Charge.objects.count) == 0


def test_a_charge_is_taken_back(billing, biller):
    with billing() as world:
        charge = world.charged()[0]
    assert biller.send(f"billing/charges/{charge.pk}/void/").status_code == 302
    assert ours(lambda: Charge.objects.get().voided_at) is not None
    assert ours(lambda: Claim.objects.get().state) == "voided"


@pytest.mark.parametrize("who", ["stranger", "front_desk"])
def test_charges_are_not_entered_by_others(billing, who, request):
    with billing() as world:
        visit = world.visit()
        charge = world.charged()[0]
    visitor = request.getfixturevalue(who)
    assert visitor.send(f"billing/visits/{visit.pk}/charges/", rows({"code": "99213"})).status_code in (
        403,
        404,
    )
    assert visitor.send(f"billing/charges/{charge.pk}/void/").status_code in (403, 404)
    assert ours(Charge.objects.count) == 1
    assert ours(lambda: Charge.objects.get().voided_at) is None
