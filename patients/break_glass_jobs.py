"""The notice that a restricted record was opened."""

from __future__ import annotations

from patients.services import break_glass_notice
from practice import jobs


@jobs.kind("patients.break_glass_notice", label="Tell the privacy officer of an opened record")
def tell_of_opening(job: jobs.Job) -> dict[str, int]:
    """Mail who reviews; the mail server is asked outside of any transaction."""
    with job.step(read_only=True) as actor:
        mails = break_glass_notice.written(job.args["grant_id"], actor=actor)
    return {"sent": break_glass_notice.send(mails)}
