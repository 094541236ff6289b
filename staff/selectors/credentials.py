"""Licences, certificates and policies: who may see them, what expires, whether a licence covered a day."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import DateField, Q, QuerySet, Value
from django.http import Http404

from practice.actor import Actor
from practice.rules.deadlines import Length
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule, rules
from staff.models import Credential, Employee, Provider
from staff.permissions import StaffPermission
from staff.rules import covers

WIDEST = "credential.alert_days"
STEPS = (WIDEST, *(f"{WIDEST}.{name}" for name in ("second", "third", "fourth", "fifth", "last")))
SOON = "credential.alert_days.third"


def visible_to(actor: Actor) -> QuerySet[Credential]:
    """Credentials of the people within the actor's sites; ``as_of`` is the practice's day, for days left."""
    if not actor.may(StaffPermission.VIEW_CREDENTIAL):
        return Credential.objects.none()
    found = Credential.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(Q(employee__location_id__in=actor.locations) | Q(employee__location=None))
    return found.annotate(as_of=Value(practice_today(actor), output_field=DateField()))


def get_credential(credential_id: uuid.UUID, *, actor: Actor) -> Credential:
    """One credential, or 404."""
    found = visible_to(actor).filter(pk=credential_id).first()
    if found is None:
        raise Http404
    return found


def current(queryset: QuerySet[Credential]) -> QuerySet[Credential]:
    """Those not replaced, of people who still work here."""
    return queryset.filter(replaced_by=None).exclude(employee__status=Employee.Status.ENDED)


def expiring(queryset: QuerySet[Credential], *, actor: Actor) -> QuerySet[Credential]:
    """Those in force that end within 90 days (rule credential.alert_days.third)."""
    today = practice_today(actor)
    last = deadlines.due(rule(SOON, on=today), start=today)
    return current(queryset).filter(expires_on__gte=today, expires_on__lte=last)


def expired(queryset: QuerySet[Credential], *, actor: Actor) -> QuerySet[Credential]:
    """Those that ended and were not renewed, of people who still work here."""
    return current(queryset).filter(expires_on__lt=practice_today(actor))


def alert_steps(day: date) -> tuple[int, ...]:
    """Days before expiry at which somebody is told, widest first: the practice's own or the shipped ones."""
    return tuple(sorted({int(each) for each in rules(STEPS, on=day).values()}, reverse=True))


def to_watch(today: date) -> QuerySet[Credential]:
    """Current credentials of people who work here that end within the widest alert window, or have ended."""
    last = deadlines.due(Length(amount=alert_steps(today)[0]), start=today)
    return current(Credential.objects.filter(expires_on__lte=last)).select_related("employee").order_by("id")


def licence_covers(provider_id: uuid.UUID, *, day: date) -> bool:
    """Whether a state licence of this provider was in force on a day; replaced ones count for their own time."""
    holder = Provider.objects.filter(pk=provider_id).values("employee_id")
    held = Credential.objects.filter(kind=Credential.Kind.LICENSE, employee_id__in=holder)
    return any(
        covers(day, starts_on=starts, ends_on=ends)
        for starts, ends in held.values_list("issued_on", "expires_on")
    )
