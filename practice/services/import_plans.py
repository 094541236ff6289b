"""From a run to the plan that takes its files, and to the person in whose name it works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.module_loading import import_string

from kit.errors import DomainError
from kit.sheet_target import BundleTarget
from practice import jobs, sheet_registry
from practice.models import ImportRun, Practice
from practice.selectors.people import user_actor
from practice.services.import_chunks import Plan
from practice.services.sheet_rows import SheetPlan

GONE = "Whoever asked for this import no longer works here. Somebody else must upload the sheet."


def plan_of(run: ImportRun, *, actor: Any) -> Plan:
    """How the run's files are taken. Raises DomainError when they cannot be read at all."""
    target = sheet_registry.find(run.target)
    if target is None:
        raise DomainError("Nothing of this kind can be imported any more.")
    if isinstance(target, BundleTarget):
        made: Plan = import_string(target.plan)(run, actor=actor)
        return made
    return SheetPlan(run, target=target, actor=actor)


def in_name_of_asker(job: jobs.Job, *, run: ImportRun) -> jobs.Job:
    """The job with the rights of whoever asked, as they are now; the command line acts for the practice itself.

    Inside a step. Raises NotAgain when that person is no longer a member.
    """
    if run.asked_by is None:
        return job
    practice = Practice.objects.get(pk=job.practice_id)
    actor = user_actor(user=run.asked_by.user, practice=practice, request_id=job.actor.request_id)
    if actor is None:
        raise jobs.NotAgain(GONE)
    return replace(job, actor=actor)
