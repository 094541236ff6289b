"""What must hold before an 837P can be written at all. Messages name fields, never their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from billing.x12 import checks
from billing.x12.claim_model import Address, Batch837P, ClaimData, ServiceLine
from billing.x12.writer import clean_text

MAX_LINES = 50
MAX_DIAGNOSES = 12
MAX_POINTERS = 4
MAX_MODIFIERS = 4
# Only what cleaning cannot change: the payer returns these numbers and we match on them.
_CLAIM_ID = re.compile(r"[0-9A-Z-]{1,38}")
_LINE_ID = re.compile(r"[0-9A-Z-]{1,30}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the claim or batch cannot be written, and the segment it concerns."""

    message: str
    segment_id: str


def batch_problems(batch: Batch837P) -> Iterator[Problem]:
    """Sender, receiver and billing provider."""
    provider, sender = batch.billing_provider, batch.submitter
    yield from _missing(segment_id="BHT", values={"batch reference": batch.reference})
    yield from _missing(
        segment_id="NM1",
        values={
            "submitter name": sender.name,
            "submitter id": sender.identifier,
            "receiver name": batch.receiver.name,
            "receiver id": batch.receiver.identifier,
            "billing provider name": provider.name,
        },
    )
    yield from _missing(segment_id="PER", values={"submitter contact": sender.contact_name})
    if not (sender.phone or sender.email):
        yield Problem("submitter phone or e-mail missing", "PER")
    if not checks.is_npi(provider.npi):
        yield Problem("billing provider NPI is not valid", "NM1")
    if not checks.is_tax_id(provider.tax_id):
        yield Problem("billing provider tax id is not nine digits", "REF")
    if provider.tax_id_qualifier not in ("EI", "SY"):
        yield Problem("tax id qualifier must be EI or SY", "REF")
    if provider.taxonomy and not checks.is_taxonomy(provider.taxonomy):
        yield Problem("billing provider taxonomy code is not valid", "PRV")
    yield from _address_problems(provider.address, whose="billing provider")
    if not checks.is_zip_plus_four(provider.address.zip_code):
        yield Problem("billing provider zip code needs nine digits", "N4")
    if not batch.claims:
        yield Problem("the batch has no claim", "HL")
    ids = [claim.claim_id for claim in batch.claims]
    if len(set(ids)) != len(ids):
        yield Problem("two claims of the batch have the same id", "CLM")


def claim_problems(claim: ClaimData) -> Iterator[Problem]:
    """One claim with its people, money, diagnoses and lines."""
    yield from _missing(segment_id="CLM", values={"place of service": claim.place_of_service})
    if not _CLAIM_ID.fullmatch(claim.claim_id):
        yield Problem("a claim id has 1 to 38 capital letters, digits or hyphens", "CLM")
    if claim.frequency not in checks.CLAIM_FREQUENCIES:
        yield Problem("claim frequency must be 1, 7 or 8", "CLM")
    if claim.frequency != "1" and not claim.payer_control_number:
        yield Problem("a replacement or void needs the payer control number", "REF")
    yield from _people_problems(claim)
    yield from _provider_problems(claim)
    if not 1 <= len(claim.diagnoses) <= MAX_DIAGNOSES:
        yield Problem("a claim has 1 to 12 diagnoses", "HI")
    if any(not checks.is_diagnosis_code(code) for code in claim.diagnoses):
        yield Problem("a diagnosis code has not the form of ICD-10-CM", "HI")
    if not 1 <= len(claim.lines) <= MAX_LINES:
        yield Problem("a claim has 1 to 50 lines", "LX")
    if claim.charge != sum((line.charge for line in claim.lines), Decimal(0)):
        yield Problem("claim charge differs from the sum of its lines", "CLM")
    controls = [line.control_number for line in claim.lines]
    if len(set(controls)) != len(controls):
        yield Problem("two lines have the same control number", "REF")
    for line in claim.lines:
        yield from _line_problems(line, diagnoses=len(claim.diagnoses))


def _people_problems(claim: ClaimData) -> Iterator[Problem]:
    person, payer = claim.subscriber, claim.payer
    yield from _missing(
        segment_id="NM1",
        values={
            "subscriber last name": person.last_name,
            "member id": person.member_id,
            "payer name": payer.name,
            "payer id": payer.identifier,
        },
    )
    if person.sequence not in ("P", "S", "T"):
        yield Problem("payer sequence must be P, S or T", "SBR")
    whoever = claim.patient or person
    if whoever.address is None or whoever.birth_date is None or whoever.sex not in ("F", "M", "U"):
        yield Problem("patient needs address, birth date and sex F, M or U", "DMG")
        return
    yield from _address_problems(whoever.address, whose="patient")
    if claim.patient is not None:
        yield from _missing(segment_id="NM1", values={"patient last name": claim.patient.last_name})
        yield from _missing(segment_id="PAT", values={"patient relationship": claim.patient.relationship})
        if claim.patient.relationship == "18":
            yield Problem("a patient who is the subscriber must not be listed apart", "PAT")


def _provider_problems(claim: ClaimData) -> Iterator[Problem]:
    for role, provider in (
        ("referring", claim.referring),
        ("rendering", claim.rendering),
        ("supervising", claim.supervising),
    ):
        if provider is None:
            continue
        yield from _missing(segment_id="NM1", values={f"{role} provider name": provider.last_name})
        if provider.npi and not checks.is_npi(provider.npi):
            yield Problem(f"{role} provider NPI is not valid", "NM1")
        if provider.taxonomy and not checks.is_taxonomy(provider.taxonomy):
            yield Problem(f"{role} provider taxonomy code is not valid", "PRV")
    if claim.facility is not None:
        yield from _missing(segment_id="NM1", values={"facility name": claim.facility.name})
        yield from _address_problems(claim.facility.address, whose="facility")


def _line_problems(line: ServiceLine, *, diagnoses: int) -> Iterator[Problem]:
    if not _LINE_ID.fullmatch(line.control_number):
        yield Problem("a line control number has 1 to 30 capital letters, digits or hyphens", "REF")
    if not checks.is_procedure_code(line.procedure):
        yield Problem("a procedure code has five letters or digits", "SV1")
    if len(line.modifiers) > MAX_MODIFIERS or any(not checks.is_modifier(m) for m in line.modifiers):
        yield Problem("a line has at most four modifiers of two letters or digits", "SV1")
    if line.charge < 0 or line.charge != round(line.charge, 2):
        yield Problem("a line charge is whole cents and not negative", "SV1")
    if line.units <= 0 or line.unit not in ("UN", "MJ"):
        yield Problem("a line needs units above zero, in UN or MJ", "SV1")
    if not 1 <= len(line.pointers) <= MAX_POINTERS or any(not 1 <= p <= diagnoses for p in line.pointers):
        yield Problem("a line points to 1 to 4 diagnoses of the claim", "SV1")
    if line.service_end is not None and line.service_end < line.service_date:
        yield Problem("a service ends before it begins", "DTP")
    if line.drug is not None and not checks.is_ndc(line.drug.ndc.replace("-", "")):
        yield Problem("a drug code has eleven digits", "LIN")


def _address_problems(address: Address, *, whose: str) -> Iterator[Problem]:
    yield from _missing(segment_id="N3", values={f"{whose} street": address.line1})
    yield from _missing(
        segment_id="N4", values={f"{whose} city": address.city, f"{whose} state": address.state}
    )
    if not checks.is_zip(address.zip_code):
        yield Problem(f"{whose} zip code needs five or nine digits", "N4")


def _missing(*, segment_id: str, values: dict[str, str]) -> Iterator[Problem]:
    """A value of which nothing is left in X12's characters counts as missing."""
    return (Problem(f"{name} missing", segment_id) for name, value in values.items() if not clean_text(value))
