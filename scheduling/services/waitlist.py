"""Who waits for a time, and the times offered to them. An offer holds its lane until it is answered or runs out.

Order of locks as everywhere: lanes and the held visit first (``holds``, ``appointments``), then offer and entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import Patient
from practice import jobs
from practice.actor import Actor
from practice.models import Location
from practice.selectors.days import practice_today
from practice.services.rules import rule
from practice.services.work import close_items, open_item
from scheduling.errors import Warned
from scheduling.models import (
    Appointment,
    AppointmentType,
    WaitlistEntry,
    WaitlistLocation,
    WaitlistOffer,
    WaitlistProvider,
)
from scheduling.models.waiting import WEEKDAYS
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import waiting
from scheduling.services import appointments, holds, reminders, visit_links
from scheduling.services.offers import CALL, ENDING, close, lock, note_unsent, to_tell
from staff.models import Provider

Told, State = WaitlistOffer.Told, WaitlistOffer.State
NEXT = "scheduling.offer_opening"
MAY_BE_EMPTY = ("starts_from", "ends_by")
MESSAGES = (Told.TEXT, Told.EMAIL)  # what the house sends itself


@transaction.atomic
def add(
    *,
    patient: Patient,
    type: AppointmentType,  # noqa: A002  the form and the API call it so
    actor: Actor,
    earliest: date | None = None,
    latest: date | None = None,
    weekdays: Collection[int] = (),
    providers: Iterable[Provider] = (),
    locations: Iterable[Location] = (),
    **values: Any,
) -> WaitlistEntry:
    """Put a patient on the wait list for a kind of visit; without a last day for as long as waitlist.keep_days says.

    ``weekdays`` (0 Monday), ``providers`` and ``locations``: none means any.

    DomainError at the field when they wait for it already or have died, or for days in the past.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    today = practice_today(actor)
    if patient.deceased_on is not None:
        raise DomainError("This patient has died. Check the record.", field="patient")
    if not type.is_active:
        raise DomainError("This visit type can no longer be booked.", field="type")
    mine = WaitlistEntry.objects.filter(patient=patient, type=type, state=WaitlistEntry.State.WAITING)
    if mine.exists():
        raise DomainError("This patient waits for that already. Change that entry.", field="type")
    first = earliest or today
    last = latest or max(first, today) + timedelta(days=int(rule("waitlist.keep_days", on=today)))
    if last < today:
        raise DomainError("Enter a last day that is still to come.", field="latest")
    made = WaitlistEntry.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        type=type,
        asked_on=today,
        earliest=first,
        latest=last,
        **_days(weekdays),
        **values,
    )
    _link(made, providers=providers, locations=locations)
    return made


@transaction.atomic
def change(
    entry: WaitlistEntry,
    /,
    *,
    actor: Actor,
    weekdays: Collection[int] | None = None,
    providers: Iterable[Provider] | None = None,
    locations: Iterable[Location] | None = None,
    **values: Any,
) -> WaitlistEntry:
    """Change what somebody waits for. A live offer stays as it is. Conflict when nobody waits any more."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    locked = lock(entry)
    _still(locked)
    values |= {} if weekdays is None else _days(weekdays)
    for name, value in values.items():
        if value is not None or name in MAY_BE_EMPTY:
            setattr(locked, name, value)
    if locked.latest < practice_today(actor):
        raise DomainError("Enter a last day that is still to come.", field="latest")
    locked.save()
    _link(locked, providers=providers, locations=locations)
    return locked


def _days(weekdays: Collection[int]) -> dict[str, bool]:
    return {day: not weekdays or number in weekdays for number, day in enumerate(WEEKDAYS)}


def _link(
    entry: WaitlistEntry, *, providers: Iterable[Provider] | None, locations: Iterable[Location] | None
) -> None:
    own = {"practice_id": entry.practice_id, "entry": entry}
    if providers is not None:
        entry.with_providers.all().delete()
        WaitlistProvider.objects.bulk_create(WaitlistProvider(provider=each, **own) for each in providers)
    if locations is not None:
        entry.at_locations.all().delete()
        WaitlistLocation.objects.bulk_create(WaitlistLocation(location=each, **own) for each in locations)


def _still(entry: WaitlistEntry) -> None:
    if not entry.is_waiting:
        raise Conflict(f"This entry is {entry.get_state_display().lower()}: nobody waits any more.")


def _can_be_asked(entry: WaitlistEntry) -> None:
    _still(entry)
    if entry.offers.filter(state=State.OFFERED).exists():
        raise Conflict("Another time is offered to this patient already. Settle that one first.")


@transaction.atomic
def offer(
    entry: WaitlistEntry,
    /,
    *,
    provider: Provider,
    location: Location,
    starts_at: datetime,
    actor: Actor,
    told: str = Told.NOT_YET,
    **how: Any,
) -> WaitlistOffer:
    """Offer a time: it is held for waitlist.offer_minutes. Whom nobody has told yet becomes work for the desk.

    ``told`` text or e-mail sends the message. Refusals as for booking, and DomainError at ``told`` when none can go
    out; Conflict when nobody waits any more or another time is offered already.
    """
    _can_be_asked(entry)
    minutes = int(rule("waitlist.offer_minutes", on=practice_today(actor)))
    visit = holds.hold(
        entry.patient,
        minutes=minutes,
        visit_type=entry.type,
        provider=provider,
        location=location,
        starts_at=starts_at,
        actor=actor,
        via="waitlist",
        **how,
    )
    locked = lock(entry)
    _can_be_asked(locked)
    now = clock.now()
    made = WaitlistOffer.objects.create(
        practice_id=actor.practice_id,
        entry=locked,
        appointment=visit,
        offered_at=now,
        expires_at=visit.hold_expires_at or now,
        told=told,
        told_at=None if told in (Told.NOT_YET, *MESSAGES) else now,
    )
    if told in MESSAGES:
        return send(made, told=told, actor=actor)
    if told == Told.NOT_YET:
        to_tell(made, actor=actor)
    return made


@transaction.atomic
def send(offer: WaitlistOffer, /, *, told: str, actor: Actor) -> WaitlistOffer:
    """Have the patient told by a text or an e-mail of ours (``MESSAGES``), with an address to take or decline the time.

    DomainError at ``told`` when it cannot go out before the offer ends; Conflict when it has, or nothing is offered.
    """
    reminders.tell(offer, channel=told, actor=actor)
    return WaitlistOffer.objects.get(pk=offer.pk)


@transaction.atomic
def tell(offer: WaitlistOffer, /, *, told: str, actor: Actor, note: str = "") -> WaitlistOffer:
    """Keep that and how the patient was told of an offer."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    locked = WaitlistOffer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
    if not locked.is_live:
        raise Conflict(f"This offer is {locked.get_state_display().lower()}.")
    if told == Told.NOT_YET:
        raise DomainError("Choose how the patient was told.", field="told")
    locked.told, locked.told_at, locked.note = told, clock.now(), note.strip()[:200]
    locked.save()
    close_items(locked, kind=CALL, outcome=locked.get_told_display(), actor=actor)
    return locked


@transaction.atomic
def accept(offer: WaitlistOffer, /, *, actor: Actor) -> WaitlistOffer:
    """The patient takes the time: the held visit is booked and the entry closed. Conflict when it has run out."""
    appointments.book_held(offer.appointment, actor=actor)
    return WaitlistOffer.objects.get(pk=offer.pk)


@transaction.atomic
def decline(offer: WaitlistOffer, /, *, actor: Actor, note: str = "") -> WaitlistOffer:
    """The patient does not want that time and goes on waiting; the next one may be offered it."""
    appointments.release(offer.appointment, state=State.DECLINED, note=note.strip(), actor=actor)
    return WaitlistOffer.objects.get(pk=offer.pk)


@transaction.atomic
def take_back(offer: WaitlistOffer, /, *, reason: str, actor: Actor) -> WaitlistOffer:
    """The practice needs the time itself; the patient goes on waiting."""
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    appointments.release(offer.appointment, state=State.WITHDRAWN, note=reason.strip(), actor=actor)
    return WaitlistOffer.objects.get(pk=offer.pk)


@transaction.atomic
def withdraw(entry: WaitlistEntry, /, *, reason: str, actor: Actor) -> WaitlistEntry:
    """The patient does not wait any more; a time on offer is free again."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    return _close(entry, state=WaitlistEntry.State.WITHDRAWN, outcome=reason.strip(), actor=actor)


def _close(
    entry: WaitlistEntry, *, state: str, outcome: str, actor: Actor, visit: Appointment | None = None
) -> WaitlistEntry:
    for each in entry.offers.filter(state=State.OFFERED).select_related("appointment"):
        appointments.release(each.appointment, note=outcome, actor=actor)
    locked = lock(entry)
    _still(locked)
    return close(locked, state=state, outcome=outcome, visit=visit, actor=actor)


@transaction.atomic
def close_with(entry: WaitlistEntry, /, *, visit: Appointment, actor: Actor) -> WaitlistEntry:
    """A visit of the patient is what they waited for. DomainError for somebody else's."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    if visit.patient_id != entry.patient_id:
        raise DomainError("This visit is another patient's.", field="visit")
    return _close(entry, state=WaitlistEntry.State.BOOKED, outcome="", visit=visit, actor=actor)


@transaction.atomic
def follow_standing(patient_id: UUID, *, actor: Actor) -> int:
    """Whoever has died or was discharged waits for nothing any more. Returns how many entries were closed."""
    patient = Patient.objects.get(pk=patient_id)
    if patient.deceased_on is None and patient.record_status != Patient.RecordStatus.DISCHARGED:
        return 0
    outcome = "The patient has died" if patient.deceased_on else "Discharged from the practice"
    rows = list(patient.waitlist.filter(state=WaitlistEntry.State.WAITING).order_by("id"))
    for entry in rows:
        _close(entry, state=WaitlistEntry.State.WITHDRAWN, outcome=outcome, actor=actor)
    return len(rows)


@transaction.atomic
def refresh_list(*, actor: Actor) -> int:
    """Expire entries whose last day is over; those that end soon become work. Part of the night; twice is once."""
    today = practice_today(actor)
    visit_links.forget_over(actor=actor)
    over = WaitlistEntry.objects.filter(state=WaitlistEntry.State.WAITING, latest__lt=today).order_by("id")
    for entry in list(over):
        _close(entry, state=WaitlistEntry.State.EXPIRED, outcome="Its last day is over", actor=actor)
    soon = list(
        waiting.ending(WaitlistEntry.objects.all(), actor=actor).select_related("type").order_by("id")
    )
    for entry in soon:
        open_item(
            ENDING,
            record=entry,
            title=f"Wait list: {entry.type}, until {us_date(entry.latest)}",
            permission=SchedulingPermission.VIEW_SCHEDULE,
            due_on=entry.latest,
            reason="Find a time, or ask whether the patient still waits",
            actor=actor,
        )
    return len(soon)


def consider(appointment_id: UUID, *, actor: Actor) -> None:
    """A visit has given its time back: have it offered to the next one, where the practice wants that."""
    if rule("waitlist.offer_automatically", on=practice_today(actor)).yes:
        version = Appointment.objects.values_list("version", flat=True).get(pk=appointment_id)
        args = {"appointment": str(appointment_id)}
        jobs.enqueue(NEXT, actor=actor, key=f"{appointment_id}:{version}", args=args)


@transaction.atomic
def offer_next(visit: Appointment, *, actor: Actor) -> WaitlistOffer | None:
    """Offer the time a visit has given back to whoever is first, and send the offer where the practice wants that.

    Part of a job. Whom no message reaches is work for the desk, as everybody is without waitlist.send_automatically.
    Nothing nearer than waitlist.auto_floor_hours, and not to whom that very time was offered before.
    """
    today = practice_today(actor)
    floor = clock.now() + timedelta(hours=int(rule("waitlist.auto_floor_hours", on=today)))
    for match in waiting.fits_opening(visit, actor=actor):
        opening = match.opening
        if opening is None or opening.starts_at < floor:
            continue
        before = match.entry.offers.filter(
            appointment__starts_at=opening.starts_at, appointment__provider_id=opening.provider_id
        )
        if before.exists():
            continue
        with (
            suppress(Warned),
            transaction.atomic(),
        ):  # whom the desk would be warned about, only the desk asks
            made = offer(
                match.entry,
                provider=Provider.objects.get(pk=opening.provider_id),
                location=Location.objects.get(pk=opening.location_id),
                starts_at=opening.starts_at,
                accept={"balance"},  # what somebody owes is no reason to pass them over
                actor=actor,
            )
            return _send_unasked(made, actor=actor)
    return None


def _send_unasked(made: WaitlistOffer, *, actor: Actor) -> WaitlistOffer:
    """Have the patient told by the message they like best of those that reach them; else the offer says why not."""
    if not rule("waitlist.send_automatically", on=practice_today(actor)).yes:
        return made
    why: dict[str, None] = {}
    liked = made.entry.patient.preferred_way
    for told in sorted(MESSAGES, key=lambda way: way != liked):
        try:
            return send(made, told=told, actor=actor)
        except DomainError as error:
            why[error.message.removesuffix(" Tell the patient another way.").rstrip(".")] = None
    note_unsent(made, why="; ".join(why), actor=actor)
    return WaitlistOffer.objects.get(pk=made.pk)
