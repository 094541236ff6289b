"""A visit that can be billed: everything a clean claim needs, made below the web in one practice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Charge, Claim, FeeScheduleLine, ProcedureCode
from billing.services import charges
from billing.services.charges import ChargeLine
from patients.models import Coverage, Patient
from patients.services.medical_cases import medical_case
from practice.models import BillingEntity, Location, Payer, PracticeProfile
from scheduling.models import Appointment, AppointmentType
from staff.models import Credential, Employee, PayerEnrolment, Provider

VISIT_DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
FEES = (("99213", "150.00"), ("99214", "210.00"), ("36415", "18.00"))


@dataclass
class World:
    """One practice ready to bill; ``visit()`` makes another completed visit."""

    actor: Any
    site: Location
    payer: Payer
    entity: BillingEntity
    provider: Provider
    patient: Patient
    coverage: Coverage
    type: AppointmentType
    codes: dict[str, ProcedureCode] = field(default_factory=dict)
    visits: int = 0

    def visit(
        self, *, patient: Patient | None = None, status: str = "completed", day: date = VISIT_DAY
    ) -> Appointment:
        """A visit of the day; the next one starts half an hour later."""
        starts = datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC) + timedelta(
            minutes=30 * self.visits
        )
        self.visits += 1
        return Appointment.objects.create(
            practice_id=self.actor.practice_id,
            patient=patient or self.patient,
            provider=self.provider,
            location=self.site,
            type=self.type,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=20),
            local_day=day,
            status=status,
        )

    def another_patient(self, *, last_name: str, member_id: str = "M200", **changes: Any) -> Patient:
        """Another insured patient."""
        patient = person(self.actor, mrn=f"T{last_name}", last_name=last_name, **changes)
        cover(self.actor, patient=patient, payer=self.payer, member_id=member_id)
        return patient

    def charged(self, *lines: ChargeLine, visit: Appointment | None = None) -> list[Charge]:
        """Charges of a visit, by default one office visit for high blood pressure."""
        wanted = lines or (ChargeLine(code="99213", diagnoses=("I10",)),)
        return charges.capture(visit or self.visit(), lines=wanted, actor=self.actor)

    def claim(self, *lines: ChargeLine, visit: Appointment | None = None) -> Claim:
        """The claim of a freshly charged visit."""
        made = self.charged(*lines, visit=visit)
        return Claim.objects.get(lines__charge=made[0])


def person(actor: Any, *, mrn: str = "T1", last_name: str = "Sayed", **changes: Any) -> Patient:
    """A patient with a complete registration."""
    values = {
        "first_name": "Omar", "birth_date": date(1958, 11, 2), "sex": "M", "address_line": "4 Elm Street",
        "city": "Harborview", "state": "NY", "postal_code": "10562", **changes,
    }  # fmt: skip
    return Patient.objects.create(practice_id=actor.practice_id, mrn=mrn, last_name=last_name, **values)


def cover(actor: Any, *, patient: Patient, payer: Payer, member_id: str = "M100", **changes: Any) -> Coverage:
    """Coverage since last year."""
    values = {"starts_on": date(2025, 1, 1), **changes}
    return Coverage.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        case=medical_case(patient),
        payer=payer,
        member_id=member_id,
        **values,
    )


def build(actor: Any) -> World:
    """Make the world. Inside ``acting(...)``."""
    own = {"practice_id": actor.practice_id}
    PracticeProfile.objects.filter(practice_id=actor.practice_id).update(timezone="America/New_York")
    address = {"address_line": "120 Main Street", "city": "Harborview", "state": "NY"}
    site = Location.objects.create(**own, name="Main Street", postal_code="10562", **address)
    payer = Payer.objects.create(
        **own, name="Northway Health", payer_id="NWH01", filing_days=90, is_sandbox=True
    )
    entity = BillingEntity.objects.create(
        **own,
        legal_name="Harbor Family Medicine PLLC",
        npi="1245319599",
        taxonomy="207Q00000X",
        tax_id="123456789",
        postal_code="105620001",
        contact_name="Billing Office",
        phone="9145550111",
        submitter_id="WRHARBOR",
        receiver_id="SANDBOXCH",
        receiver_name="Sandbox Clearinghouse",
        **address,
    )
    employee = Employee.objects.create(**own, first_name="Elena", last_name="Vasquez", job_title="Physician")
    Credential.objects.create(
        **own,
        employee=employee,
        kind="license",
        number="NY1",
        issued_on=date(2024, 1, 1),
        expires_on=date(2027, 1, 1),
    )
    provider = Provider.objects.create(
        **own,
        employee=employee,
        display_name="E. Vasquez, MD",
        npi="1619876547",
        taxonomy="207Q00000X",
        location=site,
    )
    PayerEnrolment.objects.create(
        **own, provider=provider, payer=payer, state="effective", effective_on=date(2024, 1, 1)
    )
    patient = person(actor)
    world = World(
        actor=actor, site=site, payer=payer, entity=entity, provider=provider, patient=patient,
        coverage=cover(actor, patient=patient, payer=payer),
        type=AppointmentType.objects.create(**own, code="fu", name="Follow-up"),
    )  # fmt: skip
    for code, fee in FEES:
        world.codes[code] = ProcedureCode.objects.create(**own, code=code, name=f"Service {code}")
        FeeScheduleLine.objects.create(**own, code=code, amount=Decimal(fee), effective_from=date(2026, 1, 1))
    return world
