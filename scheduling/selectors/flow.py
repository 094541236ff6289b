"""The flow board: today of one site by status, how long everybody is where they are, and who sits in which room."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet, Sum

from kit import clock, words
from kit.status import Status
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import Location, Room
from practice.services.rules import rules
from practice.visit_flags import flags_of
from scheduling.models import Appointment, StatusEvent, WaitReason
from scheduling.rules import BEFORE_ARRIVAL, IN_BUILDING, flow
from scheduling.rules.flow import LANES, TO_COME, Limits, Moment, Stay
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.rooms import rooms_at
from staff.models import Provider

Visit = Appointment.Status
TITLES = {
    TO_COME: "To come", "arrived": "Arrived", "checked_in": "Checked in", "roomed": "Roomed",
    "with_provider": "With provider", "checkout": "Checkout",
}  # fmt: skip
PLUS = (TO_COME, "with_provider")  # lanes whose limits are minutes past something else than their beginning
DONE = (Visit.COMPLETED, Visit.LEFT, Visit.NO_SHOW)
SHOWN = (*sorted(BEFORE_ARRIVAL), *sorted(IN_BUILDING), *DONE)
DUE = "flow.due_minutes"
KEPT = 300  # seconds after which the board is drawn anew although no visit changed: what rooms say has no version


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A visit on the board. ``open`` is False for a restricted patient's: time and room are told, no more.

    ``counts_from`` is what the limits count from, ``since`` when the status began; both are instants.
    """

    visit: Appointment
    name: str
    open: bool
    time: str
    lane: str
    since: datetime
    counts_from: datetime
    limits: Limits
    seconds: int
    tone: str
    said: Mapping[str, str]
    stay: Stay
    room: str
    reason: str
    here: int | None
    flags: Sequence[Status]

    @property
    def word(self) -> str:
        """What the tone says, "" within the limits."""
        return self.said.get(self.tone, "")

    @property
    def clock(self) -> str:
        """How long it has been here, as the page shows it until the browser counts on."""
        return flow.clock(self.seconds)

    @property
    def minutes(self) -> int:
        """Whole minutes of it."""
        return max(0, self.seconds) // 60

    @property
    def filled(self) -> int:
        """Percent of the way to the red limit, 0 to 100."""
        spent = (self.counts_from - self.since).total_seconds()
        whole = spent + self.limits.red * 60
        return max(0, min(100, round(100 * self.seconds / whole)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One status. ``later`` visits of today are not shown yet."""

    code: str
    title: str
    limits: str
    cards: Sequence[Card]
    later: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A room and the cards of who sits in it, none when it is free."""

    room: Room
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the flow board shows of a site's today; ``tag`` changes with it."""

    location: Location
    day: date
    now: datetime
    time: str
    tag: str
    lanes: Sequence[Lane]
    places: Sequence[Place]
    providers: Sequence[tuple[UUID, str]]
    provider: UUID | None
    longest: Card | None
    behind: Sequence[tuple[str, int]]
    to_room: int | None
    door_to_door: int | None
    counts: Mapping[str, int]
    failed: Sequence[str]

    @property
    def cards(self) -> list[Card]:
        """All cards, lane by lane."""
        return [card for lane in self.lanes for card in lane.cards]

    @property
    def in_use(self) -> int:
        """How many rooms somebody sits in."""
        return sum(bool(place.cards) for place in self.places)

    @property
    def free(self) -> list[str]:
        """Names of the free rooms."""
        return [place.room.name for place in self.places if not place.cards]

    @property
    def patient_ids(self) -> list[UUID]:
        """Whose names are shown, in the lanes and in the rooms."""
        sitting = [card for place in self.places for card in place.cards]
        return [card.visit.patient_id for card in (*self.cards, *sitting) if card.open]


def tag_of(location: Location, *, actor: Actor, provider: UUID | None = None) -> str:
    """What changes whenever the board does: three sums, whatever it holds. An ETag, without its quotes.

    Every change of a visit grows its version. Names of rooms and reasons count; what other rooms of the house say about
    patients has no version, so the tag also changes every five minutes.
    """
    now = clock.now()
    day = now.astimezone(zone_of(location)).date()
    visits = _visits(location, day=day, actor=actor, provider=provider)
    sums = visits.aggregate(
        n=Count("id"), versions=Sum("version"), at=Max("updated_at"), people=Max("patient__updated_at")
    )
    rooms = Room.objects.filter(location=location).aggregate(n=Count("id"), at=Max("updated_at"))
    reasons = WaitReason.objects.aggregate(n=Count("id"), at=Max("updated_at"))
    who = (str(actor), sorted(actor.permissions), sorted(map(str, actor.opened)))
    seen = (location.pk, location.updated_at, day, provider, int(now.timestamp()) // KEPT, who)
    return hashlib.sha256(repr((seen, sums, rooms, reasons)).encode()).hexdigest()[:20]


def board_of(location: Location, *, actor: Actor, provider: UUID | None = None) -> Board:
    """The board of a site now, of all providers or of one, in a fixed number of queries."""
    now, zone = clock.now(), zone_of(location)
    day = now.astimezone(zone).date()
    every = list(_visits(location, day=day, actor=actor).order_by("starts_at", "id"))
    stays, spans = _stays(every)
    frame = _frame(location, day=day, now=now, zone=zone, actor=actor)
    asked = [visit for visit in every if provider in (None, visit.provider_id)]
    listed = [visit for visit in asked if _due(visit, frame=frame)]
    seen = [visit for visit in listed if restricted.sees(visit.patient, actor=actor)]
    flags, failed = flags_of(seen, actor=actor)
    cards = {
        visit.pk: _card(visit, stay=stays[visit.pk], frame=frame, flags=flags.get(visit.pk, ()))
        for visit in [*listed, *(each for each in every if each.status in flow.IN_ROOM)]
    }
    shown = [cards[visit.pk] for visit in listed]
    waiting = [card for card in shown if card.lane in flow.WAITING]
    return Board(
        location=location,
        day=day,
        now=now,
        time=words.us_time(now.astimezone(zone)),
        tag=tag_of(location, actor=actor, provider=provider),
        lanes=_lanes(shown, later=_later(asked, shown=shown), limits=frame.limits),
        places=_places(frame.rooms, cards=list(cards.values())),
        providers=_providers(every),
        provider=provider,
        longest=max(waiting, key=lambda card: (card.seconds, card.visit.pk), default=None),
        behind=_behind(asked, now=now),
        to_room=flow.middle(span for visit in asked if (span := spans[visit.pk][0]) is not None),
        door_to_door=flow.middle(span for visit in asked if (span := spans[visit.pk][1]) is not None),
        counts=Counter(visit.status for visit in asked),
        failed=failed,
    )


def _visits(
    location: Location, *, day: date, actor: Actor, provider: UUID | None = None
) -> QuerySet[Appointment]:
    """Visits of a site's day that the board knows of, those of restricted patients too: their time is taken."""
    found = Appointment.objects.filter(
        practice_id=actor.practice_id, location=location, local_day=day, status__in=SHOWN
    )
    if provider is not None:
        found = found.filter(provider_id=provider)
    return found.select_related("patient", "type", "provider")


@dataclass(frozen=True, slots=True)
class _Frame:
    now: datetime
    zone: ZoneInfo
    due: timedelta
    limits: Mapping[str, Limits]
    rooms: Sequence[Room]
    reasons: Mapping[UUID, str]
    actor: Actor


def _frame(location: Location, *, day: date, now: datetime, zone: ZoneInfo, actor: Actor) -> _Frame:
    asked = rules(
        [DUE, *(f"flow.{lane}_{word}_minutes" for lane in LANES for word in ("amber", "red"))], on=day
    )
    return _Frame(
        now=now,
        zone=zone,
        due=timedelta(minutes=int(asked[DUE])),
        limits={
            lane: Limits(int(asked[f"flow.{lane}_amber_minutes"]), int(asked[f"flow.{lane}_red_minutes"]))
            for lane in LANES
        },
        rooms=rooms_at(location),
        reasons=dict(WaitReason.objects.values_list("pk", "name")),
        actor=actor,
    )


def _stays(
    visits: Sequence[Appointment],
) -> tuple[Mapping[UUID, Stay], Mapping[UUID, tuple[timedelta | None, timedelta | None]]]:
    """Where each visit stands, and how long it took from the door to the room and to the end. One query."""
    moments: dict[UUID, list[Moment]] = defaultdict(list)
    rows = StatusEvent.objects.filter(appointment_id__in=[visit.pk for visit in visits])
    for key, status, at, room, reason in rows.order_by("at", "created_at", "id").values_list(
        "appointment_id", "status", "at", "room_id", "wait_reason_id"
    ):
        moments[key].append(Moment(status, at, room, reason))
    return (
        {visit.pk: flow.stay(moments[visit.pk]) for visit in visits},
        {visit.pk: _spans(visit, moments=moments[visit.pk]) for visit in visits},
    )


def _spans(visit: Appointment, *, moments: Sequence[Moment]) -> tuple[timedelta | None, timedelta | None]:
    first: dict[str, datetime] = {}
    for each in moments:
        first.setdefault(each.status, each.at)
    if "arrived" not in first:
        return None, None
    door = flow.counted_from(first["arrived"], starts_at=visit.starts_at)
    room, done = first.get("roomed"), first.get("completed")
    zero = timedelta()
    return (max(zero, room - door) if room else None), (max(zero, done - door) if done else None)


def _due(visit: Appointment, *, frame: _Frame) -> bool:
    if visit.status in BEFORE_ARRIVAL:
        return visit.starts_at <= frame.now + frame.due
    return visit.status in IN_BUILDING


def _later(visits: Sequence[Appointment], *, shown: Sequence[Card]) -> int:
    known = {card.visit.pk for card in shown}
    return sum(visit.status in BEFORE_ARRIVAL and visit.pk not in known for visit in visits)


def _card(visit: Appointment, *, stay: Stay, frame: _Frame, flags: Sequence[Status]) -> Card:
    lane = TO_COME if visit.status in BEFORE_ARRIVAL else visit.status
    limits = frame.limits[lane]
    begins = visit.starts_at if lane == TO_COME else stay.since or visit.starts_at
    start = flow.counts_from(
        visit.status, since=stay.since, starts_at=visit.starts_at, planned=visit.ends_at - visit.starts_at
    )
    names = {room.pk: room.name for room in frame.rooms}
    tail = {TO_COME: "late", "with_provider": "over plan"}.get(lane)
    extra = (Status("Unconfirmed", "warn"),) if visit.status == Visit.BOOKED else ()
    return Card(
        visit=visit,
        name=restricted.name_for(visit.patient, actor=frame.actor),
        open=restricted.sees(visit.patient, actor=frame.actor),
        time=words.us_time(visit.starts_at.astimezone(frame.zone)),
        lane=lane,
        since=begins,
        counts_from=start,
        limits=limits,
        seconds=int((frame.now - begins).total_seconds()),
        tone=flow.tone((frame.now - start).total_seconds(), limits=limits),
        said={
            word: f"{minutes} min {tail}" if tail else f"Over {minutes} min"
            for word, minutes in (("warn", limits.amber), ("bad", limits.red))
        },
        stay=stay,
        room=names.get(stay.room_id, "") if stay.room_id else "",
        reason=frame.reasons.get(stay.reason_id, "") if stay.reason_id else "",
        here=int((frame.now - stay.arrived_at).total_seconds() // 60) if stay.arrived_at else None,
        flags=(*extra, *flags),
    )


def _lanes(cards: Sequence[Card], *, later: int, limits: Mapping[str, Limits]) -> list[Lane]:
    by_lane: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        by_lane[card.lane].append(card)
    return [
        Lane(
            code=code,
            title=TITLES[code],
            limits=f"+{limits[code].amber} / +{limits[code].red}"
            if code in PLUS
            else f"{limits[code].amber} / {limits[code].red} min",
            cards=sorted(by_lane[code], key=lambda card: (card.since, card.visit.pk)),
            later=later if code == TO_COME else 0,
        )
        for code in LANES
    ]


def _places(rooms: Sequence[Room], *, cards: Sequence[Card]) -> list[Place]:
    sitting: dict[UUID | None, list[Card]] = defaultdict(list)
    for card in cards:
        sitting[card.stay.room_id].append(card)
    return [Place(room, sitting[room.pk]) for room in rooms]


def _providers(visits: Sequence[Appointment]) -> list[tuple[UUID, str]]:
    found: dict[UUID, Provider] = {visit.provider_id: visit.provider for visit in visits}
    return sorted(((key, str(each)) for key, each in found.items()), key=lambda pair: pair[1])


def _behind(visits: Sequence[Appointment], *, now: datetime) -> list[tuple[str, int]]:
    """Providers with somebody here whose booked time has passed, and by how many minutes, the latest first."""
    late: dict[str, int] = {}
    for visit in visits:
        minutes = int((now - visit.starts_at).total_seconds() // 60)
        if visit.status in flow.WAITING and minutes > 0:
            late[str(visit.provider)] = max(minutes, late.get(str(visit.provider), 0))
    return sorted(late.items(), key=lambda pair: (-pair[1], pair[0]))
