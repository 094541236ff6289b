"""The way of the demo's visits through the day: each step at a likely time, rooms that one patient has, some waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kit import clock
from practice.models import Room
from practice.story import Story
from scheduling.models import Appointment, CheckIn, CheckInItem, StatusEvent, WaitReason
from scheduling.rules.flow import IN_ROOM, WAITING
from scheduling.selectors.check_in import lacking, to_look_at

if TYPE_CHECKING:
    from scheduling.seed import Plan

JOURNEY = ("booked", "confirmed", "arrived", "checked_in", "roomed", "with_provider", "checkout", "completed")
# Minutes before and after the visit's start at which each step usually happens.
STEPS = {"arrived": -12, "checked_in": -5, "roomed": 1, "with_provider": 5, "checkout": 25, "completed": 33}
BY_PROVIDER = ("roomed", "with_provider", "checkout", "completed")  # a provider who runs late delays these
DELAYS = (0, 6, 13)  # minutes, of one provider after the other


def events(story: Story, *, plans: Sequence[Plan], visits: Sequence[Appointment]) -> None:
    """Write every visit's events, and why some of today's patients wait."""
    rooms: dict[Any, list[Room]] = {}
    for room in story.kept["rooms"]:
        rooms.setdefault(room.location_id, []).append(room)
    free = {key: list(each) for key, each in rooms.items()}
    reasons = list(WaitReason.objects.filter(is_active=True).order_by("name"))
    made: list[StatusEvent] = []
    for plan, visit in zip(plans, visits, strict=True):
        inside = visit.local_day == story.today and visit.status in IN_ROOM
        offered = free[visit.location_id] if inside else []
        room = story.random.choice(rooms[visit.location_id])
        if inside:
            room = offered.pop(0) if offered else None
        own = list(_steps(story, plan=plan, visit=visit, room=room))
        waits = visit.local_day == story.today and visit.status in WAITING
        if reasons and waits and (story.random.random() < 0.4 or not any(each.wait_reason for each in made)):
            own.append(_wait(story, last=own[-1], reason=story.random.choice(reasons)))
            visit.version += 1
            visit.save(update_fields=["version"])
        made += own
    StatusEvent.objects.bulk_create(made, batch_size=1000)
    today = {visit.pk: visit for visit in visits if visit.local_day == story.today}
    for event in made:
        if (
            event.status == Appointment.Status.CHECKED_IN
            and event.appointment_id in today
            and not event.wait_reason
        ):
            _check_in(story, visit=today[event.appointment_id], at=event.at)


def _check_in(story: Story, *, visit: Appointment, at: datetime) -> None:
    """As the desk keeps it, from what is really on file; what is missing was let go for a reason."""
    items = to_look_at(visit, identity=True, contact=True, actor=story.actor)
    missing = len(lacking(items))
    made = CheckIn.objects.create(
        practice=story.practice,
        appointment=visit,
        at=at,
        by=story.cast.get("front_desk"),
        missing=missing,
        reason="Brings it next time" if missing else "",
    )
    CheckInItem.objects.bulk_create(
        CheckInItem(
            practice=story.practice,
            check_in=made,
            code=item.code,
            title=item.title,
            state=item.state,
            detail=item.detail[:300],
        )
        for item in items
    )


def _wait(story: Story, *, last: StatusEvent, reason: WaitReason) -> StatusEvent:
    return StatusEvent(
        practice=story.practice,
        appointment=last.appointment,
        status=last.status,
        at=min(clock.now(), last.at + timedelta(minutes=3)),
        wait_reason=reason,
    )


def _steps(story: Story, *, plan: Plan, visit: Appointment, room: Room | None) -> Iterator[StatusEvent]:
    random, now = story.random, clock.now()
    booked = min(visit.starts_at, now) - timedelta(days=random.randint(1, 20), minutes=random.randint(1, 400))
    # Now and then somebody comes late, and the visit with them; drawn by the visit, so that all else stays as told.
    late = 24 if Random(f"{visit.starts_at:%d%H%M}{plan.patient.mrn}").random() < 0.08 else 0  # noqa: S311
    moment: datetime = booked
    for step in path_to(plan.status):
        if step in STEPS:
            minutes = STEPS[step] + random.randint(-3, 6) + late
            minutes += plan.delay if step in BY_PROVIDER else 0
            wanted = visit.starts_at + timedelta(minutes=minutes)
            moment = min(now - timedelta(seconds=30), max(moment + timedelta(minutes=1), wanted))
        elif step == "confirmed":
            moment = booked + timedelta(hours=random.randint(1, 12))
        elif step == "left":
            moment += timedelta(minutes=35)
        elif step in ("no_show", "cancelled"):
            moment = (
                visit.starts_at + timedelta(minutes=20) if step == "no_show" else booked + timedelta(hours=9)
            )
        yield StatusEvent(
            practice=story.practice,
            appointment=visit,
            status=step,
            at=moment,
            room=room if step == "roomed" else None,
            note=visit.cancel_reason if step == "cancelled" else "",
        )


def path_to(status: str) -> tuple[str, ...]:
    """The steps a visit takes to a status."""
    if status in ("cancelled", "no_show"):
        return ("booked", status)
    if status == "left":
        return ("booked", "arrived", "left")
    return JOURNEY[: JOURNEY.index(status) + 1]
