"""What the scrubber's rules may know about claims, gathered for many at once in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from billing.models import Claim, ClaimLine
from billing.rules.scrub import ClaimFacts, LineFacts
from billing.selectors.charges import GONE
from billing.selectors.claim_wire import problems
from staff.models import Credential, PayerEnrolment

LineKey = tuple[uuid.UUID, uuid.UUID, date, uuid.UUID, str]
IN_EFFECT = (PayerEnrolment.State.EFFECTIVE, PayerEnrolment.State.REVALIDATING)


@dataclass(frozen=True, slots=True)
class _Known:
    """What other tables say: claims by service, licences by employee, enrolments by provider and payer."""

    services: dict[LineKey, list[tuple[uuid.UUID, str]]]
    licences: dict[uuid.UUID, list[Credential]]
    enrolments: dict[tuple[uuid.UUID, uuid.UUID], list[PayerEnrolment]]


def facts_of(claims: Sequence[Claim], *, today: date) -> dict[uuid.UUID, ClaimFacts]:
    """Facts by claim id. The claims come from ``claim_wire.loaded``; three queries more."""
    known = _Known(services=_services(claims), licences=_licences(claims), enrolments=_enrolments(claims))
    return {claim.pk: _facts(claim, today=today, known=known) for claim in claims}


def _services(claims: Iterable[Claim]) -> dict[LineKey, list[tuple[uuid.UUID, str]]]:
    """Every live claim's services of these patients on these days."""
    found: dict[LineKey, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    lines = ClaimLine.objects.filter(
        claim__patient_id__in={claim.patient_id for claim in claims},
        claim__service_date__in={claim.service_date for claim in claims},
    ).exclude(claim__state__in=GONE)
    for line in lines.select_related("claim", "charge"):
        found[_key(line)].append((line.claim_id, line.claim.control_number))
    return found


def _key(line: ClaimLine, *, claim: Claim | None = None) -> LineKey:
    claim = claim or line.claim
    charge = line.charge
    modifiers = " ".join(sorted(charge.modifiers))
    return claim.patient_id, claim.rendering_provider_id, charge.service_date, charge.procedure_id, modifiers


def _licences(claims: Iterable[Claim]) -> dict[uuid.UUID, list[Credential]]:
    found: dict[uuid.UUID, list[Credential]] = defaultdict(list)
    holders = {claim.rendering_provider.employee_id for claim in claims}
    for row in Credential.objects.filter(kind=Credential.Kind.LICENSE, employee_id__in=holders):
        found[row.employee_id].append(row)
    return found


def _enrolments(claims: Iterable[Claim]) -> dict[tuple[uuid.UUID, uuid.UUID], list[PayerEnrolment]]:
    found: dict[tuple[uuid.UUID, uuid.UUID], list[PayerEnrolment]] = defaultdict(list)
    providers = {claim.rendering_provider_id for claim in claims}
    for row in PayerEnrolment.objects.filter(provider_id__in=providers, state__in=IN_EFFECT):
        found[row.provider_id, row.payer_id].append(row)
    return found


def _licence(claim: Claim, *, held: Sequence[Credential]) -> Literal["in_force", "lapsed", "unknown"]:
    if not held:
        return "unknown"
    day = claim.service_date
    in_force = any(
        (row.issued_on is None or row.issued_on <= day) and (row.expires_on is None or row.expires_on >= day)
        for row in held
    )
    return "in_force" if in_force else "lapsed"


def _enrolled(claim: Claim, *, held: Sequence[PayerEnrolment]) -> bool:
    day = claim.service_date
    return any(
        (row.location_id is None or row.location_id == claim.location_id)
        and (row.effective_on is None or row.effective_on <= day)
        and (row.ends_on is None or row.ends_on >= day)
        for row in held
    )


def _facts(claim: Claim, *, today: date, known: _Known) -> ClaimFacts:
    patient, coverage, entity, provider = (
        claim.patient, claim.coverage, claim.billing_entity, claim.rendering_provider,
    )  # fmt: skip
    return ClaimFacts(
        today=today,
        service_date=claim.service_date,
        file_by=claim.file_by,
        total=claim.total,
        lines=tuple(_line(line, claim=claim, services=known.services) for line in claim.lines.all()),
        diagnoses=tuple(row.code for row in claim.diagnoses.all()),
        billing_npi=entity.npi if entity else "",
        billing_taxonomy=entity.taxonomy if entity else "",
        billing_zip=entity.postal_code if entity else "",
        rendering_npi=provider.npi,
        rendering_taxonomy=provider.taxonomy,
        payer_identifier=claim.payer.payer_id,
        member_id=coverage.member_id if coverage else "",
        coverage_starts=coverage.starts_on if coverage else None,
        coverage_ends=coverage.ends_on if coverage else None,
        birth_date=patient.birth_date,
        sex=patient.sex,
        street=patient.address_line,
        city=patient.city,
        state=patient.state,
        zip_code=patient.postal_code,
        enrolled=_enrolled(claim, held=known.enrolments[provider.pk, claim.payer_id]),
        licence=_licence(claim, held=known.licences[provider.employee_id]),
        format_problems=problems(claim),
    )


def _line(
    line: ClaimLine, *, claim: Claim, services: dict[LineKey, list[tuple[uuid.UUID, str]]]
) -> LineFacts:
    charge = line.charge
    others = services.get(_key(line, claim=claim), [])
    return LineFacts(
        number=line.number,
        charged_code=charge.procedure.code,
        code=charge.procedure.claim_code,
        amount=charge.amount,
        service_date=charge.service_date,
        units=charge.units,
        modifiers=tuple(charge.modifiers),
        diagnoses=tuple(row.code for row in charge.diagnoses.all()),
        twins=tuple(number for claim_id, number in others if claim_id != claim.pk),
    )
