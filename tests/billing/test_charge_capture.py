"""Charges of a visit are entered once, priced, posted to the ledger and claimed."""

from decimal import Decimal

import pytest

from billing.models import Charge, Claim, LedgerEntry, OpenItem, ProcedureCode, UnmappedCode
from billing.services import charges
from billing.services.charges import ChargeLine
from kit.errors import DomainError
from patients.models import Coverage
from tests.billing.claim_world import person

pytestmark = pytest.mark.django_db


def test_a_charge_takes_the_fee_in_force_for_all_its_units(billing):
    with billing() as world:
        made = world.charged(ChargeLine(code="36415", units=Decimal(2), diagnoses=("i10",)))
        assert [charge.amount for charge in made] == [Decimal("36.00")]
        assert [row.code for row in made[0].diagnoses.all()] == ["I10"]


def test_the_primary_payer_owes_it(billing):
    with billing() as world:
        charge = world.charged()[0]
        entry = LedgerEntry.objects.get(charge=charge)
        assert (entry.kind, entry.amount, entry.payer_id) == ("charge", Decimal("150.00"), world.payer.pk)
        assert (entry.source_kind, entry.source_key) == ("visit", f"charge/{charge.pk}")
        assert OpenItem.objects.get(charge=charge).balance == Decimal("150.00")


def test_a_patient_without_coverage_owes_it_and_no_claim_is_made(billing):
    with billing() as world:
        alone = person(world.actor, mrn="T9", last_name="Nunes")
        charge = world.charged(visit=world.visit(patient=alone))[0]
        assert LedgerEntry.objects.get(charge=charge).payer_id is None
        assert not Claim.objects.exists()


def test_coverage_found_later_takes_the_balance_over(billing):
    with billing() as world:
        from billing.services import claims
        from tests.billing.claim_world import cover

        alone = person(world.actor, mrn="T9", last_name="Nunes")
        visit = world.visit(patient=alone)
        charge = world.charged(visit=visit)[0]
        cover(world.actor, patient=alone, payer=world.payer)
        (claim,) = claims.create_for_visit(visit, actor=world.actor)
        owed = {item.payer_id: item.balance for item in OpenItem.objects.filter(charge=charge)}
        assert owed == {None: Decimal(0), world.payer.pk: claim.total}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (ChargeLine(code="99999"), "not one of the practice's codes"),
        (ChargeLine(code="99213", modifiers=("255",)), "modifiers"),
        (ChargeLine(code="99213", units=Decimal(0)), "Units"),
        (ChargeLine(code="99213", amount=Decimal("-1.00")), "amount"),
    ],
)
def test_a_wrong_line_changes_nothing(billing, line, says):
    with billing() as world:
        visit = world.visit()
        with pytest.raises(DomainError, match=says):
            charges.capture(visit, lines=[ChargeLine(code="99214"), line], actor=world.actor)
        assert not Charge.objects.exists()
        assert not LedgerEntry.objects.exists()
        assert not Claim.objects.exists()


def test_a_visit_that_did_not_take_place_has_no_charges(billing):
    with billing() as world:
        with pytest.raises(DomainError, match="took place"):
            world.charged(visit=world.visit(status="no_show"))
        assert not Charge.objects.exists()


def test_a_code_without_a_fee_is_refused_unless_an_amount_is_given(billing):
    with billing() as world:
        ProcedureCode.objects.create(practice_id=world.actor.practice_id, code="81002")
        with pytest.raises(DomainError, match="no fee"):
            world.charged(ChargeLine(code="81002"))
        made = world.charged(ChargeLine(code="81002", amount=Decimal("9.50"), diagnoses=("I10",)))
        assert made[0].amount == Decimal("9.50")


def test_charges_before_completion_wait_for_the_event(billing):
    with billing() as world:
        from billing.handlers import claim_completed_visit

        visit = world.visit(status="checkout")
        world.charged(visit=visit)
        assert not Claim.objects.exists()
        visit.status = "completed"
        visit.save()
        claim_completed_visit(appointment_id=visit.pk, actor=world.actor)
        claim_completed_visit(appointment_id=visit.pk, actor=world.actor)
        assert Claim.objects.get().total == Decimal("150.00")


def test_a_foreign_code_goes_on_the_work_list_and_its_money_counts(billing):
    with billing() as world:
        code = ProcedureCode.objects.create(
            practice_id=world.actor.practice_id, system="snomed", code="430193006"
        )
        claim = world.claim(ChargeLine(code="430193006", amount=Decimal("80.00"), diagnoses=("I10",)))
        row = UnmappedCode.objects.get(code=code)
        assert (row.charge_count, row.charge_amount) == (1, Decimal("80.00"))
        assert claim.state == Claim.State.HELD


def test_a_voided_charge_leaves_ledger_and_claim(billing):
    with billing() as world:
        visit = world.visit()
        first, second = world.charged(
            ChargeLine(code="99213", diagnoses=("I10",)),
            ChargeLine(code="36415", diagnoses=("E119",)),
            visit=visit,
        )
        charges.void(second, actor=world.actor)
        charges.void(second, actor=world.actor)
        claim = Claim.objects.get()
        assert (claim.total, [row.code for row in claim.diagnoses.all()]) == (Decimal("150.00"), ["I10"])
        assert OpenItem.objects.get(charge=second).balance == 0
        charges.void(first, actor=world.actor)
        claim.refresh_from_db()
        assert claim.state == Claim.State.VOIDED


def test_a_charge_on_a_sent_claim_stays(billing):
    with billing() as world:
        claim = world.claim()
        Claim.objects.filter(pk=claim.pk).update(state="submitted")
        charge = Charge.objects.get()
        with pytest.raises(DomainError, match="has left"):
            charges.void(charge, actor=world.actor)
        charge.refresh_from_db()
        assert charge.voided_at is None
        assert OpenItem.objects.get().balance == Decimal("150.00")


def test_coverage_of_another_time_is_not_asked(billing):
    with billing() as world:
        Coverage.objects.update(ends_on="2026-02-28")
        charge = world.charged()[0]
        assert LedgerEntry.objects.get(charge=charge).payer_id is None
