import json
from datetime import date

import pytest

from kit import clock
from patients.models import Case, Coverage, VisitCase
from patients.services import cases, coverages, patients
from practice.models import Payer
from tests.billing.claim_world import NOW, build
from tests.cast import in_practice

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/"


@pytest.fixture
def scene(acting):
    with clock.at(NOW):
        with acting("manager") as actor:
            world = build(actor)
            case = cases.open_case(
                patient=world.patient,
                kind="work_injury",
                injured_on=date(2026, 2, 1),
                opened_on=date(2026, 2, 1),
                actor=actor,
            )
            insurer = Payer.objects.create(practice_id=actor.practice_id, name="Hudson Casualty")
            coverages.add(
                world.patient,
                case=case,
                payer=insurer,
                member_id="WC1",
                starts_on=date(2026, 2, 1),
                actor=actor,
            )
            visit = world.visit()
        yield actor, world, visit, case


def text(answer):
    return answer.content.decode()


def test_the_box_names_case_and_payers_and_moves_the_visit(scene, front_desk):
    actor, _, visit, case = scene
    page = text(front_desk.at(f"scheduling/visits/{visit.pk}/"))
    assert "Who pays" in page
    assert "Northway Health M100" in page
    answer = front_desk.send(f"patients/visits/{visit.pk}/case/", {"case": str(case.pk)})
    assert answer["Location"].endswith(f"/visits/{visit.pk}/")
    page = text(front_desk.get(answer["Location"]))
    assert "Hudson Casualty WC1" in page
    assert "Northway Health M100" not in page
    with in_practice(actor):
        assert VisitCase.objects.get().case == case


def test_a_case_of_somebody_else_is_refused_and_the_visit_stays(scene, front_desk, physician, stranger):
    actor, _, visit, case = scene
    with in_practice(actor):
        other = patients.register(actor=actor, first_name="Al", last_name="Bo", birth_date=date(1990, 1, 1))
        foreign = Case.objects.get(patient=other)
    address = f"patients/visits/{visit.pk}/case/"
    for key in (foreign.pk, "nonsense"):
        assert front_desk.send(address, {"case": str(key)}).status_code == 422
    assert physician.send(address, {"case": str(case.pk)}).status_code == 403
    assert stranger.get(f"/p/harbor/{address}").status_code in (404, 405)
    with in_practice(actor):
        assert VisitCase.objects.count() == 0


def test_rest_tells_who_pays_and_moves_the_visit(scene, front_desk):
    _, world, visit, case = scene
    address = f"{API}visits/{visit.pk}/case/"
    told = front_desk.get(address).json()
    assert (told["case"], told["coverages"], told["self_pay"]) == (None, [str(world.coverage.pk)], False)
    moved = front_desk.post(address, json.dumps({"case": str(case.pk)}), content_type="application/json")
    assert moved.status_code == 200, moved.content
    assert moved.json()["case"] == str(case.pk)
    assert moved.json()["coverages"] != told["coverages"]


def test_cases_and_their_coverage_are_added_on_pages_and_by_rest(scene, front_desk):
    actor, world, _, case = scene
    page = text(front_desk.at("coverages/new/", case=str(case.pk)))
    assert world.patient.mrn in page
    assert f'value="{case.pk}" selected' in page
    form = {
        "patient": world.patient.mrn,
        "case": str(case.pk),
        "payer": str(world.payer.pk),
        "member_id": "X-1",
        "starts_on": "02/01/2026",
    }
    refused = front_desk.send("coverages/new/", form)
    assert refused.status_code == 409
    assert "Hudson Casualty already has order 1" in text(refused)
    assert front_desk.send("coverages/new/", {**form, "priority": "2"}).status_code == 302
    new = {"patient": str(world.patient.pk), "kind": "auto", "injured_on": "2026-02-20", "state": "ny"}
    made = front_desk.post(f"{API}patients/cases/", json.dumps(new), content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "NY"
    card = {
        "payer": str(world.payer.pk),
        "member_id": "Z9",
        "starts_on": "2026-02-20",
        "case": made.json()["id"],
    }
    under = f"{API}patients/{world.patient.pk}/coverages/"
    added = front_desk.post(under, json.dumps(card), content_type="application/json")
    assert added.status_code == 201, added.content
    agreed = front_desk.post(
        f"{API}patients/cases/{case.pk}/self_pay/",
        json.dumps({"starts_on": "2026-03-01", "reason": "Insurer has refused"}),
        content_type="application/json",
    )
    assert agreed.status_code == 200, agreed.content
    with in_practice(actor):
        assert set(Coverage.objects.values_list("case__kind", "priority")) == {
            ("medical", 1),
            ("work_injury", 1),
            ("work_injury", 2),
            ("auto", 1),
        }
        assert Case.objects.get(pk=case.pk).pays_alone


def test_the_patients_page_asks_for_the_medicare_questionnaire_until_it_is_answered(scene, front_desk):
    actor, world, before, _ = scene
    with in_practice(actor):
        Payer.objects.filter(pk=world.payer.pk).update(kind="medicare")
        today = world.visit(day=NOW.date())
    address = f"patients/{world.patient.pk}/"
    assert "never answered" in text(front_desk.at(address))
    answers = {
        "patient": world.patient.mrn,
        "entitled_by": "age",
        "group_plan_by": "spouse",
        "employees": "40",
    }
    assert front_desk.send("patients/medicare-questionnaires/new/", answers).status_code == 302
    page = text(front_desk.at(address))
    assert "never answered" not in page
    assert "20 or more employees" in page
    assert "first on file" in text(front_desk.at(f"scheduling/visits/{today.pk}/"))
    assert "never answered" in text(front_desk.at(f"scheduling/visits/{before.pk}/"))
