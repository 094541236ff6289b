"""Background work of billing. At most six lines each; the services do it."""

from __future__ import annotations

from datetime import date

from billing import books_jobs, receipt_jobs, remittance_jobs
from billing.models import ClaimBatch
from billing.services import restrictions, sandbox, submission
from practice import jobs
from practice.models import Practice

# Other corners of billing keep their kinds in modules of their own; importing them registers them.
CORNERS = (books_jobs, receipt_jobs, remittance_jobs)


@jobs.kind(submission.FILE_KIND, label="Write a claim file")
def write_claim_file(job: jobs.Job) -> None:
    """Lay a batch into the outgoing folder, then note it; a repeat lays the same file again."""
    batch, practice = _batch(job)
    if batch.written_at is None:
        submission.place_file(batch, folder=submission.outgoing_folder(practice))
        with job.step() as actor:
            submission.mark_written(batch, actor=actor)


@jobs.kind(submission.ANSWER_KIND, label="Training payer answers")
def answer_claims(job: jobs.Job) -> dict[str, str]:
    """Let the training payer answer a written batch."""
    batch, practice = _batch(job)
    paid_on = date.fromisoformat(job.args["paid_on"]) if "paid_on" in job.args else None
    path = sandbox.answer(batch, practice=practice, paid_on=paid_on)
    if path is not None:
        with job.step() as actor:
            jobs.enqueue(remittance_jobs.INCOMING, actor=actor, key=f"batch/{batch.pk}")
    return {"file": path.name if path else ""}


@jobs.kind("billing.watch_restrictions", label="Visits kept from the plan: what is not paid", every="night")
def watch_restrictions(job: jobs.Job) -> dict[str, int]:
    """Make work of what a patient still owes for a visit that their plan is not told of."""
    with job.step() as actor:
        return {"unpaid": restrictions.watch_payment(actor=actor)}


def _batch(job: jobs.Job) -> tuple[ClaimBatch, Practice]:
    with job.step(read_only=True):
        batch = ClaimBatch.objects.select_related("payer").get(pk=job.args["batch"])
        return batch, Practice.objects.get(pk=job.practice_id)
