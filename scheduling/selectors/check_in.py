"""Check-ins that were made, what there is to look at before one is, and the next visit of a patient at checkout."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.check_in import Item
from practice.check_in import items as gathered
from scheduling.models import Appointment, CheckIn, CheckInItem
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL

IDENTITY, CONTACT = "identity", "contact"


def visible_to(actor: Actor) -> QuerySet[CheckIn]:
    """Check-ins at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return CheckIn.objects.none()
    found = CheckIn.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    found = restricted.visible(found, actor=actor, patient="appointment__patient")
    return found.select_related("appointment__patient", "appointment__location", "by__user")


def listed(actor: Actor) -> QuerySet[CheckIn]:
    """The same with what the list shows."""
    return (
        visible_to(actor)
        .select_related("appointment__provider", "appointment__type")
        .prefetch_related("items")
    )


def items_of_check_ins(actor: Actor) -> QuerySet[CheckInItem]:
    """What was looked at at those check-ins."""
    return CheckInItem.objects.filter(check_in__in=visible_to(actor)).select_related("check_in")


def with_something_missing(queryset: QuerySet[CheckIn], *, actor: Actor) -> QuerySet[CheckIn]:
    """Those that went on although something was not there: somebody should ask for it."""
    return queryset.filter(missing__gt=0)


def search(queryset: QuerySet[CheckIn], *, text: str, actor: Actor) -> QuerySet[CheckIn]:
    """Check-ins of the patients that a typed text means."""
    return queryset.filter(appointment__patient__in=patients.named(text, actor=actor))


def check_in_of(visit: Appointment) -> CheckIn | None:
    """How a visit was checked in; None when that was done by a step alone, or not yet."""
    return CheckIn.objects.filter(appointment=visit).select_related("by__user").first()


def to_look_at(visit: Appointment, *, identity: bool, contact: bool, actor: Actor) -> list[Item]:
    """Everything of a check-in: whether the patient said who they are and where they live, then what the rooms know."""
    patient = visit.patient
    unreachable = [
        word for word, value in (("telephone", patient.phone), ("address", patient.address_line)) if not value
    ]
    return [
        Item(
            code=IDENTITY,
            title="Name and date of birth",
            state="ok" if identity else "missing",
            detail="Said by the patient." if identity else "Not confirmed.",
        ),
        Item(
            code=CONTACT,
            title="Telephone and address",
            state="ok" if contact and not unreachable else "missing" if not contact else "warn",
            detail=("Confirmed." if contact else "Not confirmed.")
            + (f" No {' and no '.join(unreachable)} on file." if unreachable else ""),
        ),
        *gathered("check_in_items", visit, actor=actor),
    ]


def lacking(items: Sequence[Item]) -> list[Item]:
    """What is missing, and asks for a reason."""
    return [item for item in items if item.state == "missing"]


def next_visit(visit: Appointment, *, actor: Actor) -> Appointment | None:
    """The patient's first visit after this one that stands."""
    mine = Appointment.objects.filter(
        practice_id=actor.practice_id,
        patient=visit.patient_id,
        starts_at__gt=visit.starts_at,
        local_day__gt=visit.local_day,
        status__in=sorted(BEFORE_ARRIVAL),
    )
    return mine.select_related("location", "type", "provider").order_by("starts_at", "id").first()
