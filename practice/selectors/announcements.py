"""Announcements: who is to read which, and who has. The only doors to them."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.http import Http404

from practice.actor import Actor
from practice.models import (
    Announcement,
    AnnouncementLocation,
    AnnouncementReceipt,
    AnnouncementRole,
    AnnouncementVersion,
    Membership,
    MembershipLocation,
    MembershipRole,
    RolePermission,
)
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.people import members

Announcements = QuerySet[Announcement]


def visible_to(actor: Actor) -> Announcements:
    """For who announces all those of their locations; else those for the actor that have begun and still stand."""
    if actor.may(PracticePermission.ANNOUNCE):
        found = addressed(actor, roles=False)
    elif actor.may(PracticePermission.VIEW_WORK):
        found = addressed(actor).filter(from_on__lte=practice_today(actor), withdrawn_at=None)
    else:
        found = Announcement.objects.none()
    found = found.annotate(seen_on=Value(practice_today(actor), output_field=DateField()))
    return found.prefetch_related("role_links__role", "location_links__location")


def addressed(actor: Actor, *, roles: bool = True) -> Announcements:
    """Those whose ``roles`` and locations are the actor's or which name none; withdrawn ones too."""
    every = Announcement.objects.filter(practice_id=actor.practice_id)
    own = [actor.membership_id] if actor.membership_id else []  # a program's token holds none
    shown = Q()
    if roles:
        held = MembershipRole.objects.filter(membership_id__in=own).values("role_id")
        links = AnnouncementRole.objects.filter(announcement=OuterRef("pk"))
        shown &= Q(~Exists(links) | Exists(links.filter(role_id__in=held)))
    if actor.locations:
        sites = AnnouncementLocation.objects.filter(announcement=OuterRef("pk"))
        shown &= Q(~Exists(sites) | Exists(sites.filter(location_id__in=actor.locations)))
    return every.filter(shown)


def get_addressed(announcement_id: uuid.UUID, *, actor: Actor) -> Announcement:
    """One for the actor that has begun, withdrawn meanwhile or not (a page may stand open for long), or 404."""
    begun = addressed(actor).filter(from_on__lte=practice_today(actor), pk=announcement_id)
    found = begun.first() if actor.may(PracticePermission.VIEW_WORK) else None
    if found is None:
        raise Http404
    return found


def waiting_for(actor: Actor, *, today: date) -> Announcements:
    """Those that stand today, are for the actor and were not read as they are now; the oldest first."""
    if actor.membership_id is None:
        return Announcement.objects.none()
    return _unread(shown_on(addressed(actor), today=today), actor=actor).order_by("from_on", "id")


def shown_on(queryset: Announcements, *, today: date) -> Announcements:
    """Those that have begun, have not ended and were not withdrawn."""
    found = queryset.filter(from_on__lte=today, withdrawn_at=None)
    return found.filter(Q(until_on=None) | Q(until_on__gte=today))


def _unread(queryset: Announcements, *, actor: Actor) -> Announcements:
    read = AnnouncementReceipt.objects.filter(
        announcement=OuterRef("pk"), member_id=actor.membership_id, version__gte=OuterRef("asked_version")
    )
    return queryset.filter(~Exists(read))


def to_read(queryset: Announcements, *, actor: Actor) -> Announcements:
    """Those that wait for the actor."""
    return queryset.filter(pk__in=waiting_for(actor, today=practice_today(actor)).order_by().values("pk"))


def shown(queryset: Announcements, *, actor: Actor) -> Announcements:
    """Those that people see today."""
    return shown_on(queryset, today=practice_today(actor))


def planned(queryset: Announcements, *, actor: Actor) -> Announcements:
    """Those that are still to begin."""
    return queryset.filter(from_on__gt=practice_today(actor), withdrawn_at=None)


def over(queryset: Announcements, *, actor: Actor) -> Announcements:
    """Those that have ended or were withdrawn."""
    return queryset.filter(Q(withdrawn_at__isnull=False) | Q(until_on__lt=practice_today(actor)))


def versions(actor: Actor) -> QuerySet[AnnouncementVersion]:
    """The words of every version of what the actor sees."""
    return AnnouncementVersion.objects.filter(announcement__in=visible_to(actor).order_by().values("pk"))


def receipts_seen_by(actor: Actor) -> QuerySet[AnnouncementReceipt]:
    """Who has read what: for who announces."""
    if not actor.may(PracticePermission.ANNOUNCE):
        return AnnouncementReceipt.objects.none()
    return AnnouncementReceipt.objects.filter(announcement__in=visible_to(actor).order_by().values("pk"))


def audience(announcement: Announcement, *, actor: Actor) -> QuerySet[Membership]:
    """The members of today whom it is for and who may read announcements, by name."""
    readers = RolePermission.objects.filter(permission=PracticePermission.VIEW_WORK).values("role_id")
    held = MembershipRole.objects.filter(membership=OuterRef("pk"))
    found = members(actor).filter(Exists(held.filter(role_id__in=readers)))
    if announcement.roles:
        found = found.filter(Exists(held.filter(role_id__in=announcement.roles)))
    if announcement.locations:
        sites = MembershipLocation.objects.filter(membership=OuterRef("pk"))
        found = found.filter(~Exists(sites) | Exists(sites.filter(location_id__in=announcement.locations)))
    return found.order_by("user__name", "pk")


def receipts(announcement: Announcement) -> QuerySet[AnnouncementReceipt]:
    """Who has read it as it is asked for now, in the order of time."""
    found = announcement.receipts.filter(version__gte=F("announcement__asked_version"))
    return found.select_related("member__user").order_by("id")


def unread_by(announcement: Announcement, *, actor: Actor) -> list[Membership]:
    """Those whom it is for and who have not read it as it is now."""
    read = set(receipts(announcement).values_list("member_id", flat=True))
    return [each for each in audience(announcement, actor=actor) if each.pk not in read]


def receipts_left(announcement: Announcement, *, actor: Actor) -> tuple[int, list[Membership]]:
    """How many of those whom it is for have read it as it is now, and who has not."""
    everybody = audience(announcement, actor=actor).count()
    left = unread_by(announcement, actor=actor)
    return everybody - len(left), left
