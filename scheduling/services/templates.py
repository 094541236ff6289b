"""Templates of a week: drafted, written, copied, published as a new version. Published ones never change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from kit import clock
from kit.errors import Conflict, DomainError
from practice import events
from practice.actor import Actor
from scheduling.models import AppointmentType, Resource, ScheduleTemplate, TemplateBlock, TemplateBlockType
from scheduling.permissions import SchedulingPermission
from scheduling.rules.weeks import WeekBlock, WeekError, checked, day_copied, week_copied
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.templates import in_force, week_of
from scheduling.services import displaced, lanes

CHANGE = SchedulingPermission.CHANGE_TEMPLATES
State = ScheduleTemplate.State
DAY = timedelta(days=1)


@transaction.atomic
def draft(
    *,
    resource: Resource,
    valid_from: date,
    actor: Actor,
    valid_to: date | None = None,
    cycle_weeks: int = 1,
    anchor_date: date | None = None,
    name: str = "",
) -> ScheduleTemplate:
    """Begin a new version: a copy of the week that is in force on its first day, empty where there is none.

    DomainError for a first day that is past, or a last day before it.
    """
    _may_change(actor, resource=resource)
    if valid_from < clock.today(zone_of(resource.location)):
        raise DomainError("Enter today or a later day.", field="valid_from")
    before = in_force(resource, day=valid_from)
    made = _made(
        resource,
        valid_from=valid_from,
        valid_to=valid_to,
        cycle_weeks=cycle_weeks,
        anchor_date=anchor_date or (before.anchor_date if before else valid_from),
        name=name,
        based_on=before,
    )
    if before is not None:
        fitting = [
            block for block in week_of(before) if block.cycle_week is None or block.cycle_week <= cycle_weeks
        ]
        _fill(made, blocks=fitting)
    return made


@transaction.atomic
def change(template: ScheduleTemplate, /, *, actor: Actor, **values: Any) -> ScheduleTemplate:
    """Change name, dates or cycle of a draft. Conflict for a published one, DomainError for dates that are past."""
    locked = _draft(template, actor=actor)
    values = {"anchor_date": None, **values}
    values["anchor_date"] = values["anchor_date"] or locked.anchor_date
    if values.get("valid_from", locked.valid_from) < clock.today(zone_of(locked.resource.location)):
        raise DomainError("Enter today or a later day.", field="valid_from")
    for name, value in values.items():
        if name != "resource":  # a draft stays with whom it was begun for
            setattr(locked, name, value)
    _check_dates(locked)
    longest = max((block.cycle_week or 1 for block in week_of(locked)), default=1)
    if longest > locked.cycle_weeks:
        raise DomainError(f"Its blocks use {longest} weeks: change those first.", field="cycle_weeks")
    locked.save()
    return locked


@transaction.atomic
def set_week(template: ScheduleTemplate, /, *, blocks: Sequence[WeekBlock], actor: Actor) -> ScheduleTemplate:
    """Write the whole week of a draft. WeekError names the row that cannot be; nothing is kept then."""
    locked = _draft(template, actor=actor)
    rows = checked(blocks, weeks=locked.cycle_weeks)
    known = set(
        AppointmentType.objects.filter(practice_id=actor.practice_id, is_active=True).values_list(
            "id", flat=True
        )
    )
    for row, block in enumerate(blocks):
        if block.types - known:
            raise WeekError("Choose visit types from the list.", row=row, field="types")
    locked.blocks.all().delete()
    _fill(locked, blocks=rows)
    locked.save(update_fields=["updated_at"])
    return locked


def copy_day(
    template: ScheduleTemplate,
    /,
    *,
    weekday: int,
    to: Sequence[int],
    actor: Actor,
    cycle_week: int | None = None,
) -> ScheduleTemplate:
    """Give other days of a draft one day's blocks."""
    blocks = day_copied(week_of(template), weekday=weekday, to=to, cycle_week=cycle_week)
    return _written(template, blocks=blocks, actor=actor)


def copy_week(template: ScheduleTemplate, /, *, week: int, to: int, actor: Actor) -> ScheduleTemplate:
    """Give another week of a draft's cycle one week's blocks."""
    if not 1 <= to <= template.cycle_weeks:
        raise DomainError(f"Choose one of the {template.cycle_weeks} weeks.", field="to")
    return _written(template, blocks=week_copied(week_of(template), week=week, to=to), actor=actor)


def _written(template: ScheduleTemplate, *, blocks: Sequence[WeekBlock], actor: Actor) -> ScheduleTemplate:
    try:
        return set_week(template, blocks=blocks, actor=actor)
    except WeekError as error:
        raise DomainError(error.message, field="to") from error


@transaction.atomic
def publish(template: ScheduleTemplate, /, *, actor: Actor) -> ScheduleTemplate:
    """Put a draft in force from its first day on, and rebuild open time from there.

    The version it replaces ends the day before; after a version with a last day it goes on as a copy. Visits that
    then lie outside open time become displaced, they are not moved. Emits template.published.
    """
    locked = _draft(template, actor=actor)
    resource = locked.resource
    if not locked.blocks.exists():
        raise DomainError("Draw or type at least one block first.")
    first = clock.today(zone_of(resource.location))
    if locked.valid_to is not None and locked.valid_to < first:
        raise DomainError("Its last day is past: change its dates first.", field="valid_to")
    locked.valid_from = max(locked.valid_from, first)
    cause = f"{resource}: hours changed from {locked.valid_from:%m/%d/%Y} (version {locked.version})"
    with displaced.watching([resource], first=locked.valid_from, cause=cause, template=locked, actor=actor):
        _make_room(locked)
        locked.state, locked.published_at = State.PUBLISHED, clock.now()
        locked.published_by_id = actor.membership_id
        locked.save()
        if resource.kind != Resource.Kind.PROVIDER and not resource.has_hours:
            resource.has_hours = True
            resource.save(update_fields=["has_hours", "updated_at"])
    events.emit("template.published", actor=actor, template_id=locked.pk)
    return locked


@transaction.atomic
def discard(template: ScheduleTemplate, /, *, actor: Actor) -> ScheduleTemplate:
    """Give a draft up. Its version number is not used again."""
    locked = _draft(template, actor=actor)
    locked.state = State.RETIRED
    locked.save(update_fields=["state", "updated_at"])
    return locked


def _make_room(locked: ScheduleTemplate) -> None:
    """End, retire or continue the published versions that the new one takes days from."""
    last = locked.valid_to
    published = ScheduleTemplate.objects.filter(resource=locked.resource, state=State.PUBLISHED)
    for old in published.exclude(pk=locked.pk).select_for_update(no_key=True).order_by("valid_from"):
        if old.valid_to is not None and old.valid_to < locked.valid_from:
            continue
        if last is not None and old.valid_from > last:
            continue
        ends = old.valid_to
        if old.valid_from < locked.valid_from:
            old.valid_to = locked.valid_from - DAY
        else:
            old.state = State.RETIRED
        old.save()
        if last is not None and (ends is None or ends > last):
            _go_on(old, valid_from=last + DAY, valid_to=ends)


def _go_on(old: ScheduleTemplate, *, valid_from: date, valid_to: date | None) -> None:
    """The week that stood before goes on after a version with a last day."""
    made = _made(
        old.resource,
        valid_from=valid_from,
        valid_to=valid_to,
        cycle_weeks=old.cycle_weeks,
        anchor_date=old.anchor_date,
        name=old.name,
        based_on=old,
    )
    _fill(made, blocks=week_of(old))
    made.state, made.published_at, made.published_by_id = State.PUBLISHED, clock.now(), old.published_by_id
    made.save()


@transaction.atomic
def establish(
    resource: Resource,
    *,
    valid_from: date,
    blocks: Sequence[WeekBlock],
    actor: Actor,
    cycle_weeks: int = 1,
    name: str = "",
) -> ScheduleTemplate:
    """Put a first week in force, from a past day on too: for set-up. Call ``availability.regenerate`` afterwards.

    Conflict when there is a published one: that is followed by a draft. WeekError for a week that cannot be.
    """
    _may_change(actor, resource=resource)
    if ScheduleTemplate.objects.filter(resource=resource, state=State.PUBLISHED).exists():
        raise Conflict("There are hours already. Begin a new draft from them.")
    made = _made(resource, valid_from=valid_from, cycle_weeks=cycle_weeks, anchor_date=valid_from, name=name)
    _fill(made, blocks=checked(blocks, weeks=cycle_weeks))
    made.state, made.published_at, made.published_by_id = State.PUBLISHED, clock.now(), actor.membership_id
    made.save()
    return made


def _made(resource: Resource, **values: Any) -> ScheduleTemplate:
    newest = ScheduleTemplate.objects.filter(resource=resource).aggregate(n=Max("version"))["n"] or 0
    made = ScheduleTemplate(practice_id=resource.practice_id, resource=resource, version=newest + 1, **values)
    _check_dates(made)
    made.save(force_insert=True)
    return made


def _check_dates(template: ScheduleTemplate) -> None:
    if template.valid_to is not None and template.valid_to < template.valid_from:
        raise DomainError("Enter a last day that is not before the first.", field="valid_to")
    if not 1 <= template.cycle_weeks <= 8:
        raise DomainError("Enter 1 to 8 weeks.", field="cycle_weeks")


def _fill(template: ScheduleTemplate, *, blocks: Sequence[WeekBlock]) -> None:
    made = [
        TemplateBlock(
            practice_id=template.practice_id,
            template=template,
            weekday=block.weekday,
            cycle_week=block.cycle_week,
            starts_at=block.starts_at,
            ends_at=block.ends_at,
            kind=block.kind,
            capacity=block.capacity,
            release_hours_before=block.release_hours_before,
            label=block.label[:30],
        )
        for block in blocks
    ]
    TemplateBlock.objects.bulk_create(made)
    TemplateBlockType.objects.bulk_create(
        TemplateBlockType(practice_id=template.practice_id, block=row, type_id=type_id)
        for row, block in zip(made, blocks, strict=True)
        for type_id in sorted(block.types)
    )


def _may_change(actor: Actor, *, resource: Resource) -> None:
    actor.require(CHANGE)
    if not actor.sees_location(resource.location_id):
        raise DomainError("Choose somebody at one of your locations.", field="resource")


def _draft(template: ScheduleTemplate, *, actor: Actor) -> ScheduleTemplate:
    """The template as it is now, nobody else able to change it; Conflict unless it is a draft."""
    actor.require(CHANGE)
    lanes.lock([template.resource])
    locked: ScheduleTemplate = (
        ScheduleTemplate.objects.select_for_update(of=("self",), no_key=True)
        .select_related("resource__location", "resource__provider")
        .get(pk=template.pk)
    )
    _may_change(actor, resource=locked.resource)
    if not locked.is_draft:
        raise Conflict("This version is published and never changes. Begin a new draft from it.")
    return locked
