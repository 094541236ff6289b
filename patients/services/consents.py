"""Consent forms are published in versions; signatures, refusals and revocations are kept as facts."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models import (
    ConsentForm,
    ConsentRevocation,
    ConsentVersion,
    OwnConsent,
    Patient,
    PatientConsent,
    Representative,
)
from patients.permissions import PatientPermission
from patients.rules.consents import is_drawing, names
from patients.selectors.consents import ABOUT
from patients.selectors.contact import may, of_age_on
from practice import jobs
from practice.actor import Actor
from practice.models import Attachment, Language
from practice.rules.deadlines import Length
from practice.rules.units import Unit
from practice.selectors import files
from practice.selectors.days import practice_today, practice_zone
from practice.services import attachments, deadlines, letter_templates, plain

COPY, COPY_NOTE = "patients.consent_copy", "Signed copy"
Answer, How = PatientConsent.Answer, PatientConsent.How
ON_SCREEN = (How.TYPED, How.REMOTE)  # a name is typed, and a copy made

add_form, change_form = plain.pair(ConsentForm, permission=PatientPermission.CHANGE_CONSENT_WORDING)


@transaction.atomic
def publish(
    *,
    form: ConsentForm,
    title: str,
    body: str,
    actor: Actor,
    language: str = Language.EN,
    effective_from: date | None = None,
    valid_months: int | None = None,
    asks_again: bool = False,
) -> ConsentVersion:
    """What a form says from a day on, today at the earliest: the next version.

    Raises DomainError with line and word for a text that cannot be, Conflict when it says so already.
    """
    actor.require(PatientPermission.CHANGE_CONSENT_WORDING)
    locked = ConsentForm.objects.select_for_update(no_key=True).get(pk=form.pk)
    today = practice_today(actor)
    day = effective_from or today
    if day < today:
        raise DomainError("Enter today or a day to come.", field="effective_from")
    letter_templates.check(kind=ABOUT, subject=title, body=body, without_phi=False)
    if "letter.words" in body or "sender.name" in body:
        raise DomainError("A consent has no words of a sender: leave that field out.", field="body")
    newest = locked.versions.filter(language=language).order_by("-number").first()
    said = (title.strip(), body.strip(), valid_months)
    if newest is not None and said == (newest.title, newest.body, newest.valid_months):
        raise Conflict("The newest version says this already.", field="body")
    last = locked.versions.aggregate(last=Max("number"))["last"] or 0
    return ConsentVersion.objects.create(
        practice_id=actor.practice_id,
        form=locked,
        number=last + 1,
        language=language,
        title=said[0],
        body=said[1],
        effective_from=day,
        valid_months=valid_months,
        asks_again=asks_again,
    )


@transaction.atomic
def sign(
    *,
    patient: Patient,
    version: ConsentVersion,
    actor: Actor,
    answer: str = Answer.SIGNED,
    how: str = How.TYPED,
    signed_by: str = "",
    representative: Representative | None = None,
    signed_at: datetime | None = None,
    expires_on: date | None = None,
    drawing: str = "",
    **words: str,
) -> PatientConsent:
    """Keep a signature on a version, or that it was not signed and what was tried.

    ``words``: witness, reason (of a refusal), recipient and covers (of a release). The typed name must be the
    signer's; ``drawing`` is what they drew beside it, as path data. Raises DomainError at the field, also for a signer
    who may not sign.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    on_screen = answer == Answer.SIGNED and how in ON_SCREEN
    _check_drawing(drawing, on_screen=on_screen)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    moment = signed_at or clock.now()
    day = _day_of(moment, version=version, actor=actor)
    said = {name: " ".join(text.split()) for name, text in words.items()}
    signer = signer_of(locked, representative=representative, day=day, actor=actor, answer=answer)
    typed = " ".join(signed_by.split())
    if answer == Answer.SIGNED:
        if on_screen and not names(typed, person=signer):
            raise DomainError(f"Type the full name of who signs: {signer}.", field="signed_by")
        said["reason"] = ""
        expires_on = last_day(version, wanted=expires_on, day=day)
        check_release(version, said=said, expires_on=expires_on)
    elif not said.get("reason"):
        raise DomainError("Say why it was not signed, and what was tried.", field="reason")
    made = PatientConsent.objects.create(
        practice_id=actor.practice_id,
        patient=locked,
        version=version,
        answer=answer,
        signed_at=moment,
        signed_on=day,
        signed_by=(typed or signer)[:120],
        representative=representative,
        how=how if answer == Answer.SIGNED else "",
        expires_on=expires_on if answer == Answer.SIGNED else None,
        drawing=drawing,
        **said,
    )
    if on_screen:
        jobs.enqueue(COPY, actor=actor, key=str(made.pk), args={"consent_id": str(made.pk)})
    return made


def _check_drawing(drawing: str, *, on_screen: bool) -> None:
    if drawing and not (on_screen and is_drawing(drawing)):
        raise DomainError("This drawing cannot be kept. Clear it, or sign once more.", field="drawing")


def _day_of(moment: datetime, *, version: ConsentVersion, actor: Actor) -> date:
    if moment > clock.now() + timedelta(minutes=1):
        raise DomainError("Enter a moment that is not in the future.", field="signed_at")
    day = moment.astimezone(practice_zone(actor)).date()
    if version.effective_from > day:
        raise DomainError("This version is not in force on that day.", field="version")
    return day


@transaction.atomic
def revoke(
    consent: PatientConsent,
    *,
    reason: str,
    actor: Actor,
    revoked_by: str = "",
    revoked_on: date | None = None,
) -> PatientConsent:
    """Take a signature back from a day on; what was done before stays right (45 CFR 164.508(b)(5)).

    Raises Conflict for what was never signed or was taken back, DomainError for a day to come or before the signature.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=consent.patient_id)
    fresh = PatientConsent.objects.prefetch_related("revocations").get(pk=consent.pk)
    if not fresh.can_revoke:
        raise Conflict("Only a signature that was not taken back can be.")
    said, today = " ".join(reason.split())[:200], practice_today(actor)
    day = revoked_on or today
    if not said:
        raise DomainError("Say why, in a few words.", field="reason")
    if not fresh.signed_on <= day <= today:
        raise DomainError("Enter a day from the signature until today.", field="revoked_on")
    ConsentRevocation.objects.create(
        practice_id=actor.practice_id,
        consent=fresh,
        revoked_on=day,
        revoked_by=(" ".join(revoked_by.split()) or fresh.signed_by)[:120],
        reason=said,
    )
    return PatientConsent.objects.prefetch_related("revocations").get(pk=fresh.pk)


@transaction.atomic
def keep_copy(consent_id: uuid.UUID, *, content: bytes, actor: Actor) -> Attachment:
    """Keep the PDF of a signed consent, once: a second run keeps the first file."""
    consent = PatientConsent.objects.select_related("version").get(pk=consent_id)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=consent.patient_id)
    kept = next((each for each in files.of_record(consent) if each.note == COPY_NOTE), None)
    return kept or attachments.store(
        content, name=f"consent-{consent.signed_on:%Y-%m-%d}.pdf", record=consent, note=COPY_NOTE, actor=actor
    )


def signer_of(
    patient: Patient,
    *,
    representative: Representative | None,
    day: date,
    actor: Actor,
    answer: str = Answer.SIGNED,
) -> str:
    """The name of who signs. A minor's own name is enough only for a minor who decides about care alone.

    DomainError at ``representative`` for who may not sign on that day.
    """
    if representative is not None:
        mine = representative.patient_id == patient.pk
        if not mine or not may(representative, power="may_sign", actor=actor, day=day):
            raise DomainError(
                f"{representative} may not sign for this patient on that day.", field="representative"
            )
        return representative.name
    alone = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    minor = day < of_age_on(patient, day=day)
    if answer == Answer.SIGNED and minor and not OwnConsent.objects.filter(alone, patient=patient).exists():
        raise DomainError(
            "The patient is a minor: choose who signs, or record what the minor decides alone first.",
            field="representative",
        )
    return str(patient)


def last_day(version: ConsentVersion, *, wanted: date | None, day: date) -> date | None:
    """The last day a signature holds: what was agreed, never beyond what the version says."""
    if wanted is not None and wanted < day:
        raise DomainError("Enter a last day on or after the signature.", field="expires_on")
    if version.valid_months is None:
        return wanted
    most = deadlines.due(Length(amount=version.valid_months, unit=Unit.MONTHS), start=day)
    return min(wanted or most, most)


def check_release(version: ConsentVersion, *, said: dict[str, Any], expires_on: date | None) -> None:
    """A release says to whom, what, and until when (45 CFR 164.508(c)(1)); no other form does."""
    if version.form.kind != ConsentForm.Kind.RELEASE:
        said["recipient"] = said["covers"] = ""
        return
    for name, asked in (
        ("recipient", "Enter to whom the information may go."),
        ("covers", "Enter what may go."),
    ):
        if not said.get(name):
            raise DomainError(asked, field=name)
    if expires_on is None:
        raise DomainError("A release needs a last day (45 CFR 164.508(c)(1)(v)).", field="expires_on")
