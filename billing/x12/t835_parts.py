"""The segments inside the loops of an 835, one reader each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from billing.x12.model import (
    Adjustment,
    Amount,
    Contact,
    DatedEvent,
    Name,
    Procedure,
    ProviderAdjustment,
    Quantity,
    RawSegment,
    Reference,
    Remark,
)
from billing.x12.tokenizer import Segment
from billing.x12.values import Context

# Legal but carried along unread.
_QUIET = frozenset({"CUR", "RDM"})


class Parts:
    """The segments below CLP or SVC, sorted by kind."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.adjustments: list[Adjustment] = []
        self.names: list[Name] = []
        self.inpatient: tuple[str, ...] = ()
        self.outpatient: tuple[str, ...] = ()
        self.references: list[Reference] = []
        self.dates: list[DatedEvent] = []
        self.contacts: list[Contact] = []
        self.amounts: list[Amount] = []
        self.quantities: list[Quantity] = []
        self.remarks: list[Remark] = []
        self.other: list[RawSegment] = []

    def take(self, segment: Segment, *, level: str) -> None:
        """Read one segment; what does not belong at this level is kept raw with a warning."""
        context, kind = self.context, segment.id
        if kind == "CAS":
            self.adjustments += read_adjustments(segment, context=context)
        elif kind == "REF":
            self.references.append(read_reference(segment))
        elif kind == "DTM":
            self.dates.append(read_dated(segment, context=context))
        elif kind == "AMT":
            self.amounts.append(Amount(segment.get(1), context.required_money(segment, element=2)))
        elif kind == "QTY" and (quantity := context.number(segment, element=2)) is not None:
            self.quantities.append(Quantity(segment.get(1), quantity))
        elif level == "line" and kind == "LQ":
            self.remarks.append(Remark(segment.get(1), segment.get(2)))
        elif level == "line" or not self._take_claim_only(segment):
            self.other.append(read_raw(segment, context=context))

    def _take_claim_only(self, segment: Segment) -> bool:
        if segment.id == "NM1":
            self.names.append(read_name(segment))
        elif segment.id == "MIA" and not self.inpatient:
            self.inpatient = trimmed(segment)
        elif segment.id == "MOA" and not self.outpatient:
            self.outpatient = trimmed(segment)
        elif segment.id == "PER":
            self.contacts.append(read_contact(segment))
        else:
            return False
        return True


def read_adjustments(segment: Segment, *, context: Context) -> Iterator[Adjustment]:
    """One CAS: a group and up to six triplets of reason, amount, quantity. Signs stay as sent."""
    for element in range(2, len(segment.elements) + 1, 3):
        reason = segment.get(element)
        amount = context.money(segment, element=element + 1)
        quantity = context.number(segment, element=element + 2)
        if not reason and amount is None and quantity is None:
            continue
        if not reason:
            raise context.error("adjustment without a reason", segment=segment, element=element)
        if amount is None:
            raise context.error("adjustment without an amount", segment=segment, element=element + 1)
        yield Adjustment(segment.get(1), reason, amount, quantity, segment.number)


def read_provider_adjustments(segment: Segment, *, context: Context) -> Iterator[ProviderAdjustment]:
    """One PLB: provider, end of the fiscal period and up to six pairs of reason and amount."""
    period: date | None = context.day(segment, element=2)
    for element in range(3, max(len(segment.elements), 4) + 1, 2):
        code = segment.components(element)
        amount = context.money(segment, element=element + 1)
        if not code and amount is None:
            continue
        if amount is None:
            raise context.error("provider adjustment without an amount", segment=segment, element=element + 1)
        if not code:
            raise context.error("provider adjustment without a reason", segment=segment, element=element)
        reference = code[1] if len(code) > 1 else ""
        yield ProviderAdjustment(segment.get(1), period, code[0], reference, amount, segment.number)


def read_procedure(components: tuple[str, ...]) -> Procedure | None:
    """SVC01 or SVC06; None when the composite is empty."""
    if not components:
        return None
    padded = components + ("",) * 7
    return Procedure(padded[0], padded[1], tuple(part for part in padded[2:6] if part), padded[6])


def read_reference(segment: Segment) -> Reference:
    """One REF."""
    return Reference(segment.get(1), segment.get(2))


def read_dated(segment: Segment, *, context: Context) -> DatedEvent:
    """One DTM; a bad date becomes None with a warning."""
    return DatedEvent(segment.get(1), context.day(segment, element=2))


def read_contact(segment: Segment) -> Contact:
    """One PER."""
    pairs = ((segment.get(n), segment.get(n + 1)) for n in (3, 5, 7))
    return Contact(segment.get(1), segment.get(2), tuple(pair for pair in pairs if any(pair)))


def read_name(segment: Segment) -> Name:
    """One NM1."""
    return Name(
        entity=segment.get(1),
        last_name=segment.get(3),
        first_name=segment.get(4),
        middle_name=segment.get(5),
        prefix=segment.get(6),
        suffix=segment.get(7),
        id_qualifier=segment.get(8),
        identifier=segment.get(9),
        is_person=segment.get(2) != "2",
    )


def trimmed(segment: Segment) -> tuple[str, ...]:
    """The elements of MIA or MOA without trailing empty ones."""
    values = [segment.get(n + 1) for n in range(len(segment.elements))]
    while values and not values[-1]:
        values.pop()
    return tuple(values)


def read_raw(segment: Segment, *, context: Context, quiet: bool = False) -> RawSegment:
    """Keep a segment unread; a warning says so unless it is legal here."""
    if not quiet and segment.id not in _QUIET:
        context.warn("segment not expected here, kept unread", segment=segment)
    elements = tuple(segment.components(n + 1) for n in range(len(segment.elements)))
    return RawSegment(segment.id, elements, segment.number)
