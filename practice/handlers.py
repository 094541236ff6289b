"""The tenant's own nightly work."""

from __future__ import annotations

from practice import jobs, sessions
from practice.services import drafts


@jobs.kind("practice.tidy", label="Clear old drafts and sessions", every="night")
def tidy(job: jobs.Job) -> dict[str, int]:
    """Delete drafts past their days, and sessions that ran out."""
    with job.step() as actor:
        cleared = drafts.purge(actor=actor)
    with job.step():
        sessions.forget_old()
    return {"drafts": cleared}
