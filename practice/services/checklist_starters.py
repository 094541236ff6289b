"""The checklists we ship, in our own words: ``practice/data/checklists``, offered paused as a practice's own.

A file has lines ``name:``, ``recurrence:``, ``due:`` (and ``role:``, ``month_day:``), a line of three dashes, and the
steps as ``practice.rules.checklist_text`` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any

from django.db import transaction

from practice.actor import Actor
from practice.models import ChecklistTemplate, Role
from practice.permissions import PracticePermission
from practice.services import checklists
from practice.services.rule_catalogue import DATA

HEAD = frozenset({"name", "recurrence", "due", "role", "month_day"})


def starters() -> Iterator[dict[str, str]]:
    """Every shipped checklist, by file name."""
    for path in sorted((DATA / "checklists").glob("*.txt")):
        yield read(path.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, str]:
    """One file. Raises ValueError for a head that is not one."""
    head, dashes, steps = text.partition("\n---\n")
    values = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())
    }
    if not dashes or not set(values) <= HEAD:
        raise ValueError(f"a shipped checklist begins with {', '.join(sorted(HEAD))} and three dashes")
    return values | {"steps": steps}


@transaction.atomic
def install(*, actor: Actor) -> int:
    """Add what is missing, paused: somebody starts what fits. Twice changes nothing."""
    actor.require(PracticePermission.CHANGE_CHECKLISTS)
    known = set(ChecklistTemplate.objects.values_list("name", flat=True))
    missing = [each for each in starters() if each["name"] not in known]
    roles = {role.code: role for role in Role.objects.all()}
    for each in missing:
        values: dict[str, Any] = {"name": each["name"], "recurrence": each["recurrence"]}
        values["due_time"] = time.fromisoformat(each["due"])
        values["role"] = roles.get(each.get("role", ""))
        values["month_day"] = int(each["month_day"]) if "month_day" in each else None
        checklists.write_steps(checklists.add(actor=actor, **values), steps=each["steps"], actor=actor)
    return len(missing)
