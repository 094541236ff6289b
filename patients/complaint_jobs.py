"""Nightly work of the complaint desk."""

from __future__ import annotations

from patients.services import complaints
from practice import jobs


@jobs.kind("patients.complaints", label="Keep complaints on the list until they are closed", every="night")
def keep_complaints_listed(job: jobs.Job) -> dict[str, int]:
    """Bring the work items of open complaints up to date."""
    with job.step() as actor:
        return {"late": complaints.refresh_list(actor=actor)}
