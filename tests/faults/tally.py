"""A job that counts: many small steps, each one row under a natural key. It exists in fault tests only."""

import sys
import time

from celery.signals import task_postrun, worker_ready
from django.db.models import F

from practice import jobs
from practice.models import SequenceCounter


@jobs.kind("test.tally", label="Counting rows")
def tally(job):
    """Write rows ``<key>/0`` to ``<key>/<steps - 1>`` and count them, going on where a killed worker stopped."""
    steps, pause = int(job.args["steps"]), float(job.args.get("pause", 0))
    mine = {"practice_id": job.practice_id}
    with job.step():
        total, _ = SequenceCounter.objects.get_or_create(name=f"{job.key}/total", **mine)
        done = set(
            SequenceCounter.objects.filter(name__startswith=f"{job.key}/").values_list("name", flat=True)
        )
    for number in range(steps):
        if f"{job.key}/{number}" in done:
            continue
        with job.step():
            SequenceCounter.objects.create(name=f"{job.key}/{number}", last=number, **mine)
            SequenceCounter.objects.filter(pk=total.pk).update(last=F("last") + 1)
        job.progress(number + 1, total=steps)
        time.sleep(pause)
    return {"rows": steps}


@jobs.kind("test.note", label="Leaving one row")
def note(job):
    """One row per job: a second effect would break its natural key and fail the job."""
    with job.step():
        SequenceCounter.objects.create(practice_id=job.practice_id, name=f"note {job.key}", last=1)


@jobs.kind("test.night", label="Counting nights", every="night")
def night(job):
    """One row per night."""
    with job.step():
        SequenceCounter.objects.create(practice_id=job.practice_id, name=f"night {job.key}", last=1)


@worker_ready.connect
def _say_ready(**_):
    """The product's log may be set to say nothing of it."""
    sys.stderr.write("worker is ready\n")


@task_postrun.connect
def _say_dispatched(task=None, **_):
    if task is not None and task.name == "practice.dispatch":
        sys.stderr.write("nights dispatched\n")
