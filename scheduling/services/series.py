"""Visits that repeat: looked at as a whole before any is booked, then booked all or none; the rest moved or cancelled.

All resources are locked once, in the house's order, before the first visit is written, so that two series can wait for
each other but never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import Patient
from practice.actor import Actor
from practice.models import Location
from scheduling.errors import SlotTaken, Warned
from scheduling.models import Appointment, AppointmentType, SeriesVisit, VisitSeries
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, Opening, instant
from scheduling.rules.series import days, instants
from scheduling.selectors.appointments import provider_resources, zone_of
from scheduling.selectors.openings import nearest
from scheduling.services import appointments, lanes, slots
from staff.models import Provider

MOST_VISITS, MOST_APART = 60, 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is asked for: of which kind, with whom, where, from which day and time on, how often."""

    visit_type: AppointmentType
    provider: Provider
    location: Location
    starts_on: date
    starts_at: time
    every: int
    unit: str
    count: int

    def check(self) -> None:
        """DomainError at the field for what no series can be."""
        if not 2 <= self.count <= MOST_VISITS:
            raise DomainError(f"Enter 2 to {MOST_VISITS} visits.", field="count")
        if not 1 <= self.every <= MOST_APART:
            raise DomainError(f"Enter 1 to {MOST_APART}.", field="every")
        if self.unit not in VisitSeries.Unit.values:
            raise DomainError("Choose weeks or months.", field="unit")
        if self.starts_on < clock.today(zone_of(self.location)):
            raise DomainError("Choose today or a later day.", field="starts_on")

    @property
    def days(self) -> list[date]:
        """Its days at the site."""
        return days(self.starts_on, every=self.every, unit=self.unit, count=self.count)

    @property
    def instants(self) -> list[datetime]:
        """Its moments."""
        return instants(self.days, at=self.starts_at, zone=zone_of(self.location))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One day of a series before it is booked: fits, is unusual (``warning``, may be accepted), or is taken."""

    number: int
    day: date
    starts_at: datetime
    words: str = ""
    warning: str = ""
    taken: bool = False
    alternatives: Sequence[Opening] = ()

    @property
    def fits(self) -> bool:
        """Nothing speaks against it."""
        return not self.words


@transaction.atomic
def look(patient: Patient, *, rhythm: Rhythm, actor: Actor, skip: Collection[int] = ()) -> list[Place]:
    """Every day of a series with what speaks against it, and other times for what does not fit. Books nothing."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    rhythm.check()
    return [
        _place(patient, rhythm=rhythm, number=number, day=day, starts_at=moment, actor=actor)
        for number, (day, moment) in enumerate(zip(rhythm.days, rhythm.instants, strict=True), start=1)
        if number not in skip
    ]


def _place(
    patient: Patient, *, rhythm: Rhythm, number: int, day: date, starts_at: datetime, actor: Actor
) -> Place:
    place = Place(number=number, day=day, starts_at=starts_at)
    resource = slots.resource_of(rhythm.provider, location=rhythm.location)
    try:
        asked = slots.wish(resource, visit_type=rhythm.visit_type, starts_at=starts_at)
        asked = slots.check(asked, patient=patient, actor=actor)
        if not lanes.room_left(
            resource, start=asked.held_from, end=asked.held_until, capacity=asked.capacity
        ):
            raise slots.taken(asked, actor=actor)
        slots.helpers(asked, actor=actor)
    except Warned as unusual:
        near = _near(rhythm, starts_at=starts_at, actor=actor)
        return _said(place, words=unusual.message, warning=unusual.warning, alternatives=near)
    except SlotTaken as taken:
        return _said(place, words=taken.message, taken=True, alternatives=taken.openings)
    return place


def _said(place: Place, **what: Any) -> Place:
    return Place(number=place.number, day=place.day, starts_at=place.starts_at, **what)


def _near(rhythm: Rhythm, *, starts_at: datetime, actor: Actor) -> list[Opening]:
    resource = slots.resource_of(rhythm.provider, location=rhythm.location)
    others = provider_resources(actor, location=rhythm.location)
    return nearest(rhythm.visit_type, resource=resource, others=others, start=starts_at, actor=actor)


@transaction.atomic
def book(
    patient: Patient,
    *,
    rhythm: Rhythm,
    actor: Actor,
    skip: Collection[int] = (),
    instead: Mapping[int, tuple[datetime, Provider]] | None = None,
    accept: Collection[str] = (),
    override_reason: str = "",
    reason: str = "",
    via: str = "page",
) -> VisitSeries:
    """Book every visit of a series, or none. ``skip`` leaves numbers out on purpose; ``instead`` gives a number another
    time and provider; ``accept`` as for a single visit.

    Refused like a single visit, with the number and day in front of the sentence.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    rhythm.check()
    if not set(range(1, rhythm.count + 1)) - set(skip):
        raise DomainError("Leave at least one visit in the series.", field="skip")
    other = instead or {}
    _lock_all(rhythm, providers=[provider for _, provider in other.values()])
    made = _made(patient, rhythm=rhythm, reason=reason.strip()[:200], actor=actor)
    how: dict[str, Any] = {"accept": accept, "override_reason": override_reason, "reason": reason, "via": via}
    for number, (day, moment) in enumerate(zip(rhythm.days, rhythm.instants, strict=True), start=1):
        visit = None
        if number not in skip:
            starts_at, provider = other.get(number, (moment, rhythm.provider))
            book_one = partial(
                appointments.book,
                patient,
                visit_type=rhythm.visit_type,
                provider=provider,
                location=rhythm.location,
                starts_at=starts_at,
                actor=actor,
                **how,
            )
            visit = _named(number, day, book_one)
        SeriesVisit.objects.create(
            practice_id=actor.practice_id, series=made, number=number, day=day, appointment=visit
        )
    return made


def _made(patient: Patient, *, rhythm: Rhythm, reason: str, actor: Actor) -> VisitSeries:
    return VisitSeries.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        type=rhythm.visit_type,
        provider=rhythm.provider,
        location=rhythm.location,
        starts_on=rhythm.starts_on,
        starts_at=rhythm.starts_at,
        every=rhythm.every,
        unit=rhythm.unit,
        count=rhythm.count,
        reason=reason,
    )


def _lock_all(rhythm: Rhythm, *, providers: Sequence[Provider]) -> None:
    """Everything the visits of a series may take, in one go."""
    everything = []
    for provider in {each.pk: each for each in (rhythm.provider, *providers)}.values():
        resource = slots.resource_of(provider, location=rhythm.location)
        moment = instant(rhythm.starts_on, at=rhythm.starts_at, zone=zone_of(rhythm.location))
        everything += slots.wish(resource, visit_type=rhythm.visit_type, starts_at=moment).everything
    over = lanes.run_out(everything)
    lanes.lock([*everything, *lanes.held_by(*over)])


def _named(number: int, day: date, act: Callable[[], Appointment]) -> Appointment:
    """Do it; a refusal says which visit it is about."""
    try:
        return act()
    except DomainError as error:
        error.message = f"Visit {number}, {us_date(day)}: {error.message}"
        error.args = (error.message,)
        raise


def rest_of(series: VisitSeries) -> list[SeriesVisit]:
    """The places whose visits are still to come and stand, in order."""
    rows = series.places.filter(
        appointment__status__in=BEFORE_ARRIVAL, appointment__starts_at__gt=clock.now()
    ).select_related(
        "appointment__patient", "appointment__provider", "appointment__location", "appointment__type"
    )
    return list(rows.order_by("appointment__starts_at", "number"))


@transaction.atomic
def cancel_rest(series: VisitSeries, /, *, by: str, reason: str, actor: Actor) -> VisitSeries:
    """Cancel every visit of a series that is still to come. Conflict when none is."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    places = _rest(series)
    for place in places:
        appointments.cancel(_visit(place), by=by, reason=reason, actor=actor)
    locked = VisitSeries.objects.select_for_update(of=("self",), no_key=True).get(pk=series.pk)
    locked.state = VisitSeries.State.CANCELLED
    locked.save()
    return locked


@transaction.atomic
def move_rest(
    series: VisitSeries,
    /,
    *,
    actor: Actor,
    starts_at: time | None = None,
    days_later: int = 0,
    accept: Collection[str] = (),
    override_reason: str = "",
) -> VisitSeries:
    """Give every visit that is still to come another time of day, or move it by so many days; all or none.

    Conflict when none is to come, or one does not fit: its number and day stand in front of the sentence.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    if starts_at is None and not days_later:
        raise DomainError("Enter another time of day, or by how many days they move.", field="starts_at")
    places = _rest(series)
    # Moved away from the others first: the last one when all go later, the first one when all go earlier.
    for place in reversed(places) if days_later > 0 else places:
        visit = _visit(place)
        zone = zone_of(visit.location)
        was = visit.starts_at.astimezone(zone)
        day = was.date() + timedelta(days=days_later)
        moment = instant(day, at=starts_at or was.time().replace(tzinfo=None), zone=zone)
        move_one = partial(
            appointments.move,
            visit,
            starts_at=moment,
            accept=accept,
            override_reason=override_reason,
            actor=actor,
        )
        _named(place.number, day, move_one)
    locked = VisitSeries.objects.select_for_update(of=("self",), no_key=True).get(pk=series.pk)
    locked.starts_at = starts_at or locked.starts_at
    locked.save()
    return locked


def _rest(series: VisitSeries) -> list[SeriesVisit]:
    places = rest_of(series)
    if not places:
        raise Conflict("No visit of this series is still to come.")
    visits = [_visit(place) for place in places]
    wishes = [
        slots.wish(
            slots.resource_of(each.provider, location=each.location),
            visit_type=each.type,
            starts_at=each.starts_at,
        )
        for each in visits
    ]
    everything = [resource for wish in wishes for resource in wish.everything]
    lanes.lock([*everything, *lanes.held_by(*visits, *lanes.run_out(everything))])
    return places


def _visit(place: SeriesVisit) -> Appointment:
    visit: Appointment | None = place.appointment
    if visit is None:
        raise ValueError(f"{place} has no visit")
    return visit
