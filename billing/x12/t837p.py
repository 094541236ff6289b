"""Write an 837P (professional claim, guide 005010X222A1).

The writer refuses what could only be rejected or misread (see `claim_rules`); whether a claim is
wise to send is the scrubber's question, not the codec's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from billing.x12.claim_model import (
    Accident,
    Address,
    Batch837P,
    BillingProvider,
    ClaimData,
    Facility,
    Patient,
    Payer,
    Provider,
    ServiceLine,
    Subscriber,
)
from billing.x12.claim_rules import batch_problems, claim_problems
from billing.x12.tokenizer import STANDARD_DELIMITERS, Delimiters
from billing.x12.values import format_day
from billing.x12.writer import Element, InterchangeWriter

GUIDE_837P = "005010X222A1"
CLAIMS_PER_LEVEL = 100

Row = list[Element]


def write_837p(
    batch: Batch837P,
    *,
    interchange_control: int,
    group_control: int,
    transaction_control: int,
    when: datetime,
    usage: str,
    delimiters: Delimiters = STANDARD_DELIMITERS,
) -> str:
    """One interchange with one ST; control numbers come from the caller's sequences, usage is P or T.

    Neighbouring claims of the same subscriber, payer and patient share their HL loops. Raises X12Error
    that names the claim when something required is missing or contradicts itself.
    """
    writer = InterchangeWriter(delimiters=delimiters)
    writer.open(
        batch.addressing, function="HC", version=GUIDE_837P, interchange_control=interchange_control,
        group_control=group_control, when=when, usage=usage,
    )  # fmt: skip
    writer.begin("837", control_number=f"{transaction_control:04d}", version=GUIDE_837P)
    for problem in batch_problems(batch):
        raise writer.error(problem.message, segment_id=problem.segment_id)
    _header(batch, writer=writer, when=when)
    _levels(batch.claims, writer=writer)
    writer.end()
    return writer.text()


def _header(batch: Batch837P, *, writer: InterchangeWriter, when: datetime) -> None:
    sender, receiver, provider = batch.submitter, batch.receiver, batch.billing_provider
    writer.add(["BHT", "0019", "00", batch.reference, format_day(when.date()), f"{when:%H%M}", "CH"])
    writer.add(["NM1", "41", "2", sender.name, "", "", "", "", "46", sender.identifier])
    contact: Row = ["PER", "IC", sender.contact_name]
    for qualifier, number in (("TE", sender.phone), ("EX", sender.extension), ("EM", sender.email)):
        if number:
            contact += [qualifier, number]
    writer.add(contact)
    writer.add(["NM1", "40", "2", receiver.name, "", "", "", "", "46", receiver.identifier])
    writer.add(["HL", 1, "", "20", "1"])
    for row in _billing_provider(provider):
        writer.add(row)


def _billing_provider(provider: BillingProvider) -> Iterator[Row]:
    kind = "1" if provider.first_name else "2"
    if provider.taxonomy:
        yield ["PRV", "BI", "PXC", provider.taxonomy]
    yield ["NM1", "85", kind, provider.name, provider.first_name, "", "", "", "XX", provider.npi]
    yield from _address(provider.address)
    yield ["REF", provider.tax_id_qualifier, provider.tax_id.replace("-", "")]
    if provider.pay_to is not None:
        yield ["NM1", "87", kind]
        yield from _address(provider.pay_to)


@dataclass(frozen=True, slots=True)
class _Level:
    """What claims must share to stand below one subscriber HL."""

    subscriber: Subscriber
    payer: Payer
    is_patient: bool


def _levels(claims: Sequence[ClaimData], *, writer: InterchangeWriter) -> None:
    number = 1
    for level, members in groupby(claims, key=lambda c: _Level(c.subscriber, c.payer, c.patient is None)):
        for subscriber_claims in _chunks(list(members), by_patient=False):
            number += 1
            parent = number
            writer.claim = subscriber_claims[0].claim_id
            writer.add(["HL", number, 1, "22", "0" if level.is_patient else "1"])
            for row in _subscriber(level):
                writer.add(row)
            for patient_claims in _chunks(subscriber_claims, by_patient=True):
                patient = patient_claims[0].patient
                if patient is not None:
                    number += 1
                    writer.add(["HL", number, parent, "23", "0"])
                    for row in _patient(patient):
                        writer.add(row)
                _claims(patient_claims, writer=writer)


def _chunks(claims: list[ClaimData], *, by_patient: bool) -> Iterator[list[ClaimData]]:
    """At most 100 neighbouring claims of one HL; with `by_patient` also of one patient.

    A subscriber HL with dependents carries no claims itself, so it is not cut.
    """
    if not by_patient and claims[0].patient is not None:
        yield claims
        return
    for _, members in groupby(claims, key=lambda claim: claim.patient):
        same = list(members)
        for start in range(0, len(same), CLAIMS_PER_LEVEL):
            yield same[start : start + CLAIMS_PER_LEVEL]


def _subscriber(level: _Level) -> Iterator[Row]:
    person, payer = level.subscriber, level.payer
    yield [
        "SBR", person.sequence, "18" if level.is_patient else "", person.group_number,
        "" if person.group_number else person.group_name, person.insurance_type,
        "", "", "", person.filing_code,
    ]  # fmt: skip
    yield [
        "NM1", "IL", "1", person.last_name, person.first_name, person.middle_name, "", person.suffix,
        "MI", person.member_id,
    ]  # fmt: skip
    if level.is_patient:
        yield from _address(person.address)
        yield ["DMG", "D8", person.birth_date, person.sex]
    yield ["NM1", "PR", "2", payer.name, "", "", "", "", payer.qualifier, payer.identifier]
    yield from _address(payer.address)


def _patient(person: Patient) -> Iterator[Row]:
    yield ["PAT", person.relationship]
    yield ["NM1", "QC", "1", person.last_name, person.first_name, person.middle_name, "", person.suffix]
    yield from _address(person.address)
    yield ["DMG", "D8", person.birth_date, person.sex]


def _claims(claims: Sequence[ClaimData], *, writer: InterchangeWriter) -> None:
    for claim in claims:
        writer.claim = claim.claim_id
        for problem in claim_problems(claim):
            raise writer.error(problem.message, segment_id=problem.segment_id)
        for row in _claim(claim):
            writer.add(row)
        for number, line in enumerate(claim.lines, start=1):
            writer.add(["LX", number])
            for row in _line(line):
                writer.add(row)


def _claim(claim: ClaimData) -> Iterator[Row]:
    accident = claim.accident or Accident(())
    causes = (*(*accident.causes, "", "", "")[:3], accident.state) if claim.accident else ()
    signature = "Y" if claim.provider_signature else "N"
    yield [
        "CLM", claim.claim_id, claim.charge, "", "", (claim.place_of_service, "B", claim.frequency),
        signature, claim.assignment, claim.benefits_assigned, claim.release, "", causes,
    ]  # fmt: skip
    for qualifier, day in (
        ("431", claim.onset_date),
        ("439", accident.day),
        ("435", claim.admission_date),
        ("096", claim.discharge_date),
    ):
        if day is not None:
            yield ["DTP", qualifier, "D8", day]
    if claim.patient_paid is not None:
        yield ["AMT", "F5", claim.patient_paid]
    for qualifier, value in (
        ("9F", claim.referral_number),
        ("G1", claim.prior_authorization),
        ("F8", claim.payer_control_number),
        ("X4", claim.clia_number),
        ("D9", claim.clearinghouse_number),
    ):
        if value:
            yield ["REF", qualifier, value]
    if claim.note:
        yield ["NTE", "ADD", claim.note]
    codes = [code.replace(".", "") for code in claim.diagnoses]
    yield ["HI", *(("ABK" if index == 0 else "ABF", code) for index, code in enumerate(codes))]
    yield from _provider(claim.referring, entity="DN")
    yield from _provider(claim.rendering, entity="82")
    yield from _facility(claim.facility)
    yield from _provider(claim.supervising, entity="DQ")


def _provider(provider: Provider | None, *, entity: str) -> Iterator[Row]:
    if provider is None:
        return
    yield [
        "NM1", entity, "1" if provider.first_name else "2", provider.last_name, provider.first_name,
        provider.middle_name, "", provider.suffix, "XX" if provider.npi else "", provider.npi,
    ]  # fmt: skip
    if provider.taxonomy and entity == "82":
        yield ["PRV", "PE", "PXC", provider.taxonomy]


def _facility(facility: Facility | None) -> Iterator[Row]:
    if facility is None:
        return
    yield ["NM1", "77", "2", facility.name, "", "", "", "", "XX" if facility.npi else "", facility.npi]
    yield from _address(facility.address)


def _line(line: ServiceLine) -> Iterator[Row]:
    modifiers = (*line.modifiers, "", "", "", "")[:4]
    yield [
        "SV1", ("HC", line.procedure, *modifiers, line.description), line.charge, line.unit, line.units,
        line.place_of_service, "", tuple(line.pointers),
    ]  # fmt: skip
    first = format_day(line.service_date)
    if line.service_end is None:
        yield ["DTP", "472", "D8", first]
    else:
        yield ["DTP", "472", "RD8", f"{first}-{format_day(line.service_end)}"]
    yield ["REF", "6R", line.control_number]
    if line.note:
        yield ["NTE", "ADD", line.note]
    if line.drug is not None:
        yield ["LIN", "", "N4", line.drug.ndc.replace("-", "")]
        yield ["CTP", "", "", "", line.drug.quantity, (line.drug.unit,)]


def _address(address: Address | None) -> Iterator[Row]:
    if address is not None:
        yield ["N3", address.line1, address.line2]
        yield ["N4", address.city, address.state, address.zip_code.replace("-", "")]
