"""The worked table of docs/algorithms/remittance-balancing.md is the fixture."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from x12_samples import SAMPLE_835, money, replaced, segment_number

from billing import x12

D = Decimal

DOCUMENT = Path(__file__).parents[2] / "docs" / "algorithms" / "remittance-balancing.md"


def rows() -> list[list[str]]:
    table = DOCUMENT.read_text().split("## Worked table")[1]
    cells = [
        [c.strip() for c in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"
    ]
    return cells[2:]


def amounts(text: str) -> tuple[D, D, tuple[x12.Adjustment, ...]]:
    charge, rest = text.split(">")
    paid, *adjusted = rest.split(",")
    return (
        D(charge.strip()),
        D(paid.strip()),
        tuple(x12.Adjustment("CO", "45", D(a.strip())) for a in adjusted),
    )


def built_claim(text: str, *, number: int) -> x12.Claim835:
    head = text.split("[")[0]
    charge, paid, adjusted = amounts(head)
    lines = tuple(
        x12.Line835(x12.Procedure("HC", "99213"), *amounts(line)[:2], adjustments=amounts(line)[2])
        for line in re.findall(r"\[(.*?)\]", text)
    )
    return x12.Claim835(str(number), "1", charge, paid, adjustments=adjusted, lines=lines)


def described(item: x12.Imbalance) -> str:
    place = {"line": f" {item.claim}.{item.line}", "claim": f" {item.claim}", "transaction": ""}[item.level]
    return f"{item.level}{place}: {item.expected.normalize():f} / {item.found.normalize():f}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_row_of_the_worked_table_comes_out(row: list[str]) -> None:
    _, payment, plb, claims, reported = row
    transaction = x12.Transaction835(
        "0001",
        x12.Payment(D(payment), "ACH", None),
        x12.Trace("T1"),
        claims=tuple(
            built_claim(text, number=n) for n, text in enumerate(filter(None, claims.split(";")), 1)
        ),
        provider_adjustments=tuple(
            x12.ProviderAdjustment("1", None, "WO", "", D(amount)) for amount in plb.split()
        ),
    )
    assert "; ".join(described(item) for item in x12.imbalances(transaction)) == reported


def test_the_table_has_rows_of_both_kinds() -> None:
    reported = [row[4] for row in rows()]
    assert reported.count("") >= 10
    assert len(reported) - reported.count("") >= 7


def test_an_imbalance_names_transaction_claim_line_and_segment() -> None:
    text = replaced(("SVC*HC:99213:25*100*60", "SVC*HC:99213:25*100*59.99"))
    (transaction,) = x12.parse_835(text).transactions
    (found,) = x12.imbalances(transaction)
    assert (found.level, found.transaction, found.claim, found.line) == ("line", "0001", "WR1", 1)
    assert found.segment_number == segment_number("SVC*HC:99213")
    assert (found.expected, found.found) == (D(60), D("59.99"))


@pytest.mark.parametrize(
    ("old", "new", "level", "at"),
    [
        ("CLP*WR2*22*100*95", "CLP*WR2*22*101*95", "claim", "CLP*WR2"),
        ("BPR*I*160", "BPR*I*160.01", "transaction", "ST*835"),
        ("*L6:PCN9*-5", "*L6:PCN9*5", "transaction", "ST*835"),
    ],
)
def test_a_changed_amount_is_found_where_it_was_changed(old: str, new: str, level: str, at: str) -> None:
    (transaction,) = x12.parse_835(replaced((old, new))).transactions
    (found,) = x12.imbalances(transaction)
    assert (found.level, found.segment_number) == (level, segment_number(at))


@given(st.lists(st.tuples(money, st.lists(money, max_size=4)), max_size=4), st.lists(money, max_size=3))
def test_a_transaction_made_to_balance_balances_and_any_cent_more_does_not(
    lines: list[tuple[D, list[D]]], plb: list[D]
) -> None:
    built = tuple(
        x12.Line835(
            x12.Procedure("HC", "99213"), charge, charge - sum(adjusted, D(0)),
            adjustments=tuple(x12.Adjustment("CO", "45", amount) for amount in adjusted),
        )
        for charge, adjusted in lines
    )  # fmt: skip
    paid = sum((line.paid for line in built), D(0))
    claim = x12.Claim835("1", "1", sum((line.charge for line in built), D(0)), paid, lines=built)

    def transaction(payment: D) -> x12.Transaction835:
        return x12.Transaction835(
            "0001", x12.Payment(payment, "ACH", None), x12.Trace("T"), claims=(claim,),
            provider_adjustments=tuple(x12.ProviderAdjustment("1", None, "WO", "", a) for a in plb),
        )  # fmt: skip

    net = paid - sum(plb, D(0))
    assert x12.imbalances(transaction(net)) == []
    assert [item.level for item in x12.imbalances(transaction(net + D("0.01")))] == ["transaction"]


def test_oddities_that_do_not_stop_a_posting_are_warnings() -> None:
    (clean,) = x12.parse_835(SAMPLE_835).transactions
    assert x12.balance_warnings(clean) == []
    text = replaced(("CLP*WR1*1*150*60*40", "CLP*WR1*1*151*60*41"), ("BPR*I*160", "BPR*I*-160"))
    (odd,) = x12.parse_835(text).transactions
    found = [(w.segment_id, w.element, w.claim) for w in x12.balance_warnings(odd)]
    assert found == [("CLP", 5, "WR1"), ("CLP", 3, "WR1"), ("BPR", 2, "")]
