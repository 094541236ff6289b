"""The days of checklists: each day's runs are made, watched when they are due, and closed when the day is over."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from kit import clock
from practice import jobs
from practice.actor import Actor
from practice.models import ChecklistRun, ChecklistTemplate, ChecklistVersion, Location
from practice.permissions import PracticePermission
from practice.rules.recurrence import Recurrence, falls_on, moment
from practice.selectors.days import practice_today
from practice.services.deadlines import calendar_of
from practice.services.work import close_items, open_item

OVERDUE, DUE_JOB = "practice.checklist_overdue", "practice.checklists_due"
State = ChecklistRun.State


@transaction.atomic
def make_day(*, actor: Actor) -> int:
    """Make the day's runs of everything in use. Run it as often as you like: one run a checklist, place and day."""
    return sum(
        make(template, actor=actor)
        for template in ChecklistTemplate.objects.filter(is_active=True).select_related("location")
    )


def make(template: ChecklistTemplate, *, still_due: bool = False, actor: Actor) -> int:
    """Make a checklist's runs of today, the practice's and each location's own day, and have each looked at when it
    is due. ``still_due``: not what is late before it began.
    """
    version = ChecklistVersion.objects.filter(template=template, number=template.version).first()
    if version is None:
        return 0
    sites = [template.location] if template.location else list(Location.objects.filter(is_active=True))
    here = practice_today(actor)
    wanted = [
        run
        for site in sites
        if site.is_active
        for day in sorted({here, clock.today(ZoneInfo(site.timezone))})
        if (run := _due_run(template, version=version, site=site, day=day)) is not None
        and not (still_due and run.due_at < clock.now())
    ]
    have = ChecklistRun.objects.filter(template=template, on__in={run.on for run in wanted})
    known = set(have.values_list("location_id", "on"))
    missing = [run for run in wanted if (run.location_id, run.on) not in known]
    ChecklistRun.objects.bulk_create(missing, ignore_conflicts=True)
    for due_at in sorted({run.due_at for run in missing}):
        jobs.enqueue(
            DUE_JOB, actor=actor, key=due_at.astimezone(UTC).isoformat(), run_after=max(due_at, clock.now())
        )
    return len(missing)


def _due_run(
    template: ChecklistTemplate, *, version: ChecklistVersion, site: Location, day: date
) -> ChecklistRun | None:
    due = falls_on(
        day,
        recurrence=template.recurrence,
        calendar=calendar_of(location=site),
        weekday=template.weekday,
        month_day=template.month_day,
        once_on=template.once_on,
        closed_days=template.closed_days,
    )
    if not due:
        return None
    return ChecklistRun(
        practice_id=template.practice_id,
        template=template,
        version=version,
        location=site,
        on=day,
        due_at=moment(day, at=template.due_time, zone=ZoneInfo(site.timezone)),
        role_id=template.role_id,
        second_person=template.second_person,
    )


@transaction.atomic
def chase(*, actor: Actor) -> int:
    """Put what is overdue and not signed on the list of work, each once, however often this runs."""
    late = [run for run in _overdue() if not _rests(run)]
    for run in late:
        _chase(run, title=f"{run.template} is not signed, {run.location}", actor=actor)
    return len(late)


@transaction.atomic
def close_day(*, actor: Actor) -> int:
    """Close what nobody signed until its location's day was over: missed, or not needed where the day turned out to
    be a closed one. What was missed is work. Returns how many were missed.
    """
    gone = [run for run in _overdue() if run.on < clock.today(ZoneInfo(run.location.timezone))]
    for run in gone:
        run.state = State.CLOSED if _rests(run) else State.MISSED
        run.save(update_fields=["state", "updated_at"])
        if run.state == State.MISSED:
            title = f"{run.template} was not signed on {run.on:%m/%d/%Y}, {run.location}"
            _chase(run, title=title, actor=actor)
        else:
            close_items(run, kind=OVERDUE, outcome="The location was closed that day", actor=actor)
    return sum(run.state == State.MISSED for run in gone)


def _overdue() -> QuerySet[ChecklistRun]:
    """What is due and open, locked: a signature that is on its way comes first, or finds the door shut."""
    rows = ChecklistRun.objects.filter(state=State.OPEN, due_at__lte=clock.now())
    return (
        rows.select_related("template", "location")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _rests(run: ChecklistRun) -> bool:
    """Whether its day has become a closed one since it was made: snow, a funeral, a power cut."""
    template = run.template
    if template.closed_days or template.recurrence == Recurrence.ONCE:
        return False
    return bool(calendar_of(location=run.location).why_closed(run.on))


def _chase(run: ChecklistRun, *, title: str, actor: Actor) -> None:
    open_item(
        OVERDUE,
        record=run,
        title=title,
        permission=PracticePermission.VIEW_CHECKLISTS,
        due_on=run.on,
        actor=actor,
    )
