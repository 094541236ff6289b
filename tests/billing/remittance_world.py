"""A small practice with money in it, for the tests of ledger, remittances and denials."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Charge, Claim, ClaimLine, LedgerEntry, OpenItem, ProcedureCode
from billing.services import ledger
from billing.services.ledger import Posting
from patients.models import Coverage, Patient
from patients.services.medical_cases import medical_case
from practice.models import Location, Payer
from scheduling.models import Appointment, AppointmentType
from staff.models import Employee, Provider

DAY = date(2026, 9, 1)
_numbers = itertools.count(1)


@dataclass
class World:
    """One patient with one payer; ``claim`` makes a submitted claim with charges in the ledger."""

    actor: Any
    location: Location
    provider: Provider
    patient: Patient
    payer: Payer
    coverage: Coverage
    kind: AppointmentType
    claims: list[Claim] = field(default_factory=list)

    def claim(self, *amounts: str, day: date = DAY, control: str = "", state: str = "submitted") -> Claim:
        """A claim of one line for each amount, charged to the payer and billed on ``day``."""
        actor, number = self.actor, next(_numbers)
        starts = datetime(day.year, day.month, day.day, 14, tzinfo=UTC) + timedelta(minutes=number % 600)
        visit = Appointment.objects.create(
            practice_id=actor.practice_id, patient=self.patient, provider=self.provider, location=self.location,
            type=self.kind, starts_at=starts, ends_at=starts + timedelta(minutes=20), local_day=day,
            status="completed",
        )  # fmt: skip
        total = sum((Decimal(amount) for amount in amounts), Decimal("0.00"))
        claim = Claim.objects.create(
            practice_id=actor.practice_id, control_number=control or f"WR{number:08d}", appointment=visit,
            patient=self.patient, coverage=self.coverage, payer=self.payer, rendering_provider=self.provider,
            location=self.location, service_date=day, total=total, state=state, first_submitted_on=day,
            file_by=day + timedelta(days=90),
        )  # fmt: skip
        for place, amount in enumerate(amounts, start=1):
            charge = self.charge(amount, visit=visit, day=day, code=f"9921{place}")
            ClaimLine.objects.create(
                practice_id=actor.practice_id, claim=claim, charge=charge, number=place,
                line_control=f"{claim.control_number}-{place}",
            )  # fmt: skip
        ids = list(claim.lines.values_list("charge_id", flat=True))
        ledger.mark_billed(ids, payer_id=self.payer.id, day=day, actor=actor)
        self.claims.append(claim)
        return claim

    def charge(self, amount: str, *, visit: Appointment, day: date = DAY, code: str = "99213") -> Charge:
        """A charge and its ledger entry, owed by the payer."""
        procedure, _ = ProcedureCode.objects.get_or_create(
            practice_id=self.actor.practice_id, system="cpt", code=code
        )
        charge = Charge.objects.create(
            practice_id=self.actor.practice_id, appointment=visit, patient=self.patient, provider=self.provider,
            location=self.location, procedure=procedure, amount=Decimal(amount), service_date=day, posted_on=day,
        )  # fmt: skip
        ledger.post(
            [self.posting(charge, amount=amount, kind="charge", key=f"visit/{charge.id}")], actor=self.actor
        )
        return charge

    def posting(self, charge: Charge, *, amount: str, kind: str, key: str, payer: Any = "payer") -> Posting:
        """A posting on a charge of this world."""
        return Posting(
            kind=kind, patient_id=charge.patient_id, charge_id=charge.id, location_id=charge.location_id,
            amount=Decimal(amount), service_date=charge.service_date, posted_on=DAY, source_kind="test",
            source_key=key, payer_id=self.payer.id if payer == "payer" else payer,
        )  # fmt: skip


def build(actor: Any) -> World:
    """Place, provider, patient, payer and coverage of a practice."""
    practice, number = actor.practice_id, next(_numbers)
    location = Location.objects.create(practice_id=practice, name=f"Site {number}")
    employee = Employee.objects.create(
        practice_id=practice, first_name="Ann", last_name="Doe", job_title="MD"
    )
    provider = Provider.objects.create(
        practice_id=practice, employee=employee, display_name=f"A. Doe {number}"
    )
    patient = Patient.objects.create(
        practice_id=practice,
        mrn=f"M{number}",
        first_name="Rosa",
        last_name="Lind",
        birth_date=date(1980, 2, 3),
    )
    payer = Payer.objects.create(
        practice_id=practice, name=f"Alder Mutual {number}", payer_id="ALD22", appeal_days=90
    )
    coverage = Coverage.objects.create(
        practice_id=practice,
        patient=patient,
        case=medical_case(patient),
        payer=payer,
        member_id="ALD700123",
        starts_on=date(2026, 1, 1),
    )
    kind = AppointmentType.objects.create(practice_id=practice, name=f"Visit {number}")
    return World(
        actor=actor,
        location=location,
        provider=provider,
        patient=patient,
        payer=payer,
        coverage=coverage,
        kind=kind,
    )


def owed(charge: Charge, *, payer: Payer | None) -> Decimal:
    """The open item of one party on a charge."""
    item = OpenItem.objects.filter(charge=charge, payer=payer).first()
    return item.balance if item else Decimal("0.00")


def entries(**where: Any) -> list[tuple[str, str]]:
    """Ledger entries as (kind, amount), oldest first."""
    rows = LedgerEntry.objects.filter(**where).order_by("created_at", "id")
    return [(row.kind, str(row.amount)) for row in rows]
