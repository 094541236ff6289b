"""What patients answer to messages: a yes confirms, all else that asks for something waits for the desk.

No visit is cancelled or moved because of a text: a "no" may be meant for another visit, and the telephone may be
somebody else's. A time that is only offered is booked or let go by one, where nothing else can be meant. Words that
end texts take the consent back at once (47 CFR 64.1200(a)(10)).
"""

from __future__ import annotations

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date, us_phone, us_time
from patients.selectors.confidential import people_at
from patients.services import contact
from patients.services.patients import phone_of
from practice.actor import Actor, system_actor
from practice.models import PhoneMessage
from practice.selectors.days import practice_today
from practice.services import phone as message_pad
from practice.services.rule_catalogue import definitions
from practice.services.rules import rule, rules
from practice.services.work import close_items, open_item
from scheduling.models import Appointment, VisitReply, WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.rules.reminders import answer_of
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.reminders import offered, reminded
from scheduling.selectors.visit_links import link_of
from scheduling.services import appointments, waitlist

WORK, YES, NO = "scheduling.reply", "reminder.yes.", "reminder.no."
CANCEL_WORD = "cancel"  # ends texts by the law's list, and may mean the visit too
Meaning, State, Way = VisitReply.Meaning, VisitReply.State, VisitReply.Way
ASKS = (Meaning.CONFIRM, Meaning.RESCHEDULE, Meaning.CANCEL)  # what the link in a reminder asks
TAKES = (Meaning.TAKE, Meaning.DECLINE)  # and that of an offer


@transaction.atomic
def take_text(*, phone: str, words: str, reference: str, actor: Actor) -> VisitReply:
    """A text that came in. The same ``reference`` twice is one reply. DomainError for what is no telephone number."""
    actor.require(SchedulingPermission.RECEIVE_TEXTS)
    number = phone_of(phone, field="phone")
    if not number:
        raise DomainError("Enter a telephone number with ten digits.", field="phone")
    reply, made = VisitReply.objects.get_or_create(
        practice_id=actor.practice_id,
        reference=reference,
        defaults={
            "way": Way.TEXT,
            "meaning": Meaning.OTHER,
            "words": " ".join(words.split())[:320],
            "phone": number,
            "received_at": clock.now(),
        },
    )
    if made:
        # The gateway may hand in replies and nothing else; what they set off is the house's own doing.
        _act_on(reply, actor=system_actor(practice_id=actor.practice_id, request_id=actor.request_id))
    return reply


def _act_on(reply: VisitReply, *, actor: Actor) -> None:
    people = list(people_at(reply.phone))
    keys = [each.pk for each in people]
    offers = offered(reply.phone, people=keys)
    live = [each for each in offers if each.can_be_answered]
    visits = [*reminded(reply.phone, people=keys), *(each.appointment for each in live)]
    reply.appointment = visits[0] if len(visits) == 1 else None
    alone = people[0] if len(people) == 1 else None
    reply.patient = visits[0].patient if len(visits) == 1 else alone
    opted, said = contact.opt_of(reply.words, actor=actor), _answer(reply.words, actor=actor)
    if opted is not None:
        _opt(reply, given=opted, actor=actor)
    elif said is not None and live and len(visits) == 1:
        _answer_by_text(reply, offer=live[0], takes=said, actor=actor)
    elif said is True and len(visits) == 1:
        reply.meaning = Meaning.CONFIRM
        _confirm(reply, visit=visits[0], actor=actor)
    elif said is not None:
        reply.meaning = Meaning.CONFIRM if said else Meaning.CANCEL
        _ask(reply, why=_which(visits, over=offers), actor=actor)
    else:
        _pass_on(reply, actor=actor)


def _answer(words: str, *, actor: Actor) -> bool | None:
    codes = [code for code in definitions() if code.startswith((YES, NO))]
    held = rules(codes, on=practice_today(actor))
    heard = {code for code, found in held.items() if found.yes}
    return answer_of(
        words,
        yes={code.removeprefix(YES) for code in heard if code.startswith(YES)},
        no={code.removeprefix(NO) for code in heard if code.startswith(NO)},
    )


def _which(visits: list[Appointment], *, over: list[WaitlistOffer]) -> str:
    """What the desk must know when it is not clear which visit is meant, or the offer that was ran out."""
    if len(visits) == 1:
        return ""
    if over and not visits:
        return f"The time that was offered, {over[-1]}, was over when this came."
    if not visits:
        return "No visit to come was reminded at this number."
    times = [visit.starts_at.astimezone(zone_of(visit.location)) for visit in visits]
    return f"Which visit? {'; '.join(f'{us_date(each.date())} {us_time(each)}' for each in times)}"[:200]


def _opt(reply: VisitReply, *, given: bool, actor: Actor) -> None:
    reply.meaning = Meaning.START if given else Meaning.STOP
    kept = contact.take_reply(phone=reply.phone, words=reply.words, actor=actor)
    reply.outcome = f"{'Allowed texts again' if given else 'Took consent to texts back'} ({kept} of them)"
    if not given and reply.words.strip().lower().strip(".!") == CANCEL_WORD and reply.appointment is not None:
        _ask(reply, why="Wrote CANCEL: texts have ended; ask whether the visit was meant too.", actor=actor)
        return
    reply.state = State.DONE
    reply.save()


def _confirm(reply: VisitReply, *, visit: Appointment, actor: Actor) -> None:
    if visit.status == Appointment.Status.BOOKED:
        appointments.confirm(visit, actor=actor)
    reply.state, reply.outcome = State.DONE, "Visit confirmed"
    reply.save()


def _answer_by_text(reply: VisitReply, *, offer: WaitlistOffer, takes: bool, actor: Actor) -> None:
    reply.meaning = Meaning.TAKE if takes else Meaning.DECLINE
    try:
        _take_or_decline(reply, offer=offer, actor=actor)
    except Conflict:
        _ask(reply, why="The time was not on offer any more when this came.", actor=actor)


def _take_or_decline(reply: VisitReply, *, offer: WaitlistOffer, actor: Actor) -> None:
    """Book the time that was offered, or let it go. Freed time that nobody is offered by itself is work for the desk.

    Conflict, with nothing changed, when it is not on offer any more.
    """
    if reply.meaning == Meaning.TAKE:
        waitlist.accept(offer, actor=actor)
        reply.outcome = "Visit booked"
    else:
        waitlist.decline(offer, note=f"By {reply.get_way_display().lower()}", actor=actor)
        reply.outcome = "The time is free again"
        if not rule("waitlist.offer_automatically", on=practice_today(actor)).yes:
            _ask(reply, why="Offer it to the next one.", actor=actor)
            return
    reply.state = State.DONE
    reply.save()


def _pass_on(reply: VisitReply, *, actor: Actor) -> None:
    """Words of their own go on the message pad, with its clock; without a record to go with, to the list of replies."""
    if reply.patient is None:
        _ask(reply, why="From a number that is on no record, or on several.", actor=actor)
        return
    try:
        with transaction.atomic():
            taken = message_pad.take(
                caller=str(reply.patient),
                phone=us_phone(reply.phone),
                text=reply.words or "An empty text",
                category=PhoneMessage.Category.APPOINTMENT,
                about=reply.patient,
                actor=actor,
            )
    except DomainError as error:  # nobody there may answer the telephone
        _ask(reply, why=error.message, actor=actor)
        return
    reply.state, reply.outcome = State.DONE, f"{taken} on the message pad"
    reply.save()


def _ask(reply: VisitReply, *, why: str, actor: Actor) -> None:
    """Leave it to the desk: one item of work, which names nobody."""
    reply.state, reply.outcome = State.OPEN, (reply.outcome and f"{reply.outcome}. ") + why
    reply.save()
    visit = reply.appointment
    about = ""
    if visit is not None:
        local = visit.starts_at.astimezone(zone_of(visit.location))
        about = f": visit of {us_date(local.date())}, {us_time(local)}"
    open_item(
        WORK,
        record=reply,
        title=f"{reply.get_meaning_display()}{about}",
        permission=SchedulingPermission.BOOK_VISIT,
        due_on=practice_today(actor),
        reason=why,
        location=reply.location_id,
        patient=reply.patient_id,
        actor=actor,
    )


@transaction.atomic
def answer(*, meaning: str, actor: Actor) -> VisitReply:
    """What whoever holds the link says: ``confirm``, ``reschedule`` or ``cancel``; the same again is the first answer.

    Conflict for anything else. A confirmation counts at once, the others wait for the desk.
    """
    link = link_of(actor)
    if link.offer is not None or meaning not in ASKS:
        raise DomainError("Choose one of the answers.", field="answer")
    visit: Appointment = link.appointment
    ours = system_actor(practice_id=actor.practice_id, request_id=actor.request_id)
    waiting = VisitReply.objects.filter(
        appointment=visit, way=Way.LINK, meaning=meaning, state=State.OPEN
    ).first()
    if waiting is not None:
        return waiting
    if meaning == Meaning.CONFIRM and visit.status == Appointment.Status.BOOKED:
        appointments.confirm(visit, actor=ours)
    reply = VisitReply.objects.create(
        practice_id=actor.practice_id,
        appointment=visit,
        patient=visit.patient,
        way=Way.LINK,
        meaning=meaning,
        received_at=clock.now(),
        state=State.DONE if meaning == Meaning.CONFIRM else State.OPEN,
        outcome="Visit confirmed" if meaning == Meaning.CONFIRM else "",
    )
    if meaning != Meaning.CONFIRM:
        _ask(reply, why="Asked through the link in a reminder.", actor=ours)
    return reply


@transaction.atomic
def answer_offer(*, meaning: str, actor: Actor) -> None:
    """What whoever holds the link of an offer says: ``take`` books the held time, ``decline`` lets it go.

    DomainError at ``answer`` for anything else. Conflict, with nothing changed, when it is not on offer any more.
    """
    link = link_of(actor)
    if link.offer is None or meaning not in TAKES:
        raise DomainError("Choose one of the answers.", field="answer")
    reply = VisitReply(
        practice_id=actor.practice_id,
        appointment=link.appointment,
        patient=link.appointment.patient,
        way=Way.LINK,
        meaning=meaning,
        received_at=clock.now(),
    )
    ours = system_actor(practice_id=actor.practice_id, request_id=actor.request_id)
    _take_or_decline(reply, offer=link.offer, actor=ours)


@transaction.atomic
def settle(reply: VisitReply, /, *, reason: str, actor: Actor) -> VisitReply:
    """A member has acted on it: what came of it is kept, and the work is closed."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    rows = VisitReply.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("appointment", "patient").get(pk=reply.pk)
    if not locked.is_open:
        raise Conflict("Somebody has settled this already.")
    if not reason.strip():
        raise DomainError("Say what came of it.", field="reason")
    return _settle(locked, outcome=reason.strip(), actor=actor)


def settle_all(visit: Appointment, *, outcome: str, actor: Actor) -> int:
    """The visit was moved, cancelled or has begun: what waited about it is settled. Part of those services."""
    rows = VisitReply.objects.select_for_update(of=("self",), no_key=True)
    found = list(rows.filter(appointment=visit, state=State.OPEN).order_by("pk"))
    for reply in found:
        _settle(reply, outcome=outcome, actor=actor)
    return len(found)


def _settle(reply: VisitReply, *, outcome: str, actor: Actor) -> VisitReply:
    reply.state, reply.outcome = State.SETTLED, outcome[:200]
    reply.settled_at, reply.settled_by_id = clock.now(), actor.membership_id
    reply.save()
    close_items(reply, kind=WORK, outcome=reply.outcome, actor=actor)
    return reply
