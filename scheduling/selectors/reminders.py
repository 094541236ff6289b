"""Reads of the reminder plan, of reminders, and of what patients answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from kit import clock
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today, practice_zone
from practice.selectors.plain import every
from scheduling.models import Appointment, Reminder, ReminderStep, VisitReply, WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, instant

steps = every(ReminderStep)
State = Reminder.State
GONE = (State.SENT, State.DELIVERED)


def visible_to(actor: Actor) -> QuerySet[Reminder]:
    """Reminders of visits at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Reminder.objects.none()
    found = Reminder.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    return restricted.visible(found, actor=actor, patient="appointment__patient")


def listed(actor: Actor) -> QuerySet[Reminder]:
    """The same with what their list shows."""
    return visible_to(actor).select_related(
        "appointment__patient", "appointment__provider", "appointment__location", "step"
    )


def today(queryset: QuerySet[Reminder], *, actor: Actor) -> QuerySet[Reminder]:
    """What goes out, or went out, today."""
    first, last = _day(actor)
    return queryset.filter(due_at__gte=first, due_at__lt=last)


def not_out(queryset: QuerySet[Reminder], *, actor: Actor) -> QuerySet[Reminder]:
    """Failed, of visits that are still to come: somebody should call."""
    return queryset.filter(state=State.FAILED, visit_at__gt=clock.now())


def suppressed(queryset: QuerySet[Reminder], *, actor: Actor) -> QuerySet[Reminder]:
    """Not sent on purpose, of visits to come, and the visit still stands."""
    standing = queryset.filter(appointment__status__in=sorted(BEFORE_ARRIVAL), visit_at__gt=clock.now())
    return standing.filter(state=State.SUPPRESSED).exclude(reason=Reminder.Why.MOVED)


def _day(actor: Actor) -> tuple[datetime, datetime]:
    day, zone = practice_today(actor), practice_zone(actor)
    return instant(day, at=time(0), zone=zone), instant(day + timedelta(days=1), at=time(0), zone=zone)


def search(queryset: QuerySet[Reminder], *, text: str, actor: Actor) -> QuerySet[Reminder]:
    """Reminders of the patients that a typed text means."""
    return queryset.filter(appointment__patient__in=patients.named(text, actor=actor))


def of_visit(visit: Appointment) -> list[Reminder]:
    """Everything planned and sent about a visit, in the order of time. Whoever asks holds the visit."""
    return list(visit.reminders.select_related("step").order_by("due_at", "id"))


def replies(actor: Actor) -> QuerySet[VisitReply]:
    """What patients answered, at the actor's sites; from unknown numbers for everybody who sees the schedule."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return VisitReply.objects.none()
    found = VisitReply.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(appointment=None) | Q(appointment__location_id__in=actor.locations))
    return found.filter(Q(patient=None) | Q(pk__in=_seen(found, actor=actor).values("pk")))


def _seen(found: QuerySet[VisitReply], *, actor: Actor) -> QuerySet[VisitReply]:
    return restricted.visible(found.exclude(patient=None), actor=actor)


def listed_replies(actor: Actor) -> QuerySet[VisitReply]:
    """The same with what their list shows."""
    return replies(actor).select_related("patient", "appointment__location", "settled_by__user")


def waiting(queryset: QuerySet[VisitReply], *, actor: Actor) -> QuerySet[VisitReply]:
    """Nobody has acted on it yet."""
    return queryset.filter(state=VisitReply.State.OPEN)


def search_replies(queryset: QuerySet[VisitReply], *, text: str, actor: Actor) -> QuerySet[VisitReply]:
    """Replies of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def replies_of(visit: Appointment) -> list[VisitReply]:
    """What was answered about a visit, in the order of time. Whoever asks holds the visit."""
    return list(visit.replies.order_by("received_at", "id"))


def reminded(number: str, *, people: Iterable[UUID]) -> list[Appointment]:
    """Visits to come of these patients that a text to this number was about, the next first."""
    sent = Reminder.objects.filter(address=number, visit_at__gt=clock.now(), state__in=GONE)
    visits = Appointment.objects.filter(
        pk__in=sent.values("appointment_id"), patient_id__in=list(people), status__in=sorted(BEFORE_ARRIVAL)
    )
    return list(visits.select_related("patient", "location").order_by("starts_at", "id"))


def offered(number: str, *, people: Iterable[UUID]) -> list[WaitlistOffer]:
    """Times to come that these patients were offered by a text to this number and have not answered, ended ones too."""
    sent = Reminder.objects.filter(
        address=number, visit_at__gt=clock.now(), state__in=GONE, offer__isnull=False
    )
    unanswered = (WaitlistOffer.State.OFFERED, WaitlistOffer.State.EXPIRED, WaitlistOffer.State.WITHDRAWN)
    found = WaitlistOffer.objects.filter(
        pk__in=sent.values("offer_id"), entry__patient_id__in=list(people), state__in=unanswered
    )
    return list(
        found.select_related("appointment__patient", "appointment__location").order_by("offered_at", "id")
    )
