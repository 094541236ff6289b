"""What the tenant itself puts on the Monday brief: late work, failed jobs, the seal, the backup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Sum

from kit import clock
from kit.words import counted, us_date
from practice.actor import Actor
from practice.brief import BriefLine, at, who
from practice.models import JobRun
from practice.permissions import PracticePermission as P
from practice.selectors.jobs import visible_to as jobs_for
from practice.selectors.seal import seconds_behind
from practice.selectors.work import OPEN, awake, visible_to
from practice.services.backups import recorded
from practice.services.rules import rule

SEAL_SECONDS = 300  # it may be a minute behind at any time


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """Overdue work, work that nobody has, failed background work, a seal behind, a backup that is old."""
    yield from _work(actor, today=today)
    if actor.may(P.VIEW_JOBS):
        yield from _failed(actor)
    if actor.may(P.VIEW_AUDIT):
        yield from _seal()
    if actor.may(P.VIEW_SETTINGS):
        yield from _backup(today=today)


def _work(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    now = visible_to(actor).filter(awake(today), state=OPEN)
    tab = "all" if actor.may(P.VIEW_ALL_WORK) else "overdue"
    late = now.filter(due_on__lt=today)
    found = late.aggregate(n=Count("id"), dollars=Sum("amount"), first=Min("due_on"))
    if found["n"]:
        owners = late.filter(owner__isnull=False).values_list("owner__user__name", flat=True).distinct()[:10]
        yield BriefLine(
            key="practice.overdue_work",
            sentence=f"{counted(found['n'], one='item of work is', many='items of work are')} overdue",
            detail=f"The oldest was due {us_date(found['first'])}.",
            severity="bad",
            permission=P.VIEW_WORK,
            amount=found["dollars"],
            count=found["n"],
            owner=who(owners),
            path=at("practice:work", view=tab, due="overdue"),
        )


def _failed(actor: Actor) -> Iterable[BriefLine]:
    count = jobs_for(actor).filter(state=JobRun.State.FAILED).count()
    if count:
        yield BriefLine(
            key="practice.failed_jobs",
            sentence=f"{counted(count, one='piece', many='pieces')} of background work failed",
            detail="Each page says why, and runs it again.",
            severity="warn",
            permission=P.VIEW_JOBS,
            count=count,
            path=at("kit:practice_job_list", view="failed"),
        )


def _seal() -> Iterable[BriefLine]:
    behind = int(seconds_behind(everywhere=False))
    if behind > SEAL_SECONDS:
        yield BriefLine(
            key="practice.seal_behind",
            sentence=f"The audit trail’s seal is {counted(behind // 60, one='minute', many='minutes')} behind",
            detail="The relay closes it within a minute: ask your administrator whether it runs.",
            severity="warn",
            permission=P.VIEW_AUDIT,
            path=at("practice:audit_seal"),
            button="Open seal",
        )


def _backup(*, today: date) -> Iterable[BriefLine]:
    """Only where backups are made by Wellrun itself: without one on record nothing is known, so nothing is said."""
    made = _made_at()
    hours = int(rule("brief.backup_hours", on=today))
    if made is not None and clock.now() - made > timedelta(hours=hours):
        yield BriefLine(
            key="practice.backup_old",
            sentence=f"The last backup is of {us_date(made.date())}",
            detail="Ask your administrator to make one now.",
            severity="bad",
            permission=P.VIEW_SETTINGS,
            path=at("practice:data"),
            button="Open data",
        )


def _made_at() -> datetime | None:
    text = str((recorded().get("last_backup") or {}).get("at", ""))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
