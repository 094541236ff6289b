"""Consents answered from outside: a link for one signer and one version, made, sent, opened, signed or declined once.

Whoever holds the address still has to say when the patient was born; after a few wrong dates nobody is let in any more.
Days and tries are rules (``consent.link_days``, ``consent.link_tries``). The network is consent_link_work's business.

Order of locks: the patient's row, then the link's.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.letters import CONSENT_MAIL, CONSENT_TEXT
from patients.models import ConsentLink, ConsentVersion, Patient, PatientConsent, Representative
from patients.permissions import PatientPermission
from patients.selectors.consent_links import LIVE, link_of, person_of
from patients.selectors.reach import may_send_at, reach_of
from patients.services import consents
from practice import jobs, texting
from practice.actor import Actor, system_actor
from practice.models import TokenLookup
from practice.rules.sms import STOPS
from practice.selectors import messages
from practice.selectors.days import practice_today, practice_zone
from practice.selectors.letter_compose import common_values, main_site
from practice.services.rules import rule
from practice.services.secrets import forget_secrets, register_secret
from practice.services.work import close_items, open_item
from practice.transactions import acting_in

SEND, WORK = "patients.send_consent_link", "patients.consent_link"
State, Way = ConsentLink.State, ConsentLink.Way
SAYS_SO = timedelta(hours=1)  # how long an answered link still says what was said
DECLINED = "From outside, by link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message on its way. Never kept."""

    link: ConsentLink
    subject: str
    body: str


@transaction.atomic
def make(
    patient: Patient,
    *,
    version: ConsentVersion,
    way: str,
    actor: Actor,
    representative: Representative | None = None,
    recipient: str = "",
    covers: str = "",
    expires_on: date | None = None,
) -> tuple[ConsentLink, str]:
    """Have one person sign a version from outside; an earlier link of theirs for the same form ends.

    The second value is the address, for ``hand`` alone: shown once, kept nowhere. Text and e-mail make theirs when they
    leave. DomainError at the field for who may not sign, cannot be reached that way, or a release that says too little.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked, today = _patient(patient.pk), practice_today(actor)
    if version.effective_from > today or not version.form.is_active:
        raise DomainError("This version is not in force.", field="version")
    consents.signer_of(locked, representative=representative, day=today, actor=actor)
    said = {"recipient": " ".join(recipient.split()), "covers": " ".join(covers.split())}
    holds_until = consents.last_day(version, wanted=expires_on, day=today)
    consents.check_release(version, said=said, expires_on=holds_until)
    link = ConsentLink(
        practice_id=actor.practice_id,
        patient=locked,
        version=version,
        representative=representative,
        way=way,
        holds_until=holds_until,
        expires_at=clock.now() + timedelta(days=int(rule("consent.link_days", on=today))),
        made_by_id=actor.membership_id,
        **said,
    )
    link.address = address_of(link)
    _replace(link, actor=actor)
    address = ""
    if way == Way.HAND:
        address = _register(link, actor=actor)
        link.state, link.sent_at = State.OPEN, clock.now()
    link.save()
    if way != Way.HAND:
        jobs.enqueue(SEND, actor=actor, key=str(link.pk), args={"link_id": str(link.pk)})
    return link, address


def _replace(link: ConsentLink, *, actor: Actor) -> None:
    same = ConsentLink.objects.select_for_update(of=("self",), no_key=True).filter(
        patient=link.patient, version__form=link.version.form_id, representative=link.representative
    )
    newer = "A newer link was made"
    for each in same.filter(state__in=LIVE).order_by("pk"):
        _end(each, state=State.REVOKED, note=newer, actor=actor)
    for each in same.filter(state__in=(State.FAILED, State.SHUT)):
        close_items(each, kind=WORK, outcome=newer, actor=actor)


def address_of(link: ConsentLink) -> str:
    """The number or address a message goes to today, '' for an address that is handed over.

    DomainError at ``way`` when the signer cannot be reached that way.
    """
    if link.way == Way.HAND:
        return ""
    person = person_of(link.patient, representative=link.representative)
    reach = reach_of(person) if person is not None else None
    if link.way == Way.EMAIL:
        if reach is None or not reach.email:
            raise DomainError(
                "No e-mail address of the signer may be used. Hand the address over.", field="way"
            )
        return reach.email
    if reach is None or "text" not in reach.ways:
        raise DomainError("No consent to texts of the signer is on file. Hand the address over.", field="way")
    if texting.gateway() is None:
        raise DomainError("No text gateway is set up. Hand the address over.", field="way")
    return reach.phone


@transaction.atomic
def take(link_id: uuid.UUID, *, actor: Actor) -> Outgoing | None:
    """The message of a link, marked as leaving; None when it does not leave now. Part of a job.

    Everything is checked again; in quiet hours it is queued for the morning. One that a worker left half-way is given
    up: nobody knows whether it went out.
    """
    link = _locked(link_id)
    if link.state != State.GOING:
        return None
    if link.sent_at is not None:
        _fail(link, why="Interrupted while it was sent: it may have gone out.", actor=actor)
        return None
    try:
        link.address = address_of(link)
    except DomainError as error:
        _fail(link, why=error.message, actor=actor)
        return None
    if link.way == Way.TEXT:
        person = person_of(link.patient, representative=link.representative) or link.patient
        later = may_send_at(person, moment=clock.now())
        if later > clock.now():
            args, key = {"link_id": str(link.pk)}, f"{link.pk}/{later.isoformat()}"
            jobs.enqueue(SEND, actor=actor, key=key, args=args, run_after=later)
            return None
    address = _register(link, actor=actor)
    link.sent_at = clock.now()
    link.save()
    said = _words(link, address=address, actor=actor)
    return Outgoing(link=link, subject=said.subject, body=said.body)


def _words(link: ConsentLink, *, address: str, actor: Actor) -> messages.Message:
    """What goes out: never the form or the patient, for others read texts and e-mails (45 CFR 164.530(c))."""
    today, language = practice_today(actor), link.version.language
    values = {
        **common_values(main_site(), words="", day=today, actor=actor),
        "message.until": us_date(link.expires_at.astimezone(practice_zone(actor)).date()),
        "message.link": address,
    }
    kind = CONSENT_TEXT if link.way == Way.TEXT else CONSENT_MAIL
    return messages.written(kind, language=language if language in STOPS else "en", values=values, day=today)


@transaction.atomic
def note_end(link: ConsentLink, *, receipt: texting.Receipt, actor: Actor) -> ConsentLink:
    """Keep what became of a message that left."""
    locked = _locked(link.pk)
    if locked.state != State.GOING:  # signed, revoked or given up meanwhile
        return locked
    if receipt.outcome != "accepted":
        return _fail(locked, why=receipt.why or "It could not be handed over.", actor=actor)
    locked.state = State.OPEN
    locked.save()
    return locked


@transaction.atomic
def revoke(link: ConsentLink, /, *, reason: str, actor: Actor) -> ConsentLink:
    """A member ends a link: its address is unknown from the next look on. Conflict when it is over already."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _locked(link.pk)
    if not locked.is_live:
        raise Conflict(f"This link is {locked.standing.word.lower()}.")
    return _end(locked, state=State.REVOKED, note=reason, actor=actor)


def opens(link: ConsentLink, *, born: date) -> bool:
    """Whether this is the patient's date of birth."""
    return secrets.compare_digest(link.patient.birth_date.isoformat(), born.isoformat())


def note_opened(link: ConsentLink) -> None:
    """Keep when it was opened first."""
    ConsentLink.objects.filter(pk=link.pk, opened_at=None).update(
        opened_at=clock.now(), updated_at=clock.now()
    )


def note_wrong(actor: Actor) -> None:
    """Count a wrong date of birth, in a transaction of its own: the answer's was rolled back. Too many shut it."""
    with acting_in(actor.practice_id, actor=actor):
        ours = system_actor(practice_id=actor.practice_id, request_id=actor.request_id)
        rows = ConsentLink.objects.select_for_update(of=("self",), no_key=True).select_related(
            "version__form"
        )
        link = rows.filter(pk=actor.id, state__in=LIVE).first() if actor.id else None
        if link is None:
            return
        ConsentLink.objects.filter(pk=link.pk).update(wrong=F("wrong") + 1, updated_at=clock.now())
        tries = int(rule("consent.link_tries", on=practice_today(ours)))
        if link.wrong + 1 >= tries:
            link.wrong += 1
            _fail(link, state=State.SHUT, why=f"Somebody gave {tries} wrong dates of birth.", actor=ours)


@transaction.atomic
def sign(*, born: date, signed_by: str, actor: Actor, drawing: str = "") -> PatientConsent:
    """The signature of whoever holds the link and knows the date of birth: the consent, signed from outside.

    DomainError at ``signed_by`` or ``drawing``; Conflict, with nothing changed, when it cannot be signed any more.
    """
    link = _answerable(born=born, actor=actor)
    made = consents.sign(
        patient=link.patient,
        version=link.version,
        how=PatientConsent.How.REMOTE,
        signed_by=signed_by,
        representative=link.representative,
        drawing=drawing,
        recipient=link.recipient,
        covers=link.covers,
        expires_on=link.holds_until,
        actor=_ours(actor),
    )
    return _answered(link, made=made)


@transaction.atomic
def decline(*, born: date, actor: Actor, reason: str = "") -> PatientConsent:
    """Whoever holds the link and knows the date of birth will not sign: a refusal of today, with their words if any.

    The link is used up. Conflict, with nothing changed, when it cannot be answered any more.
    """
    link = _answerable(born=born, actor=actor)
    said = " ".join(reason.split())
    made = consents.sign(
        patient=link.patient,
        version=link.version,
        answer=PatientConsent.Answer.REFUSED,
        representative=link.representative,
        reason=f"{DECLINED}: {said}"[:200] if said else DECLINED,
        actor=_ours(actor),
    )
    return _answered(link, made=made)


def _answerable(*, born: date, actor: Actor) -> ConsentLink:
    """The link an outsider came in by, locked behind its patient."""
    found = link_of(actor)
    _patient(found.patient_id)
    link = _locked(found.pk)
    if not link.is_live or not opens(link, born=born):
        raise Conflict("This can no longer be signed here.")
    return link


def _answered(link: ConsentLink, *, made: PatientConsent) -> PatientConsent:
    now = clock.now()
    link.state, link.consent, link.expires_at = State.SIGNED, made, now + SAYS_SO
    link.opened_at = link.opened_at or now
    link.save()
    return made


def _ours(actor: Actor) -> Actor:
    return system_actor(practice_id=actor.practice_id, request_id=actor.request_id)


def _patient(pk: uuid.UUID) -> Patient:
    found: Patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return found


def _locked(pk: uuid.UUID) -> ConsentLink:
    rows = ConsentLink.objects.select_for_update(of=("self",), no_key=True)
    found: ConsentLink = rows.select_related("patient", "version__form", "representative__person").get(pk=pk)
    return found


def _register(link: ConsentLink, *, actor: Actor) -> str:
    raw = secrets.token_urlsafe(32)
    link.secret_hash = register_secret(raw, kind=TokenLookup.Kind.CONSENT, row_id=link.pk, actor=actor)
    return f"{settings.BASE_URL}{reverse('public_consent', kwargs={'secret': raw})}"


def _end(locked: ConsentLink, *, state: str, note: str, actor: Actor) -> ConsentLink:
    """It opens nothing from now on."""
    locked.state, locked.note = state, note.strip()[:200]
    locked.save()
    forget_secrets([locked.pk], actor=actor)
    close_items(locked, kind=WORK, outcome=note[:200], actor=actor)
    return locked


def _fail(locked: ConsentLink, *, why: str, actor: Actor, state: str = State.FAILED) -> ConsentLink:
    """It ends, and somebody looks for another way to have it signed."""
    _end(locked, state=state, note=why, actor=actor)
    open_item(
        WORK,
        record=locked,
        title=f"{locked.version.form}: the link to sign is {locked.standing.word.lower()}",
        permission=PatientPermission.CHANGE_PATIENT,
        due_on=practice_today(actor),
        reason=why,
        patient=locked.patient_id,
        actor=actor,
    )
    return locked
