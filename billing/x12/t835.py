"""Read an 835 (health care claim payment, guide 005010X221A1) into frozen values.

Nothing is posted, repaired or invented here. Amounts that are no amounts raise; dates that are no
dates become None with a warning; segments the guide does not have stay raw with a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billing.x12.digest import digest_segments
from billing.x12.envelope import RawTransaction, read_transactions
from billing.x12.errors import X12Warning
from billing.x12.model import (
    Claim835,
    DatedEvent,
    HeaderGroup,
    Line835,
    Party,
    Payment,
    ProviderAdjustment,
    RawSegment,
    Reference,
    Remittance,
    Trace,
    Transaction835,
)
from billing.x12.t835_parts import (
    Parts,
    read_contact,
    read_dated,
    read_procedure,
    read_provider_adjustments,
    read_raw,
    read_reference,
)
from billing.x12.tokenizer import Segment, Source
from billing.x12.values import Context

_MARKERS = frozenset({"N1", "LX", "CLP", "SVC", "PLB"})

Block = list[Segment]


def parse_835(source: Source) -> Remittance:
    """Parse a whole file: one Transaction835 per ST.

    Raises X12Error, with its position, when the envelope is broken or cut, when a transaction is not
    an 835, and when money, CLP01, BPR or TRN is missing or unreadable.
    """
    warnings: list[X12Warning] = []
    transactions = tuple(iter_835(source, warnings=warnings))
    if not transactions:
        warnings.append(X12Warning("the file has no transaction", 1, "ISA"))
    return Remittance(transactions, tuple(warnings))


def iter_835(source: Source, *, warnings: list[X12Warning]) -> Iterator[Transaction835]:
    """Like parse_835 with one transaction in memory at a time; warnings are appended as they come."""
    for raw in read_transactions(source, warnings=warnings):
        yield _transaction(raw, context=Context(transaction=raw.control_number, warnings=warnings))


def _transaction(raw: RawTransaction, *, context: Context) -> Transaction835:
    start, body = raw.segments[0], raw.segments[1:-1]
    if raw.kind != "835":
        raise context.error("not an 835 transaction", segment=start, element=1)
    draft = _Draft(context)
    for block in _blocks(body):
        draft.take(block)
    return draft.finish(raw, start=start)


def _blocks(body: Sequence[Segment]) -> Iterator[Block]:
    """Cut the body before each segment that opens a loop."""
    block: Block = []
    for segment in body:
        if segment.id in _MARKERS and block:
            yield block
            block = []
        block.append(segment)
    if block:
        yield block


class _Draft:
    """What has been read of one transaction so far."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.payment: Payment | None = None
        self.trace: Trace | None = None
        self.references: list[Reference] = []
        self.dates: list[DatedEvent] = []
        self.parties: dict[str, Party] = {}
        self.groups: list[HeaderGroup] = []
        self.claims: list[Claim835] = []
        self.plbs: list[ProviderAdjustment] = []
        self.other: list[RawSegment] = []
        self.open_claim: Block = []
        self.open_lines: list[Block] = []

    def take(self, block: Block) -> None:
        """Read one block by the segment that opens it."""
        marker = block[0].id
        if marker == "SVC":
            if not self.open_claim:
                raise self.context.error("service line outside a claim", segment=block[0])
            self.open_lines.append(block)
            return
        self._close_claim()
        if marker == "CLP":
            self.context.claim = block[0].get(1)
            self.open_claim = block
        elif marker == "N1":
            self._party(block)
        elif marker == "LX":
            self._group(block)
        elif marker == "PLB":
            self.plbs += read_provider_adjustments(block[0], context=self.context)
            self.other += [read_raw(segment, context=self.context) for segment in block[1:]]
        else:
            self._header(block)

    def finish(self, raw: RawTransaction, *, start: Segment) -> Transaction835:
        """Close the last claim; raises X12Error without BPR or TRN."""
        self._close_claim()
        if self.payment is None:
            raise self.context.error("payment segment BPR is missing", segment=start)
        if self.trace is None or not self.trace.number:
            raise self.context.error("trace number TRN02 is missing", segment=start)
        return Transaction835(
            control_number=raw.control_number,
            payment=self.payment,
            trace=self.trace,
            payer=self.parties.get("PR"),
            payee=self.parties.get("PE"),
            references=tuple(self.references),
            dates=tuple(self.dates),
            groups=tuple(self.groups),
            claims=tuple(self.claims),
            provider_adjustments=tuple(self.plbs),
            other=tuple(self.other),
            version=raw.version,
            interchange_control=raw.interchange_control,
            group_control=raw.group_control,
            segment_number=start.number,
            body_sha256=digest_segments(raw.segments[1:-1]),
        )

    def _close_claim(self) -> None:
        if self.open_claim:
            group = self.groups[-1].number if self.groups else ""
            lines = tuple(_line(block, context=self.context) for block in self.open_lines)
            claim = _claim(self.open_claim, lines=lines, group=group, context=self.context)
            self.claims.append(claim)
        self.open_claim, self.open_lines = [], []
        self.context.claim = ""

    def _header(self, block: Block) -> None:
        for segment in block:
            if segment.id == "BPR" and self.payment is None:
                self.payment = _payment(segment, context=self.context)
            elif segment.id == "TRN" and self.trace is None:
                numbers = (segment.get(2), segment.get(3), segment.get(4), segment.get(1))
                self.trace = Trace(*numbers)
            elif segment.id == "REF":
                self.references.append(read_reference(segment))
            elif segment.id == "DTM":
                self.dates.append(read_dated(segment, context=self.context))
            else:
                self.other.append(read_raw(segment, context=self.context))

    def _party(self, block: Block) -> None:
        entity = block[0].get(1)
        if entity not in ("PR", "PE") or entity in self.parties or self.claims:
            self.context.warn("unexpected party", segment=block[0], element=1)
            self.other += [read_raw(segment, context=self.context, quiet=True) for segment in block]
            return
        self.parties[entity] = _party(block, context=self.context)

    def _group(self, block: Block) -> None:
        summaries: list[RawSegment] = []
        for segment in block[1:]:
            known = segment.id in ("TS2", "TS3")
            (summaries if known else self.other).append(read_raw(segment, context=self.context, quiet=known))
        self.groups.append(HeaderGroup(block[0].get(1), tuple(summaries)))


def _payment(segment: Segment, *, context: Context) -> Payment:
    text = segment.get
    return Payment(
        amount=context.required_money(segment, element=2),
        method=text(4),
        day=context.day(segment, element=16),
        handling=text(1),
        credit_debit=text(3),
        format=text(5),
        payer_bank_qualifier=text(6),
        payer_bank=text(7),
        payer_account_qualifier=text(8),
        payer_account=text(9),
        originator_id=text(10),
        originator_code=text(11),
        payee_bank_qualifier=text(12),
        payee_bank=text(13),
        payee_account_qualifier=text(14),
        payee_account=text(15),
    )


def _party(block: Block, *, context: Context) -> Party:
    address: tuple[str, ...] = ()
    place = ("", "", "", "")
    references, contacts, other = [], [], []
    for segment in block[1:]:
        if segment.id == "N3":
            address += tuple(line for line in (segment.get(1), segment.get(2)) if line)
        elif segment.id == "N4":
            place = (segment.get(1), segment.get(2), segment.get(3), segment.get(4))
        elif segment.id == "REF":
            references.append(read_reference(segment))
        elif segment.id == "PER":
            contacts.append(read_contact(segment))
        else:
            other.append(read_raw(segment, context=context))
    first = block[0]
    return Party(
        first.get(1), first.get(2), first.get(3), first.get(4), address, *place,
        references=tuple(references), contacts=tuple(contacts), other=tuple(other),
    )  # fmt: skip


def _claim(block: Block, *, lines: tuple[Line835, ...], group: str, context: Context) -> Claim835:
    clp = block[0]
    if not clp.get(1):
        raise context.error("claim number missing", segment=clp, element=1)
    parts = Parts(context)
    for segment in block[1:]:
        parts.take(segment, level="claim")
    return Claim835(
        claim_id=clp.get(1),
        status=clp.get(2),
        charge=context.required_money(clp, element=3),
        paid=context.required_money(clp, element=4),
        patient_responsibility=context.money(clp, element=5),
        filing_code=clp.get(6),
        payer_control_number=clp.get(7),
        facility_code=clp.get(8),
        frequency=clp.get(9),
        patient_status=clp.get(10),
        drg_code=clp.get(11),
        drg_weight=context.number(clp, element=12),
        discharge_fraction=context.number(clp, element=13),
        header_number=group,
        adjustments=tuple(parts.adjustments),
        names=tuple(parts.names),
        inpatient=parts.inpatient,
        outpatient=parts.outpatient,
        references=tuple(parts.references),
        dates=tuple(parts.dates),
        contacts=tuple(parts.contacts),
        amounts=tuple(parts.amounts),
        quantities=tuple(parts.quantities),
        lines=lines,
        other=tuple(parts.other),
        segment_number=clp.number,
    )


def _line(block: Block, *, context: Context) -> Line835:
    svc = block[0]
    parts = Parts(context)
    for segment in block[1:]:
        parts.take(segment, level="line")
    procedure = read_procedure(svc.components(1))
    if procedure is None:
        raise context.error("procedure missing", segment=svc, element=1)
    return Line835(
        procedure=procedure,
        charge=context.required_money(svc, element=2),
        paid=context.required_money(svc, element=3),
        revenue_code=svc.get(4),
        units=context.number(svc, element=5),
        original_procedure=read_procedure(svc.components(6)),
        original_units=context.number(svc, element=7),
        dates=tuple(parts.dates),
        adjustments=tuple(parts.adjustments),
        references=tuple(parts.references),
        amounts=tuple(parts.amounts),
        quantities=tuple(parts.quantities),
        remarks=tuple(parts.remarks),
        other=tuple(parts.other),
        segment_number=svc.number,
    )
