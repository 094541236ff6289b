"""What stands between a wish and a lane: hours, the patient's other visits, full slots, each with its way out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock, words
from kit.errors import DomainError
from patients.models import Patient
from practice import booking
from practice.actor import Actor
from practice.models import Location, Room
from scheduling.errors import SlotTaken, Warned
from scheduling.models import AppointmentType, Resource
from scheduling.permissions import SchedulingPermission
from scheduling.rules import OUTSIDE, OVERBOOK, OVERLAP
from scheduling.selectors.appointments import overlapping, provider_resources, zone_of
from scheduling.selectors.openings import is_open, nearest, sentence
from scheduling.services import lanes
from staff.models import Provider


@dataclass(frozen=True, slots=True)
class Wish:
    """A time somebody wants: which resource, for which type, from when; and what they accept, and why."""

    resource: Resource
    visit_type: AppointmentType
    starts_at: datetime
    accept: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def ends_at(self) -> datetime:
        """When the visit itself ends."""
        return self.starts_at + timedelta(minutes=self.visit_type.minutes)

    @property
    def held_until(self) -> datetime:
        """When the lane is free again: the end and the buffer."""
        return self.ends_at + timedelta(minutes=self.visit_type.buffer_after)


def resource_of(provider: Provider, *, location: Location) -> Resource:
    """The provider at a site as something to book. DomainError when they do not work there."""
    found = (
        Resource.objects.filter(
            provider=provider, location=location, kind=Resource.Kind.PROVIDER, is_active=True
        )
        .select_related("provider", "location")
        .first()
    )
    if found is None or not provider.is_active:
        raise DomainError(
            f"{provider} cannot be booked at {location}. Choose another provider.", field="provider"
        )
    return found


def room_resource(room: Room, *, location: Location) -> Resource:
    """A room as something to book. DomainError when it is none, or of another site."""
    found = Resource.objects.filter(
        room=room, location=location, kind=Resource.Kind.ROOM, is_active=True
    ).first()
    if found is None:
        raise DomainError(f"{room} cannot be booked at {location}.", field="room")
    return found


def wish(
    resource: Resource,
    *,
    visit_type: AppointmentType,
    starts_at: datetime,
    accept: Collection[str],
    reason: str,
) -> Wish:
    """A checked wish: an aware time on a whole minute, today or later, of a type that can be booked."""
    if starts_at.tzinfo is None:
        raise DomainError("Give the start with its time zone.", field="starts_at")
    if starts_at.second or starts_at.microsecond:
        raise DomainError("Give the start in whole minutes.", field="starts_at")
    if not visit_type.is_active:
        raise DomainError(f"{visit_type} can no longer be booked. Choose another visit type.", field="type")
    zone = zone_of(resource.location)
    if starts_at.astimezone(zone).date() < clock.today(zone):
        raise DomainError("Choose today or a later day.", field="starts_at")
    return Wish(
        resource=resource,
        visit_type=visit_type,
        starts_at=starts_at,
        accept=frozenset(accept),
        reason=reason.strip(),
    )


def check_patient(asked: Wish, *, patient: Patient, actor: Actor) -> None:
    """Raise Warned for what the rooms know about the patient (``practice.booking``), unless accepted."""
    day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    for warning in booking.warnings(patient, day=day, actor=actor):
        accepted = warning.code in asked.accept
        if not accepted or (warning.wants_reason and not asked.reason):
            raise Warned(
                f"{warning.message} Book it anyway{' with a reason' if warning.wants_reason else ''} if that is meant.",
                warning=warning.code,
                field="override_reason" if accepted else "patient",
                wants_reason=warning.wants_reason,
            )


def check(asked: Wish, *, patient: Patient, but: UUID | None = None) -> None:
    """Raise Warned for a time outside hours or during another visit of the patient, unless accepted."""
    outside = not is_open(asked.resource, start=asked.starts_at, end=asked.ends_at)
    if outside and not (OUTSIDE in asked.accept and asked.reason):
        raise Warned(
            f"This is outside the hours of {asked.resource.provider}. Book it anyway with a reason.",
            warning=OUTSIDE,
            field="override_reason" if OUTSIDE in asked.accept else "starts_at",
        )
    other = overlapping(patient, start=asked.starts_at, end=asked.ends_at, but=but)
    if other is not None and OVERLAP not in asked.accept:
        local = other.starts_at.astimezone(zone_of(other.location))
        raise Warned(
            f"{patient} already has a visit at {words.us_time(local)} with {other.provider}. "
            "Book both only if that is meant.",
            warning=OVERLAP,
            field="starts_at",
            wants_reason=False,
        )


def lane(asked: Wish, *, actor: Actor) -> int:
    """The lane the wish gets; the resources are locked. SlotTaken with alternatives when there is none."""
    found = lanes.lane_for(asked.resource, start=asked.starts_at, end=asked.held_until)
    if found is None and OVERBOOK in asked.accept:
        actor.require(SchedulingPermission.OVERBOOK)
        if not asked.reason:
            raise Warned("Say why this slot is overbooked.", warning=OVERBOOK, field="override_reason")
        found = lanes.lane_for(asked.resource, start=asked.starts_at, end=asked.held_until, overbook=True)
    if found is None:
        raise taken(asked, actor=actor)
    return found


def taken(asked: Wish, *, actor: Actor) -> SlotTaken:
    """The refusal of a full slot, with the nearest openings at that site."""
    others = provider_resources(actor, location=asked.resource.location) or [asked.resource]
    near = nearest(
        asked.visit_type, resource=asked.resource, others=others, start=asked.starts_at, actor=actor
    )
    local = asked.starts_at.astimezone(zone_of(asked.resource.location))
    return SlotTaken(
        f"{words.us_time(local)} with {asked.resource.provider} is already booked.",
        openings=near,
        sentences=[sentence(each) for each in near],
    )
