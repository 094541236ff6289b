"""The only doors to visits, and the choices a booking is made from."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from patients.models import Patient
from patients.selectors import patients, restricted
from patients.selectors.confidential import called
from practice.actor import Actor
from practice.models import Location
from practice.selectors.days import practice_today
from scheduling.models import Appointment, AppointmentType, Resource, StatusEvent
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, STANDING

LONGEST_VISIT = timedelta(hours=12)
CALL_DAYS, MISSED_DAYS = 3, 30
SHOWN = (*STANDING, Appointment.Status.COMPLETED, Appointment.Status.NO_SHOW, Appointment.Status.LEFT)


def visible_to(actor: Actor) -> QuerySet[Appointment]:
    """Visits at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Appointment.objects.none()
    found = Appointment.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return restricted.visible(found, actor=actor)


def listed(actor: Actor) -> QuerySet[Appointment]:
    """The same visits with what their list shows."""
    rows = called(visible_to(actor), patient="patient_id")
    return rows.select_related("patient", "provider", "location", "type")


def today(queryset: QuerySet[Appointment], *, actor: Actor) -> QuerySet[Appointment]:
    """Visits of today that stand or stood: none that was cancelled or moved."""
    return queryset.filter(local_day=practice_today(actor), status__in=SHOWN)


def not_confirmed(queryset: QuerySet[Appointment], *, actor: Actor) -> QuerySet[Appointment]:
    """Booked for the next days, and nobody has confirmed: time to call."""
    day = practice_today(actor)
    until = day + timedelta(days=CALL_DAYS)
    return queryset.filter(local_day__gte=day, local_day__lte=until, status=Appointment.Status.BOOKED)


def to_come(queryset: QuerySet[Appointment], *, actor: Actor) -> QuerySet[Appointment]:
    """After today."""
    return queryset.filter(local_day__gt=practice_today(actor), status__in=BEFORE_ARRIVAL)


def missed(queryset: QuerySet[Appointment], *, actor: Actor) -> QuerySet[Appointment]:
    """Not come, or gone without being seen, within a month: somebody should ask why and offer another time."""
    since = practice_today(actor) - timedelta(days=MISSED_DAYS)
    gone = (Appointment.Status.NO_SHOW, Appointment.Status.LEFT)
    return queryset.filter(local_day__gte=since, status__in=gone)


def search(queryset: QuerySet[Appointment], *, text: str, actor: Actor) -> QuerySet[Appointment]:
    """Visits of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def get_appointment(appointment_id: uuid.UUID, *, actor: Actor) -> Appointment:
    """One visit with its patient, provider, site and type; 404 for anything the actor may not see."""
    found = (
        visible_to(actor)
        .select_related("patient", "provider", "location", "type")
        .filter(pk=appointment_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def locations_for(actor: Actor) -> list[Location]:
    """The sites the actor works at, by name."""
    found = Location.objects.filter(practice_id=actor.practice_id, is_active=True).order_by("name", "id")
    return [site for site in found if actor.sees_location(site.pk)]


def get_location(location_id: uuid.UUID, *, actor: Actor) -> Location:
    """One site in the actor's scope, else 404."""
    for site in locations_for(actor):
        if site.pk == location_id:
            return site
    raise Http404


def types_for(actor: Actor) -> list[AppointmentType]:
    """The visit types that can be booked, by code."""
    return list(
        AppointmentType.objects.filter(practice_id=actor.practice_id, is_active=True).order_by("code")
    )


def provider_resources(actor: Actor, *, location: Location | None = None) -> list[Resource]:
    """Active providers as something to book, at one site or at all of the actor's."""
    found = Resource.objects.filter(
        practice_id=actor.practice_id,
        kind=Resource.Kind.PROVIDER,
        is_active=True,
        provider__is_active=True,
    )
    if location is not None:
        found = found.filter(location=location)
    found = found.select_related("provider", "location").order_by("name", "id")
    return [resource for resource in found if actor.sees_location(resource.location_id)]


def overlapping(
    patient: Patient, *, start: datetime, end: datetime, but: uuid.UUID | None = None
) -> Appointment | None:
    """Another standing visit of the patient between two moments, at any site."""
    found = Appointment.objects.filter(
        patient=patient,
        starts_at__gt=start - LONGEST_VISIT,
        starts_at__lt=end,
        ends_at__gt=start,
        status__in=STANDING,
    )
    if but is not None:
        found = found.exclude(pk=but)
    return found.order_by("starts_at").first()


def history_of(appointment: Appointment) -> list[StatusEvent]:
    """Every change of a visit's status, oldest first."""
    return list(
        appointment.status_events.select_related("room", "wait_reason").order_by("at", "created_at", "id")
    )


def visits_of(patient: Patient, *, actor: Actor, limit: int = 10) -> list[Appointment]:
    """A patient's visits, latest first."""
    mine = visible_to(actor).filter(patient=patient).select_related("type", "provider", "location")
    return list(mine.order_by("-starts_at", "-id")[:limit])


def zone_of(location: Location) -> ZoneInfo:
    """The time zone a site lives in."""
    return ZoneInfo(location.timezone)
