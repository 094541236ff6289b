"""The night's rollup as background work: one transaction a step, progress for whoever watches."""

from __future__ import annotations

from typing import Any

from practice import jobs
from reports.services import rollup

KIND = "reports.rollup"


@jobs.kind(KIND, label="Key figures of the night", every="night")
def run(job: jobs.Job) -> dict[str, Any]:
    """Replace the figures of all days that may have changed, a year at a step."""
    with job.step() as actor:
        plan = rollup.plan(actor=actor, since_ever=bool(job.args.get("all")))
        started = rollup.begin(plan, actor=actor)
    cells = 0
    for done, (first, last) in enumerate(plan.steps):
        job.progress(done, total=len(plan.steps), note=f"Figures from {first:%m/%d/%Y} to {last:%m/%d/%Y}")
        with job.step() as actor:
            cells += rollup.rebuild(first, last=last, actor=actor)
    with job.step() as actor:
        rollup.finish(started, plan=plan, cells=cells, actor=actor)
    return {"cells": cells, "days": (plan.last - plan.first).days + 1}
