"""The small practice of docs/algorithms/kpis.md, built through the ledger's own door."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.models import (
    Charge,
    Claim,
    DenialCase,
    LedgerEntry,
    ProcedureCode,
    Remittance,
    RemittanceAdjustment,
    RemittanceClaim,
    RemittanceFile,
)
from billing.services import ledger
from billing.services.ledger import Posting
from patients.models import Patient
from practice.models import Location, Payer
from scheduling.models import (
    AccessDay,
    Appointment,
    AppointmentType,
    AvailabilityBlock,
    Resource,
    StatusEvent,
)
from staff.models import Employee, Provider

PAGE = Path(__file__).resolve().parents[2] / "docs" / "algorithms" / "kpis.md"
# Noon in New York on the last day of the worked figures.
NOON = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def table(title: str) -> list[dict[str, str]]:
    """The rows of the table under a heading of the page."""
    text = PAGE.read_text().split(f"### {title}\n", 1)[1].split("\n#", 1)[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass
class World:
    """Everything by its name on the page."""

    actor: Any
    sites: dict[str, Location] = field(default_factory=dict)
    people: dict[str, Patient] = field(default_factory=dict)
    visits: dict[str, Appointment] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    entries: dict[str, LedgerEntry] = field(default_factory=dict)
    payer: Any = None
    provider: Any = None
    kind: Any = None

    @property
    def mine(self) -> dict[str, Any]:
        return {"practice_id": self.actor.practice_id}

    def visit(
        self,
        *,
        patient: str,
        site: str,
        on: date,
        status: str = "completed",
        cancelled_by: str = "",
        via="page",
    ):
        starts = datetime(on.year, on.month, on.day, 15, tzinfo=UTC) + timedelta(minutes=next(_numbers) % 300)
        if patient not in self.people:
            self.people[patient] = Patient.objects.create(
                mrn=f"K{next(_numbers)}",
                first_name=patient,
                last_name="Lind",
                birth_date=date(1980, 2, 3),
                **self.mine,
            )
        return Appointment.objects.create(
            patient=self.people[patient], provider=self.provider, location=self.sites[site], type=self.kind,
            starts_at=starts, ends_at=starts + timedelta(minutes=20), local_day=on, status=status,
            cancelled_by=cancelled_by, created_via=via, **self.mine,
        )  # fmt: skip

    def charge(self, *, visit: Appointment, amount: str, posted: date, billed: date | None = None) -> Charge:
        code, _ = ProcedureCode.objects.get_or_create(system="cpt", code="99213", **self.mine)
        charge = Charge.objects.create(
            appointment=visit, patient_id=visit.patient_id, provider=self.provider, location_id=visit.location_id,
            procedure=code, amount=Decimal(amount), service_date=visit.local_day, posted_on=posted, **self.mine,
        )  # fmt: skip
        self.post(charge, kind="charge", amount=amount, posted=posted)
        if billed:
            ledger.mark_billed([charge.pk], payer_id=self.payer.pk, day=billed, actor=self.actor)
        return charge

    def post(
        self, charge: Charge | None, *, kind: str, amount: str, posted: date, **more: Any
    ) -> LedgerEntry:
        key = f"k{next(_numbers)}"
        patient = charge.patient_id if charge else self.people["Rosa"].pk
        given = {"payer_id": self.payer.pk} | more
        ledger.post(
            [
                Posting(
                    kind=kind, patient_id=patient, charge_id=charge and charge.pk,
                    location_id=charge.location_id if charge else self.sites["A"].pk, amount=Decimal(amount),
                    service_date=charge.service_date if charge else posted, posted_on=posted,
                    source_kind="test", source_key=key, **given,
                )
            ],
            actor=self.actor,
        )  # fmt: skip
        return LedgerEntry.objects.get(source_kind="test", source_key=key)

    def claim(self, charge: Charge, *, submitted: date | None, origin: str = "product") -> Claim:
        return Claim.objects.create(
            control_number=f"K{next(_numbers):08d}", appointment=charge.appointment, patient_id=charge.patient_id,
            payer=self.payer, rendering_provider=self.provider, location_id=charge.location_id,
            service_date=charge.service_date, total=charge.amount, state="submitted", first_submitted_on=submitted,
            file_by=charge.service_date + timedelta(days=90), origin=origin, **self.mine,
        )  # fmt: skip

    def answer(self, claim: Claim, *, on: date, denied: bool = False, status: str = "1") -> RemittanceClaim:
        """A posted answer of the payer, with a denial case when it denies."""
        number = next(_numbers)
        file = RemittanceFile.objects.create(
            name="a.835", sha256=f"{number:064d}", content="", size=0, **self.mine
        )
        remittance = Remittance.objects.create(
            file=file, position=1, payer=self.payer, payer_name="Alder", payer_identity="1", trace_number=str(number),
            amount=0, method="ACH", paid_on=on, digest=str(number), state="posted",
            posted_at=datetime(on.year, on.month, on.day, 18, tzinfo=UTC), **self.mine,
        )  # fmt: skip
        answer = RemittanceClaim.objects.create(
            remittance=remittance, position=1, claim=claim, match="exact", claim_reference=claim.control_number,
            status_code=status, charge=claim.total, paid=0, posted=True, **self.mine,
        )  # fmt: skip
        if denied:
            cas = RemittanceAdjustment.objects.create(
                remittance_claim=answer,
                position=1,
                group_code="CO",
                reason_code="197",
                amount=claim.total,
                **self.mine,
            )
            DenialCase.objects.create(
                number=number, claim=claim, adjustment=cas, payer=self.payer, category="authorization", group_code="CO",
                reason_code="197", amount=claim.total, next_action="Appeal", denied_on=on,
                deadline=on + timedelta(days=60), **self.mine,
            )  # fmt: skip
        return answer


def bare(actor: Any) -> World:
    """Two sites, a provider, a payer and a kind of visit; nothing has happened yet."""
    world, number = World(actor=actor), next(_numbers)
    for name in ("A", "B"):
        world.sites[name] = Location.objects.create(name=f"Site {name}{number}", **world.mine)
    employee = Employee.objects.create(first_name="Ann", last_name="Doe", job_title="MD", **world.mine)
    world.provider = Provider.objects.create(employee=employee, display_name=f"A. Doe {number}", **world.mine)
    world.payer = Payer.objects.create(name=f"Alder Mutual {number}", **world.mine)
    world.kind = AppointmentType.objects.create(name="Visit", code=f"v{number}"[:8], **world.mine)
    return world


def _supply(world: World) -> None:
    """When visits were booked, what was open, and the access that the nights took."""
    for row in table("Booked on"):
        at = datetime.fromisoformat(f"{row['day']}T17:00+00:00")
        StatusEvent.objects.create(
            appointment=world.visits[row["visit"]], status="booked", at=at, **world.mine
        )
    for row in table("Moments of the day"):
        visit = world.visits[row["visit"]]
        for column in ("arrived", "roomed", "with provider", "completed"):
            if row[column]:
                StatusEvent.objects.create(
                    appointment=visit,
                    status=column.replace(" ", "_"),
                    at=visit.starts_at + timedelta(minutes=int(row[column])),
                    **world.mine,
                )
    resources = {
        name: Resource.objects.create(
            kind="provider", name=f"A. Doe at {name}", provider=world.provider, location=site, **world.mine
        )
        for name, site in world.sites.items()
    }
    for row in table("Open time"):
        starts = datetime.fromisoformat(f"{row['day']}T14:00+00:00")
        AvailabilityBlock.objects.create(
            resource=resources[row["site"]], local_day=day(row["day"]), starts_at=starts, kind=row["kind"],
            ends_at=starts + timedelta(minutes=int(row["minutes"])), capacity=int(row["at one time"]), **world.mine,
        )  # fmt: skip
    for row in table("Third next available"):
        AccessDay.objects.create(
            resource=resources[row["site"]], type=world.kind, day=day(row["day"]), lookahead=180, taken_at=NOON,
            days=int(row["days"]) if row["days"] else None, sampled=row["sampled"] == "yes", **world.mine,
        )  # fmt: skip


def build(actor: Any) -> World:
    """The whole page."""
    world = bare(actor)
    for row in table("Visits"):
        world.visits[row["visit"]] = world.visit(
            patient=row["patient"], site=row["site"], on=date.fromisoformat(row["day"]), status=row["status"],
            cancelled_by=row["cancelled by"],
        )  # fmt: skip
    _supply(world)
    for row in table("Charges"):
        world.charges[row["charge"]] = world.charge(
            visit=world.visits[row["visit"]], amount=row["amount"], posted=date.fromisoformat(row["posted"]),
            billed=day(row["first billed"]),
        )  # fmt: skip
    for row in table("Claims and their answers"):
        charge = world.charges[row["charge"]]
        claim = world.claims[row["claim"]] = world.claim(charge, submitted=day(row["first submitted"]))
        world.answer(claim, on=date.fromisoformat(row["first answer"]), denied=row["denied"] == "yes")
        if row["second answer"]:
            world.answer(claim, on=date.fromisoformat(row["second answer"]))
    for row in table("Entries after the charges"):
        more: dict[str, Any] = {"payer_id": world.payer.pk if row["party"] == "payer" else None}
        more["claim_id"] = world.claims[row["claim"]].pk if row["claim"] else None
        more["reverses_id"] = world.entries[row["reverses"]].pk if row["reverses"] else None
        world.entries[row["entry"]] = world.post(
            world.charges.get(row["charge"]), kind=row["kind"], amount=row["amount"],
            posted=date.fromisoformat(row["posted"]), **more,
        )  # fmt: skip
    return world
