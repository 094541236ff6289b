"""Background work of the schedule."""

from __future__ import annotations

from practice import jobs
from scheduling import reminder_work
from scheduling.models import Appointment
from scheduling.selectors.templates import bookable
from scheduling.services import access, availability, displaced, holds, recalls, reminders, waitlist


@jobs.kind("scheduling.extend_hours", label="Keep providers' hours open ahead", every="night")
def extend_hours(job: jobs.Job) -> None:
    """Rebuild open time of everything that can be booked, one statement and one short step each."""
    with job.step(read_only=True) as actor:
        found = list(bookable(actor))
    for number, resource in enumerate(found, start=1):
        with job.step() as actor:
            availability.regenerate(resource, actor=actor)
        job.progress(number, total=len(found))
    with job.step() as actor:
        displaced.settle_past(actor=actor)


@jobs.kind("scheduling.take_access", label="Third next available of the night", every="night")
def take_access(job: jobs.Job) -> None:
    """Keep today's third next available of every provider and type."""
    with job.step() as actor:
        access.take(actor=actor)


@jobs.kind("scheduling.plan_reminders", label="Plan reminders", every="night")
def plan_reminders(job: jobs.Job) -> dict[str, int]:
    """Every visit that the practice's steps reach by the next night; twice in a night plans nothing twice."""
    with job.step() as actor:
        return {"planned": reminders.plan_ahead(actor=actor)}


@jobs.kind(reminders.SEND, label="Send reminders")
def send_reminders(job: jobs.Job) -> dict[str, int]:
    """Send what is due."""
    return reminder_work.send_due(job)


@jobs.kind(holds.EXPIRE, label="End a hold that has run out")
def expire_hold(job: jobs.Job) -> None:
    """In the minute a hold runs out, unless somebody has met it before."""
    with job.step() as actor:
        holds.expire(Appointment.objects.get(pk=job.args["appointment"]), actor=actor)


@jobs.kind(waitlist.NEXT, label="Offer a freed time to the wait list")
def offer_opening(job: jobs.Job) -> None:
    """Offer what a visit has given back to whoever is first, where the practice wants that."""
    with job.step() as actor:
        waitlist.offer_next(Appointment.objects.get(pk=job.args["appointment"]), actor=actor)


@jobs.kind("scheduling.waitlist", label="End wait-list entries whose last day is over", every="night")
def end_waiting(job: jobs.Job) -> None:
    """Expire entries; those that end soon become work."""
    with job.step() as actor:
        waitlist.refresh_list(actor=actor)


@jobs.kind("scheduling.recalls", label="Put overdue recalls on the list of work", every="night")
def list_recalls(job: jobs.Job) -> None:
    """Recalls whose day is over become work."""
    with job.step() as actor:
        recalls.refresh_list(actor=actor)
