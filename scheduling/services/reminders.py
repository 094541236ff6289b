"""Reminders, planned by the practice's steps, and offers to who waits: checked again when they are due, handed over
once, kept with their end.

A row is taken under its own lock and marked before anything leaves, so that no two workers send it; one that a worker
left half-way is given up as unsure, never sent again by itself. The network is reminder_work's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models.contact import Channel
from patients.selectors.reach import Reach, may_send_at, reach_of
from practice import jobs, texting
from practice.actor import Actor
from practice.selectors import messages
from practice.selectors.days import practice_today
from practice.selectors.letter_compose import common_values
from practice.services import plain
from practice.services.rules import rule
from practice.services.work import close_items, open_item
from scheduling.models import Appointment, Reminder, ReminderStep, WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.rules import reminders as rules
from scheduling.selectors.telehealth import details_of, patients_time
from scheduling.services import offers, visit_links

SEND, WORK = "scheduling.send_reminders", "scheduling.reminder_failed"
State, Why = Reminder.State, Reminder.Why
AROUND = ("step", "offer", "appointment__patient", "appointment__location")
PART = 500  # visits planned at once
NIGHT = timedelta(hours=36)  # what the next night would come too late for
add_step, change_step = plain.pair(ReminderStep, permission=SchedulingPermission.CHANGE_REMINDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reminder that is on its way: to whom, and what it says. Never kept."""

    reminder: Reminder
    to: str
    message: messages.Message


@transaction.atomic
def plan(visit: Appointment, *, actor: Actor) -> list[Reminder]:
    """Plan what is still to go out about a visit; again changes nothing. What is due already is not caught up: who
    books for tomorrow knows it. Visits further off than the longest step are left to the nights.
    """
    steps = list(ReminderStep.objects.all())
    if visit.status not in BEFORE_ARRIVAL or visit.starts_at > clock.now() + _horizon(steps):
        return []
    return _plan([visit], steps=steps, actor=actor)


@transaction.atomic
def plan_ahead(*, actor: Actor) -> int:
    """The night's part: every visit that the steps reach by the next night. Returns how many were planned."""
    now, steps = clock.now(), list(ReminderStep.objects.all())
    visits = Appointment.objects.filter(
        starts_at__gt=now, starts_at__lte=now + _horizon(steps), status__in=sorted(BEFORE_ARRIVAL)
    )
    found = list(visits.order_by("starts_at", "id"))
    parts = (found[start : start + PART] for start in range(0, len(found), PART))
    return sum(len(_plan(part, steps=steps, actor=actor)) for part in parts)


def _plan(visits: Sequence[Appointment], *, steps: Sequence[ReminderStep], actor: Actor) -> list[Reminder]:
    """A few queries, however many visits."""
    now, rows = clock.now(), Reminder.objects.filter(appointment__in=visits)
    known = set(rows.values_list("appointment_id", "step_id", "visit_at"))
    made = [
        Reminder(
            practice_id=actor.practice_id,
            appointment=visit,
            step=step,
            visit_at=visit.starts_at,
            channel=step.channel,
            due_at=due_at,
        )
        for visit in visits
        for step in rules.steps_for(steps, type_id=visit.type_id)
        if (due_at := visit.starts_at - timedelta(hours=step.hours_before)) > now
        and (visit.pk, step.pk, visit.starts_at) not in known
    ]
    Reminder.objects.bulk_create(made, ignore_conflicts=True)
    for due_at in sorted({each.due_at for each in made}):
        _send_at(due_at, actor=actor)
    return made


@transaction.atomic
def tell(offer: WaitlistOffer, *, channel: str, actor: Actor) -> Reminder:
    """Plan the message that offers a time, now or after the quiet hours. Part of ``waitlist.send``.

    One that did not go out is tried again. DomainError at ``told`` when it cannot reach the patient before the offer
    ends, Conflict when it went out already or the offer has ended.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not offer.can_be_answered:
        raise Conflict(f"This offer is {offer.get_state_display().lower() if not offer.is_live else 'over'}.")
    visit, now = offer.appointment, clock.now()
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True)
    message = rows.filter(offer=offer, channel=channel).first() or Reminder(
        practice_id=actor.practice_id,
        offer=offer,
        channel=channel,
        appointment=visit,
        visit_at=visit.starts_at,
    )
    if not (message._state.adding or message.can_repeat):
        raise Conflict(
            f"That message is {message.get_state_display().lower()}. Tell the patient another way."
        )
    message.appointment = visit
    message.due_at = may_send_at(visit.patient, moment=now) if channel == Channel.TEXT else now
    why = _why_not(message, reach=reach_of(visit.patient))
    if why or message.due_at >= offer.expires_at:
        said = Why(why).label if why else "Quiet hours where the patient lives last until the offer is over"
        raise DomainError(f"{said}. Tell the patient another way.", field="told")
    message.state, message.reason, message.note = State.PLANNED, "", ""
    message.save()
    WaitlistOffer.objects.filter(pk=offer.pk).update(told=channel, told_at=None, updated_at=now)
    _send_at(message.due_at, actor=actor, key=f"{message.pk}/{now.isoformat()}")
    return message


def _horizon(steps: Sequence[ReminderStep]) -> timedelta:
    return timedelta(hours=max((each.hours_before for each in steps), default=0)) + NIGHT


def _send_at(moment: datetime, *, actor: Actor, key: str = "") -> None:
    key = key or moment.astimezone(UTC).isoformat()
    jobs.enqueue(SEND, actor=actor, key=key, run_after=max(moment, clock.now()))


@transaction.atomic
def take_next(*, actor: Actor) -> Outgoing | Reminder | None:
    """The next that is due: marked as being sent, or ended or put off (then the reminder itself). None when none is.

    Two workers never get the same one.
    """
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = (
        rows.filter(state=State.PLANNED, due_at__lte=clock.now())
        .select_related(*AROUND)
        .order_by("due_at", "id")
        .first()
    )
    if found is None:
        return None
    visit, reach = found.appointment, reach_of(found.appointment.patient)
    if why := _why_not(found, reach=reach):
        return _end(found, state=State.SUPPRESSED, why=why, actor=actor)
    if found.channel == Channel.TEXT:
        later = may_send_at(visit.patient, moment=clock.now())
        if later > clock.now():
            return _put_off(found, until=later, actor=actor)
    found.state, found.tries, found.sent_at = State.SENDING, found.tries + 1, clock.now()
    found.address = reach.phone if found.channel == Channel.TEXT else reach.email
    found.save()
    return Outgoing(reminder=found, to=found.address, message=_words(found, actor=actor))


def _why_not(found: Reminder, *, reach: Reach) -> str:
    """Why this one does not go out now, as ``Reminder.Why``; '' when it does."""
    visit, text = found.appointment, found.channel == Channel.TEXT
    tests = (
        *_over(found, visit=visit),
        (visit.patient.deceased_on is not None, Why.DIED),
        (found.channel in reach.refused, Why.OPTED_OUT),
        (text and not reach.phone, Why.NO_ADDRESS),
        (text and "text" not in reach.ways, Why.NO_CONSENT),
        (not text and not reach.email, Why.NO_ADDRESS),
        (text and texting.gateway() is None, Why.NO_GATEWAY),
    )
    return next((str(why) for holds, why in tests if holds), "")


def _over(found: Reminder, *, visit: Appointment) -> tuple[tuple[bool, Reminder.Why], ...]:
    """What ends a message with the offer, or with the visit and the step, that it is about."""
    if found.offer is not None:
        return ((not found.offer.can_be_answered, Why.ANSWERED),)
    step: ReminderStep = found.step  # type: ignore[assignment]  # one of the two stands, by constraint
    return (
        (visit.status not in BEFORE_ARRIVAL, Why.CANCELLED),
        (visit.starts_at != found.visit_at, Why.MOVED),
        (found.visit_at <= clock.now(), Why.OVER),
        (not step.is_active, Why.SWITCHED_OFF),
        (step.unconfirmed_only and visit.status == Appointment.Status.CONFIRMED, Why.CONFIRMED),
    )


def _put_off(found: Reminder, *, until: datetime, actor: Actor) -> Reminder:
    if until >= found.last_moment:
        return _end(found, state=State.SUPPRESSED, why=Why.OVER, actor=actor)
    found.due_at = until
    found.save()
    _send_at(until, actor=actor)
    return found


def _end(found: Reminder, *, state: str, why: str, actor: Actor, note: str = "") -> Reminder:
    found.state, found.reason, found.note = state, why, note[:200]
    found.save()
    if found.offer is not None:
        offers.note_unsent(found.offer, why=found.said, actor=actor)
    return found


def _words(found: Reminder, *, actor: Actor) -> messages.Message:
    visit, offer = found.appointment, found.offer
    wanted = found.step.language if found.step is not None else ""
    language = rules.language_of(wanted, own=visit.patient.language)
    local, named = patients_time(visit)
    ends = offer.expires_at.astimezone(local.tzinfo) if offer is not None else None
    details = details_of(visit)
    today = practice_today(actor)
    values = {
        **common_values(visit.location, words="", day=today, actor=actor),
        "message.when": rules.said_when(local, language=language, zone=named),
        "message.join": details.join_link if details is not None else "",
        "message.until": rules.said_when(ends, language=language, zone=named) if ends is not None else "",
        "message.link": visit_links.make(visit, offer=offer, actor=actor),
    }
    kind = f"message.{'reminder' if offer is None else 'offer'}_{'text' if found.channel == Channel.TEXT else 'mail'}"
    return messages.written(kind, language=language, values=values, day=today)


@transaction.atomic
def note_end(reminder: Reminder, *, receipt: texting.Receipt, actor: Actor) -> Reminder:
    """Keep what became of a hand-over; one that may be tried again goes back into the plan a few times."""
    locked = _locked(reminder)
    if locked.state != State.SENDING:  # given up meanwhile
        return locked
    if receipt.outcome == "accepted":
        locked.state, locked.reference = State.SENT, receipt.reference[:80]
        locked.reason = locked.note = ""
        locked.save()
        close_items(locked, kind=WORK, outcome="Sent", actor=actor)
        if locked.offer is not None:
            offers.note_sent(locked.offer, actor=actor)
        return locked
    today = practice_today(actor)
    if receipt.outcome == "later" and locked.tries < int(rule("reminder.tries", on=today)):
        locked.state, locked.sent_at = State.PLANNED, None
        locked.due_at = clock.now() + timedelta(minutes=int(rule("reminder.retry_minutes", on=today)))
        locked.note = receipt.why[:200]
        locked.save()
        _send_at(locked.due_at, actor=actor, key=f"{locked.pk}/{locked.tries}")
        return locked
    why = Why.UNREACHABLE if receipt.outcome == "later" else Why.REFUSED
    return _failed(locked, why=why, note=receipt.why, actor=actor)


def _failed(locked: Reminder, *, why: str, note: str, actor: Actor) -> Reminder:
    """It did not go out: said on the row, and work for the desk while the visit, or the offer, is to come."""
    _end(locked, state=State.FAILED, why=why, note=note, actor=actor)
    if locked.offer is None and locked.visit_at > clock.now():
        open_item(
            WORK,
            record=locked,
            title=f"{locked} failed: call the patient",
            permission=SchedulingPermission.BOOK_VISIT,
            due_on=locked.appointment.local_day,
            reason=locked.said,
            location=locked.location_id,
            patient=locked.patient_id,
            actor=actor,
        )
    return locked


@transaction.atomic
def give_up_unsure(*, actor: Actor) -> int:
    """End what a worker left while it was being sent: nobody knows, and sent twice would be worse than not at all."""
    minutes = int(rule("reminder.unsure_minutes", on=practice_today(actor)))
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    left = rows.filter(state=State.SENDING, sent_at__lt=clock.now() - timedelta(minutes=minutes))
    found = list(left.select_related(*AROUND).order_by("pk"))
    for each in found:
        _failed(each, why=Why.UNSURE, note="", actor=actor)
    return len(found)


@transaction.atomic
def note_delivery(*, reference: str, delivered: bool, why: str = "", actor: Actor) -> int:
    """What the gateway says later about a text: it arrived, or it did not. Returns how many reminders that was."""
    actor.require(SchedulingPermission.RECEIVE_TEXTS)
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True)
    found = (
        list(rows.filter(reference=reference, state=State.SENT).select_related(*AROUND)) if reference else []
    )
    for each in found:
        if delivered:
            each.state, each.delivered_at = State.DELIVERED, clock.now()
            each.save()
        else:
            _failed(each, why=Why.UNDELIVERED, note=why, actor=actor)
    return len(found)


def withdraw(visit: Appointment, *, why: str, actor: Actor) -> int:
    """The visit was moved, cancelled or has begun: what was planned for its old time does not go out. Part of those."""
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True).filter(
        appointment=visit, state=State.PLANNED
    )
    if why == Why.MOVED:
        rows = rows.exclude(visit_at=visit.starts_at)
    ended = [_end(each, state=State.SUPPRESSED, why=why, actor=actor) for each in rows.order_by("pk")]
    for each in Reminder.objects.filter(appointment=visit, state=State.FAILED):
        close_items(each, kind=WORK, outcome=str(Why(why).label), actor=actor)
    return len(ended)


@transaction.atomic
def stop(reminder: Reminder, /, *, reason: str, actor: Actor) -> Reminder:
    """A member keeps one from going out, with a reason."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    locked = _locked(reminder)
    if not locked.can_stop:
        raise Conflict(f"This reminder is {locked.get_state_display().lower()}.")
    return _end(locked, state=State.SUPPRESSED, why=Why.STOPPED, note=reason.strip(), actor=actor)


@transaction.atomic
def repeat(reminder: Reminder, /, *, actor: Actor) -> Reminder:
    """A member has one that did not go out tried again now. Everything is checked again: consent, hours, the visit."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    locked = _locked(reminder)
    if not locked.can_repeat:
        raise Conflict("Only what did not go out is tried again, and only before its visit.")
    if locked.offer is not None:
        return tell(locked.offer, channel=locked.channel, actor=actor)
    locked.state, locked.reason, locked.note, locked.due_at = State.PLANNED, "", "", clock.now()
    locked.save()
    _send_at(locked.due_at, actor=actor, key=f"{locked.pk}/{locked.due_at.isoformat()}")
    return locked


def _locked(reminder: Reminder) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(*AROUND).get(pk=reminder.pk)
