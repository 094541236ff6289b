"""The demo's supply: visit types, rooms and an ultrasound, a week for everybody that alternates, days that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from kit import clock
from practice.story import Story
from scheduling.models import AccessDay, Appointment, AppointmentType, Resource
from scheduling.rules.weeks import WeekBlock
from scheduling.selectors.appointments import zone_of
from scheduling.services import access as take_access
from scheduling.services import availability, exceptions, kinds, resources, templates

BEHIND = 42  # days
TYPES: tuple[dict[str, Any], ...] = (
    {"code": "fu", "name": "Follow-up", "minutes": 20, "tone": "plain"},
    {"code": "new", "name": "New patient", "minutes": 40, "is_new_patient": True, "tone": "info"},
    {"code": "pe", "name": "Annual physical", "minutes": 40, "tone": "ok"},
    {"code": "sd", "name": "Same-day", "minutes": 20, "tone": "warn"},
    {
        "code": "us",
        "name": "Ultrasound",
        "minutes": 30,
        "buffer_after": 10,
        "align_minutes": 30,
        "tone": "accent",
    },
)
LONG = ("new", "pe")
# start, end, kind, label, the types it is kept for
DAY = (
    (time(8), time(10, 40), "open", "", ()),
    (time(10, 40), time(12), "open", "Long visits", LONG),
    (time(12), time(13), "admin", "Lunch", ()),
    (time(13), time(15), "open", "", ()),
    (time(15), time(16), "held", "Same-day", ()),
)
MORNING = ((time(8), time(12), "open", "Every other week", ()),)


def types(story: Story) -> dict[str, AppointmentType]:
    """The visit types; the ultrasound needs a room and the device."""
    made = {row["code"]: kinds.add(actor=story.actor, **row) for row in TYPES}
    for kind, group in (("room", ""), ("device", "Ultrasound")):
        kinds.add_need(actor=story.actor, type=made["us"], kind=kind, group=group, count=1)
    providers = story.kept["providers"]
    kinds.add_rule(actor=story.actor, provider=providers[0], type=made["us"], max_per_day=4)
    if len(providers) > 1:
        kinds.add_rule(actor=story.actor, provider=providers[1], type=made["us"], is_offered=False)
    return made


def everything(story: Story, *, visit_types: dict[str, AppointmentType]) -> list[Resource]:
    """Rooms, the device, the providers at their sites with their weeks; returns the providers at home."""
    for room in story.kept["rooms"]:
        resources.add(actor=story.actor, kind="room", name=room.name, room=room, location=room.location)
    for site in story.kept["locations"]:
        resources.add(
            actor=story.actor,
            kind="device",
            name=f"Ultrasound {site.name}",
            group="Ultrasound",
            location=site,
        )
    home = []
    for number, provider in enumerate(story.kept["providers"]):
        made = resources.add(
            actor=story.actor,
            kind="provider",
            name=provider.display_name,
            provider=provider,
            location=provider.location,
        )
        _week(story, resource=made, day_off=number % 5, visit_types=visit_types)
        home.append(made)
    _second_site(story, resource=home[0])
    for number, resource in enumerate(home):
        _today(
            story,
            resource=resource,
            works=story.today.weekday() in range(5) and story.today.weekday() != number % 5,
        )
    return home


def _week(story: Story, *, resource: Resource, day_off: int, visit_types: dict[str, AppointmentType]) -> None:
    """Four days a week, and every other week the morning of the fifth."""

    def block(weekday: int, row: Any, cycle_week: int | None = None) -> WeekBlock:
        start, end, kind, label, codes = row
        kept = frozenset(visit_types[code].pk for code in codes)
        return WeekBlock(
            weekday=weekday,
            cycle_week=cycle_week,
            starts_at=start,
            ends_at=end,
            kind=kind,
            label=label,
            types=kept,
        )

    blocks = [block(weekday, row) for weekday in range(5) if weekday != day_off for row in DAY]
    blocks += [block(day_off, row, 2) for row in MORNING]
    first = story.today - timedelta(days=BEHIND + 7)
    templates.establish(resource, valid_from=first, blocks=blocks, cycle_weeks=2, actor=story.actor)
    availability.regenerate(
        resource, actor=story.actor, from_day=story.today - timedelta(days=BEHIND), days=BEHIND + 90
    )


def _second_site(story: Story, *, resource: Resource) -> None:
    """The first provider also works at another site, on Saturday mornings."""
    others = [site for site in story.kept["locations"] if site.pk != resource.location_id]
    if not others:
        return
    away = resources.add(
        actor=story.actor,
        kind="provider",
        name=resource.name,
        provider=resource.provider,
        location=others[0],
    )
    blocks = [WeekBlock(weekday=5, starts_at=time(9), ends_at=time(12), label="Saturday clinic")]
    templates.establish(away, valid_from=story.today, blocks=blocks, actor=story.actor)
    availability.regenerate(away, actor=story.actor)


def _today(story: Story, *, resource: Resource, works: bool) -> None:
    """Today is a working day around the clock's hour, whatever day and hour the demo is opened."""
    for kind, start, end in _extended(story, resource=resource, works=works):
        exceptions.add(
            resource=resource,
            kind=kind,
            starts_on=story.today,
            ends_on=story.today,
            starts_at=start,
            ends_at=end,
            reason="Extended hours",
            actor=story.actor,
        )


def _extended(story: Story, *, resource: Resource, works: bool) -> Iterator[tuple[str, time, time]]:
    now = clock.now().astimezone(zone_of(resource.location))
    hour = now.hour if now.date() == story.today else 12
    first, last = max(0, min(8, hour - 3)), min(23, max(16, hour + 4))
    end = time(last, 50) if last == 23 else time(last)
    if not works:  # whatever its week says of this day
        yield "retime", time(first), end
        return
    if first < 8:
        yield "extra", time(first), time(8)
    if last > 16:
        yield "extra", time(16), end


def changes(story: Story, *, home: list[Resource]) -> None:
    """After the visits are told: leave that displaces some, an extra session, a staff meeting, a room out of use."""
    away = _half_day(story, resource=home[0])
    if away is not None:
        day, afternoon = away
        exceptions.add(
            resource=home[0],
            kind="closed",
            starts_on=day,
            ends_on=day,
            starts_at=time(12) if afternoon else time(7),
            ends_at=time(18) if afternoon else time(12),
            reason="Dental appointment",
            source="leave",
            actor=story.actor,
        )
    extra = story.today + timedelta(days=(5 - story.today.weekday()) % 7 + 7)
    exceptions.add(
        resource=home[-1],
        kind="extra",
        starts_on=extra,
        ends_on=extra,
        starts_at=time(9),
        ends_at=time(12),
        reason="Flu clinic",
        actor=story.actor,
    )
    room = Resource.objects.filter(kind="room").select_related("location").order_by("name", "id")[0]
    exceptions.add(
        resource=room,
        kind="closed",
        starts_on=story.today + timedelta(days=3),
        ends_on=story.today + timedelta(days=5),
        reason="New floor",
        actor=story.actor,
    )


def _half_day(story: Story, *, resource: Resource) -> tuple[date, bool] | None:
    """The half day (True: afternoon) within the next weeks with the fewest visits, but with some, to be displaced."""
    first = story.today + timedelta(days=4)
    booked = Appointment.objects.filter(
        provider=resource.provider,
        location=resource.location,
        local_day__gte=first,
        local_day__lte=first + timedelta(days=21),
        status__in=("booked", "confirmed"),
    ).values_list("local_day", "starts_at")
    zone = zone_of(resource.location)
    halves = Counter((day, start.astimezone(zone).hour >= 12) for day, start in booked)
    several = {half: many for half, many in halves.items() if many > 1} or dict(halves)
    return min(several, key=lambda half: (several[half], half), default=None)


def access(story: Story) -> None:
    """Third next available as of tonight, and as the Mondays before might have found it."""
    take_access.take(actor=story.actor)
    now = list(AccessDay.objects.filter(day=story.today).order_by("resource_id", "type_id"))
    mondays = [story.today - timedelta(days=story.today.weekday() + 7 * week) for week in range(1, 14)]
    AccessDay.objects.bulk_create(
        AccessDay(
            practice=story.practice,
            day=monday,
            resource_id=row.resource_id,
            type_id=row.type_id,
            days=None if row.days is None else max(0, row.days + story.random.randint(-2, 3)),
            lookahead=row.lookahead,
            sampled=True,
            taken_at=clock.now() - (story.today - monday),
        )
        for monday in mondays
        for row in now
    )
