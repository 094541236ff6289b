"""Nightly work around staff."""

from __future__ import annotations

from practice import jobs
from staff.services import expiries


@jobs.kind("staff.expiries", label="Watch licences and certificates", every="night")
def watch_expiries(job: jobs.Job) -> dict[str, int]:
    """Open, refresh and close the work items of everything that expires."""
    with job.step() as actor:
        return {"open": expiries.refresh_all(actor=actor)}
