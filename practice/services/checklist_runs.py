"""Going through a checklist: its steps are answered, corrected, and signed for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.actor import Actor
from practice.models import Attachment, ChecklistAnswer, ChecklistRun, ChecklistStep, MembershipRole
from practice.permissions import PracticePermission
from practice.rules.checklist_text import WIDEST, is_outside, measured
from practice.selectors.checklists import current_answers
from practice.services import attachments
from practice.services.checklist_days import OVERDUE
from practice.services.work import close_item, close_items, open_item

RUN, VIEW = PracticePermission.RUN_CHECKLISTS, PracticePermission.VIEW_CHECKLISTS
LIMIT = "practice.checklist_limit"
DONE, TAKEN_BACK = "done", ""
State = ChecklistRun.State


@transaction.atomic
def answer(
    run: ChecklistRun,
    /,
    *,
    step: ChecklistStep,
    value: str = "",
    file: tuple[str, bytes] | None = None,
    over: str | None = None,
    actor: Actor,
) -> ChecklistRun:
    """Answer a step, or correct the answer: "done", "yes"/"no", a number, a text, a file; '' takes it back.

    ``over`` is the id of the answer that was seen while entering ('' for none): raises Conflict when another one has
    come in between; without it, this one counts. A number outside its limits goes on the list of work, with the step
    named. The same answer again writes nothing.
    """
    locked = _open(run, actor=actor)
    if step.version_id != locked.version_id:
        raise DomainError("That step is not in this checklist.", field="step")
    if file is not None and step.kind != "file":
        raise DomainError("This step takes no file.", field="value")
    if file is None and step.kind == "file" and value:
        raise DomainError("Choose a file.", field="value")
    kept = (
        attachments.attach(file[1], name=file[0], record=locked, note=step.text, actor=actor)
        if file
        else None
    )
    _keep(locked, step=step, value=value.strip(), file=kept, over=over, actor=actor)
    return locked


def _keep(
    run: ChecklistRun,
    *,
    step: ChecklistStep,
    value: str,
    file: Attachment | None,
    over: str | None,
    actor: Actor,
) -> None:
    before = current_answers(run).get(step.pk)
    number = _number(value) if step.kind == "number" and value else None
    _fits(step, value=value)
    words = file.name[:500] if file else f"{number.normalize():f}" if number is not None else value
    if file is None and words == (before.value if before else TAKEN_BACK):
        return
    if over is not None and over != (str(before.pk) if before else ""):
        by = before.by or "Somebody" if before else "Somebody"
        said = f"answered “{before.shown}”" if before and before.value else "took the answer back"
        raise Conflict(f"{by} {said} in the meantime. Save again to put yours in its place.", field="value")
    outside = number is not None and is_outside(number, lowest=step.lowest, highest=step.highest)
    ChecklistAnswer.objects.create(
        practice_id=actor.practice_id, run=run, step=step, value=words, number=number, outside=outside,
        file=file, by_id=actor.membership_id,
    )  # fmt: skip
    if number is not None and outside:
        open_item(
            LIMIT,
            record=run,
            key=str(step.pk),
            title=f"{step.text}: {measured(number, unit=step.unit)}, {run.location}",
            reason=f"Outside its limits ({step.limits}) in {run}",
            permission=VIEW,
            due_on=clock.today(ZoneInfo(run.location.timezone)),
            again=True,
            actor=actor,
        )
    elif before is not None and before.outside:
        close_item(LIMIT, record=run, key=str(step.pk), outcome="Corrected in the checklist", actor=actor)


@transaction.atomic
def sign(run: ChecklistRun, /, *, signed_name: str = "", actor: Actor) -> ChecklistRun:
    """Sign off. Every required step has an answer; the name is one's own, or is left out after a fresh sign-in. Where
    a second person signs, it is nobody whose answers these are.
    """
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
    open_steps = [step.text for step in steps if not (step.pk in answers and answers[step.pk].counts)]
    if open_steps:
        raise DomainError(f"Still to answer: {'; '.join(open_steps)}"[:400], field="signed_name")
    if locked.second_person and answered_by(answers.values(), member_id=actor.membership_id):
        raise DomainError(
            "You answered some of it: a second person signs this checklist.", field="signed_name"
        )
    locked.signed_at = clock.now()
    locked.signed_by_id = actor.membership_id
    locked.signed_name = typed or actor.name
    locked.state = State.LATE if locked.signed_at > locked.due_at else State.SIGNED
    locked.save()
    close_items(locked, kind=OVERDUE, outcome=f"Signed by {locked.signed_name}", actor=actor)
    return locked


def answered_by(answers: Iterable[ChecklistAnswer], *, member_id: uuid.UUID) -> bool:
    """Whether any answer that stands is this member's."""
    return any(each.by_id == member_id and each.value for each in answers)


def may_do(run: ChecklistRun, *, actor: Actor) -> bool:
    """Whether it is this actor's to answer: the role of the checklist, or whoever changes checklists."""
    role = run.role_id
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
    if not number.is_finite() or abs(number) > WIDEST or number != round(number, 2):
        raise DomainError("Enter a number with at most two decimals.", field="value")
    return number + 0  # no -0


def _fits(step: ChecklistStep, *, value: str) -> None:
    allowed = {"tick": (DONE, TAKEN_BACK), "yes_no": ("yes", "no", TAKEN_BACK)}.get(step.kind)
    if allowed is not None and value not in allowed:
        raise DomainError(f"Answer with {' or '.join(filter(None, allowed))}.", field="value")
    if len(value) > 500:
        raise DomainError("Enter at most 500 letters.", field="value")
