"""Requests for records: taken, verified, prepared, released, denied. The clock is the law's; every step is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from kit.words import dollars
from patients.models import (
    Patient,
    PatientConsent,
    RecordsRelease,
    RecordsRequest,
    RecordsStep,
    Representative,
)
from patients.models.records import Basis, RecordsStage
from patients.permissions import PatientPermission
from patients.rules import records as rules
from patients.selectors.consents import holds
from patients.selectors.contact import may
from patients.selectors.merges import same_person
from patients.selectors.reach import reach_of
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.selectors.letter_compose import main_site
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

ITEM = "patients.records"
ANSWER, EXTENSION = "records.answer_days", "records.extension_days"
FLAT, PER_PAGE = "records.fee_flat", "records.fee_page"
CLOSED = frozenset({RecordsStage.RELEASED, RecordsStage.DENIED, RecordsStage.WITHDRAWN})
CHANGE, DENY = PatientPermission.CHANGE_RECORDS_REQUEST, PatientPermission.DENY_RECORDS_REQUEST


@transaction.atomic
def receive(
    *,
    patient: Patient,
    asker: str,
    what: str,
    actor: Actor,
    requester: str = "",
    received_on: date | None = None,
    **more: Any,
) -> RecordsRequest:
    """Take a request in: its number, and the day by which it is answered, from the day it was received.

    DomainError without what is asked, without a name, for a day to come or a period that runs backward.
    """
    actor.require(CHANGE)
    today = practice_today(actor)
    day, said = received_on or today, " ".join(what.split())[:300]
    who = " ".join(requester.split())[:120] or (str(patient) if asker == "patient" else "")
    first, last = more.get("period_from"), more.get("period_to")
    for wrong, sentence, field in (
        (not said, "Enter which records are asked for.", "what"),
        (not who, "Enter the name of who asks.", "requester"),
        (day > today, "Enter a day that is not in the future.", "received_on"),
        (first and last and last < first, "Enter a last day on or after the first.", "period_to"),
    ):
        if wrong:
            raise DomainError(sentence, field=field)
    made = RecordsRequest.objects.create(
        practice_id=actor.practice_id,
        number=next_number("patients.records", actor=actor),
        patient=patient,
        asker=asker,
        requester=who,
        what=said,
        received_on=day,
        due_on=deadlines.due(rule(ANSWER, on=day, jurisdiction=_state()), start=day),
        **more,
    )
    _keep(made, on=day, note="", actor=actor)
    return made


@transaction.atomic
def verify(
    request: RecordsRequest,
    *,
    shown: str,
    basis: str,
    actor: Actor,
    authority: str = "",
    representative: Representative | None = None,
    consent: PatientConsent | None = None,
    note: str = "",
) -> RecordsRequest:
    """Keep how it was seen who asks and on which authority. Refused at the field when the authority is not enough."""
    locked = _taken(request, when="can_verify", permission=CHANGE, actor=actor)
    said = " ".join(authority.split())[:200]
    _check_authority(
        locked, basis=basis, authority=said, representative=representative, consent=consent, actor=actor
    )
    locked.shown, locked.basis, locked.authority = shown, basis, said
    locked.representative = representative if basis == Basis.REPRESENTATIVE else None
    locked.consent = consent if basis == Basis.AUTHORIZATION else None
    return _moved(locked, stage=RecordsStage.VERIFIED, note=note or locked.get_shown_display(), actor=actor)


@transaction.atomic
def start(request: RecordsRequest, *, actor: Actor, note: str = "") -> RecordsRequest:
    """Somebody gathers the records."""
    locked = _taken(request, when="can_start", permission=CHANGE, actor=actor)
    return _moved(locked, stage=RecordsStage.WORKING, note=note, actor=actor)


@transaction.atomic
def prepare(
    request: RecordsRequest, *, pages: int, actor: Actor, fee: Decimal | None = None, note: str = ""
) -> RecordsRequest:
    """They lie ready: so many pages, and the fee by the rule, or less. DomainError for more than the rule allows."""
    locked = _taken(request, when="can_prepare", permission=CHANGE, actor=actor)
    flat, page = (rule(code, on=locked.received_on, jurisdiction=_state()) for code in (FLAT, PER_PAGE))
    most = rules.fee(locked.basis, medium=locked.medium, pages=pages, flat=flat.number, per_page=page.number)
    if fee is not None and not 0 <= fee <= most:
        raise DomainError(f"Enter a fee of at most {dollars(most)}.", field="fee")
    locked.pages, locked.fee = pages, most if fee is None else fee
    own = locked.basis in rules.OWN_ACCESS
    locked.fee_rule = ((flat if own else page).citation if most else "No fee is taken")[:200]
    return _moved(locked, stage=RecordsStage.READY, note=note, actor=actor)


@transaction.atomic
def release(
    request: RecordsRequest,
    *,
    actor: Actor,
    what: str = "",
    purpose: str = "",
    released_on: date | None = None,
    note: str = "",
) -> RecordsRequest:
    """They went out: an entry of the release log, and the request is answered.

    The authority is asked again: Conflict when a release of information ended or a representative may no longer.
    """
    locked = _taken(request, when="can_release", permission=CHANGE, actor=actor)
    day = released_on or practice_today(actor)
    if not locked.received_on <= day <= practice_today(actor):
        raise DomainError("Enter a day from the request until today.", field="released_on")
    try:
        _check_authority(
            locked,
            basis=locked.basis,
            authority=locked.authority,
            representative=locked.representative,
            consent=locked.consent,
            actor=actor,
        )
    except DomainError as error:
        raise Conflict(f"{error.message} Verify the request again.") from error
    RecordsRelease.objects.create(
        practice_id=actor.practice_id,
        patient=locked.patient,
        records_request=locked,
        released_on=day,
        recipient=locked.requester,
        recipient_address=", ".join(where_to(locked))[:240],
        what=" ".join(what.split())[:300] or locked.what,
        purpose=" ".join(purpose.split())[:200],
        medium=locked.medium,
        basis=locked.basis,
        authority=locked.authority or (str(locked.consent) if locked.consent else "")[:200],
        pages=locked.pages,
        is_accounted=rules.is_accounted(locked.basis),
    )
    return _moved(locked, stage=RecordsStage.RELEASED, note=note, on=day, actor=actor)


@transaction.atomic
def extend(request: RecordsRequest, *, reason: str, actor: Actor) -> RecordsRequest:
    """More time, once, said in writing with its reason before the first limit is over (45 CFR 164.524(b)(2)(ii))."""
    locked = _taken(request, when="can_extend", permission=CHANGE, actor=actor)
    today, said = practice_today(actor), " ".join(reason.split())[:300]
    if not said:
        raise DomainError("Say why it takes longer.", field="reason")
    if locked.due_on is None or locked.due_on < today:
        raise Conflict("The first limit is over: an extension had to be said before. Answer the request.")
    length = rule(EXTENSION, on=locked.received_on, jurisdiction=_state())
    locked.due_on = deadlines.due(length, start=locked.due_on)
    locked.extended_on, locked.extension_reason = today, said
    return _moved(locked, stage=RecordsStage(locked.status), note=f"Extended: {said}", actor=actor)


@transaction.atomic
def deny(request: RecordsRequest, *, ground: str, reason: str, actor: Actor) -> RecordsRequest:
    """Answer with a denial: its ground, and in words what the letter says (45 CFR 164.524(d)(2))."""
    locked = _taken(request, when="is_open", permission=DENY, actor=actor)
    said = " ".join(reason.split())[:500]
    if not said:
        raise DomainError("Say why, as the letter will.", field="reason")
    locked.ground, locked.denial_reason = ground, said
    return _moved(locked, stage=RecordsStage.DENIED, note=said, actor=actor)


@transaction.atomic
def withdraw(request: RecordsRequest, *, reason: str, actor: Actor) -> RecordsRequest:
    """Whoever asked does not want them any more."""
    locked = _taken(request, when="is_open", permission=CHANGE, actor=actor)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    return _moved(locked, stage=RecordsStage.WITHDRAWN, note=reason, actor=actor)


@transaction.atomic
def reopen(request: RecordsRequest, *, reason: str, actor: Actor) -> RecordsRequest:
    """A reviewer judged otherwise, or what was missing has come: the clock runs anew and who asks is verified again."""
    locked = _taken(request, when="can_reopen", permission=DENY, actor=actor)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    today = practice_today(actor)
    locked.ground = locked.denial_reason = locked.extension_reason = ""
    locked.extended_on = locked.closed_on = None
    locked.due_on = deadlines.due(rule(ANSWER, on=today, jurisdiction=_state()), start=today)
    return _moved(locked, stage=RecordsStage.RECEIVED, note=reason, actor=actor)


def where_to(request: RecordsRequest) -> tuple[str, ...]:
    """Where the answer goes: the address on the request, else where the patient is reached when the patient asks."""
    if request.address_line:
        town = f"{request.city}, {request.state} {request.postal_code}".strip(" ,")
        return tuple(line for line in (request.address_line, town) if line)
    return reach_of(request.patient).lines if request.asker == RecordsRequest.Asker.PATIENT else ()


def _check_authority(
    request: RecordsRequest,
    *,
    basis: str,
    authority: str,
    representative: Representative | None,
    consent: PatientConsent | None,
    actor: Actor,
) -> None:
    """DomainError at the field when who asks may not have the records on this authority today."""
    today = practice_today(actor)
    if basis not in rules.BASES[request.asker]:
        raise DomainError(f"{request.get_asker_display()}: choose another authority.", field="basis")
    if basis == Basis.LAW and not authority:
        raise DomainError("Enter the statute, order or subpoena.", field="authority")
    if basis == Basis.REPRESENTATIVE and (
        representative is None
        or representative.patient_id != request.patient_id
        or not may(representative, power="may_see_record", actor=actor, day=today)
    ):
        raise DomainError(
            "Choose a representative of this patient who may see the record.", field="representative"
        )
    if basis == Basis.AUTHORIZATION and (
        consent is None
        or consent.patient_id not in same_person(request.patient)
        or consent.version.form.kind != "release"
        or not holds(PatientConsent.objects.prefetch_related("revocations").get(pk=consent.pk), day=today)
    ):
        raise DomainError("Choose a release of information that holds today.", field="consent")


def _taken(request: RecordsRequest, *, when: str, permission: str, actor: Actor) -> RecordsRequest:
    actor.require(permission)
    locked = RecordsRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if not getattr(locked, when):
        stage = locked.get_status_display().lower()
        raise Conflict(f"This request is {stage}: that step is not possible now.")
    return locked


def _moved(
    request: RecordsRequest, *, stage: RecordsStage, note: str, actor: Actor, on: date | None = None
) -> RecordsRequest:
    day = on or practice_today(actor)
    request.status = stage
    if stage in CLOSED:
        request.due_on, request.closed_on = None, day
    request.save()
    _keep(request, on=day, note=note, actor=actor)
    return request


def _keep(request: RecordsRequest, *, on: date, note: str, actor: Actor) -> None:
    """A step in the history, and one item of work while it waits. It names the number, never the patient."""
    RecordsStep.objects.create(
        practice_id=actor.practice_id,
        records_request=request,
        stage=request.status,
        on=on,
        note=" ".join(note.split())[:500],
    )
    if request.due_on is None:
        close_items(request, kind=ITEM, outcome=request.get_status_display(), actor=actor)
        return
    open_item(
        ITEM,
        record=request,
        title=f"{request}: {request.get_status_display().lower()}",
        permission=PatientPermission.VIEW_RECORDS_REQUEST,
        due_on=request.due_on,
        again=True,
        actor=actor,
    )


def _state() -> str | None:
    """The state whose law counts: that of the practice's main site."""
    site = main_site()
    return site.state if site and site.state else None
