"""Announce, change, withdraw, remind; and say that one has read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import (
    Announcement,
    AnnouncementLocation,
    AnnouncementReceipt,
    AnnouncementRole,
    AnnouncementVersion,
    Location,
    Role,
)
from practice.permissions import PracticePermission
from practice.selectors import announcements as found
from practice.selectors.days import practice_today
from practice.services.notices import notify

TOLD = "practice.announced"


@transaction.atomic
def announce(
    *,
    title: str,
    text: str,
    from_on: date | None = None,
    until_on: date | None = None,
    must_confirm: bool = False,
    roles: Iterable[Role] = (),
    locations: Iterable[Location] = (),
    actor: Actor,
) -> Announcement:
    """Announce something to everybody, or to some roles and sites. Raises DomainError for empty words or odd days."""
    actor.require(PracticePermission.ANNOUNCE)
    made = Announcement(
        practice_id=actor.practice_id,
        from_on=from_on or practice_today(actor),
        until_on=until_on,
        must_confirm=must_confirm,
        author_id=actor.membership_id,
    )
    _fill(made, title=title, text=text)
    made.save(force_insert=True)
    _address(made, roles=roles, locations=locations)
    _keep(made, material=True, actor=actor)
    return _told(made, actor=actor)


@transaction.atomic
def change(
    announcement: Announcement, /, *, material: bool = False, actor: Actor, **values: Any
) -> Announcement:
    """Change its words, days or audience. New words are a new version; a ``material`` change asks everybody again.

    Raises Conflict for one that was withdrawn.
    """
    actor.require(PracticePermission.ANNOUNCE)
    locked = _locked(announcement)
    before = (locked.title, locked.text)
    for name in ("until_on", "must_confirm"):
        setattr(locked, name, values.get(name, getattr(locked, name)))
    locked.from_on = values.get("from_on") or locked.from_on
    _fill(locked, title=values.get("title", locked.title), text=values.get("text", locked.text))
    if material or (locked.title, locked.text) != before:
        locked.version += 1
        locked.asked_version = locked.version if material else locked.asked_version
        _keep(locked, material=material, actor=actor)
    locked.save()
    if "roles" in values or "locations" in values:
        _address(locked, roles=values.get("roles", ()), locations=values.get("locations", ()))
    return _told(locked, actor=actor)


@transaction.atomic
def withdraw(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Take it down. It stays on file with who has read it."""
    actor.require(PracticePermission.ANNOUNCE)
    locked = _locked(announcement)
    locked.withdrawn_at = clock.now()
    locked.save(update_fields=["withdrawn_at", "updated_at"])
    return locked


@transaction.atomic
def remind(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Tell those who have not read it, once a day. Raises DomainError when everybody has, or it has not begun."""
    actor.require(PracticePermission.ANNOUNCE)
    locked, today = _locked(announcement), practice_today(actor)
    if locked.from_on > today:
        raise DomainError("It has not begun yet.")
    late = found.unread_by(locked, actor=actor)
    if not late:
        raise DomainError("Everybody has read it.")
    key = f"announced:{locked.pk}:{locked.asked_version}:{today}"
    notify(late, kind=TOLD, text=f"Please read: {locked.title}", key=key, record=locked, actor=actor)
    return locked


@transaction.atomic
def mark_read(announcement: Announcement, *, actor: Actor) -> None:
    """The actor has read it as it is now. Twice is once. Raises DomainError for a program's token, which is nobody."""
    actor.require(PracticePermission.VIEW_WORK)
    if actor.membership_id is None:
        raise DomainError("Only a person can read an announcement.")
    locked = _locked(announcement)
    AnnouncementReceipt.objects.get_or_create(
        practice_id=actor.practice_id,
        announcement=locked,
        member_id=actor.membership_id,
        version=locked.version,
        defaults={"confirmed": locked.must_confirm},
    )


def _fill(announcement: Announcement, *, title: str, text: str) -> None:
    announcement.title, announcement.text = " ".join(title.split()), text.strip()
    for name, said in (("title", "Enter a title."), ("text", "Write what is announced.")):
        if not getattr(announcement, name):
            raise DomainError(said, field=name)
    if announcement.until_on is not None and announcement.until_on < announcement.from_on:
        raise DomainError("Enter a last day that is not before the first.", field="until_on")


def _address(announcement: Announcement, *, roles: Iterable[Role], locations: Iterable[Location]) -> None:
    """Write whom it is for, in place of what stood there."""
    practice_id = announcement.practice_id
    announcement.role_links.all().delete()
    announcement.location_links.all().delete()
    AnnouncementRole.objects.bulk_create(
        AnnouncementRole(practice_id=practice_id, announcement=announcement, role=each) for each in roles
    )
    AnnouncementLocation.objects.bulk_create(
        AnnouncementLocation(practice_id=practice_id, announcement=announcement, location=each)
        for each in locations
    )


def _keep(announcement: Announcement, *, material: bool, actor: Actor) -> None:
    AnnouncementVersion.objects.create(
        practice_id=actor.practice_id,
        announcement=announcement,
        number=announcement.version,
        title=announcement.title,
        text=announcement.text,
        material=material,
        by_id=actor.membership_id,
    )


def _told(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Word to the audience, once a version that asks. What begins later is shown on its day, without a notice."""
    fresh = Announcement.objects.prefetch_related("role_links", "location_links").get(pk=announcement.pk)
    if fresh.from_on <= practice_today(actor):
        notify(
            found.audience(fresh, actor=actor),
            kind=TOLD,
            text=fresh.title,
            key=f"announced:{fresh.pk}:{fresh.asked_version}",
            record=fresh,
            actor=actor,
        )
    return fresh


def _locked(announcement: Announcement) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.get(pk=announcement.pk)
    if not locked.is_standing:
        raise Conflict("This announcement was withdrawn.")
    return locked
