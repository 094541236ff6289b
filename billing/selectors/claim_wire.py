"""Claims as the codec wants them: from rows to ClaimData, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from billing import x12
from billing.models import Charge, Claim, ClaimLine
from billing.rules.scrub import MAX_POINTERS
from patients.models import Coverage
from practice.encrypted import reveal
from practice.models import BillingEntity, Location


def loaded(claims: QuerySet[Claim]) -> list[Claim]:
    """Claims with everything the scrubber and the 837P need: five queries, however many they are."""
    charges = Charge.objects.select_related("procedure").prefetch_related("diagnoses")
    lines = ClaimLine.objects.prefetch_related(Prefetch("charge", charges)).order_by("number")
    return list(
        claims.select_related(
            "patient", "coverage", "payer", "billing_entity", "rendering_provider__employee", "location"
        ).prefetch_related(Prefetch("lines", lines), "diagnoses")
    )


def claim_data(claim: Claim) -> x12.ClaimData:
    """One loaded claim as the 837P says it. Needs a coverage; anything else missing is the codec's to refuse."""
    coverage = claim.coverage
    diagnoses = tuple(row.code for row in claim.diagnoses.all())
    is_self = coverage is None or coverage.relationship == Coverage.Relationship.SELF
    return x12.ClaimData(
        claim_id=claim.control_number,
        subscriber=_subscriber(claim, coverage=coverage, is_self=is_self),
        patient=None if is_self else _patient(claim, relationship=coverage.relationship if coverage else ""),
        payer=x12.Payer(
            name=claim.payer.name, identifier=claim.payer.payer_id, address=_payer_address(claim)
        ),
        charge=claim.total,
        diagnoses=diagnoses,
        lines=tuple(_line(line, diagnoses=diagnoses) for line in claim.lines.all()),
        place_of_service=claim.place_of_service,
        frequency=claim.frequency,
        payer_control_number=claim.payer_control_number if claim.frequency != "1" else "",
        prior_authorization=claim.authorization_number,
        rendering=_rendering(claim),
        facility=_facility(claim.location, entity=claim.billing_entity),
    )


def batch_data(claims: Iterable[Claim], *, entity: BillingEntity, reference: str) -> x12.Batch837P:
    """Loaded claims of one billing entity as one transaction; ``reference`` comes back in the 277CA."""
    return x12.Batch837P(
        submitter=x12.Submitter(
            name=entity.legal_name,
            identifier=entity.submitter_id,
            contact_name=entity.contact_name,
            phone=entity.phone,
        ),
        receiver=x12.Receiver(name=entity.receiver_name, identifier=entity.receiver_id),
        billing_provider=_billing_provider(entity),
        claims=tuple(claim_data(claim) for claim in claims),
        addressing=x12.Addressing("ZZ", entity.submitter_id, "ZZ", entity.receiver_id),
        reference=reference,
    )


def problems(claim: Claim) -> tuple[str, ...]:
    """What the codec would refuse about a loaded claim and its sender, in its own words."""
    found = [problem.message for problem in x12.claim_problems(claim_data(claim))]
    if claim.billing_entity is not None:
        batch = batch_data([claim], entity=claim.billing_entity, reference="CHECK")
        found += [problem.message for problem in x12.batch_problems(batch)]
    return tuple(found)


def _billing_provider(entity: BillingEntity) -> x12.BillingProvider:
    return x12.BillingProvider(
        name=entity.legal_name,
        npi=entity.npi,
        tax_id=reveal(entity, "tax_id"),
        taxonomy=entity.taxonomy,
        address=_address(entity.address_line, entity.city, entity.state, entity.postal_code),
    )


def _address(street: str, city: str, state: str, postal_code: str) -> x12.Address:
    return x12.Address(line1=street, city=city, state=state, zip_code=postal_code.replace("-", ""))


def _payer_address(claim: Claim) -> x12.Address | None:
    payer = claim.payer
    if not (payer.address_line and payer.city and payer.state and x12.is_zip(payer.postal_code)):
        return None
    return _address(payer.address_line, payer.city, payer.state, payer.postal_code)


def _home(claim: Claim) -> x12.Address:
    patient = claim.patient
    return _address(patient.address_line, patient.city, patient.state, patient.postal_code)


def _subscriber(claim: Claim, *, coverage: Coverage | None, is_self: bool) -> x12.Subscriber:
    patient = claim.patient
    return x12.Subscriber(
        last_name=patient.last_name if is_self or coverage is None else coverage.subscriber_last_name,
        first_name=patient.first_name if is_self or coverage is None else coverage.subscriber_first_name,
        member_id=coverage.member_id if coverage else "",
        sequence={1: "P", 2: "S"}.get(coverage.priority, "T") if coverage else "P",
        filing_code=claim.payer.filing_code,
        group_number=coverage.group_number if coverage else "",
        address=_home(claim) if is_self else None,
        birth_date=patient.birth_date if is_self else None,
        sex=patient.sex if is_self else "",
    )


def _patient(claim: Claim, *, relationship: str) -> x12.Patient:
    patient = claim.patient
    return x12.Patient(
        last_name=patient.last_name,
        first_name=patient.first_name,
        relationship=relationship,
        address=_home(claim),
        birth_date=patient.birth_date,
        sex=patient.sex,
    )


def _rendering(claim: Claim) -> x12.Provider:
    provider = claim.rendering_provider
    return x12.Provider(
        last_name=provider.employee.last_name,
        first_name=provider.employee.first_name,
        npi=provider.npi,
        taxonomy=provider.taxonomy,
    )


def _facility(site: Location, *, entity: BillingEntity | None) -> x12.Facility | None:
    """The site, when it is somewhere else than the billing address and its address is complete."""
    same = entity is not None and site.address_line.strip().lower() == entity.address_line.strip().lower()
    complete = site.address_line and site.city and site.state and x12.is_zip(site.postal_code)
    if same or not complete:
        return None
    address = _address(site.address_line, site.city, site.state, site.postal_code)
    return x12.Facility(name=site.name, address=address, npi=site.npi if x12.is_npi(site.npi) else "")


def _line(line: ClaimLine, *, diagnoses: tuple[str, ...]) -> x12.ServiceLine:
    charge = line.charge
    return x12.ServiceLine(
        procedure=charge.procedure.claim_code,
        charge=charge.amount,
        service_date=charge.service_date,
        control_number=line.line_control,
        modifiers=tuple(charge.modifiers),
        units=charge.units,
        pointers=_pointers((row.code for row in charge.diagnoses.all()), diagnoses=diagnoses),
    )


def _pointers(codes: Iterable[str], *, diagnoses: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(diagnoses.index(code) + 1 for code in codes if code in diagnoses)[:MAX_POINTERS]
