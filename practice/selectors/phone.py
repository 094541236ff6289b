"""The only doors to phone messages: those about records the actor may see, and those about none."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kit import clock
from practice.actor import Actor
from practice.models import CallAttempt, MembershipRole, PhoneMessage, Role
from practice.permissions import PracticePermission
from practice.selectors import records

CLOSED = PhoneMessage.State.CLOSED
Messages = QuerySet[PhoneMessage]


def visible_to(actor: Actor) -> Messages:
    """Messages about records the actor may see, each kind through its own door: restricted patients stay hidden."""
    if not actor.may(PracticePermission.VIEW_PHONE):
        return PhoneMessage.objects.none()
    found = PhoneMessage.objects.filter(practice_id=actor.practice_id)
    kinds = records.kinds_in_use(PhoneMessage, actor=actor)
    return records.about_visible(found, kinds=kinds, actor=actor, optional=True)


def attempts(actor: Actor) -> QuerySet[CallAttempt]:
    """The tries to reach those callers."""
    return CallAttempt.objects.filter(Exists(visible_to(actor).filter(pk=OuterRef("message_id"))))


def still_open(queryset: Messages, *, actor: Actor) -> Messages:
    """Not closed."""
    return queryset.filter(closed_at=None)


def mine(queryset: Messages, *, actor: Actor) -> Messages:
    """Open ones for the actor."""
    return still_open(queryset, actor=actor).filter(member_id=actor.membership_id, member__isnull=False)


def of_my_roles(queryset: Messages, *, actor: Actor) -> Messages:
    """Open ones for a role that the actor holds."""
    own = [actor.membership_id] if actor.membership_id else []  # a program's token holds none
    held = MembershipRole.objects.filter(membership_id__in=own).values("role_id")
    return still_open(queryset, actor=actor).filter(role_id__in=held)


def overdue(queryset: Messages, *, actor: Actor) -> Messages:
    """The caller was not reached in time."""
    return still_open(queryset, actor=actor).filter(reached_at=None, call_back_by__lt=clock.now())


def receivers(actor: Actor) -> QuerySet[Role]:
    """Roles that may answer messages."""
    granted = Role.objects.filter(practice_id=actor.practice_id)
    return granted.filter(permissions__permission=PracticePermission.ANSWER_PHONE).order_by("name")


def about(record: Any, *, actor: Actor) -> Messages:
    """Messages of a record's page: about it, or about whatever else concerns this patient."""
    return visible_to(actor).filter(records.of_page(record))
