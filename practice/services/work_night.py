"""The night's part: bring back what was snoozed, escalate what is late, and hand over what somebody leaves behind."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from kit.words import counted
from practice.actor import Actor
from practice.models import Membership, Role, WorkEvent, WorkItem
from practice.permissions import PracticePermission
from practice.rules.worth import levels_up
from practice.selectors.days import practice_today
from practice.selectors.work import awake
from practice.services import work_desk
from practice.services.rules import rule

ESCALATE_DAYS = "work.escalate_days"
OPEN = WorkItem.State.OPEN


def wake_due(*, actor: Actor) -> int:
    """Bring back a batch of items whose day has come. Returns how many; twice is once."""
    actor.require(PracticePermission.DO_WORK)
    due = WorkItem.objects.filter(state=OPEN, snoozed_until__lte=practice_today(actor))
    items = list(due.order_by("id")[: work_desk.MOST])
    if items:
        work_desk.wake(items, actor=actor)
    return len(items)


@transaction.atomic
def escalate_late(*, actor: Actor) -> int:
    """Ask one role up for each rule work.escalate_days that something is late. Returns how many rose.

    One level a day at most; what was escalated by hand counts among the levels it has climbed.
    """
    actor.require(PracticePermission.ASSIGN_WORK)
    today = practice_today(actor)
    every = int(rule(ESCALATE_DAYS, on=today))
    rising = _rising(today, every=every)
    locked = WorkItem.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=rising, state=OPEN)
    rose = 0
    for item in locked.select_related("role__escalates_to", "escalated_to__escalates_to").order_by("id"):
        if item.due_on is None or (above := work_desk.role_above(item)) is None:
            continue
        days = (today - item.due_on).days
        note = f"{counted(days, one='day', many='days')} overdue"
        work_desk.raise_to(item, role=above, note=note, actor=actor)
        rose += 1
    return rose


def _rising(today: date, *, every: int) -> list[uuid.UUID]:
    """Ids of late items that have climbed fewer levels than their days ask for."""
    late = WorkItem.objects.filter(awake(today), state=OPEN, due_on__lt=today).exclude(escalated_on=today)
    told = WorkEvent.objects.filter(item=OuterRef("pk"), act=WorkEvent.Act.ESCALATED)
    climbed = Coalesce(Subquery(told.order_by().values("item").annotate(n=Count("id")).values("n")), 0)
    rows = late.annotate(climbed=climbed).values_list("pk", "due_on", "climbed")
    return [key for key, due_on, levels in rows if levels_up(due_on, today=today, every=every) > levels]


@transaction.atomic
def release(member: Membership, *, actor: Actor) -> int:
    """Hand everything somebody has to the queue of a role, when their membership ends. Returns how many items.

    The role is the item's own; else one of the person's through which they could see it.
    """
    items = list(
        WorkItem.objects.select_for_update(of=("self",), no_key=True)
        .filter(owner=member, state=OPEN)
        .order_by("id")
    )
    if not items:
        return 0
    theirs = list(
        Role.objects.filter(member_links__membership=member).prefetch_related("permissions").order_by("code")
    )
    names: dict[uuid.UUID | None, str] = dict(Role.objects.values_list("pk", "name"))
    for item in items:
        item.owner = None
        item.role_id = item.role_id or next(
            (role.pk for role in theirs if item.permission in role.grants), None
        )
    WorkItem.objects.bulk_update(items, ["owner", "role"])
    WorkEvent.objects.bulk_create(
        WorkEvent(
            practice_id=actor.practice_id,
            item=item,
            act=WorkEvent.Act.ASSIGNED,
            role=names.get(item.role_id, ""),
            note=f"{member} left",
        )
        for item in items
    )
    return len(items)
