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
    sites = _within(locations, actor=actor)
    made = Announcement(
        practice_id=actor.practice_id,
        from_on=from_on or practice_today(actor),
        until_on=until_on,
        must_confirm=must_confirm,
        author_id=actor.membership_id,
    )
    _fill(made, title=title, text=text)
    made.save(force_insert=True)
    _address(made, roles=roles, locations=sites)
    _keep(made, material=True, actor=actor)
    return _told(made, actor=actor)


@transaction.atomic
def change(
    announcement: Announcement, /, *, material: bool = False, actor: Actor, **values: Any
) -> Announcement:
    """Change its words, days or audience. New words are a new version; a ``material`` change asks everybody again,
    and so does to want it confirmed from now on.

    Raises Conflict for one that was withdrawn, DomainError for one that reaches beyond the actor's locations.
    """
    actor.require(PracticePermission.ANNOUNCE)
    locked = _locked(announcement, actor=actor)
    before, confirmed = (locked.title, locked.text), locked.must_confirm
    for name in ("until_on", "must_confirm"):
        setattr(locked, name, values.get(name, getattr(locked, name)))
    locked.from_on = values.get("from_on") or locked.from_on
    _fill(locked, title=values.get("title", locked.title), text=values.get("text", locked.text))
    asks = material or (locked.must_confirm and not confirmed)
    if asks or (locked.title, locked.text) != before:
        locked.version += 1
        locked.asked_version = locked.version if asks else locked.asked_version
        _keep(locked, material=asks, actor=actor)
    locked.save()
    _address(locked, roles=values.get("roles"), locations=_within(values.get("locations"), actor=actor))
    return _told(locked, actor=actor)


@transaction.atomic
def withdraw(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Take it down. It stays on file with who has read it."""
    actor.require(PracticePermission.ANNOUNCE)
    locked = _locked(announcement, actor=actor)
    locked.withdrawn_at = clock.now()
    locked.save(update_fields=["withdrawn_at", "updated_at"])
    return locked


@transaction.atomic
def remind(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Tell those who have not read it, each once a day.

    Raises DomainError when everybody has read it or is told already, and Conflict when people are not shown it.
    """
    actor.require(PracticePermission.ANNOUNCE)
    locked, today = _locked(announcement, actor=actor), practice_today(actor)
    if not found.shown_on(Announcement.objects.filter(pk=locked.pk), today=today).exists():
        raise Conflict("It has not begun yet, or it has ended.")
    late = found.unread_by(locked, actor=actor)
    if not late:
        raise DomainError("Everybody has read it.")
    key = f"announced:{locked.pk}:{locked.asked_version}:{today}"
    text = f"Please read: {locked.title}"
    if not notify(late, kind=TOLD, text=text, key=key, record=locked, actor=actor):
        raise DomainError("Whoever has not read it was reminded today, or wants no such notices.")
    return locked


@transaction.atomic
def mark_read(announcement: Announcement, *, version: int, actor: Actor) -> None:
    """The actor has read these words of it: the ``version`` that stood on the page. Twice is once.

    Raises Conflict when it was withdrawn or asks again meanwhile, DomainError for a program's token, which reads
    nothing, and for a version that there is not.
    """
    actor.require(PracticePermission.VIEW_WORK)
    if actor.kind != "user" or actor.membership_id is None:
        raise DomainError("Only a person can read an announcement.")
    locked = _standing(announcement)
    if not 1 <= version <= locked.version:
        raise DomainError("This announcement has no such version.")
    if version < locked.asked_version:
        raise Conflict("This announcement changed while you had it open. Please read it as it is now.")
    AnnouncementReceipt.objects.get_or_create(
        practice_id=actor.practice_id,
        announcement=locked,
        member_id=actor.membership_id,
        version=version,
        defaults={"confirmed": locked.must_confirm},
    )


@transaction.atomic
def tell_begun(*, actor: Actor) -> int:
    """Word of those that begin today, to whom they are for, once. Returns how many people are told."""
    today = practice_today(actor)
    begun = found.shown_on(Announcement.objects.filter(from_on=today), today=today).order_by("id")
    return sum(_notice(each, actor=actor) for each in begun)


def _within(locations: Iterable[Location] | None, *, actor: Actor) -> list[Location] | None:
    """Whoever works at some locations announces at those alone."""
    if locations is None:
        return None
    chosen = list(locations)
    if actor.locations and not (chosen and all(actor.sees_location(each.pk) for each in chosen)):
        raise DomainError("Choose one or more of your own locations.", field="locations")
    return chosen


def _fill(announcement: Announcement, *, title: str, text: str) -> None:
    announcement.title, announcement.text = " ".join(title.split()), text.strip()
    for name, said in (("title", "Enter a title."), ("text", "Write what is announced.")):
        if not getattr(announcement, name):
            raise DomainError(said, field=name)
    if announcement.until_on is not None and announcement.until_on < announcement.from_on:
        raise DomainError("Enter a last day that is not before the first.", field="until_on")


def _address(
    announcement: Announcement, *, roles: Iterable[Role] | None, locations: Iterable[Location] | None
) -> None:
    """Write whom it is for, in place of what stood there; None leaves it."""
    common = {"practice_id": announcement.practice_id, "announcement": announcement}
    if roles is not None:
        announcement.role_links.all().delete()
        AnnouncementRole.objects.bulk_create(AnnouncementRole(role=each, **common) for each in roles)
    if locations is not None:
        announcement.location_links.all().delete()
        AnnouncementLocation.objects.bulk_create(
            AnnouncementLocation(location=each, **common) for each in locations
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
    """Word to the audience, once a version that asks; of what begins later on its first day (``tell_begun``)."""
    fresh = Announcement.objects.prefetch_related("role_links", "location_links").get(pk=announcement.pk)
    today = practice_today(actor)
    if found.shown_on(Announcement.objects.filter(pk=fresh.pk), today=today).exists():
        _notice(fresh, actor=actor)
    return fresh


def _notice(announcement: Announcement, *, actor: Actor) -> int:
    """Tell those who have not read it, each once a version that asks."""
    return notify(
        found.unread_by(announcement, actor=actor),
        kind=TOLD,
        text=announcement.title,
        key=f"announced:{announcement.pk}:{announcement.asked_version}",
        record=announcement,
        actor=actor,
    )


def _standing(announcement: Announcement) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.get(pk=announcement.pk)
    if not locked.is_standing:
        raise Conflict("This announcement was withdrawn.")
    return locked


def _locked(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Its row to be changed by who may: what reaches beyond one's own locations is changed by somebody of them all."""
    locked = _standing(announcement)
    beyond = not locked.locations or not set(locked.locations) <= actor.locations
    if actor.locations and beyond:
        raise DomainError("It is for locations that are not yours. Ask somebody who works at all of them.")
    return locked
