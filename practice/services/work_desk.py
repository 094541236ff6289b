"""What people do with work: take, hand over, snooze, escalate, comment, finish, drop, reopen, remind.

Every act takes one or many items and is all or nothing: a refusal names what stands in the way and changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import counted, us_date
from practice.actor import Actor
from practice.models import Location, Membership, Practice, Role, RolePermission, WorkEvent, WorkItem
from practice.permissions import PracticePermission
from practice.selectors import work as found
from practice.selectors.days import practice_today
from practice.selectors.people import user_actor
from practice.services.notices import notify
from practice.services.refs import ref_to
from practice.services.rules import rule
from practice.services.work import patient_of, subject_of
from practice.work_kinds import REMINDER, kind_named

Act, State = WorkEvent.Act, WorkItem.State
Items = Sequence[WorkItem]
SNOOZE_DAYS = "work.snooze_days"
MOST = 200  # items of one act
TOLD_EACH = 3  # items of one act that are told one by one; the others in one notice


@transaction.atomic
def add(
    *,
    actor: Actor,
    title: str,
    due_on: date | None = None,
    amount: Decimal | None = None,
    reason: str = "",
    record: Any = None,
    owner: Membership | None = None,
    role: Role | None = None,
    location: Location | None = None,
) -> WorkItem:
    """A reminder, with or without a record: for the one who makes it, unless handed to somebody else.

    Raises DomainError for an empty title, a day gone by, an amount below zero, or a receiver who may not see it.
    """
    actor.require(PracticePermission.DO_WORK)
    title = " ".join(title.split())
    if not title:
        raise DomainError("Say what is to be done.", field="title")
    if due_on is not None and due_on < practice_today(actor):
        raise DomainError("Enter a day that is still to come.", field="due_on")
    if amount is not None and amount < 0:
        raise DomainError("Enter an amount of zero or more.", field="amount")
    if location is not None and not actor.sees_location(location.pk):
        raise DomainError("Choose a location you work at.", field="location")
    site = location.pk if location else getattr(record, "location_id", None)
    item = WorkItem(
        practice_id=actor.practice_id,
        kind=REMINDER,
        title=title[:200],
        reason=reason.strip()[:300],
        due_on=due_on,
        amount=amount or None,
        permission=PracticePermission.VIEW_WORK,
        ref=ref_to(record, actor=actor) if record is not None else None,
        subject=subject_of(patient_of(record), actor=actor) if record is not None else None,
        location_id=site if site and actor.sees_location(site) else None,
        made_by_id=actor.membership_id,
        owner_id=None if owner or role else actor.membership_id,
    )
    item.source_key = f"{REMINDER}:{item.pk}"
    item.save(force_insert=True)
    if owner or role:
        _hand([item], to=owner, role=role, note="", actor=actor)
        item.refresh_from_db()
    return item


def take(items: Items, *, actor: Actor) -> None:
    """Make them the actor's own. Raises DomainError for a program's token, which is nobody."""
    actor.require(PracticePermission.DO_WORK)
    if actor.membership_id is None:
        raise DomainError("Only a person can take work.")
    member = Membership.objects.select_related("user").get(pk=actor.membership_id)
    _hand(items, to=member, role=None, note="", actor=actor)


def assign(
    items: Items, *, to: Membership | None = None, role: Role | None = None, note: str = "", actor: Actor
) -> None:
    """Hand items to a person or into a role's queue. Raises DomainError when neither or both are named, or when
    the receiver may not see one of them.
    """
    actor.require(PracticePermission.ASSIGN_WORK)
    if bool(to) == bool(role):
        raise DomainError("Choose a person or a role.", field="to")
    _hand(items, to=to, role=role, note=note, actor=actor)


@transaction.atomic
def _hand(items: Items, *, to: Membership | None, role: Role | None, note: str, actor: Actor) -> None:
    locked = _locked(items)
    _refuse_the_unseeing(locked, to=to, role=role, actor=actor)
    for item in locked:
        item.owner = to
        item.role = role or item.role
    _save(locked, "owner", "role")
    _tell(locked, act=Act.ASSIGNED, note=note, member=to, role=role.name if role else "", actor=actor)
    if to is not None:
        _notify(locked, members=[to], kind="practice.assigned", actor=actor)


def _refuse_the_unseeing(items: Items, *, to: Membership | None, role: Role | None, actor: Actor) -> None:
    """What somebody gets they must be able to see: by permission, site and patient."""
    if to is not None:
        practice = Practice.objects.get(pk=actor.practice_id)
        theirs = user_actor(user=to.user, practice=practice, request_id=actor.request_id)
        if theirs is None:
            raise DomainError(f"{to} does not work here any more.", field="to")
        seen = set(
            found.may_know(theirs).filter(pk__in=[item.pk for item in items]).values_list("pk", flat=True)
        )
        hidden = [item for item in items if item.pk not in seen]
        name = str(to)
    elif role is not None:
        granted = set(RolePermission.objects.filter(role=role).values_list("permission", flat=True))
        hidden = [item for item in items if item.permission not in granted]
        name = f"The role {role}"
    else:
        hidden = []
    if hidden:
        raise DomainError(f"{name} may not see {_few(hidden)}. Choose somebody else.", field="to")


@transaction.atomic
def snooze(items: Items, *, until: date, reason: str, actor: Actor) -> None:
    """Put items out of sight until a day. Raises DomainError without a reason, for a day that is not ahead, or one
    further off than rule work.snooze_days.
    """
    actor.require(PracticePermission.DO_WORK)
    today = practice_today(actor)
    last = today + timedelta(days=int(rule(SNOOZE_DAYS, on=today)))
    if not reason.strip():
        raise DomainError("Say why this can wait.", field="reason")
    if not today < until <= last:
        raise DomainError(f"Enter a day from tomorrow to {us_date(last)}.", field="until")
    locked = _locked(items)
    for item in locked:
        item.snoozed_until, item.snooze_reason = until, reason.strip()[:200]
        item.snooze_count += 1
    _save(locked, "snoozed_until", "snooze_reason", "snooze_count")
    _tell(locked, act=Act.SNOOZED, note=reason, until=until, actor=actor)


@transaction.atomic
def wake(items: Items, *, actor: Actor) -> None:
    """Bring snoozed items back now; those that are awake stay as they are."""
    actor.require(PracticePermission.DO_WORK)
    asleep = [item for item in _locked(items) if item.snoozed_until is not None]
    for item in asleep:
        item.snoozed_until, item.snooze_reason = None, ""
    _save(asleep, "snoozed_until", "snooze_reason")
    _tell(asleep, act=Act.WOKE, actor=actor)


@transaction.atomic
def escalate(items: Items, *, note: str, actor: Actor) -> None:
    """Ask the next role up, with a note. Raises DomainError without a note or where nobody stands above."""
    actor.require(PracticePermission.DO_WORK)
    if not note.strip():
        raise DomainError("Say what you need from them.", field="note")
    for item in _locked(items):
        above = role_above(item)
        if above is None:
            raise DomainError(f"Nobody stands above for {_few([item])}: assign it to a person instead.")
        raise_to(item, role=above, note=note, actor=actor)


def role_above(item: WorkItem) -> Role | None:
    """The next role up from where the item has got to: ``Role.escalates_to``."""
    at = item.escalated_to or item.role or _role_of(item)
    return at.escalates_to if at is not None else None


def raise_to(item: WorkItem, *, role: Role, note: str, actor: Actor) -> None:
    """Write down that a role is asked about a locked item."""
    item.escalated_to, item.escalated_on = role, practice_today(actor)
    _save([item], "escalated_to", "escalated_on")
    _tell([item], act=Act.ESCALATED, note=note, role=role.name, actor=actor)
    holders = Membership.objects.filter(ended_at=None, role_links__role=role).distinct()
    _notify([item], members=list(holders), kind="practice.escalated", actor=actor)


def _notify(items: Items, *, members: Sequence[Membership], kind: str, actor: Actor) -> None:
    """Tell those who get something, by how they chose to be told. Once for each act."""
    for item in items[:TOLD_EACH]:
        key = f"{kind}:{item.pk}:{item.events.count()}"
        notify(members, kind=kind, text=item.title, key=key, record=item, actor=actor)
    more = len(items) - TOLD_EACH
    if more > 0:
        key = f"{kind}:{items[TOLD_EACH].pk}:{items[TOLD_EACH].events.count()}:more"
        text = f"And {counted(more, one='more item', many='more items')} of work"
        notify(members, kind=kind, text=text, key=key, link="work/?view=mine", actor=actor)


def _role_of(item: WorkItem) -> Role | None:
    """The role in which the item's owner may see it."""
    if item.owner_id is None:
        return None
    seeing = Role.objects.filter(permissions__permission=item.permission)
    return seeing.filter(member_links__membership_id=item.owner_id).order_by("code").first()


@transaction.atomic
def comment(items: Items, *, note: str, actor: Actor) -> None:
    """Keep a remark. Raises DomainError for an empty one."""
    actor.require(PracticePermission.DO_WORK)
    if not note.strip():
        raise DomainError("Write what is to be kept.", field="note")
    _tell(_locked(items), act=Act.COMMENTED, note=note, actor=actor)


def done(items: Items, *, outcome: str = "", actor: Actor) -> None:
    """Finish items by hand. Raises Conflict for kinds that end only where they come from."""
    _close(items, state=State.DONE, act=Act.DONE, note=outcome, actor=actor)


def drop(items: Items, *, reason: str, actor: Actor) -> None:
    """Take items off the list undone. Raises DomainError without a reason, Conflict as ``done`` does."""
    if not reason.strip():
        raise DomainError("Say why it need not be done.", field="reason")
    _close(items, state=State.DROPPED, act=Act.DROPPED, note=reason, actor=actor)


@transaction.atomic
def _close(items: Items, *, state: str, act: str, note: str, actor: Actor) -> None:
    actor.require(PracticePermission.DO_WORK)
    locked = _locked(items)
    bound = [item for item in locked if not kind_named(item.kind).by_hand]
    if bound:
        where = (
            "is finished where it comes from: open it"
            if len(bound) == 1
            else "are finished where they come from"
        )
        raise Conflict(f"{_few(bound)} {where}. Nothing was changed.")
    for item in locked:
        item.state, item.outcome, item.closed_at = state, note.strip()[:200], clock.now()
        item.closed_by_id, item.closed_by_hand, item.snoozed_until = actor.membership_id, True, None
    _save(locked, "state", "outcome", "closed_at", "closed_by", "closed_by_hand", "snoozed_until")
    _tell(locked, act=act, note=note, actor=actor)


@transaction.atomic
def reopen(items: Items, *, reason: str, actor: Actor) -> None:
    """Open again what was closed by hand. Raises Conflict for what its source closed, or has opened anew."""
    actor.require(PracticePermission.DO_WORK)
    locked = _locked(items, state=None)
    if any(item.state == State.OPEN or not item.closed_by_hand for item in locked):
        raise Conflict("Only what a person has closed can be opened again here.")
    keys = [item.source_key for item in locked]
    if WorkItem.objects.filter(source_key__in=keys, state=State.OPEN).exists():
        raise Conflict("This is on the list again already.")
    for item in locked:
        item.state, item.outcome, item.closed_at = State.OPEN, "", None
        item.closed_by, item.closed_by_hand = None, False
    _save(locked, "state", "outcome", "closed_at", "closed_by", "closed_by_hand")
    _tell(locked, act=Act.REOPENED, note=reason, actor=actor)


def _locked(items: Items, *, state: str | None = State.OPEN) -> list[WorkItem]:
    """The items under lock, in the order of their ids. Raises DomainError for too many, Conflict for closed ones."""
    keys: set[uuid.UUID] = {item.pk for item in items}
    if not keys:
        raise DomainError("Choose what it is about.")
    if len(keys) > MOST:
        raise DomainError(f"Choose at most {MOST} at a time.")
    rows = WorkItem.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    people = rows.select_related("owner__user", "role__escalates_to", "escalated_to__escalates_to")
    locked = list((people.filter(state=state) if state else people).order_by("id"))
    if gone := len(keys) - len(locked):
        raise Conflict(
            f"{counted(gone, one='item was', many='items were')} closed meanwhile. Nothing was changed."
        )
    return locked


def _save(items: Items, *fields: str) -> None:
    for item in items:
        item.updated_at = clock.now()
    WorkItem.objects.bulk_update(items, [*fields, "updated_at"])


def _tell(
    items: Items,
    *,
    act: str,
    actor: Actor,
    note: str = "",
    member: Membership | None = None,
    role: str = "",
    until: date | None = None,
) -> None:
    """One event for each item."""
    said = {"act": act, "note": note.strip()[:300], "member": member, "role": role, "until": until}
    WorkEvent.objects.bulk_create(
        WorkEvent(practice_id=actor.practice_id, item=item, **said) for item in items
    )


def _few(items: Items) -> str:
    """The title of one, the number of several."""
    return f"“{items[0].title}”" if len(items) == 1 else f"{len(items)} of these items"
