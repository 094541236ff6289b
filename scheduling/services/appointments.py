"""Book, move and cancel visits, and take them through the day (status machine of DOMAIN.md 8).

Order of locks everywhere: advisory locks on the resources (``lanes.lock``), then the visit's row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import Patient
from patients.selectors.patients import visible_to as visible_patients
from practice import events
from practice.actor import Actor
from practice.models import Location, Room
from scheduling.models import Appointment, AppointmentType, Displacement
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import zone_of
from scheduling.services import displaced, flow, lanes, missed, offers, slots
from scheduling.services.states import become as _become
from scheduling.services.states import locked as _locked
from scheduling.services.states import may_flow as _may_flow
from scheduling.services.states import record as _note
from scheduling.services.states import word as _word
from staff.models import Provider

Status = Appointment.Status
LANE_RULES = ("no_overlap_in_a_lane", "no_provider_at_two_sites")


@transaction.atomic
def book(
    patient: Patient,
    *,
    visit_type: AppointmentType,
    provider: Provider,
    location: Location,
    starts_at: datetime,
    actor: Actor,
    reason: str = "",
    room: Room | None = None,
    accept: Collection[str] = (),
    override_reason: str = "",
    via: str = "page",
    held_until: datetime | None = None,
) -> Appointment:
    """Book a visit with all that its type needs. ``accept`` names warnings that are meant: those of
    ``scheduling.rules`` and of ``practice.booking`` (patient_deceased, patient_discharged …).

    ``held_until``: only hold the time until then (``services.holds``). Raises SlotTaken (409, with the nearest
    openings) when the slot is full, Warned (422) for what is unusual, Forbidden without the permission. Emits
    appointment.booked.
    """
    _may_book(actor, location_id=location.pk)
    if not visible_patients(actor).filter(pk=patient.pk).exists():
        raise DomainError("This patient cannot be booked. Check the record.", field="patient")
    resource = slots.resource_of(provider, location=location)
    rooms = [slots.room_resource(room, location=location)] if room else []
    asked = slots.wish(
        resource,
        visit_type=visit_type,
        starts_at=starts_at,
        accept=accept,
        reason=override_reason,
        rooms=rooms,
    )
    slots.check_patient(asked, patient=patient, actor=actor)
    _lock_free(asked, actor=actor)
    asked = slots.check(asked, patient=patient, actor=actor)
    made = Appointment(
        practice_id=actor.practice_id,
        patient=patient,
        provider=provider,
        location=location,
        type=visit_type,
        reason=reason.strip(),
        is_new_patient=visit_type.is_new_patient,
        created_via=via,
        status=Status.BOOKED if held_until is None else Status.HELD,
        hold_expires_at=held_until,
    )
    _place(made, asked=asked, actor=actor)
    _note(made, status=made.status, actor=actor, note=asked.reason)
    if held_until is None:
        events.emit("appointment.booked", actor=actor, appointment_id=made.pk)
    return made


@transaction.atomic
def book_held(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """Make a held time a booked visit; an offer of the wait list is accepted by it. Emits appointment.booked.

    Conflict when it is not held, or its time has run out.
    """
    _may_book(actor, location_id=appointment.location_id)
    locked = _locked(appointment, actor=actor, version=version)
    if locked.status == Status.HELD and locked.has_run_out(clock.now()):
        raise Conflict("This time was held too long ago. Choose a time again.")
    if locked.status == Status.HELD:
        locked.hold_expires_at = None
    _become(locked, status=Status.BOOKED, actor=actor)
    offers.settle(locked, state=offers.State.ACCEPTED, actor=actor)
    events.emit("appointment.booked", actor=actor, appointment_id=locked.pk)
    return locked


@transaction.atomic
def release(
    appointment: Appointment,
    *,
    actor: Actor,
    version: int | None = None,
    state: str = offers.State.WITHDRAWN,
    note: str = "",
) -> Appointment:
    """Let a held time go: it is free at once. ``state`` is what becomes of an offer. Emits appointment.released."""
    _may_book(actor, location_id=appointment.location_id)
    return _let_go(_locked(appointment, actor=actor, version=version), state=state, note=note, actor=actor)


@transaction.atomic
def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    actor: Actor,
    provider: Provider | None = None,
    location: Location | None = None,
    accept: Collection[str] = (),
    override_reason: str = "",
    version: int | None = None,
) -> Appointment:
    """Give a visit another time, provider or site; refusals as for ``book``, Stale for an old ``version``.

    Rooms booked with it are given back, and what its type needs is taken anew. Emits appointment.moved.
    """
    _may_book(actor, location_id=appointment.location_id)
    new_site, new_provider = location or appointment.location, provider or appointment.provider
    _may_book(actor, location_id=new_site.pk)
    resource = slots.resource_of(new_provider, location=new_site)
    asked = slots.wish(
        resource, visit_type=appointment.type, starts_at=starts_at, accept=accept, reason=override_reason
    )
    over = lanes.run_out(asked.everything)
    locked = _locked(
        appointment, actor=actor, version=version, also=[*asked.everything, *lanes.held_by(*over)]
    )
    _end(over, actor=actor)
    if locked.status not in (Status.BOOKED, Status.CONFIRMED):
        raise Conflict(f"This visit is {_word(locked.status)} and cannot be moved.")
    asked = slots.check(asked, patient=locked.patient, but=locked.pk, actor=actor)
    lanes.free(locked)
    locked.provider, locked.location, locked.version = new_provider, new_site, locked.version + 1
    was = locked.status
    locked.status = Status.BOOKED  # a confirmation was for the old time
    _place(locked, asked=asked, actor=actor)
    note = "Moved to another time" + (f": {asked.reason}" if asked.reason else "")
    _note(
        locked,
        status=Status.BOOKED,
        actor=actor,
        note=note if was == Status.BOOKED else f"{note}, to confirm again",
    )
    displaced.settle(locked, state=Displacement.State.MOVED, actor=actor)
    events.emit("appointment.moved", actor=actor, appointment_id=locked.pk)
    return locked


@transaction.atomic
def cancel(
    appointment: Appointment, *, by: str, reason: str, actor: Actor, version: int | None = None
) -> Appointment:
    """Cancel a visit: by whom (``patient``: a rule says whether late; or Appointment.CancelledBy) and why."""
    _may_book(actor, location_id=appointment.location_id)
    if not reason.strip():
        raise DomainError("Say why the visit is cancelled.", field="reason")
    locked = _locked(appointment, actor=actor, version=version)
    if locked.status == Status.HELD:
        raise Conflict("This time is only held. Release it instead.")
    locked.cancelled_by, said = missed.who_cancels(locked, by=by)
    locked.cancel_reason = reason.strip()[:200]
    _become(locked, status=Status.CANCELLED, actor=actor, note=f"{reason.strip()[:140]}{said}")
    displaced.settle(locked, state=Displacement.State.CANCELLED, actor=actor)
    events.emit("appointment.cancelled", actor=actor, appointment_id=locked.pk)
    return locked


@transaction.atomic
def confirm(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The patient says they will come."""
    _may_book(actor, location_id=appointment.location_id)
    return _become(_locked(appointment, actor=actor, version=version), status=Status.CONFIRMED, actor=actor)


@transaction.atomic
def arrive(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The patient is here. Also takes back a no-show, if the slot is still free. Emits appointment.arrived."""
    _may_flow(actor, location_id=appointment.location_id)
    missed = slots.again(appointment) if appointment.status == Status.NO_SHOW else None
    also = missed.everything if missed is not None else []
    over = lanes.run_out(also)
    locked = _locked(appointment, actor=actor, version=version, also=[*also, *lanes.held_by(*over)])
    _end(over, actor=actor)
    if locked.local_day > clock.today(zone_of(locked.location)):
        raise DomainError("This visit is on a later day. Move it to today first.")
    if missed is not None and locked.status == Status.NO_SHOW:
        _hold(locked, asked=missed, lane=slots.lane(missed, actor=actor), actor=actor)
    _become(locked, status=Status.ARRIVED, actor=actor)
    events.emit("appointment.arrived", actor=actor, appointment_id=locked.pk)
    return locked


@transaction.atomic
def check_in(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """Identity, coverage and forms are done."""
    return _step(appointment, status=Status.CHECKED_IN, actor=actor, version=version)


@transaction.atomic
def room(
    appointment: Appointment,
    *,
    actor: Actor,
    room: Room | None = None,
    version: int | None = None,
    accept: Collection[str] = (),
) -> Appointment:
    """The patient sits in a room of the visit's site. ``scheduling.services.flow.room`` has it all."""
    return flow.room(appointment, actor=actor, room=room, version=version, accept=accept)


@transaction.atomic
def with_provider(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The provider has begun."""
    return _step(appointment, status=Status.WITH_PROVIDER, actor=actor, version=version)


@transaction.atomic
def check_out(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The patient is at the desk again: copay, next visit."""
    return _step(appointment, status=Status.CHECKOUT, actor=actor, version=version)


@transaction.atomic
def complete(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The visit took place and is over: it may be charged. Emits appointment.completed.

    Conflict unless the patient has arrived.
    """
    done = _step(appointment, status=Status.COMPLETED, actor=actor, version=version)
    events.emit("appointment.completed", actor=actor, appointment_id=done.pk)
    return done


@transaction.atomic
def no_show(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The patient did not come. Possible once the visit should have begun; frees the slot."""
    _may_flow(actor, location_id=appointment.location_id)
    locked = _locked(appointment, actor=actor, version=version)
    if locked.starts_at > clock.now():
        raise DomainError("The visit has not begun yet. Cancel it instead.")
    gone = _become(locked, status=Status.NO_SHOW, actor=actor)
    events.emit("appointment.missed", actor=actor, appointment_id=gone.pk)
    return gone


@transaction.atomic
def leave(appointment: Appointment, *, actor: Actor, version: int | None = None) -> Appointment:
    """The patient left without being seen. Emits appointment.missed."""
    gone = _step(appointment, status=Status.LEFT, actor=actor, version=version)
    events.emit("appointment.missed", actor=actor, appointment_id=gone.pk)
    return gone


def _step(appointment: Appointment, *, status: str, actor: Actor, version: int | None) -> Appointment:
    _may_flow(actor, location_id=appointment.location_id)
    return _become(_locked(appointment, actor=actor, version=version), status=status, actor=actor)


def _may_book(actor: Actor, *, location_id: UUID) -> None:
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not actor.sees_location(location_id):
        raise Forbidden(SchedulingPermission.BOOK_VISIT)


def _lock_free(asked: slots.Wish, *, actor: Actor) -> None:
    over = lanes.run_out(asked.everything)
    lanes.lock([*asked.everything, *lanes.held_by(*over)])
    _end(over, actor=actor)


def _end(over: Sequence[Appointment], *, actor: Actor) -> None:
    for visit in over:
        locked = Appointment.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)
        if locked.status == Status.HELD and locked.has_run_out(clock.now()):
            _let_go(locked, state=offers.State.EXPIRED, note="The time ran out", actor=actor)


def _let_go(locked: Appointment, *, state: str, note: str, actor: Actor) -> Appointment:
    if locked.status != Status.HELD:
        raise Conflict(f"This visit is {_word(locked.status)}; only a held time can be released.")
    _become(locked, status=Status.CANCELLED, actor=actor, note=note or "Released")
    offers.settle(locked, state=state, note=note, actor=actor)
    events.emit("appointment.released", actor=actor, appointment_id=locked.pk)
    return locked


def _place(made: Appointment, *, asked: slots.Wish, actor: Actor) -> None:
    """Write the visit and its lanes, all or none. The exclusion constraint has the last word."""
    lane = slots.lane(asked, actor=actor)
    made.starts_at, made.ends_at = asked.starts_at, asked.ends_at
    made.local_day = asked.starts_at.astimezone(zone_of(asked.resource.location)).date()
    try:
        with transaction.atomic():
            made.save()
            _hold(made, asked=asked, lane=lane, actor=actor)
    except IntegrityError as error:
        if not any(name in str(error) for name in LANE_RULES):
            raise
        raise slots.taken(asked, actor=actor) from error


def _hold(made: Appointment, *, asked: slots.Wish, lane: int, actor: Actor) -> None:
    """Take the provider's lane, and one of every room and device the visit needs."""
    span: dict[str, Any] = {"starts_at": asked.held_from, "ends_at": asked.held_until, "actor": actor}
    lanes.take(
        made,
        resource=asked.resource,
        lane=lane,
        reason=asked.reason,
        capacity=asked.capacity,
        **span,
    )
    for resource in slots.helpers(asked, actor=actor):
        free = lanes.lane_for(resource, start=asked.held_from, end=asked.held_until)
        if free is None:
            said = f"{resource} is taken at that time. Choose another room or time."
            raise slots.taken(asked, actor=actor, why=said, field="room")
        lanes.take(made, resource=resource, lane=free, reason="", **span)
