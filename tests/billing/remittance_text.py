"""835 texts of our own, made with the codec's writer: what a payer might answer to the claims of a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from billing.models import Claim
from billing.x12 import (
    Addressing,
    Adjustment,
    Claim835,
    DatedEvent,
    HeaderGroup,
    Line835,
    Name,
    Party,
    Payment,
    Procedure,
    ProviderAdjustment,
    Reference,
    Remark,
    Trace,
    Transaction835,
    write_835,
)

PAID = date(2026, 9, 20)
ZERO = Decimal("0.00")


def cas(*triplets: str) -> list[Adjustment]:
    """``cas("CO-45 40.00", "PR-3 20.00")``."""
    found = []
    for text in triplets:
        code, amount = text.split()
        group, reason = code.split("-")
        found.append(Adjustment(group, reason, Decimal(amount)))
    return found


def line(
    code: str, charge: str, paid: str, *triplets: str, control: str = "", remarks: Sequence[str] = ()
) -> Line835:
    """One service line of an answer."""
    return Line835(
        procedure=Procedure("HC", code),
        charge=Decimal(charge),
        paid=Decimal(paid),
        units=Decimal(1),
        dates=(DatedEvent("472", date(2026, 9, 1)),),
        adjustments=tuple(cas(*triplets)),
        references=(Reference("6R", control),) if control else (),
        remarks=tuple(Remark("HE", code) for code in remarks),
    )


def answer(
    claim: Claim | str, *lines: Line835, status: str = "1", number: str = "PCN1", **more: object
) -> Claim835:
    """One claim of an answer; charge and payment are the sums of its lines unless given."""
    reference = claim if isinstance(claim, str) else claim.control_number
    charge = sum((one.charge for one in lines), ZERO)
    paid = sum((one.paid for one in lines), ZERO)
    share = sum((a.amount for one in lines for a in one.adjustments if a.group == "PR"), ZERO)
    made = Claim835(
        claim_id=reference, status=status, charge=charge, paid=paid, patient_responsibility=share,
        filing_code="12", payer_control_number=number, header_number="1", lines=lines,
        names=(Name("QC", "LIND", "ROSA", id_qualifier="MI", identifier="ALD700123"),),
    )  # fmt: skip
    return replace(made, **more) if more else made


def taken_back(claim: Claim835, **more: object) -> Claim835:
    """The reversal (CLP02 22) of an answer: every amount negated."""

    def minus(items: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
        return tuple(replace(item, amount=-item.amount) for item in items)

    lines = tuple(
        replace(one, charge=-one.charge, paid=-one.paid, adjustments=minus(one.adjustments))
        for one in claim.lines
    )
    made = replace(
        claim,
        status="22",
        charge=-claim.charge,
        paid=-claim.paid,
        lines=lines,
        adjustments=minus(claim.adjustments),
    )
    return replace(made, **more) if more else made


def payment(
    *claims: Claim835,
    trace: str = "T1001",
    amount: str = "",
    plb: Sequence[tuple[str, str, str]] = (),
    control: str = "0001",
    payer_id: str = "ALD22",
) -> Transaction835:
    """One ST. ``plb`` holds (reason, reference, amount). The payment is what it must be unless given."""
    kept = sum((Decimal(item[2]) for item in plb), ZERO)
    net = Decimal(amount) if amount else sum((claim.paid for claim in claims), ZERO) - kept
    return Transaction835(
        control_number=control,
        payment=Payment(amount=abs(net), method="ACH", day=PAID, credit_debit="C" if net >= 0 else "D", handling="I"),
        trace=Trace(trace, payer_id),
        payer=Party("PR", "ALDER MUTUAL", address=("1 PLAZA",), city="ALBANY", state="NY", zip_code="12201"),
        payee=Party("PE", "HARBOR", "XX", "1245319599"),
        groups=(HeaderGroup("1"),),
        claims=claims,
        provider_adjustments=tuple(
            ProviderAdjustment("1245319599", date(2026, 12, 31), reason, reference, Decimal(value))
            for reason, reference, value in plb
        ),
    )  # fmt: skip


def text(*payments: Transaction835, number: int = 1) -> str:
    """A whole file."""
    return write_835(
        payments, addressing=Addressing("ZZ", "PAYER", "ZZ", "WELLRUN"), interchange_control=number,
        group_control=number, when=datetime(2026, 9, 20, 4, 18), usage="T",
    )  # fmt: skip
