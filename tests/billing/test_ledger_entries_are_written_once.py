"""The ledger: one entry per source, open items follow, refusals change nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from billing.models import LedgerEntry, OpenItem
from billing.services import ledger
from kit.errors import DomainError
from tests.billing.remittance_world import DAY, build, entries, owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acting):
    with acting("biller") as actor:
        yield build(actor)


def charge_of(world, amount="150.00"):
    return world.claim(amount).lines.get().charge


def test_a_payment_takes_what_the_payer_owes_down(world):
    charge = charge_of(world)
    assert owed(charge, payer=world.payer) == Decimal("150.00")
    payment = world.posting(charge, amount="-60.00", kind="insurance_payment", key="p1")
    assert ledger.post([payment], actor=world.actor) == 1
    assert owed(charge, payer=world.payer) == Decimal("90.00")
    assert entries(charge=charge) == [("charge", "150.00"), ("insurance_payment", "-60.00")]


def test_the_same_source_again_writes_nothing(world):
    charge = charge_of(world)
    payment = world.posting(charge, amount="-60.00", kind="insurance_payment", key="p1")
    ledger.post([payment], actor=world.actor)
    assert ledger.post([payment, replace(payment, amount=Decimal("-99.00"))], actor=world.actor) == 0
    assert owed(charge, payer=world.payer) == Decimal("90.00")


def test_one_call_may_carry_a_source_twice_and_writes_it_once(world):
    charge = charge_of(world)
    payment = world.posting(charge, amount="-60.00", kind="insurance_payment", key="p1")
    assert ledger.post([payment, payment], actor=world.actor) == 1
    assert owed(charge, payer=world.payer) == Decimal("90.00")


def test_a_transfer_moves_responsibility_and_keeps_the_age(world):
    charge = charge_of(world)
    share = world.posting(charge, amount="25.00", kind="transfer", key="t1")
    assert ledger.transfer(share, to_payer_id=None, actor=world.actor) == 2
    assert owed(charge, payer=world.payer) == Decimal("125.00")
    assert owed(charge, payer=None) == Decimal("25.00")
    assert OpenItem.objects.get(charge=charge, payer=None).first_billed_on == DAY


def test_a_reversal_mirrors_its_entry_and_happens_once(world):
    charge = charge_of(world)
    payment = world.posting(charge, amount="-60.00", kind="insurance_payment", key="p1")
    ledger.post([payment], actor=world.actor)
    paid = LedgerEntry.objects.get(source_kind="test", source_key="p1")
    assert ledger.reverse([paid], posted_on=DAY, actor=world.actor) == 1
    assert ledger.reverse([paid], posted_on=DAY, actor=world.actor) == 0
    assert owed(charge, payer=world.payer) == Decimal("150.00")
    assert LedgerEntry.objects.get(kind="reversal").reverses_id == paid.id


def test_parts_of_a_cent_are_refused_and_nothing_is_written(world):
    charge = charge_of(world)
    good = world.posting(charge, amount="-60.00", kind="insurance_payment", key="p1")
    bad = world.posting(charge, amount="-0.005", kind="insurance_payment", key="p2")
    with pytest.raises(DomainError, match="cents"):
        ledger.post([good, bad], actor=world.actor)
    assert entries(charge=charge) == [("charge", "150.00")]


def test_a_charge_of_another_practice_is_refused(world, acting):
    charge = charge_of(world)
    with acting("stranger") as stranger:
        with pytest.raises(DomainError, match="does not exist"):
            ledger.post([world.posting(charge, amount="-1.00", kind="refund", key="x")], actor=stranger)
        assert not LedgerEntry.objects.exists()


def test_a_first_bill_day_once_set_stays(world):
    charge = charge_of(world)
    later = DAY.replace(month=10)
    assert ledger.mark_billed([charge.id], payer_id=world.payer.id, day=later, actor=world.actor) == 0
    assert OpenItem.objects.get(charge=charge).first_billed_on == DAY


def test_the_app_can_neither_change_nor_delete_an_entry(world):
    charge_of(world)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LedgerEntry.objects.update(amount=Decimal("1.00"))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LedgerEntry.objects.all()._raw_delete("default")
