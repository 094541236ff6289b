"""The tracker of transactions: whatever comes in order, what parties owe is what was charged and not yet settled."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.rules.money import PATIENT, Tracker, parse
from kit.sheet_reader import BadField, Row
from tests.interop import tiny


def feed(tracker, *rows):
    return [tracker.feed(parse(Row(number=number, values=row))) for number, row in enumerate(rows, start=2)]


def told(move):
    return [(entry.kind, str(entry.amount), entry.holder, entry.key) for entry in move.entries]


def test_a_copay_takes_from_who_owes_and_the_rest_is_the_patients_credit():
    copay = tiny.money(1, "c1", "a1", "PAYMENT", METHOD="COPAY", PAYMENTS="5.00")
    _, move = feed(Tracker(), tiny.charge(0, "c1", "a1", "3.50"), copay)
    assert told(move) == [
        ("patient_payment", "-3.50", "1", "t1"),
        ("patient_payment", "-1.50", "p", "t1/credit"),
    ]


def test_a_transfer_is_two_entries_that_sum_to_zero():
    tracker = Tracker()
    out = tiny.money(1, "c1", "a1", "TRANSFEROUT", TRANSFERS="10.00")
    into = tiny.money(2, "c1", "a1", "TRANSFERIN", TRANSFERS="10.00", TRANSFERTYPE="p", TRANSFEROUTID="1")
    _, first, second = feed(tracker, tiny.charge(0, "c1", "a1", "10.00"), out, into)
    assert told(first) == []
    assert told(second) == [("transfer", "-10.00", "1", "t1"), ("transfer", "10.00", "p", "t2")]
    assert [one.id for one in second.settles] == ["t1", "t2"]
    assert tracker.waiting() == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (tiny.money(3, "c2", "a1", "PAYMENT", METHOD="CASH", PAYMENTS="1"), "CHARGEID"),
        (tiny.money(0, "c1", "a1", "PAYMENT", METHOD="CASH", PAYMENTS="1"), "CHARGEID"),
        (tiny.money(3, "c1", "a1", "PAYMENT", METHOD="CASH", PAYMENTS="1", code="140"), "PROCEDURECODE"),
        (
            tiny.money(3, "c1", "a1", "TRANSFERIN", TRANSFERS="1", TRANSFERTYPE="p", TRANSFEROUTID="2"),
            "TRANSFEROUTID",
        ),
        (tiny.charge(3, "c1", "a1", "1.00", owes="x"), "TRANSFERTYPE"),
        (tiny.money(3, "c1", "a1", "ADJUSTMENT"), "ADJUSTMENTS"),
    ],
)
def test_what_does_not_fit_is_refused(row, field):
    tracker = Tracker()
    feed(tracker, tiny.charge(0, "c1", "a1", "10.00"))
    with pytest.raises(BadField) as refused:
        feed(tracker, row)
    assert refused.value.field == field
    assert tracker.claims["c1"].owed == {"1": Decimal("10.00")}


STEP = st.tuples(
    st.sampled_from(["charge", "COPAY", "ECHECK", "CASH", "adjustment", "to p", "to 2"]),
    st.integers(min_value=0, max_value=50_000),
)


@given(st.lists(STEP, max_size=25), st.sampled_from(["1", PATIENT]))
def test_what_parties_owe_is_charges_less_payments_and_adjustments(steps, owes):
    tracker, rows, number, wanted = (
        Tracker(),
        [tiny.charge(0, "c1", "a1", "100.00", owes=owes)],
        1,
        Decimal(100),
    )
    for kind, cents in steps:
        amount = str(Decimal(cents).scaleb(-2))
        if kind == "charge":
            rows.append(tiny.charge(number, "c1", "a1", amount, owes=owes))
            wanted += Decimal(amount)
        elif kind == "adjustment":
            rows.append(tiny.money(number, "c1", "a1", "ADJUSTMENT", ADJUSTMENTS=amount))
            wanted -= Decimal(amount)
        elif kind.startswith("to"):
            rows.append(tiny.money(number, "c1", "a1", "TRANSFEROUT", TRANSFERS=amount))
            into = {"TRANSFERS": amount, "TRANSFERTYPE": kind[-1], "TRANSFEROUTID": str(number)}
            number += 1
            rows.append(tiny.money(number, "c1", "a1", "TRANSFERIN", **into))
        else:
            rows.append(tiny.money(number, "c1", "a1", "PAYMENT", METHOD=kind, PAYMENTS=amount))
            wanted -= Decimal(amount)
        number += 1
    entries = [entry for move in feed(tracker, *rows) for entry in move.entries]
    assert sum((entry.amount for entry in entries), Decimal(0)) == wanted
    assert len({entry.key for entry in entries}) == len(entries), "every entry has its own source"
    assert sum((e.amount for e in entries if e.kind == "transfer"), Decimal(0)) == 0
