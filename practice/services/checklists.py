"""Checklists: made, given steps, started, paused. A change of steps is a new version; runs keep theirs."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import ChecklistStep, ChecklistTemplate, ChecklistVersion
from practice.permissions import PracticePermission
from practice.rules import checklist_text
from practice.rules.checklist_text import Step
from practice.rules.recurrence import Recurrence
from practice.services import checklist_days

CHANGE = PracticePermission.CHANGE_CHECKLISTS
FIELDS = frozenset(
    {
        "name", "role", "location", "recurrence", "weekday", "month_day", "once_on", "due_time", "closed_days",
        "second_person",
    }
)  # fmt: skip
NEEDED = {
    Recurrence.WEEKLY: ("weekday", "Choose the day of the week."),
    Recurrence.MONTHLY: ("month_day", "Enter a day from 1 to 28."),
    Recurrence.ONCE: ("once_on", "Enter the day."),
}


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> ChecklistTemplate:
    """Make a checklist, paused and without steps. Raises DomainError when its rhythm lacks its day."""
    actor.require(CHANGE)
    template = ChecklistTemplate(practice_id=actor.practice_id)
    _fill(template, values=values, actor=actor)
    template.save(force_insert=True)
    return template


@transaction.atomic
def change(template: ChecklistTemplate, /, *, actor: Actor, **values: Any) -> ChecklistTemplate:
    """Change name, place, role or rhythm; runs that are made already stay as they are."""
    actor.require(CHANGE)
    locked = _locked(template, actor=actor)
    _fill(locked, values=values, actor=actor)
    locked.save()
    return locked


@transaction.atomic
def set_steps(template: ChecklistTemplate, /, *, steps: list[Step], actor: Actor) -> ChecklistTemplate:
    """Give it these steps as a new version; the same ones as before make none."""
    actor.require(CHANGE)
    locked = _locked(template, actor=actor)
    try:
        checklist_text.check(steps)
    except checklist_text.StepError as error:
        raise DomainError(str(error), field="steps") from error
    if steps == steps_of(newest(locked)):
        return locked
    locked.version += 1
    version = ChecklistVersion.objects.create(
        practice_id=actor.practice_id, template=locked, number=locked.version, made_by_id=actor.membership_id
    )
    ChecklistStep.objects.bulk_create(
        ChecklistStep(
            practice_id=actor.practice_id,
            version=version,
            position=position,
            text=step.text,
            kind=step.kind,
            lowest=step.lowest,
            highest=step.highest,
            unit=step.unit,
            required=step.required,
        )
        for position, step in enumerate(steps, 1)
    )
    locked.save()
    return locked


def write_steps(template: ChecklistTemplate, /, *, steps: str, actor: Actor) -> ChecklistTemplate:
    """The same from text, one step a line. Raises DomainError with the line that is wrong."""
    actor.require(CHANGE)
    try:
        parsed = checklist_text.parse(steps)
    except checklist_text.StepError as error:
        raise DomainError(str(error), field="steps") from error
    return set_steps(template, steps=parsed, actor=actor)


@transaction.atomic
def start(template: ChecklistTemplate, /, *, actor: Actor) -> ChecklistTemplate:
    """Put it in use; what is still due today is made at once."""
    actor.require(CHANGE)
    locked = _locked(template, actor=actor)
    if not locked.can_start:
        raise Conflict("It is in use already." if locked.version else "Give it steps first.")
    locked.is_active = True
    locked.save()
    checklist_days.make(locked, still_due=True, actor=actor)
    return locked


@transaction.atomic
def pause(template: ChecklistTemplate, /, *, actor: Actor) -> ChecklistTemplate:
    """Make no more runs of it; those made stay."""
    actor.require(CHANGE)
    locked = _locked(template, actor=actor)
    if not locked.can_pause:
        raise Conflict("It is paused already.")
    locked.is_active = False
    locked.save()
    return locked


def newest(template: ChecklistTemplate) -> ChecklistVersion | None:
    """The version that new runs get."""
    return template.versions.filter(number=template.version).first()


def steps_of(version: ChecklistVersion | None) -> list[Step]:
    """What a version says, in order."""
    rows = version.steps.order_by("position") if version else ()
    return [
        Step(
            text=row.text,
            kind=row.kind,
            lowest=row.lowest,
            highest=row.highest,
            unit=row.unit,
            required=row.required,
        )
        for row in rows
    ]


def _locked(template: ChecklistTemplate, *, actor: Actor) -> ChecklistTemplate:
    locked: ChecklistTemplate = ChecklistTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
    _in_scope(locked, actor=actor)
    return locked


def _in_scope(template: ChecklistTemplate, *, actor: Actor) -> None:
    """Whoever works at some locations makes checklists for these, not for all."""
    if not actor.sees_location(template.location_id):
        raise DomainError("Choose one of your locations.", field="location")


def _fill(template: ChecklistTemplate, *, values: dict[str, Any], actor: Actor) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"a checklist has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(template, name, value)
    for recurrence, (field, sentence) in NEEDED.items():
        if template.recurrence != recurrence:
            setattr(template, field, None)
        elif getattr(template, field) is None:
            raise DomainError(sentence, field=field)
    _in_scope(template, actor=actor)
