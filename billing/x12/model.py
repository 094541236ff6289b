"""What an 835 says, as frozen values. Money is Decimal dollars; positions never take part in equality."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.x12.errors import X12Warning

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class RawSegment:
    """A segment kept as it came; each element is the tuple of its components."""

    id: str
    elements: tuple[tuple[str, ...], ...]
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """REF: a number and what kind of number it is."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """DTM: `day` is None when the file gave no real date (a warning says so)."""

    qualifier: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Amount:
    """AMT: supplemental money, outside the balance."""

    qualifier: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """QTY: supplemental count."""

    qualifier: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Remark:
    """LQ: a remark code and its code list (HE = remittance advice remark codes)."""

    qualifier: str
    code: str


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: function, name and up to three (qualifier, number) pairs."""

    function: str
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One triplet of a CAS. A positive amount lowers the payment; negative ones are legal."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """NM1: QC patient, IL insured, 74 corrected, 82 rendering, TT next payer."""

    entity: str
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    identifier: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class Party:
    """N1 with its address and numbers: PR payer, PE payee."""

    entity: str
    name: str = ""
    id_qualifier: str = ""
    identifier: str = ""
    address: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip_code: str = ""
    country: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    other: tuple[RawSegment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """First number of this kind, empty when there is none."""
        return first_reference(self.references, qualifier=qualifier)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure composite (SVC01, SVC06)."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Line835:
    """SVC and what follows: charge - sum(adjustments) should equal paid."""

    procedure: Procedure
    charge: Decimal
    paid: Decimal
    revenue_code: str = ""
    units: Decimal | None = None
    original_procedure: Procedure | None = None
    original_units: Decimal | None = None
    dates: tuple[DatedEvent, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[Remark, ...] = ()
    other: tuple[RawSegment, ...] = ()
    segment_number: int = field(default=0, compare=False)

    @property
    def control_number(self) -> str:
        """REF*6R, our own line number as sent on the 837P; empty when the payer dropped it."""
        return first_reference(self.references, qualifier="6R")

    @property
    def service_date(self) -> date | None:
        """Day of service (472), else first day (150)."""
        return first_day(self.dates, qualifier="472") or first_day(self.dates, qualifier="150")


@dataclass(frozen=True, slots=True)
class Claim835:
    """CLP and what follows. `status` is CLP02 as sent (1 primary … 4 denied, 22 reversal)."""

    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal | None = None
    filing_code: str = ""
    payer_control_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    patient_status: str = ""
    drg_code: str = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    header_number: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    names: tuple[Name, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    contacts: tuple[Contact, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    lines: tuple[Line835, ...] = ()
    other: tuple[RawSegment, ...] = ()
    segment_number: int = field(default=0, compare=False)

    def name(self, entity: str) -> Name | None:
        """The first name with this entity code (QC, IL, 74, 82, TT …)."""
        return next((name for name in self.names if name.entity == entity), None)

    def reference(self, qualifier: str) -> str:
        """First number of this kind, empty when there is none (F8 = original claim number)."""
        return first_reference(self.references, qualifier=qualifier)

    @property
    def member_id(self) -> str:
        """The insured's number, else the patient's."""
        for entity in ("IL", "QC"):
            name = self.name(entity)
            if name is not None and name.identifier:
                return name.identifier
        return ""

    @property
    def is_reversal(self) -> bool:
        """CLP02 22: takes an earlier payment back, all amounts negated."""
        return self.status == "22"

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """Claim-level remark codes: MIA05 and MIA20-23, MOA03-07."""
        codes = [self.inpatient[i] for i in (4, 19, 20, 21, 22) if i < len(self.inpatient)]
        codes += [self.outpatient[i] for i in (2, 3, 4, 5, 6) if i < len(self.outpatient)]
        return tuple(code for code in codes if code)

    @property
    def service_dates(self) -> tuple[date | None, date | None]:
        """First and last day from the claim (232, 233), else from its lines."""
        days = [line.service_date for line in self.lines if line.service_date is not None]
        first = first_day(self.dates, qualifier="232") or (min(days) if days else None)
        last = first_day(self.dates, qualifier="233") or (max(days) if days else first)
        return first, last


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair of a PLB: positive = the payer keeps money, negative = the payer adds money."""

    provider_id: str
    period_end: date | None
    reason: str
    reference: str
    amount: Decimal
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Payment:
    """BPR: how much money moves, how, when. Bank numbers are secret: never log, encrypt at rest."""

    amount: Decimal
    method: str
    day: date | None
    handling: str = "I"
    credit_debit: str = "C"
    format: str = ""
    payer_bank_qualifier: str = ""
    payer_bank: str = ""
    payer_account_qualifier: str = ""
    payer_account: str = ""
    originator_id: str = ""
    originator_code: str = ""
    payee_bank_qualifier: str = ""
    payee_bank: str = ""
    payee_account_qualifier: str = ""
    payee_account: str = ""

    @property
    def net(self) -> Decimal:
        """What the practice receives: negative for a debit."""
        return -self.amount if self.credit_debit == "D" else self.amount


@dataclass(frozen=True, slots=True)
class Trace:
    """TRN: the check or EFT number (TRN02) and who gave it (TRN03)."""

    number: str
    originator_id: str = ""
    originator_code: str = ""
    type_code: str = "1"


@dataclass(frozen=True, slots=True)
class HeaderGroup:
    """LX with its TS2/TS3 summaries; claims name it by `header_number`."""

    number: str
    summaries: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction835:
    """One ST..SE: one payment."""

    control_number: str
    payment: Payment
    trace: Trace
    payer: Party | None = None
    payee: Party | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DatedEvent, ...] = ()
    groups: tuple[HeaderGroup, ...] = ()
    claims: tuple[Claim835, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    other: tuple[RawSegment, ...] = ()
    version: str = field(default="", compare=False)
    interchange_control: str = field(default="", compare=False)
    group_control: str = field(default="", compare=False)
    segment_number: int = field(default=0, compare=False)
    body_sha256: str = field(default="", compare=False)

    @property
    def payer_id(self) -> str:
        """Who pays: TRN03 (originator), else N104, else REF*2U."""
        if self.trace.originator_id or self.payer is None:
            return self.trace.originator_id
        return self.payer.identifier or self.payer.reference("2U")

    @property
    def claims_paid(self) -> Decimal:
        """Sum of CLP04."""
        return sum((claim.paid for claim in self.claims), ZERO)

    @property
    def provider_adjusted(self) -> Decimal:
        """Sum of the PLB amounts."""
        return sum((item.amount for item in self.provider_adjustments), ZERO)


@dataclass(frozen=True, slots=True)
class Remittance:
    """A parsed 835 file."""

    transactions: tuple[Transaction835, ...]
    warnings: tuple[X12Warning, ...] = ()


def first_reference(references: tuple[Reference, ...], *, qualifier: str) -> str:
    """The first number with this qualifier, empty when there is none."""
    return next((item.value for item in references if item.qualifier == qualifier), "")


def first_day(dates: tuple[DatedEvent, ...], *, qualifier: str) -> date | None:
    """The first real date with this qualifier."""
    return next((item.day for item in dates if item.qualifier == qualifier and item.day), None)
