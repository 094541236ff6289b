"""Runs of checklists: made for the day, answered, signed, or missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.actor import Actor
from practice.models import (
    Attachment,
    ChecklistAnswer,
    ChecklistRun,
    ChecklistStep,
    ChecklistTemplate,
    ChecklistVersion,
    Location,
    MembershipRole,
)
from practice.permissions import PracticePermission
from practice.rules.checklist_text import WIDEST, is_outside
from practice.rules.recurrence import falls_on, moment
from practice.selectors.checklists import current_answers
from practice.selectors.days import practice_today
from practice.services import attachments
from practice.services.deadlines import calendar_of
from practice.services.work import close_items, open_item

RUN, VIEW = PracticePermission.RUN_CHECKLISTS, PracticePermission.VIEW_CHECKLISTS
MISSED, LIMIT = "practice.checklist_missed", "practice.checklist_limit"
DONE, TAKEN_BACK = "done", ""
State = ChecklistRun.State


@transaction.atomic
def make_day(*, actor: Actor) -> int:
    """Make the day's runs of everything in use. Run it as often as you like: one run a checklist, place and day."""
    return sum(
        make(template, actor=actor)
        for template in ChecklistTemplate.objects.filter(is_active=True).select_related("location")
    )


def make(template: ChecklistTemplate, *, still_due: bool = False, actor: Actor) -> int:
    """Make a checklist's runs of today, the practice's and each location's own day. ``still_due``: not what is late
    before it began.
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
    )


@transaction.atomic
def mark_missed(*, actor: Actor) -> int:
    """Mark what nobody signed until its location's day was over, and put each on the list of work."""
    waiting = ChecklistRun.objects.filter(state=State.OPEN).select_related("template", "location")
    gone = [
        run
        for run in waiting.select_for_update(of=("self",), no_key=True).order_by("pk")
        if run.on < clock.today(ZoneInfo(run.location.timezone)) and run.due_at < clock.now()
    ]
    for run in gone:
        run.state = State.MISSED
        run.save(update_fields=["state", "updated_at"])
        open_item(
            MISSED,
            record=run,
            title=f"{run.template} was not signed on {run.on:%m/%d/%Y}, {run.location}",
            permission=VIEW,
            due_on=practice_today(actor),
            actor=actor,
        )
    return len(gone)


@transaction.atomic
def answer(
    run: ChecklistRun,
    /,
    *,
    step: ChecklistStep,
    value: str = "",
    file: tuple[str, bytes] | None = None,
    actor: Actor,
) -> ChecklistRun:
    """Answer a step, or correct the answer: "done", "yes"/"no", a number, a text, a file; '' takes it back.

    A number outside its limits goes on the list of work, with the step named. The same answer again writes nothing.
    """
    locked = _open(run, actor=actor)
    if step.version_id != locked.version_id:
        raise DomainError("That step is not in this checklist.", field="step")
    if (file is not None) != (step.kind == "file"):
        raise DomainError(
            "Choose a file." if step.kind == "file" else "This step takes no file.", field="value"
        )
    kept = (
        attachments.attach(file[1], name=file[0], record=locked, note=step.text, actor=actor)
        if file
        else None
    )
    _keep(locked, step=step, value=value.strip(), file=kept, actor=actor)
    return locked


def _keep(
    run: ChecklistRun, *, step: ChecklistStep, value: str, file: Attachment | None, actor: Actor
) -> None:
    before = current_answers(run).get(step.pk)
    number = _number(value) if step.kind == "number" and value else None
    _fits(step, value=value)
    words = file.name[:500] if file else f"{number.normalize():f}" if number is not None else value
    if file is None and words == (before.value if before else TAKEN_BACK):
        return
    outside = number is not None and is_outside(number, lowest=step.lowest, highest=step.highest)
    ChecklistAnswer.objects.create(
        practice_id=actor.practice_id, run=run, step=step, value=words, number=number, outside=outside,
        file=file, by_id=actor.membership_id,
    )  # fmt: skip
    if outside:
        unit = f" {step.unit}" if step.unit else ""
        open_item(
            LIMIT,
            record=run,
            key=str(step.pk),
            title=f"{step.text}: {words}{unit}, {run.location}",
            reason=f"Outside its limits ({step.limits}) in {run}",
            permission=VIEW,
            due_on=clock.today(ZoneInfo(run.location.timezone)),
            again=True,
            actor=actor,
        )
    elif before is not None and before.outside and not _any_outside(run):
        close_items(run, kind=LIMIT, outcome="Corrected in the checklist", actor=actor)


def _any_outside(run: ChecklistRun) -> bool:
    return any(each.outside for each in current_answers(run).values())


@transaction.atomic
def sign(run: ChecklistRun, /, *, signed_name: str = "", actor: Actor) -> ChecklistRun:
    """Sign off. Every required step has an answer; the name is one's own, or is left out after a fresh sign-in."""
    locked = _open(run, actor=actor)
    if actor.membership_id is None:
        raise DomainError("A person signs a checklist.", field="signed_name")
    typed = " ".join(signed_name.split())
    if typed and typed.casefold() != " ".join(actor.name.split()).casefold():
        raise DomainError(f"Type your name as it is kept here: {actor.name}.", field="signed_name")
    if not typed:
        actor.require_fresh()
    answers = current_answers(locked)
    steps = locked.version.steps.filter(required=True).order_by("position")
    open_steps = [step.text for step in steps if not (step.pk in answers and answers[step.pk].value)]
    if open_steps:
        raise DomainError(f"Still to answer: {'; '.join(open_steps)}"[:400], field="signed_name")
    locked.signed_at = clock.now()
    locked.signed_by_id = actor.membership_id
    locked.signed_name = typed or actor.name
    locked.state = State.LATE if locked.signed_at > locked.due_at else State.SIGNED
    locked.save()
    return locked


def may_do(run: ChecklistRun, *, actor: Actor) -> bool:
    """Whether it is this actor's to answer: the role of the checklist, or whoever changes checklists."""
    role = run.template.role_id
    if not actor.may(RUN) or not actor.sees_location(run.location_id):
        return False
    if role is None or actor.may(PracticePermission.CHANGE_CHECKLISTS):
        return True
    if actor.membership_id is None:
        return False
    return MembershipRole.objects.filter(membership_id=actor.membership_id, role_id=role).exists()


def _open(run: ChecklistRun, *, actor: Actor) -> ChecklistRun:
    """The locked run, if it is open and this actor's."""
    actor.require(RUN)
    rows = ChecklistRun.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("template", "version", "location").get(pk=run.pk)
    if not may_do(locked, actor=actor):
        raise Forbidden(str(RUN))
    if locked.state != State.OPEN:
        raise Conflict(
            f"This checklist is {locked.get_state_display().lower()}: nothing in it changes any more."
        )
    return locked


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise DomainError("Enter a number, such as 38.5.", field="value") from None
    if not number.is_finite() or abs(number) > WIDEST or number != round(number, 1):
        raise DomainError("Enter a number with at most one decimal.", field="value")
    return number + 0  # no -0


def _fits(step: ChecklistStep, *, value: str) -> None:
    allowed = {"tick": (DONE, TAKEN_BACK), "yes_no": ("yes", "no", TAKEN_BACK)}.get(step.kind)
    if allowed is not None and value not in allowed:
        raise DomainError(f"Answer with {' or '.join(filter(None, allowed))}.", field="value")
    if len(value) > 500:
        raise DomainError("Enter at most 500 letters.", field="value")
