from datetime import date
from decimal import Decimal

import pytest

from billing.models import Charge, Claim, OpenItem
from billing.selectors import ledger
from billing.selectors.charges import primary_coverages
from billing.services import invariants, payments, rebilling
from kit.errors import Conflict, DomainError
from patients.models import VisitCase
from patients.services import cases, coverages
from patients.services.medical_cases import medical_case
from practice.models import JobRun, Payer
from tests.billing.claim_world import VISIT_DAY, cover

pytestmark = pytest.mark.django_db


def injury(world, *, covered=True):
    """A work injury of the world's patient with an insurer of its own."""
    case = cases.open_case(
        patient=world.patient,
        kind="work_injury",
        injured_on=date(2026, 2, 1),
        opened_on=date(2026, 2, 1),
        actor=world.actor,
    )
    insurer = Payer.objects.create(
        practice_id=world.actor.practice_id, name="Hudson Casualty", kind="workers_comp", payer_id="HCW07"
    )
    if covered:
        coverages.add(
            world.patient,
            case=case,
            payer=insurer,
            member_id="WC1",
            starts_on=date(2026, 2, 1),
            actor=world.actor,
        )
    return case, insurer


def owed(visit):
    found = OpenItem.objects.filter(charge__appointment=visit).exclude(balance=0)
    return {item.payer and item.payer.name: item.balance for item in found.select_related("payer")}


def test_a_claim_takes_the_coverage_of_the_visits_case_on_its_day(billing):
    with billing() as world:
        case, insurer = injury(world)
        visit = world.visit()
        cases.put_visit(visit, case=case, actor=world.actor)
        assert world.claim(visit=visit).payer == insurer
        assert world.claim().payer == world.payer
        early = world.visit(day=date(2026, 1, 20))
        cases.put_visit(early, case=case, actor=world.actor)
        world.charged(visit=early)
        assert not Claim.objects.filter(appointment=early).exists()
        assert owed(early) == {None: Decimal("150.00")}


def test_an_unsent_claim_is_made_anew_when_its_visit_changes_the_case(billing):
    with billing() as world:
        case, insurer = injury(world)
        visit = world.visit()
        claim, other = world.claim(visit=visit), world.claim()
        cases.put_visit(visit, case=case, actor=world.actor)
        [made] = rebilling.follow_coverage(world.patient.pk, actor=world.actor)
        claim.refresh_from_db()
        other.refresh_from_db()
        assert (claim.state, made.payer, made.total) == ("voided", insurer, Decimal("150.00"))
        assert other.state != "voided"
        assert owed(visit) == {"Hudson Casualty": Decimal("150.00")}
        assert rebilling.follow_coverage(world.patient.pk, actor=world.actor) == []


def test_a_claim_that_has_left_stays_as_it_was_sent(billing):
    with billing() as world:
        case, _ = injury(world)
        visit = world.visit()
        claim = world.claim(visit=visit)
        Claim.objects.update(state="submitted")
        cases.put_visit(visit, case=case, actor=world.actor)
        assert rebilling.follow_coverage(world.patient.pk, actor=world.actor) == []
        claim.refresh_from_db()
        assert (claim.state, claim.payer) == ("submitted", world.payer)


def test_self_pay_takes_unsent_claims_back_and_the_patient_owes_the_charges(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        case = medical_case(world.patient)
        cases.agree_self_pay(case, starts_on=VISIT_DAY, reason="Pays the fee at the desk", actor=world.actor)
        assert JobRun.objects.filter(
            kind="practice.event", args__handler__endswith="bill_by_the_case"
        ).exists()
        assert rebilling.follow_coverage(world.patient.pk, actor=world.actor) == []
        claim.refresh_from_db()
        assert claim.state == "voided"
        assert owed(visit) == {None: Decimal("150.00")}
        later = world.visit()
        world.charged(visit=later)
        assert owed(later) == {None: Decimal("150.00")}


def test_money_on_account_pays_what_becomes_the_patients_oldest_first_and_leaves_a_waiting_copay(billing):
    with billing() as world:
        world.coverage.copay = Decimal("25.00")
        world.coverage.save()
        first, second, waits = world.visit(day=date(2026, 2, 2)), world.visit(), world.visit()
        for visit in (first, second, waits):
            world.charged(visit=visit)
        paid = {"patient": world.patient, "method": "cash", "location": world.site, "actor": world.actor}
        payments.take(amount=Decimal("25.00"), visit=waits, **paid)
        payments.take(amount=Decimal("200.00"), **paid)
        rebilling.to_patient(
            Charge.objects.filter(appointment__in=[first, second]), memo="By agreement", actor=world.actor
        )
        assert owed(first) == {}
        assert owed(second) == {None: Decimal("100.00")}
        assert ledger.unapplied_of(world.patient, actor=world.actor) == Decimal("-25.00")
        rebilling.to_patient(Charge.objects.filter(appointment=waits), memo="By agreement", actor=world.actor)
        assert owed(waits) == {None: Decimal("125.00")}
        assert ledger.unapplied_of(world.patient, actor=world.actor) == 0
        assert invariants.check(actor=world.actor).findings == ()


def test_a_visit_goes_on_no_case_of_somebody_else_and_none_that_was_closed_before(billing):
    with billing() as world:
        case, _ = injury(world)
        other = world.another_patient(last_name="Other")
        visit = world.visit(patient=other)
        with pytest.raises(DomainError) as refused:
            cases.put_visit(visit, case=case, actor=world.actor)
        assert refused.value.field == "case"
        cases.close(case, closed_on=date(2026, 3, 1), actor=world.actor)
        with pytest.raises(DomainError, match="closed on 03/01/2026"):
            cases.put_visit(world.visit(), case=case, actor=world.actor)
        assert VisitCase.objects.count() == 0


def test_a_card_that_a_sent_claim_was_billed_to_is_not_corrected(billing):
    with billing() as world:
        claim = world.claim()
        coverages.correct(world.coverage, member_id="M101", actor=world.actor)
        Claim.objects.update(state="submitted")
        with pytest.raises(Conflict, match=claim.control_number):
            coverages.correct(world.coverage, member_id="M102", actor=world.actor)
        world.coverage.refresh_from_db()
        assert world.coverage.member_id == "M101"


def test_many_visits_ask_for_their_coverage_in_four_queries(billing, django_assert_num_queries):
    with billing() as world:
        case, insurer = injury(world)
        visits = [world.visit() for _ in range(6)]
        cases.put_visit(visits[0], case=case, actor=world.actor)
        cover(world.actor, patient=world.patient, payer=insurer, member_id="M9", priority=2)
        with django_assert_num_queries(4):
            found = primary_coverages(visits)
        assert [found[visit.pk].payer for visit in visits] == [insurer, *[world.payer] * 5]
