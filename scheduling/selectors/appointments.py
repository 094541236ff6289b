"""The only doors to visits, and the choices a booking is made from."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from patients.models import Patient
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import Location
from scheduling.models import Appointment, AppointmentType, Resource, StatusEvent
from scheduling.permissions import SchedulingPermission
from scheduling.rules import STANDING

LONGEST_VISIT = timedelta(hours=12)


def visible_to(actor: Actor) -> QuerySet[Appointment]:
    """Visits at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Appointment.objects.none()
    found = Appointment.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return restricted.visible(found, actor=actor)


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
    return found.select_related("provider", "location").order_by("starts_at").first()


def history_of(appointment: Appointment) -> list[StatusEvent]:
    """Every change of a visit's status, oldest first."""
    return list(appointment.status_events.select_related("room").order_by("at", "created_at", "id"))


def visits_of(patient: Patient, *, actor: Actor, limit: int = 10) -> list[Appointment]:
    """A patient's visits, latest first."""
    mine = visible_to(actor).filter(patient=patient).select_related("type", "provider", "location")
    return list(mine.order_by("-starts_at", "-id")[:limit])


def zone_of(location: Location) -> ZoneInfo:
    """The time zone a site lives in."""
    return ZoneInfo(location.timezone)
