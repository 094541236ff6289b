"""The tenant's work in the night, and the Monday brief."""

from __future__ import annotations

from datetime import date

from kit import clock
from practice import jobs
from practice.models import Brief, Membership
from practice.selectors.brief import monday_of
from practice.selectors.days import practice_today
from practice.services import announcements, brief, work_desk, work_night

WEEK, ONE = "practice.brief_week", "practice.brief_mail"
NOBODY = "00000000-0000-0000-0000-000000000000"


@jobs.kind("practice.work", label="Bring back and escalate work", every="night")
def tend_work(job: jobs.Job) -> dict[str, int]:
    """Wake what was snoozed until today, a batch a step; then escalate what is late."""
    woken = 0
    while True:
        with job.step() as actor:
            count = work_night.wake_due(actor=actor)
        woken += count
        if count < work_desk.MOST:
            break
    with job.step() as actor:
        return {"woken": woken, "escalated": work_night.escalate_late(actor=actor)}


@jobs.kind("practice.announced", label="Tell what is announced from today", every="night")
def tell_announced(job: jobs.Job) -> dict[str, int]:
    """Word of what begins today, to whom it is for."""
    with job.step() as actor:
        return {"told": announcements.tell_begun(actor=actor)}


@jobs.kind("practice.brief", label="Plan the Monday brief", every="night")
def plan_brief(job: jobs.Job) -> None:
    """Every night: this week's brief is planned for its Monday's hour, once."""
    with job.step() as actor:
        week = monday_of(practice_today(actor))
        when = max(brief.send_at(week, actor=actor), clock.now())
        args = {"week": week.isoformat()}
        jobs.enqueue(WEEK, actor=actor, key=week.isoformat(), args=args, run_after=when)


@jobs.kind(WEEK, label="Monday brief")
def make_brief(job: jobs.Job) -> dict[str, int]:
    """Keep the week's brief, then mail it to those who chose so, each by itself."""
    week = date.fromisoformat(str(job.args.get("week", "")))
    with job.step() as actor:
        kept = brief.keep(week, actor=actor)
        readers = brief.waiting_readers(kept) if brief.is_fresh(week, actor=actor) else []
    return {"sent": sum(_mail(job, member=member, kept=kept) for member in readers)}


@jobs.kind(ONE, label="Mail the Monday brief to one person")
def mail_brief(job: jobs.Job) -> dict[str, int]:
    """The brief as it stands now, to a member who asked on the page."""
    with job.step(read_only=True):
        asked = Membership.objects.filter(
            pk=str(job.args.get("member", NOBODY)), ended_at=None
        ).select_related("user")
        member = asked.first()
    return {"sent": _mail(job, member=member, kept=None) if member else 0}


def _mail(job: jobs.Job, *, member: Membership, kept: Brief | None) -> int:
    """Write, send outside of any transaction, note it. A crash between the two sends a second one, never none."""
    with job.step(read_only=True) as actor:
        letter = brief.written_for(member, actor=actor)
    if letter is None:
        return 0
    letter.mail.send()
    if kept is not None:
        with job.step() as actor:
            brief.note_sent(kept, member=member, actor=actor)
    return 1
