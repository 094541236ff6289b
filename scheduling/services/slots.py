"""What stands between a wish and a lane: hours, limits, other visits, full slots, each with its way out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kit import clock, words
from kit.errors import DomainError
from patients.models import Patient
from practice import booking
from practice.actor import Actor
from practice.models import Location, Room
from scheduling.errors import SlotTaken, Warned
from scheduling.models import Appointment, AppointmentType, Resource, TypeNeed
from scheduling.permissions import SchedulingPermission
from scheduling.rules import DAY_LIMIT, HELD, OTHER_TYPE, OUTSIDE, OVERBOOK, OVERLAP, STANDING
from scheduling.rules.fits import Terms
from scheduling.selectors.appointments import overlapping, provider_resources, zone_of
from scheduling.selectors.openings import chosen_helpers, helpers_of, nearest, sentence
from scheduling.selectors.supply import Fit, supply_of, taken_between
from scheduling.selectors.terms import needs_of, owner_of, terms_for
from scheduling.services import lanes
from staff.models import Provider

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A time somebody wants: which resource, for which type, from when; and what they accept, and why.

    ``helpers`` are the rooms and devices that could serve what the type needs, ``rooms`` those asked for by name.
    """

    resource: Resource
    visit_type: AppointmentType
    starts_at: datetime
    terms: Terms
    accept: frozenset[str] = frozenset()
    reason: str = ""
    capacity: int = 1
    needs: Sequence[TypeNeed] = ()
    helpers: Sequence[Resource] = ()
    rooms: Sequence[Resource] = field(default=())

    @property
    def ends_at(self) -> datetime:
        """When the visit itself ends."""
        return self.starts_at + timedelta(minutes=self.terms.minutes)

    @property
    def held_from(self) -> datetime:
        """From when the lane is taken: the minutes before."""
        return self.terms.held(self.starts_at)[0]

    @property
    def held_until(self) -> datetime:
        """When the lane is free again: the end and the minutes after."""
        return self.terms.held(self.starts_at)[1]

    @property
    def everything(self) -> list[Resource]:
        """All that must be locked before it is decided."""
        return [self.resource, *self.rooms, *self.helpers]


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
    accept: Collection[str] = (),
    reason: str = "",
    rooms: Sequence[Resource] = (),
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
    made = _wish(resource, visit_type=visit_type, starts_at=starts_at)
    return replace(made, accept=frozenset(accept), reason=reason.strip(), rooms=tuple(rooms))


def again(appointment: Appointment) -> Wish:
    """The wish a visit has come from, whatever its day: to hold its time once more."""
    resource = resource_of(appointment.provider, location=appointment.location)
    asked = _wish(resource, visit_type=appointment.type, starts_at=appointment.starts_at)
    return replace(asked, capacity=fit_of(asked).capacity)


def _wish(resource: Resource, *, visit_type: AppointmentType, starts_at: datetime) -> Wish:
    needs = needs_of(visit_type)
    return Wish(
        resource=resource,
        visit_type=visit_type,
        starts_at=starts_at,
        terms=terms_for(visit_type, providers=[resource.provider_id])[owner_of(resource)],
        capacity=resource.capacity,
        needs=needs,
        helpers=helpers_of(needs, locations={resource.location_id}),
    )


def check_patient(asked: Wish, *, patient: Patient, actor: Actor) -> None:
    """Raise Warned for what the rooms know about the patient (``practice.booking``), unless accepted."""
    day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    resource = asked.resource
    for warning in booking.warnings(
        patient, day=day, actor=actor, provider=resource.provider, visit_type=asked.visit_type
    ):
        accepted = warning.code in asked.accept
        if not accepted or (warning.wants_reason and not asked.reason):
            raise Warned(
                f"{warning.message} Book it anyway{' with a reason' if warning.wants_reason else ''} if that is meant.",
                warning=warning.code,
                field="override_reason" if accepted else "patient",
                wants_reason=warning.wants_reason,
            )


def check(asked: Wish, *, patient: Patient, actor: Actor, but: UUID | None = None) -> Wish:
    """The wish with the capacity of its time. Raises Warned for what is unusual, unless accepted (with a reason).

    Outside hours, in time held back or kept for other visits, past a provider's limit: ``book_outside`` is needed.
    """
    fit = fit_of(asked)
    for warning, sentence_ in _unusual(asked, fit=fit, but=but):
        if warning not in asked.accept or not asked.reason:
            named = "override_reason" if warning in asked.accept else "starts_at"
            raise Warned(f"{sentence_} Book it anyway with a reason.", warning=warning, field=named)
        actor.require(SchedulingPermission.BOOK_OUTSIDE)
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
    return replace(asked, capacity=fit.capacity)


def fit_of(asked: Wish) -> Fit:
    """How the wish stands to the hours of its provider."""
    day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    supply = supply_of([asked.resource], first=day - DAY, last=day + DAY)
    return supply.fit(
        asked.resource,
        type_id=asked.visit_type.pk,
        start=asked.starts_at,
        end=asked.ends_at,
        now=clock.now(),
    )


def _unusual(asked: Wish, *, fit: Fit, but: UUID | None) -> list[tuple[str, str]]:
    """What is unusual about a time, each as a warning and its sentence."""
    who, what = asked.resource.provider, asked.visit_type
    found = []
    if fit.warning == OUTSIDE:
        found.append((OUTSIDE, f"This is outside the hours of {who}."))
    if fit.warning == HELD and fit.opens_at is not None:
        local = fit.opens_at.astimezone(zone_of(asked.resource.location))
        when = f"{local:%A}, {words.us_date(local.date())} at {words.us_time(local)}"
        found.append((HELD, f"This time is held back until {when}."))
    if fit.warning == OTHER_TYPE:
        found.append((OTHER_TYPE, f"This time of {who} is kept for other visit types."))
    if not asked.terms.at_site(asked.resource.location_id):
        found.append((OTHER_TYPE, f"{who} does not take {what} at {asked.resource.location}."))
    most = asked.terms.max_per_day
    if most is not None and _that_day(asked, but=but) >= most:
        found.append((DAY_LIMIT, f"{who} takes at most {most} of {what} a day, and has them."))
    return found


def _that_day(asked: Wish, *, but: UUID | None) -> int:
    day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    found = Appointment.objects.filter(
        provider_id=owner_of(asked.resource), local_day=day, type=asked.visit_type, status__in=STANDING
    )
    return (found.exclude(pk=but) if but else found).count()


def lane(asked: Wish, *, actor: Actor) -> int:
    """The lane the wish gets; the resources are locked. SlotTaken with alternatives when there is none."""
    span: dict[str, Any] = {"start": asked.held_from, "end": asked.held_until, "capacity": asked.capacity}
    found = lanes.lane_for(asked.resource, **span)
    if found is None and OVERBOOK in asked.accept:
        actor.require(SchedulingPermission.OVERBOOK)
        if not asked.reason:
            raise Warned("Say why this slot is overbooked.", warning=OVERBOOK, field="override_reason")
        found = lanes.lane_for(asked.resource, **span, overbook=True)
        if found is None:
            local = asked.starts_at.astimezone(zone_of(asked.resource.location))
            said = f"{words.us_time(local)} with {asked.resource.provider} is overbooked already as far as it may be."
            raise taken(asked, actor=actor, why=said)
    if found is None:
        raise taken(asked, actor=actor)
    return found


def helpers(asked: Wish, *, actor: Actor) -> list[Resource]:
    """The rooms and devices the visit takes: those asked for, and free ones for all its type needs, or a refusal."""
    everything = [*asked.rooms, *asked.helpers]
    if not everything and not asked.needs:
        return []
    day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    supply = supply_of(everything, first=day - DAY, last=day + DAY)
    booked = taken_between(everything, start=asked.held_from, end=asked.held_until)
    for each in asked.rooms:
        free = supply.free_room(each, start=asked.held_from, end=asked.held_until)
        depth = booked[each.pk].depth(asked.held_from, asked.held_until, all_lanes=each.capacity)
        if not free or depth >= each.capacity:
            said = f"{each} is taken at that time. Choose another room or time."
            raise taken(asked, actor=actor, why=said, field="room")
    chosen = chosen_helpers(
        asked.needs,
        helpers=asked.helpers,
        supply=supply,
        taken=booked,
        start=asked.held_from,
        end=asked.held_until,
        given=asked.rooms,
    )
    if chosen is None:
        needed = " and ".join(str(each) for each in asked.needs)
        raise taken(asked, actor=actor, why=f"{asked.visit_type} needs {needed}, and not all of it is free.")
    return chosen


def taken(asked: Wish, *, actor: Actor, why: str = "", field: str = "starts_at") -> SlotTaken:
    """The refusal of a full slot, with the nearest openings at that site."""
    others = provider_resources(actor, location=asked.resource.location) or [asked.resource]
    near = nearest(
        asked.visit_type, resource=asked.resource, others=others, start=asked.starts_at, actor=actor
    )
    local = asked.starts_at.astimezone(zone_of(asked.resource.location))
    return SlotTaken(
        why or f"{words.us_time(local)} with {asked.resource.provider} is already booked.",
        openings=near,
        sentences=[sentence(each) for each in near],
        field=field,
    )
