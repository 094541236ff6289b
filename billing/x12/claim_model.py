"""What goes into an 837P, as frozen values. Codes and ids are text, money is Decimal dollars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.x12.envelope import Addressing
from billing.x12.errors import X12Warning


@dataclass(frozen=True, slots=True)
class Address:
    """Postal address; the billing provider's and the facility's need a nine-digit zip code."""

    line1: str
    city: str
    state: str
    zip_code: str
    line2: str = ""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who sends the file (1000A); phone or e-mail is needed."""

    name: str
    identifier: str
    contact_name: str
    phone: str = ""
    extension: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes the file (1000B): the clearinghouse or the payer."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Who is to be paid (2010AA). `first_name` makes it a person; tax id is EIN (EI) or SSN (SY)."""

    name: str
    npi: str
    tax_id: str
    address: Address
    taxonomy: str = ""
    first_name: str = ""
    tax_id_qualifier: str = "EI"
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """Rendering, referring or supervising provider; without a first name an organisation."""

    last_name: str
    npi: str
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class Facility:
    """Where the service took place when that is not the billing address (2310C)."""

    name: str
    address: Address
    npi: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who should pay (2010BB); the qualifier PI marks a payer id of the clearinghouse's list."""

    name: str
    identifier: str
    qualifier: str = "PI"
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The insured person (2000B, 2010BA).

    Address, birth date and sex are needed, and sent, only when the subscriber is the patient.
    `sequence` is P, S or T; `filing_code` the kind of plan (SBR09).
    """

    last_name: str
    first_name: str
    member_id: str
    sequence: str = "P"
    filing_code: str = "CI"
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    middle_name: str = ""
    suffix: str = ""
    address: Address | None = None
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient who is not the subscriber (2000C); relationship as in PAT01 (01 spouse, 19 child …)."""

    last_name: str
    first_name: str
    relationship: str
    address: Address
    birth_date: date
    sex: str
    middle_name: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """National drug code of a line (2410); unit as in CTP05 (UN, ML, GR, ME, F2)."""

    ndc: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One SV1 line. `pointers` count diagnoses from 1; `control_number` goes out as REF*6R."""

    procedure: str
    charge: Decimal
    service_date: date
    control_number: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit: str = "UN"
    pointers: tuple[int, ...] = (1,)
    place_of_service: str = ""
    service_end: date | None = None
    description: str = ""
    note: str = ""
    drug: Drug | None = None


@dataclass(frozen=True, slots=True)
class Accident:
    """Related cause (CLM11): AA auto, EM employment, OA other; state for an auto accident."""

    causes: tuple[str, ...]
    day: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class ClaimData:
    """One claim. `charge` must equal the sum of its lines; diagnoses: the first is the principal one.

    `patient` is None when the subscriber is the patient. Frequency 7 or 8 needs `payer_control_number`.
    """

    claim_id: str
    subscriber: Subscriber
    payer: Payer
    charge: Decimal
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    patient: Patient | None = None
    place_of_service: str = "11"
    frequency: str = "1"
    provider_signature: bool = True
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    accident: Accident | None = None
    onset_date: date | None = None
    admission_date: date | None = None
    discharge_date: date | None = None
    patient_paid: Decimal | None = None
    referral_number: str = ""
    prior_authorization: str = ""
    payer_control_number: str = ""
    clia_number: str = ""
    clearinghouse_number: str = ""
    note: str = ""
    referring: Provider | None = None
    rendering: Provider | None = None
    facility: Facility | None = None
    supervising: Provider | None = None
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Batch837P:
    """One ST of claims for one billing provider; `reference` (BHT03) is echoed in the 277CA."""

    submitter: Submitter
    receiver: Receiver
    billing_provider: BillingProvider
    claims: tuple[ClaimData, ...]
    addressing: Addressing
    reference: str
    control_number: str = field(default="", compare=False)
    interchange_control: str = field(default="", compare=False)
    group_control: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A parsed 837P file: one batch per billing provider and ST."""

    batches: tuple[Batch837P, ...]
    warnings: tuple[X12Warning, ...] = ()
