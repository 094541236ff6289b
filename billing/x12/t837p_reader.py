"""Read an 837P back: for the sandbox payer, for tests, and to show what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.x12.claim_model import (
    Accident,
    Address,
    Batch837P,
    BillingProvider,
    ClaimData,
    ClaimFile,
    Drug,
    Facility,
    Patient,
    Payer,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from billing.x12.envelope import RawTransaction, read_transactions
from billing.x12.errors import X12Warning
from billing.x12.tokenizer import Segment, Source
from billing.x12.values import Context, parse_range

Block = list[Segment]
_ONE = Decimal(1)
_OTHER_PAYER = "other payer"


def parse_837p(source: Source) -> ClaimFile:
    """Parse a whole file; of our own files every claim comes back as it went in.

    Segments this product never sends (other payers, ambulance, …) are skipped with a warning. Raises
    X12Error when the envelope is broken, money is unreadable or a required loop is missing.
    """
    warnings: list[X12Warning] = []
    batches: list[Batch837P] = []
    for raw in read_transactions(source, warnings=warnings):
        context = Context(transaction=raw.control_number, warnings=warnings)
        if raw.kind != "837":
            raise context.error("not an 837 transaction", segment=raw.segments[0], element=1)
        batches += _Draft(context, raw=raw).read()
    return ClaimFile(tuple(batches), tuple(warnings))


def _blocks(body: tuple[Segment, ...]) -> Iterator[Block]:
    """Cut before each HL, CLM and LX."""
    block: Block = []
    for segment in body:
        if segment.id in ("HL", "CLM", "LX") and block:
            yield block
            block = []
        block.append(segment)
    if block:
        yield block


class _Draft:
    """What has been read of one transaction so far."""

    def __init__(self, context: Context, *, raw: RawTransaction) -> None:
        self.context = context
        self.raw = raw
        self.reference = ""
        self.submitter: Submitter | None = None
        self.receiver: Receiver | None = None
        self.provider: BillingProvider | None = None
        self.subscriber: tuple[Subscriber, Payer] | None = None
        self.patient: Patient | None = None
        self.claims: list[ClaimData] = []
        self.batches: list[Batch837P] = []

    def read(self) -> list[Batch837P]:
        """All batches of the transaction."""
        for block in _blocks(self.raw.segments[1:-1]):
            first = block[0]
            if first.id == "HL":
                self.context.claim = ""
                self._level(block)
            elif first.id == "CLM":
                self.context.claim = first.get(1)
                self._claim(block)
            elif first.id == "LX":
                self._line(block)
            else:
                self._header(block)
        self._close()
        return self.batches

    def _close(self) -> None:
        if self.claims and self.provider and self.submitter and self.receiver:
            self.batches.append(
                Batch837P(
                    self.submitter,
                    self.receiver,
                    self.provider,
                    tuple(self.claims),
                    self.raw.addressing,
                    self.reference,
                    self.raw.control_number,
                    self.raw.interchange_control,
                    self.raw.group_control,
                )
            )
        self.claims = []

    def _header(self, block: Block) -> None:
        loops = _Loops(block, context=self.context)
        bht, sender, receiver = loops.first("BHT"), loops.named("41"), loops.named("40")
        if bht is None or sender is None or receiver is None:
            raise self.context.error("BHT, submitter or receiver is missing", segment=block[0])
        self.reference = bht.get(3)
        numbers: dict[str, str] = {}
        contact = loops.below("41", segment_id="PER")
        if contact is not None:
            numbers = {contact.get(n): contact.get(n + 1) for n in (3, 5, 7)}
        self.submitter = Submitter(
            sender.get(3),
            sender.get(9),
            contact.get(2) if contact else "",
            numbers.get("TE", ""),
            numbers.get("EX", ""),
            numbers.get("EM", ""),
        )
        self.receiver = Receiver(receiver.get(3), receiver.get(9))

    def _level(self, block: Block) -> None:
        level = block[0].get(3)
        if level == "20":
            self._close()
            self.provider = _billing_provider(block, context=self.context)
            self.subscriber = self.patient = None
        elif level == "22":
            self.subscriber, self.patient = _subscriber(block, context=self.context), None
        elif level == "23":
            self.patient = _patient(block, context=self.context)
        else:
            raise self.context.error("unknown level", segment=block[0], element=3)

    def _claim(self, block: Block) -> None:
        if self.submitter is None or self.provider is None or self.subscriber is None:
            raise self.context.error("claim without header, provider or subscriber", segment=block[0])
        subscriber, payer = self.subscriber
        claim = _claim(block, subscriber=subscriber, payer=payer, context=self.context)
        self.claims.append(replace(claim, patient=self.patient))

    def _line(self, block: Block) -> None:
        if not self.context.claim or not self.claims:
            raise self.context.error("service line outside a claim", segment=block[0])
        claim = self.claims[-1]
        line = _line(block, context=self.context)
        self.claims[-1] = replace(claim, lines=(*claim.lines, line))


class _Loops:
    """The segments of a block, each below the NM1 it follows; what nobody asks for is reported."""

    def __init__(self, block: Block, *, context: Context) -> None:
        self.context = context
        self.start = block[0]
        self._rows: list[tuple[str, Segment]] = []
        entity = ""
        for segment in block:
            if segment.id == "SBR" and self.start.id == "CLM":
                entity = _OTHER_PAYER
            elif segment.id == "NM1" and entity != _OTHER_PAYER:
                entity = segment.get(1)
            self._rows.append((entity, segment))

    def below(self, entity: str, *, segment_id: str, qualifier: str = "") -> Segment | None:
        """First such segment below this NM1 ("" = before any)."""
        for owner, segment in self._rows:
            if owner == entity and segment.id == segment_id and qualifier in ("", segment.get(1)):
                return segment
        return None

    def named(self, entity: str) -> Segment | None:
        """The NM1 with this entity code."""
        return self.below(entity, segment_id="NM1")

    def first(self, segment_id: str, *, qualifier: str = "") -> Segment | None:
        """First such segment before any NM1."""
        return self.below("", segment_id=segment_id, qualifier=qualifier)

    def text(self, entity: str, *, segment_id: str, element: int, qualifier: str = "") -> str:
        """An element of `below`, empty when the segment is absent."""
        segment = self.below(entity, segment_id=segment_id, qualifier=qualifier)
        return segment.get(element) if segment is not None else ""

    def required(self, entity: str) -> Segment:
        """The NM1 with this entity code; raises X12Error when absent."""
        segment = self.named(entity)
        if segment is None:
            raise self.context.error(f"name {entity} is missing", segment=self.start)
        return segment

    def address(self, entity: str) -> Address | None:
        """N3 and N4 below this name."""
        street, place = self.below(entity, segment_id="N3"), self.below(entity, segment_id="N4")
        if street is None or place is None:
            return None
        return Address(street.get(1), place.get(1), place.get(2), place.get(3), street.get(2))

    def required_address(self, entity: str) -> Address:
        """Like address; raises X12Error when absent."""
        address = self.address(entity)
        if address is None:
            raise self.context.error("address is missing", segment=self.required(entity))
        return address

    def day(self, entity: str, *, segment_id: str, element: int, qualifier: str = "") -> date | None:
        """A date below this name."""
        segment = self.below(entity, segment_id=segment_id, qualifier=qualifier)
        return self.context.day(segment, element=element) if segment is not None else None

    def warn_unread(self, known: frozenset[str]) -> None:
        """Warn for each segment whose id is not in `known`."""
        for _, segment in self._rows:
            if segment.id not in known:
                self.context.warn("segment skipped", segment=segment)


def _billing_provider(block: Block, *, context: Context) -> BillingProvider:
    loops = _Loops(block, context=context)
    name = loops.required("85")
    qualifier = "EI" if loops.below("85", segment_id="REF", qualifier="EI") else "SY"
    return BillingProvider(
        name=name.get(3),
        npi=name.get(9),
        tax_id=loops.text("85", segment_id="REF", element=2, qualifier=qualifier),
        address=loops.required_address("85"),
        taxonomy=loops.text("", segment_id="PRV", element=3),
        first_name=name.get(4),
        tax_id_qualifier=qualifier,
        pay_to=loops.address("87"),
    )


def _subscriber(block: Block, *, context: Context) -> tuple[Subscriber, Payer]:
    loops = _Loops(block, context=context)
    name, payer, sbr = loops.required("IL"), loops.required("PR"), loops.first("SBR")
    if sbr is None:
        raise context.error("subscriber segment SBR is missing", segment=block[0])
    person = Subscriber(
        last_name=name.get(3),
        first_name=name.get(4),
        member_id=name.get(9),
        sequence=sbr.get(1),
        filing_code=sbr.get(9),
        group_number=sbr.get(3),
        group_name=sbr.get(4),
        insurance_type=sbr.get(5),
        middle_name=name.get(5),
        suffix=name.get(7),
        address=loops.address("IL"),
        birth_date=loops.day("IL", segment_id="DMG", element=2),
        sex=loops.text("IL", segment_id="DMG", element=3),
    )
    return person, Payer(payer.get(3), payer.get(9), payer.get(8), loops.address("PR"))


def _patient(block: Block, *, context: Context) -> Patient:
    loops = _Loops(block, context=context)
    name = loops.required("QC")
    birth_date = loops.day("QC", segment_id="DMG", element=2)
    if birth_date is None:
        raise context.error("patient birth date is missing", segment=name)
    return Patient(
        last_name=name.get(3),
        first_name=name.get(4),
        relationship=loops.text("", segment_id="PAT", element=1),
        address=loops.required_address("QC"),
        birth_date=birth_date,
        sex=loops.text("QC", segment_id="DMG", element=3),
        middle_name=name.get(5),
        suffix=name.get(7),
    )


_CLAIM_SEGMENTS = frozenset({"CLM", "DTP", "AMT", "REF", "NTE", "HI", "NM1", "PRV", "N3", "N4"})


def _claim(block: Block, *, subscriber: Subscriber, payer: Payer, context: Context) -> ClaimData:
    loops, clm = _Loops(block, context=context), block[0]
    loops.warn_unread(_CLAIM_SEGMENTS)
    facility_name = loops.named("77")
    place = (*clm.components(5), "", "", "")
    codes = loops.first("HI")
    paid = loops.first("AMT", qualifier="F5")
    diagnoses = [codes.components(n + 1) for n in range(len(codes.elements))] if codes else []
    return ClaimData(
        claim_id=clm.get(1),
        subscriber=subscriber,
        payer=payer,
        charge=context.required_money(clm, element=2),
        diagnoses=tuple(code[1] for code in diagnoses if len(code) > 1 and code[0] in ("ABK", "ABF")),
        lines=(),
        place_of_service=place[0],
        frequency=place[2],
        provider_signature=clm.get(6) == "Y",
        assignment=clm.get(7),
        benefits_assigned=clm.get(8),
        release=clm.get(9),
        accident=_accident(clm, day=loops.day("", segment_id="DTP", element=3, qualifier="439")),
        onset_date=loops.day("", segment_id="DTP", element=3, qualifier="431"),
        admission_date=loops.day("", segment_id="DTP", element=3, qualifier="435"),
        discharge_date=loops.day("", segment_id="DTP", element=3, qualifier="096"),
        patient_paid=context.money(paid, element=2) if paid is not None else None,
        referral_number=loops.text("", segment_id="REF", element=2, qualifier="9F"),
        prior_authorization=loops.text("", segment_id="REF", element=2, qualifier="G1"),
        payer_control_number=loops.text("", segment_id="REF", element=2, qualifier="F8"),
        clia_number=loops.text("", segment_id="REF", element=2, qualifier="X4"),
        clearinghouse_number=loops.text("", segment_id="REF", element=2, qualifier="D9"),
        note=loops.text("", segment_id="NTE", element=2),
        referring=_provider(loops, entity="DN"),
        rendering=_provider(loops, entity="82"),
        facility=Facility(facility_name.get(3), loops.required_address("77"), facility_name.get(9))
        if facility_name is not None
        else None,
        supervising=_provider(loops, entity="DQ"),
        segment_number=clm.number,
    )


def _accident(clm: Segment, *, day: date | None) -> Accident | None:
    parts = (*clm.components(11), "", "", "", "")
    causes = tuple(part for part in parts[:3] if part)
    return Accident(causes, day, parts[3]) if causes or day is not None else None


def _provider(loops: _Loops, *, entity: str) -> Provider | None:
    name = loops.named(entity)
    if name is None:
        return None
    taxonomy = loops.text(entity, segment_id="PRV", element=3)
    return Provider(name.get(3), name.get(9), name.get(4), name.get(5), name.get(7), taxonomy)


_LINE_SEGMENTS = frozenset({"LX", "SV1", "DTP", "REF", "NTE", "LIN", "CTP"})


def _line(block: Block, *, context: Context) -> ServiceLine:
    loops = _Loops(block, context=context)
    loops.warn_unread(_LINE_SEGMENTS)
    sv1, dates = loops.first("SV1"), loops.first("DTP", qualifier="472")
    if sv1 is None or dates is None:
        raise context.error("service SV1 or its date is missing", segment=block[0])
    first, last = parse_range(dates.get(3))
    if first is None:
        raise context.error("not a date", segment=dates, element=3)
    code = (*sv1.components(1), *("",) * 7)
    pointers = sv1.components(7)
    if not all(pointer.isascii() and pointer.isdigit() and len(pointer) < 3 for pointer in pointers):
        raise context.error("diagnosis pointer is not a number", segment=sv1, element=7)
    units = context.number(sv1, element=4)
    return ServiceLine(
        procedure=code[1],
        charge=context.required_money(sv1, element=2),
        service_date=first,
        control_number=loops.text("", segment_id="REF", element=2, qualifier="6R"),
        modifiers=tuple(part for part in code[2:6] if part),
        units=_ONE if units is None else units,
        unit=sv1.get(3),
        pointers=tuple(int(pointer) for pointer in pointers),
        place_of_service=sv1.get(5),
        service_end=last,
        description=code[6],
        note=loops.text("", segment_id="NTE", element=2),
        drug=_drug(loops, context=context),
    )


def _drug(loops: _Loops, *, context: Context) -> Drug | None:
    lin, ctp = loops.first("LIN"), loops.first("CTP")
    if lin is None or ctp is None or lin.get(2) != "N4":
        return None
    quantity = context.number(ctp, element=4)
    return Drug(lin.get(3), _ONE if quantity is None else quantity, ctp.get(5))
