"""The wait list: the only doors to entries and offers, and who fits which opening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from kit import clock
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.models import Location
from practice.selectors.days import practice_today
from practice.services.rules import rule
from scheduling.models import (
    Appointment,
    AppointmentType,
    Resource,
    ResourceBooking,
    WaitlistEntry,
    WaitlistOffer,
)
from scheduling.permissions import SchedulingPermission
from scheduling.rules import Opening, Stretch, overlaps
from scheduling.rules.waiting import Want, best, ranked, why
from scheduling.selectors import openings as free
from scheduling.selectors.appointments import provider_resources, zone_of

WEEK, ENOUGH = 7, 5_000  # openings are looked for a week at a time, all there are
AROUND = ("patient", "type", "visit__location")


def visible_to(actor: Actor) -> QuerySet[WaitlistEntry]:
    """Entries that may be met at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return WaitlistEntry.objects.none()
    found = WaitlistEntry.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        here = WaitlistEntry.objects.filter(at_locations__location_id__in=actor.locations).values("pk")
        found = found.filter(Q(at_locations=None) | Q(pk__in=here)).distinct()
    return restricted.visible(found, actor=actor)


def listed(actor: Actor) -> QuerySet[WaitlistEntry]:
    """The same with what the list shows."""
    return (
        visible_to(actor)
        .select_related(*AROUND)
        .prefetch_related("with_providers__provider", "at_locations__location")
    )


def get_entry(entry_id: UUID, *, actor: Actor) -> WaitlistEntry:
    """One entry; 404 for anything the actor may not see."""
    found = listed(actor).filter(pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def waiting(queryset: QuerySet[WaitlistEntry], *, actor: Actor) -> QuerySet[WaitlistEntry]:
    """Who still waits."""
    return queryset.filter(state=WaitlistEntry.State.WAITING)


def ending(queryset: QuerySet[WaitlistEntry], *, actor: Actor) -> QuerySet[WaitlistEntry]:
    """Who waits and whose last day is near."""
    today = practice_today(actor)
    until = today + timedelta(days=int(rule("waitlist.warn_days", on=today)))
    return waiting(queryset, actor=actor).filter(latest__lte=until)


def search(queryset: QuerySet[WaitlistEntry], *, text: str, actor: Actor) -> QuerySet[WaitlistEntry]:
    """Entries of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def offers(actor: Actor) -> QuerySet[WaitlistOffer]:
    """The offers of those entries whose time is at the actor's sites."""
    found = WaitlistOffer.objects.filter(entry__in=visible_to(actor))
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    return found.select_related(
        "entry__patient",
        "entry__type",
        "appointment__patient",
        "appointment__location",
        "appointment__provider",
    )


def live_offers(queryset: QuerySet[WaitlistOffer], *, actor: Actor) -> QuerySet[WaitlistOffer]:
    """Not answered yet."""
    return queryset.filter(state=WaitlistOffer.State.OFFERED)


def want_of(entry: WaitlistEntry) -> Want:
    """An entry as the rule sees it."""
    return Want(
        id=entry.pk,
        type_id=entry.type_id,
        priority=entry.priority,
        since=entry.asked_on,
        earliest=entry.earliest,
        latest=entry.latest,
        weekdays=frozenset(entry.weekdays),
        starts_from=entry.starts_from,
        ends_by=entry.ends_by,
        notice=timedelta(hours=entry.notice_hours),
        providers=frozenset(each.provider_id for each in entry.with_providers.all()),
        locations=frozenset(each.location_id for each in entry.at_locations.all()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Somebody who waits, the time that suits them best (None: none was found), and why they stand here."""

    entry: WaitlistEntry
    opening: Opening | None
    why: str


def fits_opening(visit: Appointment, *, actor: Actor) -> list[Match]:
    """Who fits the time that a visit has given back, the first to be asked first; nothing when it is over."""
    gaps = _freed_by(visit)
    entries = _to_be_asked(actor) if gaps else []
    found: dict[UUID, Opening] = {}
    for visit_type, wants in _by_type(entries).items():
        for resource, gap in gaps:
            near = _within(visit_type, resource=resource, gap=gap, actor=actor)
            for want in wants:
                chosen = best(want, near, now=clock.now(), near=visit.starts_at)
                if chosen is not None:
                    found.setdefault(want.id, chosen)
    return _matches(entries, found=found, actor=actor, only_found=True)


def _freed_by(visit: Appointment) -> list[tuple[Resource, Stretch]]:
    """The stretch of its provider that a visit held last and holds no more, when it is still to come.

    What it held before it was moved there is a time like any other: the page is about the one that is open now.
    """
    last = (
        ResourceBooking.objects.filter(
            appointment=visit, active=False, resource__kind=Resource.Kind.PROVIDER, ends_at__gt=clock.now()
        )
        .select_related("resource__provider", "resource__location")
        .order_by("-created_at", "-id")
        .first()
    )
    return [(last.resource, Stretch(last.starts_at, last.ends_at))] if last else []


def _within(visit_type: AppointmentType, *, resource: Resource, gap: Stretch, actor: Actor) -> list[Opening]:
    """Openings of a type that use at least a part of what was given back."""
    day = gap.start.astimezone(zone_of(resource.location)).date()
    rows = free.openings(visit_type, resources=[resource], actor=actor, from_day=day, limit=ENOUGH, days=1)
    return [each for each in rows if overlaps(gap, start=each.starts_at, end=each.ends_at)]


def best_openings(
    actor: Actor, *, location: Location | None = None, entries: Sequence[WaitlistEntry] | None = None
) -> list[Match]:
    """Everybody who waits, in order, each with the first opening that suits them in the next weeks."""
    asked = _to_be_asked(actor) if entries is None else list(entries)
    resources = provider_resources(actor, location=location)
    found: dict[UUID, Opening] = {}
    for visit_type, wants in _by_type(asked).items():
        found |= _first_of_each(visit_type, wants=wants, resources=resources, actor=actor)
    return _matches(asked, found=found, actor=actor, only_found=False)


def _first_of_each(
    visit_type: AppointmentType, *, wants: Sequence[Want], resources: Sequence[Resource], actor: Actor
) -> dict[UUID, Opening]:
    today = practice_today(actor)
    length = int(rule("waitlist.search_days", on=today))
    found: dict[UUID, Opening] = {}
    for first in range(0, length, WEEK):
        left = [want for want in wants if want.id not in found]
        if not left:
            break
        rows = free.openings(
            visit_type,
            resources=resources,
            actor=actor,
            from_day=today + timedelta(days=first),
            limit=ENOUGH,
            days=min(WEEK, length - first),
        )
        for want in left:
            chosen = best(want, rows, now=clock.now())
            if chosen is not None:
                found[want.id] = chosen
    return found


def _to_be_asked(actor: Actor) -> list[WaitlistEntry]:
    """Who waits and has no offer open."""
    offered = WaitlistOffer.objects.filter(state=WaitlistOffer.State.OFFERED).values("entry_id")
    found = waiting(listed(actor), actor=actor).exclude(pk__in=offered)
    return list(found.filter(latest__gte=practice_today(actor)))


def _by_type(entries: Iterable[WaitlistEntry]) -> dict[AppointmentType, list[Want]]:
    found: dict[AppointmentType, list[Want]] = {}
    for entry in entries:
        if entry.type.is_active:
            found.setdefault(entry.type, []).append(want_of(entry))
    return found


def _matches(
    entries: Sequence[WaitlistEntry], *, found: dict[UUID, Opening], actor: Actor, only_found: bool
) -> list[Match]:
    by_id = {entry.pk: entry for entry in entries if not only_found or entry.pk in found}
    order = ranked(want_of(entry) for entry in by_id.values())
    today = practice_today(actor)
    return [
        Match(entry=by_id[want.id], opening=found.get(want.id), why=why(want, after=after, today=today))
        for want, after in zip(order, [*order[1:], None], strict=False)
    ]
