"""The daily mirror: a month's revenue in the books is the patient ledger's, to the cent, on both bases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from billing.models import LedgerEntry
from billing.services import books, ledger
from finance.models import Account, Journal, JournalLine
from finance.selectors import books as selectors
from finance.services import periods
from tests.billing.remittance_world import DAY, build

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


@pytest.fixture
def world(acting):
    with acting("manager") as actor:
        yield build(actor)


def post(world, charge, *, amount, kind, key, reason=""):
    posting = world.posting(charge, amount=amount, kind=kind, key=key)
    ledger.post([replace(posting, reason_code=reason)], actor=world.actor)
    return LedgerEntry.objects.get(source_kind="test", source_key=key)


def a_month(world):
    """A charge, everything that can happen to it, and its sums: (charged, adjusted, collected, refunded)."""
    charge = world.claim("200.00").lines.get().charge
    post(world, charge, amount="-80.00", kind="insurance_payment", key="pay")
    post(world, charge, amount="-61.37", kind="adjustment", key="adj")
    post(world, charge, amount="-20.00", kind="patient_payment", key="pat")
    post(world, charge, amount="5.00", kind="refund", key="ref")
    post(world, charge, amount="-7.11", kind="write_off", key="bad")
    taken_back = post(world, charge, amount="-4.00", kind="insurance_payment", key="wrong")
    ledger.reverse([taken_back], posted_on=DAY, actor=world.actor)
    share = world.posting(charge, amount="10.00", kind="transfer", key="move")
    ledger.transfer(share, to_payer_id=None, actor=world.actor)
    return charge


def book(world):
    return books.post_days(FIRST, last=LAST, actor=world.actor)


def month(basis):
    names = dict(Account.objects.values_list("id", "number"))
    found = selectors.sums(first=FIRST, last=LAST, basis=basis)
    return {names[account]: amount for account, amount in found.items() if amount}


def receivable():
    sums = JournalLine.objects.filter(account__number=1100).aggregate(d=Sum("debit"), c=Sum("credit"))
    return sums["d"] - sums["c"]


def test_accrual_revenue_is_what_was_charged_less_what_was_taken_off(world):
    a_month(world)
    book(world)
    assert month("accrual") == {
        4100: Decimal("200.00"), 4200: Decimal("61.37"), 4280: Decimal("7.11"),
    }  # fmt: skip


def test_cash_revenue_is_what_was_collected_less_what_was_given_back(world):
    a_month(world)
    book(world)
    assert month("cash") == {4150: Decimal("100.00"), 4800: Decimal("5.00")}


def test_receivables_are_the_sum_of_the_patient_ledger(world):
    a_month(world)
    book(world)
    assert receivable() == LedgerEntry.objects.aggregate(total=Sum("amount"))["total"]


def test_courtesy_and_bad_debt_are_kept_apart(world):
    charge = world.claim("100.00").lines.get().charge
    post(world, charge, amount="-30.00", kind="write_off", key="kind", reason="CRTSY")
    book(world)
    assert month("accrual") == {4100: Decimal("100.00"), 4250: Decimal("30.00")}


def test_a_second_run_posts_nothing(world):
    a_month(world)
    assert book(world) == 1
    assert book(world) == 0


def test_what_a_day_became_later_is_posted_as_the_difference(world):
    charge = a_month(world)
    book(world)
    before = Journal.objects.get().lines.count()
    post(world, charge, amount="-3.00", kind="insurance_payment", key="late")
    assert book(world) == 1
    keys = list(Journal.objects.order_by("source_key").values_list("source_key", flat=True))
    assert keys == ["2026-09-01/1", "2026-09-01/2"]
    assert Journal.objects.get(source_key="2026-09-01/1").lines.count() == before
    added = Journal.objects.get(source_key="2026-09-01/2")
    assert sum(line.debit for line in added.lines.filter(account__number=1010)) == Decimal("3.00")
    assert month("cash")[4150] == Decimal("103.00")
    assert book(world) == 0


def test_a_change_of_a_closed_month_is_booked_in_the_next_open_one(world):
    charge = a_month(world)
    book(world)
    periods.close_month(DAY, today=date(2026, 11, 5), actor=world.actor)
    periods.close_month(date(2026, 10, 1), today=date(2026, 11, 5), actor=world.actor)
    post(world, charge, amount="-3.00", kind="insurance_payment", key="late")
    assert book(world) == 1
    assert Journal.objects.get(source_key="2026-09-01/2").dated_on == date(2026, 11, 1)
    assert month("cash")[4150] == Decimal("100.00")
    assert book(world) == 0
    assert receivable() == LedgerEntry.objects.aggregate(total=Sum("amount"))["total"]
