"""Checklists of the demo: all in use; this morning's opening is signed, one reading is too warm."""

from __future__ import annotations

from practice.actor import Actor
from practice.models import ChecklistRun, ChecklistTemplate
from practice.services import checklist_days, checklist_runs, checklist_starters, checklists
from practice.story import Story

ANSWERS = {"tick": "done", "yes_no": "yes", "number": "200"}


def seed(story: Story) -> None:
    """Start what we ship, make today's, go through some of it."""
    checklist_starters.install(actor=story.actor)
    for template in ChecklistTemplate.objects.filter(is_active=False):
        checklists.start(template, actor=story.actor)
    checklist_days.make_day(actor=story.actor)
    who = story.acting_as("front_desk") or story.acting_as("manager")
    if who is None:
        return
    runs = ChecklistRun.objects.select_related("template", "version").order_by("pk")
    opening = runs.filter(template__name="Opening the front desk").first()
    if opening is not None:
        for step in opening.version.steps.filter(required=True):
            checklist_runs.answer(opening, step=step, value=ANSWERS[step.kind], actor=who)
        checklist_runs.sign(opening, signed_name=who.name, actor=who)
    _too_warm(runs.filter(template__name="Vaccine refrigerator, morning").first(), actor=who)


def _too_warm(run: ChecklistRun | None, *, actor: Actor) -> None:
    """A reading that is on the list of work."""
    if run is not None:
        checklist_runs.answer(run, step=run.version.steps.get(position=1), value="47.5", actor=actor)
