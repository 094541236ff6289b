"""A job that counts: many small steps, each one row under a natural key. It exists in fault tests only."""

import time

from practice import jobs
from practice.models import SequenceCounter


@jobs.kind("test.tally", label="Counting rows")
def tally(job):
    """Write rows ``<key>/0`` to ``<key>/<steps - 1>``, going on where a killed worker stopped."""
    steps, pause = int(job.args["steps"]), float(job.args.get("pause", 0))
    for number in range(steps):
        with job.step():
            row, new = SequenceCounter.objects.get_or_create(
                practice_id=job.practice_id, name=f"{job.key}/{number}"
            )
            SequenceCounter.objects.filter(pk=row.pk).update(last=number + 1)
        if new:
            job.progress(number + 1, total=steps)
            time.sleep(pause)
    return {"rows": steps}


@jobs.kind("test.night", label="Counting nights", every="night")
def night(job):
    """One row per night: its second would break the natural key."""
    with job.step():
        SequenceCounter.objects.create(practice_id=job.practice_id, name=f"night {job.key}", last=1)
