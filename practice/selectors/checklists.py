"""Checklists and their runs, as far as an actor may see them: their locations, and those of every location."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import ChecklistAnswer, ChecklistRun, ChecklistTemplate
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today

VIEW = PracticePermission.VIEW_CHECKLISTS
State = ChecklistRun.State


def templates(actor: Actor) -> QuerySet[ChecklistTemplate]:
    """The checklists of the actor's locations, and those of all."""
    if not actor.may(VIEW):
        return ChecklistTemplate.objects.none()
    found = ChecklistTemplate.objects.all()
    return found.filter(Q(location=None) | Q(location_id__in=actor.locations)) if actor.locations else found


def get_template(template_id: uuid.UUID, *, actor: Actor) -> ChecklistTemplate:
    """One checklist, or 404."""
    found = templates(actor).filter(pk=template_id).first()
    if found is None:
        raise Http404
    return found


def runs(actor: Actor) -> QuerySet[ChecklistRun]:
    """The runs at the actor's locations."""
    if not actor.may(VIEW):
        return ChecklistRun.objects.none()
    found = ChecklistRun.objects.all()
    return found.filter(location_id__in=actor.locations) if actor.locations else found


def get_run(run_id: uuid.UUID, *, actor: Actor) -> ChecklistRun:
    """One run with what its page shows, or 404."""
    joined = runs(actor).select_related("template__role", "version", "location", "signed_by__user")
    found = joined.filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def current_answers(run: ChecklistRun) -> dict[uuid.UUID, ChecklistAnswer]:
    """The newest answer of each step."""
    return {each.step_id: each for each in all_answers(run)}


def all_answers(run: ChecklistRun) -> QuerySet[ChecklistAnswer]:
    """Every answer ever given, oldest first."""
    return run.answers.select_related("step", "by__user", "file").order_by("created_at", "id")


def today(queryset: QuerySet[ChecklistRun], *, actor: Actor) -> QuerySet[ChecklistRun]:
    """Of the practice's day."""
    return queryset.filter(on=practice_today(actor))


def waiting(queryset: QuerySet[ChecklistRun], *, actor: Actor) -> QuerySet[ChecklistRun]:
    """Not signed yet."""
    return queryset.filter(state=State.OPEN)


def missed(queryset: QuerySet[ChecklistRun], *, actor: Actor) -> QuerySet[ChecklistRun]:
    """Not signed while there was time."""
    return queryset.filter(state=State.MISSED)


def signed(queryset: QuerySet[ChecklistRun], *, actor: Actor) -> QuerySet[ChecklistRun]:
    """Signed, in time or late."""
    return queryset.filter(state__in=(State.SIGNED, State.LATE))
