"""Nightly work of referrals."""

from __future__ import annotations

from patients.services import referrals
from practice import jobs


@jobs.kind("patients.referrals", label="Put late referrals on the list of work", every="night")
def watch_referrals(job: jobs.Job) -> dict[str, int]:
    """Open a work item for every referral whose next step is late."""
    with job.step() as actor:
        return {"late": referrals.refresh_list(actor=actor)}
