"""Open time and what is taken of it, read by resource and day so that the indexes serve it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from scheduling.models import AvailabilityBlock, Resource, ResourceBooking, TemplateBlock, TemplateBlockType
from scheduling.rules import HELD, OTHER_TYPE, OUTSIDE, Stretch
from scheduling.rules.fits import ELSEWHERE, Taken, Window, capacity_between, levelled

LONGEST = timedelta(hours=24)  # no booking is longer: what began earlier is over
OPEN, HELD_KIND, ADMIN = TemplateBlock.Kind.OPEN, TemplateBlock.Kind.HELD, TemplateBlock.Kind.ADMIN


@dataclass(frozen=True, slots=True)
class Piece:
    """A generated block as it is asked about: kind, capacity, when held time opens, whose template block it is."""

    start: datetime
    end: datetime
    kind: str
    capacity: int
    releases_at: datetime | None
    source_id: UUID | None

    def is_open(self, *, now: datetime) -> bool:
        """Open, or held and let go by now: nobody has to run for that."""
        return self.kind == OPEN or (
            self.kind == HELD_KIND and self.releases_at is not None and self.releases_at <= now
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """How a time stands to the hours: the warning it earns ('' for none), and how many visits it takes at once."""

    warning: str
    capacity: int
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """The pieces of some resources in some days; ``types`` of a template block that takes only some."""

    pieces: dict[UUID, list[Piece]] = field(default_factory=dict)
    types: dict[UUID, frozenset[UUID]] = field(default_factory=dict)

    def windows(self, resource_id: UUID, *, type_id: UUID, now: datetime) -> list[Window]:
        """Where a kind of visit can be booked now."""
        return [
            Window(each.start, each.end, each.capacity)
            for each in self.pieces.get(resource_id, ())
            if each.is_open(now=now) and self._takes(each, type_id=type_id)
        ]

    def _takes(self, piece: Piece, *, type_id: UUID) -> bool:
        wanted = self.types.get(piece.source_id) if piece.source_id else None
        return not wanted or type_id in wanted

    def fit(self, resource: Resource, *, type_id: UUID, start: datetime, end: datetime, now: datetime) -> Fit:
        """What speaks against a time: nothing, time held back, time for other visits, or no hours at all."""
        pieces = [each for each in self.pieces.get(resource.pk, ()) if each.kind != ADMIN]
        right = [each for each in pieces if self._takes(each, type_id=type_id)]
        now_open = [each for each in right if each.is_open(now=now)]
        for warning, chosen in (("", now_open), (HELD, right), (OTHER_TYPE, pieces)):
            capacity = _capacity(chosen, start=start, end=end)
            if capacity:
                opens = max(
                    (
                        each.releases_at
                        for each in chosen
                        if each.releases_at and each.start < end and start < each.end
                    ),
                    default=None,
                )
                return Fit(warning, capacity, opens if warning == HELD else None)
        return Fit(OUTSIDE, resource.capacity)

    def free_room(self, resource: Resource, *, start: datetime, end: datetime) -> bool:
        """Whether a room or device may be used: in its own hours, or never closed when it has none."""
        pieces = self.pieces.get(resource.pk, ())
        if resource.has_hours:
            usable = [each for each in pieces if each.kind != ADMIN]
            return bool(_capacity(usable, start=start, end=end))
        return not any(each.start < end and start < each.end for each in pieces if each.kind == ADMIN)


def _capacity(pieces: Sequence[Piece], *, start: datetime, end: datetime) -> int:
    level = levelled(Window(each.start, each.end, each.capacity) for each in pieces)
    return capacity_between(level, start=start, end=end)


def supply_of(resources: Iterable[Resource], *, first: date, last: date) -> Supply:
    """The generated blocks of these resources from one local day to another, in two queries."""
    rows = AvailabilityBlock.objects.filter(
        resource_id__in=[resource.pk for resource in resources], local_day__gte=first, local_day__lte=last
    ).values_list("resource_id", "starts_at", "ends_at", "kind", "capacity", "releases_at", "source_id")
    pieces: dict[UUID, list[Piece]] = defaultdict(list)
    for resource_id, start, end, kind, capacity, releases_at, source_id in rows:
        pieces[resource_id].append(Piece(start, end, kind, capacity, releases_at, source_id))
    sources = {each.source_id for row in pieces.values() for each in row if each.source_id}
    return Supply(dict(pieces), types_of(sources))


def types_of(blocks: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The kinds of visits that template blocks are kept for; a block that takes every kind is not in it."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = TemplateBlockType.objects.filter(block_id__in=sorted(blocks)).values_list("block_id", "type_id")
    for block_id, type_id in rows:
        found[block_id].add(type_id)
    return {block_id: frozenset(types) for block_id, types in found.items()}


def taken_between(
    resources: Sequence[Resource], *, start: datetime, end: datetime, but: UUID | None = None
) -> dict[UUID, Taken]:
    """What is booked of each resource between two moments, and what its provider has at other sites.

    ``but``: a visit that does not count, because it is being moved.
    """
    homes = _homes(resources)
    rows = ResourceBooking.objects.filter(
        resource_id__in=sorted(homes), active=True, starts_at__gt=start - LONGEST, starts_at__lt=end
    )
    if but is not None:
        rows = rows.exclude(appointment_id=but)
    found: dict[UUID, list[Stretch]] = defaultdict(list)
    for resource_id, starts_at, ends_at, lane in rows.values_list(
        "resource_id", "starts_at", "ends_at", "lane"
    ):
        for home in homes[resource_id]:
            found[home].append(Stretch(starts_at, ends_at, lane if home == resource_id else ELSEWHERE))
    return {resource.pk: Taken(found.get(resource.pk, [])) for resource in resources}


def _homes(resources: Sequence[Resource]) -> dict[UUID, set[UUID]]:
    """Which of these resources a booking of a resource takes: itself, and its provider's resources elsewhere."""
    homes: dict[UUID, set[UUID]] = {resource.pk: {resource.pk} for resource in resources}
    owners: dict[UUID, set[UUID]] = defaultdict(set)
    for resource in resources:
        if resource.provider_id is not None:
            owners[resource.provider_id].add(resource.pk)
    rows = Resource.objects.filter(provider_id__in=sorted(owners)).values_list("id", "provider_id")
    for resource_id, provider_id in rows:
        homes.setdefault(resource_id, set()).update(owners[provider_id])
    return homes
