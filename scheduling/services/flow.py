"""What the flow board does besides the steps: rooms, and why somebody waits."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from kit.errors import Conflict, DomainError
from kit.words import us_time
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import Room
from practice.permissions import PracticePermission
from practice.services import plain
from scheduling.errors import Warned
from scheduling.models import Appointment, WaitReason
from scheduling.rules import IN_BUILDING
from scheduling.rules.flow import IN_ROOM, ROOM_TAKEN
from scheduling.selectors import rooms
from scheduling.selectors.appointments import zone_of
from scheduling.services.states import become, locked, may_flow, within, word

Status = Appointment.Status
add_reason, change_reason = plain.pair(WaitReason, permission=PracticePermission.CHANGE_SETTINGS)

STARTING = (
    "Provider runs late",
    "Nurse or vital signs",
    "Test or imaging",
    "Interpreter",
    "Forms",
    "Insurance question",
    "Room is being cleaned",
)


@transaction.atomic
def install_reasons(*, actor: Actor) -> None:
    """The reasons a new practice starts with. A practice that has any keeps its own list."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    if not WaitReason.objects.filter(practice_id=actor.practice_id).exists():
        for name in STARTING:
            add_reason(actor=actor, name=name)


@transaction.atomic
def room(
    appointment: Appointment,
    *,
    actor: Actor,
    room: Room | None = None,
    version: int | None = None,
    accept: Collection[str] = (),
) -> Appointment:
    """The patient sits in a room of the visit's site; one who sits in a room already changes it, and the clock runs on.

    Warned (room_taken) when somebody else sits there; ``accept`` it when both shall.
    """
    may_flow(actor, location_id=appointment.location_id)
    held = locked(appointment, actor=actor, version=version)
    _check(room, visit=held, accept=accept, actor=actor)
    if held.status not in IN_ROOM:
        return become(held, status=Status.ROOMED, actor=actor, room=room)
    if room is None:
        raise DomainError("Choose the other room.", field="room")
    return within(held, actor=actor, room=room, note="Another room", keeps_reason=True)


@transaction.atomic
def wait(
    appointment: Appointment,
    *,
    actor: Actor,
    reason: WaitReason | None = None,
    note: str = "",
    version: int | None = None,
) -> Appointment:
    """Say why somebody waits, or (no ``reason``) that they wait no longer. The status and its clock go on.

    Conflict unless the patient is in the building, DomainError for a reason that is switched off.
    """
    may_flow(actor, location_id=appointment.location_id)
    held = locked(appointment, actor=actor, version=version)
    if held.status not in IN_BUILDING:
        raise Conflict(f"This visit is {word(held.status)}: nobody waits.")
    if reason is not None and not reason.is_active:
        raise DomainError("Choose a reason that is still in use.", field="reason")
    said = note.strip() or ("" if reason else "Waits no longer")
    return within(held, actor=actor, reason=reason, note=said)


def _check(room: Room | None, *, visit: Appointment, accept: Collection[str], actor: Actor) -> None:
    """A room of the site that is in use and empty, or shared on purpose. Its row is locked: desks choose in turn."""
    if room is None:
        return
    kept = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if kept.location_id != visit.location_id or not kept.is_active:
        raise DomainError("Choose a room of the visit's own site.", field="room")
    if ROOM_TAKEN in accept:
        return
    for other in rooms.sitting_in(kept, day=visit.local_day, but=visit.pk):
        who, since = (
            restricted.name_for(other.patient, actor=actor),
            other.starts_at.astimezone(zone_of(other.location)),
        )
        raise Warned(
            f"{kept} is taken by {who} (visit of {us_time(since)}). Choose another room, or say that both share it.",
            warning=ROOM_TAKEN,
            field="room",
            wants_reason=False,
        )
