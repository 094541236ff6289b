"""Write an 835. The sandbox payer of the product answers our 837P with it; tests make their files with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from billing.x12.digest import digest_segments
from billing.x12.envelope import Addressing
from billing.x12.model import (
    Adjustment,
    Claim835,
    Contact,
    DatedEvent,
    Line835,
    Party,
    Procedure,
    ProviderAdjustment,
    RawSegment,
    Reference,
    Transaction835,
)
from billing.x12.tokenizer import STANDARD_DELIMITERS, Delimiters, tokenize
from billing.x12.writer import Element, InterchangeWriter

GUIDE_835 = "005010X221A1"
_TRIPLETS_PER_CAS = 6
_PAIRS_PER_PLB = 6

Row = list[Element]


def write_835(
    transactions: Sequence[Transaction835],
    *,
    addressing: Addressing,
    interchange_control: int,
    group_control: int,
    when: datetime,
    usage: str,
    delimiters: Delimiters = STANDARD_DELIMITERS,
) -> str:
    """One interchange with one ST per transaction; parse_835 of the result gives the same values back.

    The guide wants each claim below an LX: name a HeaderGroup of the transaction in `header_number`.

    Control numbers come from the caller's sequences, usage is P or T. Raises X12Error for control
    numbers, addresses or delimiters that X12 does not allow.
    """
    writer = InterchangeWriter(delimiters=delimiters)
    writer.open(
        addressing, function="HP", version=GUIDE_835, interchange_control=interchange_control,
        group_control=group_control, when=when, usage=usage,
    )  # fmt: skip
    for transaction in transactions:
        writer.begin("835", control_number=transaction.control_number)
        for row in _body(transaction):
            writer.add(row)
        writer.end()
    return writer.text()


def transaction_digest(transaction: Transaction835) -> str:
    """SHA-256 (hex) of the normalised body, without ST, SE and control numbers (ARCHITECTURE 14).

    Of a parsed transaction it is the digest of what the file said; of one built in memory, of what
    write_835 would write.
    """
    if transaction.body_sha256:
        return transaction.body_sha256
    writer = InterchangeWriter()
    writer.open(
        Addressing("ZZ", "DIGEST", "ZZ", "DIGEST"), function="HP", version=GUIDE_835,
        interchange_control=1, group_control=1, when=datetime(2000, 1, 1), usage="T",
    )  # fmt: skip
    for row in _body(transaction):
        writer.add(row)
    return digest_segments(list(tokenize(writer.text()))[2:-2])


def _body(transaction: Transaction835) -> Iterator[Row]:
    pay, trace = transaction.payment, transaction.trace
    yield [
        "BPR", pay.handling, pay.amount, pay.credit_debit, pay.method, pay.format,
        pay.payer_bank_qualifier, pay.payer_bank, pay.payer_account_qualifier, pay.payer_account,
        pay.originator_id, pay.originator_code, pay.payee_bank_qualifier, pay.payee_bank,
        pay.payee_account_qualifier, pay.payee_account, pay.day,
    ]  # fmt: skip
    yield ["TRN", trace.type_code, trace.number, trace.originator_id, trace.originator_code]
    yield from _raw_rows(item for item in transaction.other if item.id == "CUR")
    yield from _references(transaction.references)
    yield from _dates(transaction.dates)
    for party in (transaction.payer, transaction.payee):
        if party is not None:
            yield from _party(party)
    yield from _claims(transaction)
    yield from _provider_adjustments(transaction.provider_adjustments)
    yield from _raw_rows(item for item in transaction.other if item.id != "CUR")


def _claims(transaction: Transaction835) -> Iterator[Row]:
    """Claims below their LX, in the order of the file; groups without claims are kept too."""
    waiting = list(transaction.groups)
    current = ""
    for claim in transaction.claims:
        while claim.header_number != current and waiting:
            group = waiting.pop(0)
            current = group.number
            yield ["LX", group.number]
            yield from _raw_rows(group.summaries)
        yield from _claim(claim)
    for group in waiting:
        yield ["LX", group.number]
        yield from _raw_rows(group.summaries)


def _party(party: Party) -> Iterator[Row]:
    yield ["N1", party.entity, party.name, party.id_qualifier, party.identifier]
    for index in range(0, len(party.address), 2):
        yield ["N3", *party.address[index : index + 2]]
    if party.city or party.state or party.zip_code or party.country:
        yield ["N4", party.city, party.state, party.zip_code, party.country]
    yield from _references(party.references)
    yield from _contacts(party.contacts)
    yield from _raw_rows(party.other)


def _claim(claim: Claim835) -> Iterator[Row]:
    yield [
        "CLP", claim.claim_id, claim.status, claim.charge, claim.paid, claim.patient_responsibility,
        claim.filing_code, claim.payer_control_number, claim.facility_code, claim.frequency,
        claim.patient_status, claim.drg_code, claim.drg_weight, claim.discharge_fraction,
    ]  # fmt: skip
    yield from _adjustments(claim.adjustments)
    for name in claim.names:
        yield [
            "NM1", name.entity, "1" if name.is_person else "2", name.last_name, name.first_name,
            name.middle_name, name.prefix, name.suffix, name.id_qualifier, name.identifier,
        ]  # fmt: skip
    if claim.inpatient:
        yield ["MIA", *claim.inpatient]
    if claim.outpatient:
        yield ["MOA", *claim.outpatient]
    yield from _references(claim.references)
    yield from _dates(claim.dates)
    yield from _contacts(claim.contacts)
    for amount in claim.amounts:
        yield ["AMT", amount.qualifier, amount.amount]
    for quantity in claim.quantities:
        yield ["QTY", quantity.qualifier, quantity.quantity]
    yield from _raw_rows(claim.other)
    for line in claim.lines:
        yield from _line(line)


def _line(line: Line835) -> Iterator[Row]:
    yield [
        "SVC", _procedure(line.procedure), line.charge, line.paid, line.revenue_code, line.units,
        _procedure(line.original_procedure), line.original_units,
    ]  # fmt: skip
    yield from _dates(line.dates)
    yield from _adjustments(line.adjustments)
    yield from _references(line.references)
    for amount in line.amounts:
        yield ["AMT", amount.qualifier, amount.amount]
    for quantity in line.quantities:
        yield ["QTY", quantity.qualifier, quantity.quantity]
    for remark in line.remarks:
        yield ["LQ", remark.qualifier, remark.code]
    yield from _raw_rows(line.other)


def _adjustments(adjustments: Sequence[Adjustment]) -> Iterator[Row]:
    """Neighbours of one group share a CAS, at most six to a segment."""
    for group, members in groupby(adjustments, key=lambda item: item.group):
        triplets = list(members)
        for start in range(0, len(triplets), _TRIPLETS_PER_CAS):
            row: Row = ["CAS", group]
            for item in triplets[start : start + _TRIPLETS_PER_CAS]:
                row += [item.reason, item.amount, item.quantity]
            yield row


def _provider_adjustments(adjustments: Sequence[ProviderAdjustment]) -> Iterator[Row]:
    periods = groupby(adjustments, key=lambda item: (item.provider_id, item.period_end))
    for (provider, period), members in periods:
        pairs = list(members)
        for start in range(0, len(pairs), _PAIRS_PER_PLB):
            row: Row = ["PLB", provider, period]
            for item in pairs[start : start + _PAIRS_PER_PLB]:
                row += [(item.reason, item.reference), item.amount]
            yield row


def _procedure(procedure: Procedure | None) -> Element:
    if procedure is None:
        return None
    modifiers = (procedure.modifiers + ("",) * 4)[:4]
    return (procedure.qualifier, procedure.code, *modifiers, procedure.description)


def _references(references: Sequence[Reference]) -> Iterator[Row]:
    for item in references:
        yield ["REF", item.qualifier, item.value]


def _dates(dates: Sequence[DatedEvent]) -> Iterator[Row]:
    for item in dates:
        yield ["DTM", item.qualifier, item.day]


def _contacts(contacts: Sequence[Contact]) -> Iterator[Row]:
    for contact in contacts:
        row: Row = ["PER", contact.function, contact.name]
        for pair in contact.numbers:
            row += pair
        yield row


def _raw_rows(segments: Iterable[RawSegment]) -> Iterator[Row]:
    return ([item.id, *(tuple(element) for element in item.elements)] for item in segments)
