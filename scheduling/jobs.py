"""Background work of the schedule."""

from __future__ import annotations

from practice import jobs
from scheduling.selectors.appointments import provider_resources
from scheduling.services import availability


@jobs.kind("scheduling.extend_hours", label="Keep providers' hours open 400 days ahead", every="night")
def extend_hours(job: jobs.Job) -> None:
    """Rebuild every provider's open blocks from today, one short step each."""
    with job.step(read_only=True) as actor:
        found = provider_resources(actor)
    for number, resource in enumerate(found, start=1):
        with job.step() as actor:
            availability.regenerate(resource, actor=actor)
        job.progress(number, total=len(found))
