"""Announcements: who is to read which, and who has. The only doors to them."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import (
    Announcement,
    AnnouncementLocation,
    AnnouncementReceipt,
    AnnouncementRole,
    Membership,
    MembershipRole,
)
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.people import members


def visible_to(actor: Actor) -> QuerySet[Announcement]:
    """All of them for who announces; else those for the actor that have begun and were not withdrawn."""
    found = Announcement.objects.filter(practice_id=actor.practice_id)
    found = found.prefetch_related("role_links", "location_links")
    if actor.may(PracticePermission.ANNOUNCE):
        return found
    if not actor.may(PracticePermission.VIEW_WORK):
        return found.none()
    return found.filter(_for(actor), from_on__lte=practice_today(actor), withdrawn_at=None)


def get_announcement(announcement_id: uuid.UUID, *, actor: Actor) -> Announcement:
    """One of them, or 404."""
    found = visible_to(actor).filter(pk=announcement_id).first()
    if found is None:
        raise Http404
    return found


def _for(actor: Actor) -> Q:
    """Those whose roles and sites are the actor's, or which name none."""
    own = [actor.membership_id] if actor.membership_id else []  # a program's token holds none
    held = MembershipRole.objects.filter(membership_id__in=own).values("role_id")
    roles = AnnouncementRole.objects.filter(announcement=OuterRef("pk"))
    shown = ~Exists(roles) | Exists(roles.filter(role_id__in=held))
    if actor.locations:
        sites = AnnouncementLocation.objects.filter(announcement=OuterRef("pk"))
        shown &= ~Exists(sites) | Exists(sites.filter(location_id__in=actor.locations))
    return Q(shown)


def waiting_for(actor: Actor, *, today: date) -> QuerySet[Announcement]:
    """Those that stand today, are for the actor and were not read as they are now."""
    if actor.membership_id is None:
        return Announcement.objects.none()
    read = AnnouncementReceipt.objects.filter(
        announcement=OuterRef("pk"), member_id=actor.membership_id, version__gte=OuterRef("asked_version")
    )
    found = Announcement.objects.filter(
        _for(actor), ~Exists(read), practice_id=actor.practice_id, from_on__lte=today, withdrawn_at=None
    )
    return found.filter(Q(until_on=None) | Q(until_on__gte=today)).order_by("from_on", "id")


def audience(announcement: Announcement, *, actor: Actor) -> QuerySet[Membership]:
    """The members of today whom it is for, by name."""
    found = members(actor)
    if announcement.roles:
        held = MembershipRole.objects.filter(membership=OuterRef("pk"), role_id__in=announcement.roles)
        found = found.filter(Exists(held))
    if announcement.locations:
        everywhere = Q(location_links=None)
        here = Q(location_links__location_id__in=announcement.locations)
        found = found.filter(everywhere | here).distinct()
    return found.order_by("user__name", "pk")


def receipts(announcement: Announcement) -> QuerySet[AnnouncementReceipt]:
    """Who has read it as it is asked for now, in the order of time."""
    found = announcement.receipts.filter(version__gte=F("announcement__asked_version"))
    return found.select_related("member__user").order_by("id")


def unread_by(announcement: Announcement, *, actor: Actor) -> list[Membership]:
    """Those whom it is for and who have not read it as it is now."""
    read = set(receipts(announcement).values_list("member_id", flat=True))
    return [each for each in audience(announcement, actor=actor) if each.pk not in read]
