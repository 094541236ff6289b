"""Checklists and their runs, as far as an actor may see them: their locations, and those of every location."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import ChecklistAnswer, ChecklistRun, ChecklistStep, ChecklistTemplate
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
    joined = runs(actor).select_related("template", "role", "version", "location", "signed_by__user")
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


def progress(shown: Iterable[ChecklistRun]) -> dict[uuid.UUID, tuple[int, int]]:
    """How many steps of each run have an answer that stands, and how many it has. Two queries for all of them."""
    all_ = list(shown)
    versions = {run.version_id for run in all_}
    counted = ChecklistStep.objects.filter(version_id__in=versions).order_by().values_list("version_id")
    steps = dict(counted.annotate(Count("pk")))
    newest = ChecklistAnswer.objects.filter(run_id__in=[run.pk for run in all_]).order_by(
        "run_id", "step_id", "-created_at", "-id"
    )
    standing = newest.distinct("run_id", "step_id").values_list("run_id", "value", "file__withdrawn_at")
    done = Counter(run_id for run_id, value, withdrawn in standing if value and not withdrawn)
    return {run.pk: (done[run.pk], steps.get(run.version_id, 0)) for run in all_}


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
