import json
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.check_in import after
from billing.models import Claim, OpenItem, PlanRestriction
from billing.services import claims, ledger, rebilling, restrictions, scrubbing, submission
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.services import cases
from practice.models import Payer, WorkItem
from tests.billing.claim_world import NOW, VISIT_DAY, build, cover
from tests.billing.test_claims_follow_the_case_of_the_visit import injury, owed
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
CENTS = Decimal("150.00")
BEFORE = VISIT_DAY - timedelta(days=4)


def keep(world, visit, **more):
    return restrictions.restrict(visit, **{"asked_by": "Omar Sayed", "actor": world.actor, **more})


def pay(world, charge, *, amount):
    visit = charge.appointment
    paid = ledger.Posting(
        kind="patient_payment", patient_id=visit.patient_id, charge_id=charge.pk, amount=Decimal(amount),
        location_id=visit.location_id, service_date=visit.local_day, posted_on=visit.local_day,
        source_kind="counter", source_key=amount, method="card",
    )  # fmt: skip
    ledger.post([paid], actor=world.actor)


def test_charges_of_a_kept_visit_make_no_claim_and_the_patient_owes_them(billing):
    with billing() as world:
        visit = world.visit()
        made = keep(world, visit, note="By card today")
        world.charged(visit=visit)
        assert not Claim.objects.exists()
        assert owed(visit) == {None: CENTS}
        with pytest.raises(Conflict, match="asked on 03/04/2026 that it is not disclosed to any plan"):
            claims.create_for_visit(visit, actor=world.actor)
        assert not Claim.objects.exists()
        assert (made.asked_on, made.is_open, str(made)) == (NOW.date(), True, "Not disclosed to any plan")
        assert world.claim().payer == world.payer


def test_a_drafted_claim_is_held_with_the_fact_and_nobody_can_override_or_send_it(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        assert claim.state == "ready"
        keep(world, visit)
        claim.refresh_from_db()
        assert claim.state == "held"
        assert "164.522(a)(1)(vi)" in claim.events.order_by("id").last().note
        assert not claim.findings.exists()
        assert owed(visit) == {None: CENTS}
        assert scrubbing.check(claim, actor=world.actor).state == "held"
        with pytest.raises(DomainError):
            submission.submit([claim.pk], actor=world.actor)
        assert submission.write_batch(world.payer, actor=world.actor) is None
        assert "not disclosed" in WorkItem.objects.get(kind="claim.held", state="open").title


def test_a_claim_that_was_ready_when_the_patient_asked_stays_here_when_it_is_sent(billing):
    with billing() as world:
        visit = world.visit()
        claim, other = world.claim(visit=visit), world.claim(visit=world.visit(day=BEFORE))
        PlanRestriction.objects.create(
            practice_id=world.actor.practice_id, appointment=visit, asked_by="Omar", asked_on=VISIT_DAY
        )
        sent = submission.submit([claim.pk, other.pk], actor=world.actor)
        assert (sent.sent, [each.pk for each in sent.held]) == (1, [claim.pk])
        claim.refresh_from_db()
        assert claim.state == "held"


def test_a_claim_that_has_left_is_work_for_whoever_answers_for_privacy(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        submission.submit([claim.pk], actor=world.actor)
        made = keep(world, visit)
        claim.refresh_from_db()
        assert claim.state == "submitted"
        assert owed(visit) == {"Northway Health": CENTS}
        item = WorkItem.objects.get(kind="billing.disclosed")
        assert item.title.startswith(f"{claim} went to Northway Health before")
        assert item.permission == "billing.lift_restriction"
        assert "Sayed" not in item.title
        restrictions.lift(made, reason="The patient changed his mind", actor=world.actor)
        item.refresh_from_db()
        assert item.state == "done"


def test_another_plan_may_be_asked_when_only_one_is_not_told(billing):
    with billing() as world:
        other = Payer.objects.create(practice_id=world.actor.practice_id, name="Alder Mutual")
        cover(world.actor, patient=world.patient, payer=other, member_id="A1", priority=2)
        first, second = world.visit(), world.visit()
        keep(world, first, payer=other)
        assert world.claim(visit=first).payer == world.payer
        keep(world, second, payer=world.payer)
        world.charged(visit=second)
        assert not Claim.objects.filter(appointment=second).exists()
        assert owed(second) == {None: CENTS}


def test_it_follows_the_visit_to_another_case_and_coverage(billing):
    with billing() as world:
        case, _ = injury(world)
        visit = world.visit()
        claim = world.claim(visit=visit)
        keep(world, visit)
        cases.put_visit(visit, case=case, actor=world.actor)
        assert rebilling.follow_coverage(world.patient.pk, actor=world.actor) == []
        claim.refresh_from_db()
        assert claim.state == "voided"
        assert not Claim.objects.filter(appointment=visit).exclude(state="voided").exists()
        assert owed(visit) == {None: CENTS}


def test_undone_the_claim_is_checked_again_and_the_plan_owes_it_once_more(billing):
    with billing() as world:
        visit, bare = world.visit(), world.visit(day=BEFORE)
        claim = world.claim(visit=visit)
        made, early = keep(world, visit), keep(world, bare)
        world.charged(visit=bare)
        with pytest.raises(DomainError) as refused:
            restrictions.lift(made, reason=" no ", actor=world.actor)
        assert refused.value.field == "reason"
        claim.refresh_from_db()
        assert claim.state == "held"
        done = restrictions.lift(made, reason="Did not pay the bill", actor=world.actor)
        claim.refresh_from_db()
        assert (claim.state, done.lifted_on) == ("ready", NOW.date())
        assert owed(visit) == {"Northway Health": CENTS}
        restrictions.lift(early, reason="Did not pay the bill", actor=world.actor)
        assert Claim.objects.get(appointment=bare).state == "ready"
        assert owed(bare) == {"Northway Health": CENTS}
        with pytest.raises(Conflict):
            restrictions.lift(made, reason="Did not pay the bill", actor=world.actor)
        assert OpenItem.objects.filter(balance__lt=0).count() == 0


def test_it_is_said_once_by_somebody_and_not_for_a_day_to_come(billing):
    with billing() as world:
        visit = world.visit()
        for given, field in (
            ({"asked_by": " "}, "asked_by"),
            ({"asked_on": NOW.date() + timedelta(days=1)}, "asked_on"),
        ):
            with pytest.raises(DomainError) as refused:
                keep(world, visit, **given)
            assert refused.value.field == field
        assert not PlanRestriction.objects.exists()
        keep(world, visit)
        for payer in (None, world.payer):
            with pytest.raises(Conflict):
                keep(world, visit, payer=payer)
        assert PlanRestriction.objects.count() == 1


def test_billers_obey_it_and_only_whoever_answers_for_privacy_undoes_it(billing):
    with billing() as world:
        made = keep(world, world.visit())
        with in_practice(actor_named("biller")) as bill, pytest.raises(Forbidden):
            restrictions.lift(made, reason="I want the money", actor=bill)
        with in_practice(actor_named("physician")) as doctor, pytest.raises(Forbidden):
            restrictions.restrict(made.appointment, asked_by="Me", actor=doctor)
        with in_practice(actor_named("manager")):
            assert PlanRestriction.objects.get().is_open


def test_who_completes_the_visit_makes_no_claim_of_it_later(billing):
    from billing.handlers import claim_completed_visit

    with billing() as world:
        visit = world.visit(status="checkout")
        world.charged(visit=visit)
        keep(world, visit)
        visit.status = "completed"
        visit.save()
        claim_completed_visit(appointment_id=visit.pk, actor=world.actor)
        assert not Claim.objects.exists()


@pytest.fixture
def scene(acting):
    with clock.at(NOW):
        with acting("manager") as actor:
            world = build(actor)
            visit = world.visit()
            claim = world.claim(visit=visit)
        yield actor, world, visit, claim


def test_the_desk_marks_it_on_the_visit_and_billers_see_it(scene, front_desk, biller):
    actor, _, visit, claim = scene
    page = front_desk.at(f"scheduling/visits/{visit.pk}/").content.decode()
    assert "The plan may be told of this visit" in page
    address = f"billing/visits/{visit.pk}/restrict/"
    assert "Omar Sayed" in front_desk.at(address).content.decode()
    refused = front_desk.send(address, {"asked_by": ""})
    assert refused.status_code == 422
    with in_practice(actor):
        assert not PlanRestriction.objects.exists()
    assert front_desk.send(address, {"asked_by": "Omar Sayed", "note": "By card"}).status_code == 302
    page = front_desk.at(f"scheduling/visits/{visit.pk}/").content.decode()
    assert "asked by Omar Sayed on" in page
    assert "03/04/2026" in page
    assert "still owes $150.00" in page
    assert "Not disclosed to any plan" in biller.at(f"billing/claims/{claim.pk}/").content.decode()
    assert "Not disclosed to any plan" in biller.at(f"billing/visits/{visit.pk}/charges/").content.decode()
    assert "any plan" in biller.at("billing/restrictions/").content.decode()


def test_check_out_says_whether_a_kept_visit_is_paid_in_full(billing):
    with billing() as world:
        visit = world.visit()

        def said():
            found = [
                item for item in after(visit, actor=world.actor, slug="harbor") if item.code == "restriction"
            ]
            return [(item.state, item.detail) for item in found]

        assert said() == []
        keep(world, visit)
        assert said() == [("warn", "Not charged yet.")]
        charge = world.charged(visit=visit)[0]
        assert said() == [("warn", "The patient still owes $150.00 of it.")]
        for amount, expected in (
            ("-100.00", ("warn", "The patient still owes $50.00 of it.")),
            ("-50.00", ("ok", "Paid in full.")),
        ):
            pay(world, charge, amount=amount)
            assert said() == [expected]


def test_what_stays_unpaid_becomes_work_and_ends_when_it_is_paid(billing):
    with billing() as world:
        visit = world.visit()
        made = keep(world, visit)
        charge = world.charged(visit=visit)[0]
        assert restrictions.watch_payment(actor=world.actor) == 0  # the days of the rule are not over
        with clock.at(NOW + timedelta(days=15)):
            for _ in range(2):
                assert restrictions.watch_payment(actor=world.actor) == 1
            item = WorkItem.objects.get(kind="billing.restricted_unpaid")
            assert (item.amount, item.state) == (CENTS, "open")
            assert item.title == "$150.00 of a visit that is kept from every plan is not paid"
            pay(world, charge, amount="-150.00")
            assert restrictions.watch_payment(actor=world.actor) == 0
            item.refresh_from_db()
            assert (item.state, item.outcome) == ("done", "Paid in full")
        assert made.is_open


def test_rest_keeps_a_visit_from_a_plan_lists_and_undoes_it(scene, front_desk, manager, biller):
    actor, world, visit, _ = scene
    api = f"/p/harbor/api/v1/visits/{visit.pk}/restrictions/"
    body = {"payer": str(world.payer.pk), "asked_by": "Omar Sayed"}
    made = front_desk.post(api, json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    assert front_desk.post(api, json.dumps(body), content_type="application/json").status_code == 409
    assert [each["id"] for each in biller.get(api).json()] == [made.json()["id"]]
    lift = f"/p/harbor/api/v1/billing/restrictions/{made.json()['id']}/lift/"
    reason = json.dumps({"reason": "Did not pay the bill"})
    assert biller.post(lift, reason, content_type="application/json").status_code == 403
    assert manager.post(lift, reason, content_type="application/json").status_code == 200
    with in_practice(actor):
        assert PlanRestriction.objects.get().lifted_reason == "Did not pay the bill"
