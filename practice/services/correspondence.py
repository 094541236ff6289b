"""The log of messages: taken down in two fields, joined to a record, answered by a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.letter_subjects import subjects
from practice.models import Correspondence, Membership
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.records import patients_of
from practice.services.refs import kind_of, ref_to
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

SERIES, ITEM = "practice.message", "practice.message"
State = Correspondence.State
DETAILS = frozenset({"direction", "medium", "party", "subject", "notes", "happened_at", "owner", "reply_by"})


@transaction.atomic
def log(*, party: str, subject: str, about: Any = None, actor: Actor, **details: Any) -> Correspondence:
    """Take down a message: who and what about; everything else has a sensible start. ``about`` is any record.

    With a day to answer by it goes on the list of work. Raises DomainError for empty words or a time to come.
    """
    actor.require(PracticePermission.LOG_MESSAGE)
    message = Correspondence(
        practice_id=actor.practice_id,
        number=next_number(SERIES, actor=actor),
        happened_at=details.pop("happened_at", None) or clock.now(),
        owner=details.pop("owner", None) or _oneself(actor),
    )
    if about is not None:
        message.ref, message.kind = ref_to(about, actor=actor), kind_of(about)
        message.patient_id = _patient_of(about, actor=actor)
    _fill(message, values={"party": party, "subject": subject, **details})
    message.save(force_insert=True)
    return _listed(message, actor=actor)


@transaction.atomic
def change(message: Correspondence, /, *, actor: Actor, about: Any = None, **details: Any) -> Correspondence:
    """Correct what was taken down. ``about`` joins it to a record when it is joined to none."""
    actor.require(PracticePermission.LOG_MESSAGE)
    locked = _locked(message)
    if about is not None and locked.ref_id is None:
        locked.ref, locked.kind = ref_to(about, actor=actor), kind_of(about)
        locked.patient_id = _patient_of(about, actor=actor)
    _fill(locked, values=details)
    locked.save()
    return _listed(locked, actor=actor)


@transaction.atomic
def answer(message: Correspondence, *, outcome: str, actor: Actor) -> Correspondence:
    """It has its answer: how, in words. The work item goes off the list with the same words."""
    actor.require(PracticePermission.LOG_MESSAGE)
    locked = _locked(message)
    if not locked.needs_answer:
        raise Conflict("This message waits for no answer.")
    if not outcome.strip():
        raise DomainError("Say how it was answered.", field="outcome")
    locked.state, locked.outcome, locked.answered_at = State.ANSWERED, outcome.strip()[:300], clock.now()
    locked.save()
    close_items(locked, kind=ITEM, outcome=locked.outcome, actor=actor)
    return locked


@transaction.atomic
def ask(message: Correspondence, *, reply_by: date, actor: Actor) -> Correspondence:
    """It needs an answer after all, or another one."""
    actor.require(PracticePermission.LOG_MESSAGE)
    locked = _locked(message)
    if reply_by < practice_today(actor):
        raise DomainError("Enter today or a day to come.", field="reply_by")
    locked.reply_by, locked.state, locked.outcome, locked.answered_at = reply_by, State.WAITING, "", None
    locked.save()
    return _listed(locked, actor=actor)


def _fill(message: Correspondence, *, values: dict[str, Any]) -> None:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a message has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(message, name, value)
    for name, said in (("party", "Enter who it was."), ("subject", "Enter what it is about.")):
        if not getattr(message, name).strip():
            raise DomainError(said, field=name)
    if message.happened_at > clock.now():
        raise DomainError("Enter a time that is not in the future.", field="happened_at")
    if message.state != State.ANSWERED:
        message.state = State.WAITING if message.reply_by else State.LOGGED


def _listed(message: Correspondence, *, actor: Actor) -> Correspondence:
    """One work item while it waits. It names neither the sender nor the matter: its list is read by many."""
    if message.needs_answer:
        open_item(
            ITEM,
            record=message,
            title=f"{message} ({message.get_medium_display().lower()}): answer",
            permission=PracticePermission.LOG_MESSAGE,
            due_on=message.reply_by,
            owner=message.owner,
            actor=actor,
        )
    else:
        close_items(message, kind=ITEM, outcome="No answer needed", actor=actor)
    return message


def _patient_of(record: Any, *, actor: Actor) -> Any:
    """Whom the record is about, for the log of reads."""
    own = patients_of(type(record), ids=[record.pk])
    if own:
        return own[0]
    about = subjects().get(kind_of(record))
    return about.read(record, actor=actor).patient_id if about else None


def _oneself(actor: Actor) -> Membership | None:
    return Membership.objects.filter(pk=actor.membership_id).first() if actor.membership_id else None


def _locked(message: Correspondence) -> Correspondence:
    return Correspondence.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
