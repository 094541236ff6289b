"""No-shows and late cancellations: kept as facts, counted over the policy's period, and what the policy has follow.

Marking a visit never waits for the policy: the fact is kept in the same transaction, letter, flag and review follow in
the background, once. Nobody is charged here: the fee is a fact that whoever bills may act on.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.selectors import cases, coverages
from patients.services.around import raise_flag
from practice.actor import Actor
from practice.models import LetterTemplate
from practice.selectors.days import practice_today
from practice.services import letters, plain
from practice.services.rules import rule
from practice.services.work import close_items, open_item
from scheduling.models import Appointment, MissedVisit, MissPolicyStep
from scheduling.permissions import SchedulingPermission
from scheduling.rules import missed as rules
from scheduling.selectors.missed import tally_of

LATE_HOURS, FEE, MEDICAID_FEE = "missed.late_hours", "missed.fee", "missed.fee_medicaid"
REVIEW, LETTER = "scheduling.missed_review", "scheduling.missed_letter"
Kind, State, By = MissedVisit.Kind, MissedVisit.State, Appointment.CancelledBy
PATIENT = "patient"  # who cancels says so, and the rule says whether it is late
_add_step, _change_step = plain.pair(MissPolicyStep, permission=SchedulingPermission.CHANGE_MISS_POLICY)


@transaction.atomic
def add_step(*, actor: Actor, **values: object) -> MissPolicyStep:
    """Add a step to the policy. DomainError for a letter that is not about visits."""
    _check_letter(values.get("letter"))
    return _add_step(actor=actor, **values)


@transaction.atomic
def change_step(step: MissPolicyStep, /, *, actor: Actor, **values: object) -> MissPolicyStep:
    """Change a step; what was followed already stays."""
    _check_letter(values.get("letter"))
    return _change_step(step, actor=actor, **values)


def _check_letter(template: object) -> None:
    if isinstance(template, LetterTemplate) and template.kind != "scheduling.appointment":
        raise DomainError("Choose a letter that is about a visit.", field="letter")


def who_cancels(visit: Appointment, *, by: str) -> tuple[str, str]:
    """Appointment.CancelledBy for what was chosen, and what to note when the desk says otherwise than the rule.

    DomainError for what is neither ``patient`` nor one of those.
    """
    if by not in (*By.values, PATIENT):
        raise DomainError("Say who cancelled.", field="by")
    hours = int(rule(LATE_HOURS, on=visit.local_day))
    late = rules.is_late(visit.starts_at, told_at=clock.now(), hours=hours)
    ruled = By.PATIENT_LATE if late else By.PATIENT_TIMELY
    if by == PATIENT:
        return ruled, ""
    if by in (By.PATIENT_LATE, By.PATIENT_TIMELY) and by != ruled:
        word = {By.PATIENT_LATE: "late", By.PATIENT_TIMELY: "in time"}
        return by, f" ({word[ruled]} by the rule, {word[By(by)]} by the desk)"
    return by, ""


def note(visit: Appointment, *, actor: Actor) -> MissedVisit | None:
    """Keep that a visit was missed, if it was. Part of marking and cancelling it."""
    if visit.status == Appointment.Status.NO_SHOW:
        kind = Kind.NO_SHOW
    elif visit.status == Appointment.Status.CANCELLED and visit.cancelled_by == By.PATIENT_LATE:
        kind = Kind.LATE
    else:
        return None
    made, _ = MissedVisit.objects.update_or_create(
        practice_id=actor.practice_id,
        appointment=visit,
        defaults={
            "patient_id": visit.patient_id,
            "kind": kind,
            "day": visit.local_day,
            "state": State.COUNTED,
        },
    )
    return made


def withdraw(visit: Appointment, *, actor: Actor) -> None:
    """The patient came after all. Part of taking a no-show back."""
    for miss in MissedVisit.objects.select_for_update(no_key=True).filter(appointment=visit):
        miss.state = State.WITHDRAWN
        miss.save()
        close_items(miss, kind=REVIEW, outcome="The patient came", actor=actor)
        close_items(miss, kind=LETTER, outcome="The patient came", actor=actor)


@transaction.atomic
def follow(visit: Appointment, *, actor: Actor) -> MissedVisit | None:
    """What the policy has follow on a missed visit, once; excused meanwhile, or taken back: nothing."""
    rows = MissedVisit.objects.select_for_update(of=("self",), no_key=True)
    miss = rows.filter(appointment=visit).select_related("patient", "appointment__location").first()
    if miss is None or miss.followed_at is not None or not miss.counts:
        return miss
    steps = MissPolicyStep.objects.select_related("letter")
    miss.number = tally_of(miss.patient, day=max(miss.day, practice_today(actor))).count
    miss.step = rules.step_after(list(steps), count=miss.number)
    miss.followed_at = clock.now()
    if miss.step is not None:
        _charge(miss, step=miss.step)
        _write(miss, step=miss.step, actor=actor)
        _flag(miss, step=miss.step, actor=actor)
        _review(miss, step=miss.step, actor=actor)
    miss.save()
    return miss


def _charge(miss: MissedVisit, *, step: MissPolicyStep) -> None:
    if not step.fee:
        return
    own = cases.case_of_visit(miss.appointment_id)
    held = coverages.coverages_on(miss.patient, day=miss.day, case=own)
    found = rules.fee_of(
        rule(FEE, on=miss.day).number,
        payers={each.payer.kind for each in held},
        medicaid_may=rule(MEDICAID_FEE, on=miss.day, jurisdiction=miss.patient.state or None).yes,
    )
    miss.fee, miss.fee_note = found.amount, found.note


def _write(miss: MissedVisit, *, step: MissPolicyStep, actor: Actor) -> None:
    """The letter goes into the print queue; what stands in its way is work, and the rest of the step goes on."""
    if step.letter is None:
        return
    variants = LetterTemplate.objects.filter(code=step.letter.code, kind=step.letter.kind, retired_on=None)
    own = variants.filter(language=miss.patient.language).first()
    try:
        with transaction.atomic():
            written = letters.write(template=own or step.letter, about=miss.appointment, actor=actor)
            miss.letter = letters.send_by_post(written, actor=actor)
    except DomainError as error:
        _open(
            LETTER,
            miss=miss,
            title="Letter about a missed visit could not be written",
            why=error.message,
            actor=actor,
        )


def _flag(miss: MissedVisit, *, step: MissPolicyStep, actor: Actor) -> None:
    if step.flag and not miss.patient.flags.filter(ended_on=None, words=step.flag).exists():
        with suppress(Conflict), transaction.atomic():  # five are up: nobody would read a sixth
            raise_flag(patient=miss.patient, words=step.flag, tone="warn", actor=actor)


def _review(miss: MissedVisit, *, step: MissPolicyStep, actor: Actor) -> None:
    if step.review:
        title = f"Review: {miss.number} missed visits"
        _open(REVIEW, miss=miss, title=title, why=f"{miss}; {step.what.lower()}", actor=actor)


def _open(kind: str, *, miss: MissedVisit, title: str, why: str, actor: Actor) -> None:
    open_item(
        kind,
        record=miss,
        title=title,
        permission=SchedulingPermission.EXCUSE_MISSED,
        due_on=practice_today(actor) + timedelta(days=7),
        reason=why,
        location=miss.appointment.location_id,
        patient=miss.patient_id,
        actor=actor,
    )


@transaction.atomic
def excuse(miss: MissedVisit, /, *, reason: str, actor: Actor) -> MissedVisit:
    """It counts no more and nothing is due for it; why is kept. A letter that went out stays on file."""
    actor.require(SchedulingPermission.EXCUSE_MISSED)
    locked = _locked(miss)
    if not locked.counts:
        raise Conflict(f"This one is {locked.get_state_display().lower()}.")
    if not reason.strip():
        raise DomainError("Say why it is excused.", field="reason")
    locked.state, locked.excuse = State.EXCUSED, reason.strip()[:200]
    locked.excused_at, locked.excused_by_id = clock.now(), actor.membership_id
    locked.save()
    close_items(locked, kind=REVIEW, outcome="Excused", actor=actor)
    close_items(locked, kind=LETTER, outcome="Excused", actor=actor)
    return locked


@transaction.atomic
def count_again(miss: MissedVisit, /, *, actor: Actor) -> MissedVisit:
    """Take an excuse back. The policy is not followed a second time."""
    actor.require(SchedulingPermission.EXCUSE_MISSED)
    locked = _locked(miss)
    if not locked.is_excused:
        raise Conflict("Only what is excused can be made to count again.")
    locked.state, locked.excuse, locked.excused_at, locked.excused_by = State.COUNTED, "", None, None
    locked.save()
    return locked


def _locked(miss: MissedVisit) -> MissedVisit:
    return MissedVisit.objects.select_for_update(of=("self",), no_key=True).get(pk=miss.pk)
