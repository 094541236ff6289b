"""Open and close work items: what sources say. Each app tells what waits; one list shows it all.

What people do with an item is in ``practice.services.work_desk``; the kinds are declared in ``<app>/work_kinds.py``.
"""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kit import clock
from practice.actor import Actor
from practice.models import Location, Membership, RecordRef, Role, WorkItem
from practice.services.refs import kind_of, ref_to
from practice.work_kinds import WorkKind, kinds

PATIENT = "patients.patient"  # patients live a room above: items about them are joined by reference
OPEN = WorkItem.State.OPEN


@transaction.atomic
def open_item(
    kind: str,
    *,
    record: Any,
    title: str,
    permission: str,
    due_on: date | None = None,
    amount: Decimal | None = None,
    reason: str = "",
    chance: int = 100,
    owner: Membership | None = None,
    location: Location | uuid.UUID | None = None,
    patient: uuid.UUID | None = None,
    key: str = "",
    again: bool = False,
    actor: Actor,
) -> WorkItem:
    """Put something on the list, or refresh the open item of this kind about this record.

    Site and patient come from the record where it has them. ``key`` tells several matters of one record apart. What a
    person has closed by hand stays closed, however often the rule runs, unless the source says ``again``. A refresh
    keeps who has it, until the source itself names somebody else. Raises ValueError for a kind nobody declares.
    """
    declared = kinds().get(kind)
    if declared is None:
        raise ValueError(f"unknown kind of work {kind}: declare it in work_kinds.py of its app")
    values = {
        "title": title[:200],
        "permission": str(permission),
        "due_on": due_on,
        "amount": amount,
        "reason": reason[:300],
        "chance": chance,
        "location_id": _key_of(location) or getattr(record, "location_id", None),
        "subject": subject_of(patient or patient_of(record), actor=actor),
    }
    source_key = source_key_of(kind, record=record, key=key)
    item = _locked_open(source_key)
    if item is None and not again and (closed := _closed_by_hand(source_key)) is not None:
        return closed
    if item is None:
        made = _make(declared, record=record, source_key=source_key, owner=owner, values=values, actor=actor)
        if made is not None:
            return made
        item = WorkItem.objects.select_for_update(of=("self",), no_key=True).get(
            source_key=source_key, state=OPEN
        )
    return _refresh(item, owner=owner, values=values)


def source_key_of(kind: str, *, record: Any, key: str = "") -> str:
    """What an item is about, in one text that is unique while it is open."""
    return f"{kind}:{record.pk}{f':{key}' if key else ''}"


def patient_of(record: Any) -> uuid.UUID | None:
    """The patient a record is, or is about."""
    found: uuid.UUID | None = record.pk if kind_of(record) == PATIENT else getattr(record, "patient_id", None)
    return found


@transaction.atomic
def close_item(kind: str, *, record: Any, key: str, outcome: str, actor: Actor) -> int:
    """Close what is open about one of several matters of a record. Returns how many were: one or none."""
    matter = WorkItem.objects.filter(source_key=source_key_of(kind, record=record, key=key), state=OPEN)
    return _close(matter, outcome=outcome, actor=actor)


@transaction.atomic
def close_items(record: Any, *, kind: str, outcome: str, actor: Actor) -> int:
    """Close what is open of this kind for this record. Returns how many were."""
    every = WorkItem.objects.filter(
        kind=kind, ref__kind=kind_of(record), ref__record_id=record.pk, state=OPEN
    )
    return _close(every, outcome=outcome, actor=actor)


def _close(items: QuerySet[WorkItem], *, outcome: str, actor: Actor) -> int:
    return items.update(
        state=WorkItem.State.DONE,
        outcome=outcome[:200],
        closed_at=clock.now(),
        closed_by_id=actor.membership_id,
        snoozed_until=None,
        updated_at=clock.now(),
    )


def _key_of(location: Location | uuid.UUID | None) -> uuid.UUID | None:
    return location.pk if isinstance(location, Location) else location


def subject_of(patient: uuid.UUID | None, *, actor: Actor) -> RecordRef | None:
    """The reference an item about a patient carries, so that it can be hidden with them."""
    if patient is None:
        return None
    return RecordRef.objects.get_or_create(
        practice_id=actor.practice_id, kind=PATIENT, record_id=patient, merged_from=None
    )[0]


def _locked_open(source_key: str) -> WorkItem | None:
    found = WorkItem.objects.select_for_update(of=("self",), no_key=True).filter(
        source_key=source_key, state=OPEN
    )
    return found.first()


def _closed_by_hand(source_key: str) -> WorkItem | None:
    """The newest item of a source, if it was a person who closed it."""
    newest = WorkItem.objects.filter(source_key=source_key).order_by("-closed_at").first()
    return newest if newest is not None and newest.closed_by_hand else None


def _make(
    declared: WorkKind,
    *,
    record: Any,
    source_key: str,
    owner: Membership | None,
    values: dict[str, Any],
    actor: Actor,
) -> WorkItem | None:
    """A new item; None when another transaction has opened it first."""
    item = WorkItem(
        practice_id=actor.practice_id,
        kind=declared.code,
        source_key=source_key,
        ref=ref_to(record, actor=actor),
        role=Role.objects.filter(code=declared.role).first() if declared.role else None,
        owner=owner,
        source_owner=owner,
        **values,
    )
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        if not WorkItem.objects.filter(source_key=source_key, state=OPEN).exists():
            raise
        return None
    return item


def _refresh(item: WorkItem, *, owner: Membership | None, values: dict[str, Any]) -> WorkItem:
    """Write what has changed, if anything has."""
    if (owner.pk if owner else None) != item.source_owner_id:
        values |= {"owner": owner, "source_owner": owner}
    changed = [name for name, value in values.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    if changed:
        item.save(update_fields=[*(name.removesuffix("_id") for name in changed), "updated_at"])
    return item
