"""Letter templates and the version of each that is in force on a day."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import F, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import LetterTemplate, LetterVersion
from practice.permissions import PracticePermission


def visible_to(actor: Actor) -> QuerySet[LetterTemplate]:
    """Every template of the practice, for who may see letters."""
    if not actor.may(PracticePermission.VIEW_LETTER):
        return LetterTemplate.objects.none()
    return LetterTemplate.objects.filter(practice_id=actor.practice_id)


def get_template(template_id: uuid.UUID, *, actor: Actor) -> LetterTemplate:
    """One template, or 404."""
    found = visible_to(actor).filter(pk=template_id).first()
    if found is None:
        raise Http404
    return found


def versions(actor: Actor) -> QuerySet[LetterVersion]:
    """Everything that was ever published."""
    return LetterVersion.objects.filter(template__in=visible_to(actor))


def in_use(queryset: QuerySet[LetterTemplate], *, actor: Actor) -> QuerySet[LetterTemplate]:
    """Not retired."""
    return queryset.filter(retired_on=None)


def retired(queryset: QuerySet[LetterTemplate], *, actor: Actor) -> QuerySet[LetterTemplate]:
    """No longer used."""
    return queryset.filter(retired_on__isnull=False)


def for_kind(kind: str, *, day: date, actor: Actor) -> QuerySet[LetterTemplate]:
    """Templates about a kind of record of which some version is in force on a day, by name."""
    found = in_use(visible_to(actor), actor=actor).filter(kind=kind, versions__effective_from__lte=day)
    return found.order_by("name", "language", "id").distinct()


def version_on(template: LetterTemplate, *, day: date) -> LetterVersion | None:
    """What the template says on a day: of the versions begun by then the one that began last."""
    found = template.versions.filter(effective_from__lte=day)
    latest: LetterVersion | None = found.order_by(F("effective_from").desc(), "-number").first()
    return latest
