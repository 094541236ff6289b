"""Nightly work around compliance."""

from __future__ import annotations

from compliance.services import findings
from practice import jobs


@jobs.kind("compliance.overdue", label="Chase overdue corrective actions", every="night")
def chase_overdue(job: jobs.Job) -> dict[str, int]:
    """Put overdue corrective actions on the list."""
    with job.step() as actor:
        return {"overdue": findings.chase_overdue(actor=actor)}
