"""Whatever is charged, paid, adjusted, moved and taken back: open items are the sum of the ledger."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing.models import LedgerEntry, OpenItem
from billing.rules.ageing import LABELS, OpenAmount, age, bucket_of
from billing.services import invariants, ledger
from tests.billing.remittance_world import DAY, build
from tests.cast import actor_named, in_practice

D = Decimal
CENTS = st.integers(min_value=1, max_value=50_000).map(lambda cents: D(cents) / 100)


class Undone(Exception):
    """Takes an example's rows back."""


class Account(RuleBasedStateMachine):
    """A patient's account kept in a dictionary beside the ledger."""

    def __init__(self):
        super().__init__()
        self.entered = in_practice(actor_named("biller"))
        self.actor = self.entered.__enter__()
        self.world = build(self.actor)
        self.expected = {}
        self.charges, self.number = [], 0

    def teardown(self):
        with suppress(Undone):
            self.entered.__exit__(Undone, Undone(), None)

    def post(self, charge, *, amount, kind, payer="payer", transfer=False):
        self.number += 1
        one = self.world.posting(charge, amount=str(amount), kind=kind, key=f"m{self.number}", payer=payer)
        if transfer:
            return ledger.transfer(one, to_payer_id=None, actor=self.actor)
        return ledger.post([one], actor=self.actor)

    def count(self, charge, *, payer, amount):
        key = (charge.pk, payer)
        self.expected[key] = self.expected.get(key, D("0.00")) + amount

    @initialize(amount=CENTS)
    def first(self, amount):
        self.add(amount)

    @rule(amount=CENTS)
    def add(self, amount):
        charge = self.world.claim(str(amount)).lines.get().charge
        self.charges.append(charge)
        self.count(charge, payer=self.world.payer.pk, amount=amount)

    @rule(
        data=st.data(), amount=CENTS, kind=st.sampled_from(["insurance_payment", "adjustment", "write_off"])
    )
    def take_off(self, data, amount, kind):
        charge = data.draw(st.sampled_from(self.charges))
        self.post(charge, amount=-amount, kind=kind)
        self.count(charge, payer=self.world.payer.pk, amount=-amount)

    @rule(data=st.data(), amount=CENTS)
    def move(self, data, amount):
        charge = data.draw(st.sampled_from(self.charges))
        assert self.post(charge, amount=amount, kind="transfer", transfer=True) == 2
        self.count(charge, payer=self.world.payer.pk, amount=-amount)
        self.count(charge, payer=None, amount=amount)

    @rule(data=st.data(), amount=CENTS)
    def pay_by_hand(self, data, amount):
        charge = data.draw(st.sampled_from(self.charges))
        self.post(charge, amount=-amount, kind="patient_payment", payer=None)
        self.count(charge, payer=None, amount=-amount)

    @precondition(lambda self: self.number > 0)
    @rule(data=st.data())
    def take_back(self, data):
        entries = list(LedgerEntry.objects.filter(reversals=None).exclude(kind="reversal"))
        if not entries:
            return
        entry = data.draw(st.sampled_from(sorted(entries, key=lambda one: one.source_key)))
        assert ledger.reverse([entry], posted_on=DAY, actor=self.actor) == 1
        assert ledger.reverse([entry], posted_on=DAY, actor=self.actor) == 0
        self.expected[entry.charge_id, entry.payer_id] -= entry.amount

    @invariant()
    def open_items_are_what_we_counted(self):
        found = {(item.charge_id, item.payer_id): item.balance for item in OpenItem.objects.all()}
        assert {key: value for key, value in found.items() if value} == {
            key: value for key, value in self.expected.items() if value
        }

    @invariant()
    def the_practice_has_no_difference(self):
        report = invariants.check(actor=self.actor)
        moved = [one for one in report.findings if "transfers" not in one.what]
        assert moved == []
        assert report.receivable == sum(self.expected.values(), D("0.00"))


@pytest.mark.django_db
def test_any_order_of_entries_keeps_open_items_equal_to_the_ledger():
    quick = settings(
        max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Account, settings=quick)


@pytest.mark.django_db
def test_a_wrong_open_item_is_found(acting):
    with acting("biller") as actor:
        world = build(actor)
        world.claim("100.00")
        assert invariants.check(actor=actor).findings == ()
        OpenItem.objects.update(balance=D("99.00"))
        findings = invariants.check(actor=actor).findings
        assert [str(one).split(": ")[-1] for one in findings] == ["$99.00 instead of $100.00"] * 2


@pytest.mark.parametrize(
    ("days", "label"),
    [(0, "0–30"), (30, "0–30"), (31, "31–60"), (60, "31–60"), (61, "61–90"), (90, "61–90"), (91, "91–120"),
     (120, "91–120"), (121, "121+"), (4000, "121+"), (-5, "0–30")],
)  # fmt: skip
def test_a_balance_stands_in_the_bucket_of_its_age(days, label):
    assert bucket_of(DAY - timedelta(days=days), day=DAY) == label
    assert bucket_of(None, day=DAY) == "0–30"


def test_ages_are_summed_by_party():
    rows = age(
        [
            OpenAmount("Alder", D("10.00"), DAY),
            OpenAmount("Alder", D("5.00"), DAY - timedelta(days=40)),
            OpenAmount("Patient", D("-1.00"), None),
        ],
        day=DAY,
    )
    assert [(row.party, row.total) for row in rows] == [("Alder", D("15.00")), ("Patient", D("-1.00"))]
    assert [rows[0].buckets[label] for label in LABELS] == [D("10.00"), D("5.00"), D("0"), D("0"), D("0")]
