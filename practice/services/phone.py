"""The message pad: a call is taken down, routed, called back by its clock, and closed with what came of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date, us_time
from practice.actor import Actor
from practice.models import CallAttempt, Membership, PhoneMessage, Role, RolePermission, WorkItem
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.notes import unseeing
from practice.selectors.people import members
from practice.selectors.records import patients_of
from practice.services.deadlines import due_at, zone_of
from practice.services.notices import notify
from practice.services.refs import kind_of, ref_to
from practice.services.rules import rule
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

SERIES, ITEM, TOLD = "practice.phone", "practice.call_back", "practice.message"
Category, Urgency, State = PhoneMessage.Category, PhoneMessage.Urgency, PhoneMessage.State
Result = CallAttempt.Result
DETAILS = frozenset({"caller", "phone", "category", "text"})
# How fast each kind of call is to be answered: rules of practice/data/rules.csv.
CLOCKS = {Urgency.NOW: "phone.now", Urgency.SOON: "phone.soon", Urgency.ROUTINE: "phone.routine"}
USUAL = {Category.URGENT: Urgency.NOW, Category.RESULTS: Urgency.SOON, Category.REFILL: Urgency.SOON}
# Where a call goes when nobody is named.
DESKS = {Category.BILLING: "biller", Category.URGENT: "physician"}
AFTER = {Result.REACHED: State.CALLED_BACK, Result.VOICEMAIL: State.VOICEMAIL}


@transaction.atomic
def take(
    *,
    caller: str,
    phone: str,
    text: str,
    category: str = Category.APPOINTMENT,
    urgency: str = "",
    to: Membership | Role | None = None,
    about: Any = None,
    actor: Actor,
) -> PhoneMessage:
    """Take a call down for a person or a role (else the category's), with the clock of its urgency.

    Raises DomainError for empty words, or a receiver who may not see it.
    """
    actor.require(PracticePermission.TAKE_PHONE)
    message = PhoneMessage(
        practice_id=actor.practice_id,
        number=next_number(SERIES, actor=actor),
        taken_at=clock.now(),
        taken_by_id=actor.membership_id,
    )
    _about(message, about=about, actor=actor)
    _fill(message, values={"caller": caller, "phone": phone, "text": text, "category": category})
    _set_clock(message, urgency=urgency, actor=actor)
    _set_receiver(message, to=to or _desk(message.category))
    message.save(force_insert=True)
    _check_receiver(message, actor=actor)
    return _listed(message, actor=actor)


@transaction.atomic
def change(
    message: PhoneMessage,
    /,
    *,
    actor: Actor,
    urgency: str = "",
    to: Membership | Role | None = None,
    about: Any = None,
    **details: Any,
) -> PhoneMessage:
    """Correct what was taken down. A new urgency sets the clock anew from when the call came; ``about`` joins it to a
    record when it is joined to none. Raises Conflict for one that is closed.
    """
    actor.require(PracticePermission.TAKE_PHONE)
    locked = _locked(message)
    if locked.ref_id is None:
        _about(locked, about=about, actor=actor)
    _fill(locked, values=details)
    if urgency and urgency != locked.urgency:
        _set_clock(locked, urgency=urgency, actor=actor)
    moved = to is not None and to not in (locked.member, locked.role)
    if moved:
        _set_receiver(locked, to=to)
    locked.save()
    _check_receiver(locked, actor=actor)
    return _listed(locked, actor=actor, moved=moved)


@transaction.atomic
def route(message: PhoneMessage, *, to: Membership | Role, actor: Actor) -> PhoneMessage:
    """Hand it to somebody else; the clock runs on. Raises DomainError for a receiver who may not see it."""
    actor.require(PracticePermission.ANSWER_PHONE)
    locked = _locked(message)
    _set_receiver(locked, to=to)
    locked.save()
    _check_receiver(locked, actor=actor)
    return _listed(locked, actor=actor, moved=True)


@transaction.atomic
def call_back(
    message: PhoneMessage, *, result: str, note: str = "", outcome: str = "", actor: Actor
) -> PhoneMessage:
    """Keep a try to reach the caller. Reached stops the clock; with an ``outcome`` it is closed as well.

    Raises Conflict for one that is closed, DomainError for an outcome when nobody was reached.
    """
    actor.require(PracticePermission.ANSWER_PHONE)
    locked = _locked(message)
    if outcome.strip() and result != Result.REACHED:
        raise DomainError("Only a call that reached them closes the message.", field="outcome")
    CallAttempt.objects.create(
        practice_id=actor.practice_id,
        message=locked,
        result=result,
        note=note.strip()[:300],
        by_id=actor.membership_id,
    )
    if locked.state != State.CALLED_BACK:
        locked.state = AFTER.get(Result(result), State.IN_PROGRESS)
    if result == Result.REACHED and locked.reached_at is None:
        locked.reached_at = clock.now()
    locked.save()
    return close(locked, outcome=outcome, actor=actor) if outcome.strip() else locked


@transaction.atomic
def close(message: PhoneMessage, *, outcome: str, actor: Actor) -> PhoneMessage:
    """Close it with what came of it, which closes its work too. Raises DomainError without an outcome."""
    actor.require(PracticePermission.ANSWER_PHONE)
    locked = _locked(message)
    if not outcome.strip():
        raise DomainError("Say what came of it.", field="outcome")
    locked.state, locked.outcome, locked.closed_at = State.CLOSED, outcome.strip()[:300], clock.now()
    locked.save()
    close_items(locked, kind=ITEM, outcome="Closed", actor=actor)
    return locked


def _about(message: PhoneMessage, *, about: Any, actor: Actor) -> None:
    if about is None:
        return
    message.ref, message.kind = ref_to(about, actor=actor), kind_of(about)
    message.patient_id = next(iter(patients_of(type(about), ids=[about.pk])), None)


def _fill(message: PhoneMessage, *, values: dict[str, Any]) -> None:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a phone message has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(message, name, value.strip())
    said = {
        "caller": "Enter who called.",
        "phone": "Enter the number to call back.",
        "text": "Enter what they want.",
    }
    for name, words in said.items():
        if not getattr(message, name):
            raise DomainError(words, field=name)


def _set_clock(message: PhoneMessage, *, urgency: str, actor: Actor) -> None:
    """What is clinical and urgent is never routine, whatever was chosen."""
    usual = USUAL.get(Category(message.category), Urgency.ROUTINE)
    message.urgency = usual if usual == Urgency.NOW else urgency or usual
    length = rule(CLOCKS[Urgency(message.urgency)], on=practice_today(actor))
    message.call_back_by = due_at(length, start=message.taken_at, actor=actor)


def _desk(category: str) -> Role:
    code = DESKS.get(Category(category), "front_desk")
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise DomainError("Choose who calls back.", field="to")
    return found


def _set_receiver(message: PhoneMessage, *, to: Membership | Role | None) -> None:
    message.member = to if isinstance(to, Membership) else None
    message.role = to if isinstance(to, Role) else None


def _check_receiver(message: PhoneMessage, *, actor: Actor) -> None:
    """Whoever calls back must be able to open the message."""
    if message.member is not None:
        blind = bool(unseeing([message.member], record=message, actor=actor))
    else:
        granted = RolePermission.objects.filter(role=message.role, permission=PracticePermission.ANSWER_PHONE)
        blind = not granted.exists()
    if blind:
        raise DomainError(f"{message.receiver} may not see this message. Choose somebody else.", field="to")


def _listed(message: PhoneMessage, *, actor: Actor, moved: bool = False) -> PhoneMessage:
    """One work item while it is open, and word to whom it is for. Its title names nobody: many read that list."""
    by = message.call_back_by.astimezone(zone_of(None, actor=actor))
    item = open_item(
        ITEM,
        record=message,
        title=f"{message} ({message.get_category_display().lower()}): call back by {us_time(by)}",
        permission=PracticePermission.ANSWER_PHONE,
        due_on=by.date(),
        owner=message.member,
        actor=actor,
    )
    if moved or (item.owner_id is None and item.role_id != message.role_id):
        WorkItem.objects.filter(pk=item.pk).update(
            owner=message.member, source_owner=message.member, role=message.role, updated_at=clock.now()
        )
    _tell(message, by=f"{us_date(by.date())} {us_time(by)}", actor=actor)
    return message


def _tell(message: PhoneMessage, *, by: str, actor: Actor) -> None:
    people = members(actor).filter(role_links__role=message.role) if message.role else [message.member]
    notify(
        [each for each in people if each is not None],
        kind=TOLD,
        text=f"{message} from {message.caller}: call back by {by}",
        key=f"phone:{message.pk}:{message.to}",
        record=message,
        actor=actor,
    )


def _locked(message: PhoneMessage) -> PhoneMessage:
    found = PhoneMessage.objects.select_for_update(of=("self",), no_key=True)
    locked = found.select_related("member__user", "role").get(pk=message.pk)
    if not locked.is_open:
        raise Conflict("This message is closed.")
    return locked
