"""What billing does when something happens below it."""

from __future__ import annotations

import uuid

from billing.services import claims, payments, rebilling
from practice import events, jobs
from practice.actor import Actor
from scheduling.models import Appointment


@events.handles("appointment.completed", when="later")
def claim_completed_visit(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Put charges entered before the visit was completed on claims."""
    appointment = Appointment.objects.filter(pk=appointment_id).first()
    if appointment is not None and appointment.charges.filter(voided_at=None).exists():
        claims.from_charges(appointment, actor=actor)


@events.handles("patient.case_changed", when="later")
def bill_by_the_case(*, patient_id: uuid.UUID, actor: Actor) -> None:
    """Claims that have not left follow the case and self-pay; those that have left stay as they were sent."""
    rebilling.follow_coverage(patient_id, actor=actor)


@events.handles("remittance.posted", when="later")
def apply_copays(*, remittance_id: uuid.UUID, actor: Actor) -> None:
    """What was taken at the desk pays what the payer left to the patient."""
    payments.apply_answered(remittance_id, actor=actor)


@events.handles("import.finished", when="later")
def book_what_was_imported(*, import_run_id: uuid.UUID, actor: Actor) -> None:
    """Imported money is in the books as soon as it is in the ledger, not only after the next night."""
    jobs.enqueue("billing.books", key=f"import-{import_run_id}", actor=actor)
