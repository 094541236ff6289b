"""The one way a visit's status is changed: locked, checked, its lanes given back, noted. For the services alone.

Order of locks everywhere: advisory locks on the resources (``lanes.lock``), then the visit's row, then others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kit import clock
from kit.errors import Conflict, Forbidden
from kit.words import us_time
from practice.actor import Actor
from practice.models import Room
from practice.selectors.history import actor_names
from scheduling.errors import Stale
from scheduling.models import Appointment, Resource, StatusEvent, WaitReason
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, FREES_THE_SLOT, may_become
from scheduling.selectors.appointments import zone_of
from scheduling.services import lanes

Status = Appointment.Status


def may_flow(actor: Actor, *, location_id: UUID) -> None:
    """Forbidden unless the actor may take visits through the day at this site."""
    actor.require(SchedulingPermission.CHANGE_FLOW)
    if not actor.sees_location(location_id):
        raise Forbidden(SchedulingPermission.CHANGE_FLOW)


def locked(
    appointment: Appointment, *, actor: Actor, version: int | None, also: Sequence[Resource] = ()
) -> Appointment:
    """The visit as it is now, nobody else able to change it. Stale when it is not the version that was read."""
    lanes.lock([*lanes.held_by(appointment), *also])
    held = (
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("patient", "provider", "location", "type")
        .get(pk=appointment.pk, practice_id=actor.practice_id)
    )
    if version is not None and held.version != version:
        raise Stale(_meanwhile(held))
    return held


def become(
    held: Appointment, *, status: str, actor: Actor, note: str = "", room: Room | None = None
) -> Appointment:
    """Give a held visit its next status. Conflict where it cannot follow the present one."""
    if not may_become(held.status, new=status):
        raise Conflict(f"This visit is {word(held.status)}; it cannot become {word(status)}.")
    held.status, held.version = status, held.version + 1
    held.save()
    if status in FREES_THE_SLOT:
        lanes.free(held)
    record(held, status=status, actor=actor, note=note, room=room)
    return held


def within(held: Appointment, *, actor: Actor, keeps_reason: bool = False, **said: Any) -> Appointment:
    """Note something within the status a visit has; its version grows, so that nobody acts on an old card."""
    last = held.status_events.order_by("-at", "-created_at", "-id").first()
    if keeps_reason and last is not None and last.status == held.status:
        said["reason"] = last.wait_reason
    held.version += 1
    held.save()
    record(held, status=held.status, actor=actor, **said)
    return held


def record(
    appointment: Appointment,
    *,
    status: str,
    actor: Actor,
    note: str = "",
    room: Room | None = None,
    reason: WaitReason | None = None,
) -> None:
    """Write the event of a change; times are the clock's."""
    StatusEvent.objects.create(
        practice_id=actor.practice_id,
        appointment=appointment,
        status=status,
        at=clock.now(),
        room=room,
        wait_reason=reason,
        note=note[:200],
    )


def _meanwhile(held: Appointment) -> str:
    """What somebody else did to a visit, for who acted on an old copy of it."""
    now = f"It is {word(held.status)} now."
    last = held.status_events.order_by("-at", "-created_at", "-id").first()
    if last is not None:
        who = actor_names([last.created_by]).get(last.created_by, "somebody")
        time = us_time(last.at.astimezone(zone_of(held.location)))
        where = f", {last.room}" if last.room else ""
        if held.status in BEFORE_ARRIVAL:
            where = f" for {held.when} with {held.provider}"
        now = f"It is {word(held.status)}{where}, by {who} at {time}."
    return f"Somebody changed this visit meanwhile. {now} Look at it again, then repeat."


def word(status: str) -> str:
    """A status in the middle of a sentence."""
    return str(Status(status).label).lower()
