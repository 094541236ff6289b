"""Missed visits: the list, and how many count for a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from patients.models import Patient
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.selectors.plain import every
from practice.services.rules import rules
from scheduling.models import Appointment, MissedVisit, MissPolicyStep
from scheduling.permissions import SchedulingPermission
from scheduling.rules.missed import months_before

policy = every(MissPolicyStep)
PERIOD, LIMIT, LATE_COUNTS = "missed.period_months", "missed.warn_count", "missed.count_late"
State = MissedVisit.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many visits somebody missed in the policy's period of months, and from how many on the desk is warned."""

    count: int
    months: int
    limit: int

    @property
    def over(self) -> bool:
        """The desk should hear it."""
        return self.count >= self.limit


def visible_to(actor: Actor) -> QuerySet[MissedVisit]:
    """Missed visits at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return MissedVisit.objects.none()
    found = MissedVisit.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    return restricted.visible(found, actor=actor)


def listed(actor: Actor) -> QuerySet[MissedVisit]:
    """The same with what the list shows."""
    return visible_to(actor).select_related(
        "patient",
        "appointment__provider",
        "appointment__location",
        "step__letter",
        "letter",
        "excused_by__user",
    )


def counted(queryset: QuerySet[MissedVisit], *, actor: Actor) -> QuerySet[MissedVisit]:
    """Neither excused nor taken back."""
    return queryset.filter(state=State.COUNTED)


def charged(queryset: QuerySet[MissedVisit], *, actor: Actor) -> QuerySet[MissedVisit]:
    """With a fee due by policy."""
    return queryset.filter(state=State.COUNTED).exclude(fee=0)


def search(queryset: QuerySet[MissedVisit], *, text: str, actor: Actor) -> QuerySet[MissedVisit]:
    """Missed visits of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def tally_of(patient: Patient, *, day: date) -> Tally:
    """What counts on a day. Whoever asks holds the patient; sites are not asked."""
    held = rules((PERIOD, LIMIT, LATE_COUNTS), on=day)
    months = int(held[PERIOD])
    found = MissedVisit.objects.filter(
        patient=patient, day__gt=months_before(day, months=months), day__lte=day, state=State.COUNTED
    )
    if not held[LATE_COUNTS].yes:
        found = found.exclude(kind=MissedVisit.Kind.LATE)
    return Tally(count=found.count(), months=months, limit=int(held[LIMIT]))


def tally_today(patient: Patient, *, actor: Actor) -> Tally:
    """What counts today."""
    return tally_of(patient, day=practice_today(actor))


def miss_of(visit: Appointment) -> MissedVisit | None:
    """What the policy keeps about a visit, if it was missed. Whoever asks holds the visit."""
    return MissedVisit.objects.select_related("step__letter", "letter").filter(appointment=visit).first()
