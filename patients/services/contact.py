"""How a patient may be reached: consents kept as facts, replies that opt out, a confidential address."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models import ConfidentialContact, ConsentWording, ContactConsent, Patient
from patients.models.contact import Channel
from patients.permissions import PatientPermission
from patients.rules.contact import reply_means
from patients.selectors.confidential import confidential_of, people_at
from patients.selectors.contact import newest_wording
from patients.services.patients import phone_of
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.rule_catalogue import definitions
from practice.services.rules import rules

STOP, START = "contact.opt_out.", "contact.opt_in."
HOW = ContactConsent.How


def _locked(patient: Patient, *, actor: Actor) -> Patient:
    actor.require(PatientPermission.CHANGE_PATIENT)
    return Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)


@transaction.atomic
def publish_wording(*, channel: str, text: str, actor: Actor) -> ConsentWording:
    """The words people agree to from now on: the next version. Conflict when they are the present ones."""
    actor.require(PatientPermission.CHANGE_CONSENT_WORDING)
    said, present = text.strip(), newest_wording(channel)
    if not said:
        raise DomainError("Enter the words people agree to.", field="text")
    if present is not None and present.text == said:
        raise Conflict("These are the present words already.", field="text")
    return ConsentWording.objects.create(
        practice_id=actor.practice_id,
        channel=channel,
        version=(present.version if present else 0) + 1,
        text=said,
    )


@transaction.atomic
def record_consent(
    *,
    patient: Patient,
    channel: str,
    given: bool,
    how: str,
    actor: Actor,
    said_by: str = "",
    said_at: datetime | None = None,
    words: str = "",
) -> ContactConsent:
    """Keep a word given or taken back, for the number or address used now, with the wording in force.

    That is the confidential one while there is one: a word about another number would never count.

    DomainError when there is no number or address, no wording yet, or a moment to come.
    """
    locked = _locked(patient, actor=actor)
    moment = said_at or clock.now()
    if moment > clock.now() + timedelta(minutes=1):
        raise DomainError("Enter a moment that is not in the future.", field="said_at")
    source = confidential_of(locked, day=practice_today(actor)) or locked
    address = source.phone if channel == Channel.TEXT else source.email.lower()
    if not address:
        noun = "telephone number" if channel == Channel.TEXT else "e-mail address"
        raise DomainError(f"Enter the {noun} on the patient’s record first.", field="channel")
    wording = newest_wording(channel)
    if given and wording is None:
        raise DomainError("Publish the words people agree to first.", field="channel")
    return ContactConsent.objects.create(
        practice_id=actor.practice_id,
        patient=locked,
        channel=channel,
        given=given,
        said_at=moment,
        said_by=" ".join(said_by.split()) or str(locked),
        how=how,
        address=address,
        wording=wording,
        words=" ".join(words.split())[:160],
    )


@transaction.atomic
def take_reply(*, phone: str, words: str, actor: Actor) -> int:
    """A reply to a text, from a telephone number: STOP and its like take the consent back for everybody with it.

    Which words those are is a dated rule each (contact.opt_out.*, contact.opt_in.*). Returns for how many patients a
    word was kept; 0 for any other reply. What was taken back already is not kept twice.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    number = phone_of(phone, field="phone")
    if not number:
        raise DomainError("Enter a telephone number with ten digits.", field="phone")
    given = opt_of(words, actor=actor)
    if given is None:
        return 0
    people = Patient.objects.filter(pk__in=[each.pk for each in people_at(number)])
    locked = people.select_for_update(of=("self",), no_key=True).order_by("pk")
    return sum(_replied(patient, number=number, given=given, words=words) for patient in locked)


def opt_of(words: str, *, actor: Actor) -> bool | None:
    """False for a reply that ends texts, True for one that allows them again, None for any other."""
    return reply_means(words, stop=_words(STOP, actor=actor), start=_words(START, actor=actor))


def _replied(patient: Patient, *, number: str, given: bool, words: str) -> int:
    """Keep what one patient's reply changes: 1, or 0 when it changes nothing."""
    said = ContactConsent.objects.filter(patient=patient, channel=Channel.TEXT, address=number)
    before, wording = said.order_by("said_at", "id").last(), newest_wording(Channel.TEXT)
    # START opens again what was open once; it is no first consent.
    first_yes = given and (before is None or wording is None)
    if first_yes or (before is not None and before.given == given):
        return 0
    ContactConsent.objects.create(
        practice_id=patient.practice_id,
        patient=patient,
        channel=Channel.TEXT,
        given=given,
        said_at=clock.now(),
        said_by=str(patient),
        how=HOW.REPLY,
        address=number,
        wording=wording,
        words=" ".join(words.split())[:160],
    )
    return 1


def _words(prefix: str, *, actor: Actor) -> set[str]:
    codes = [code for code in definitions() if code.startswith(prefix)]
    held = rules(codes, on=practice_today(actor))
    return {code.removeprefix(prefix) for code, found in held.items() if found.yes}


@transaction.atomic
def keep_confidential(
    *,
    patient: Patient,
    actor: Actor,
    starts_on: date | None = None,
    asked_on: date | None = None,
    **values: Any,
) -> ConfidentialContact:
    """Reach a patient elsewhere from a day on (45 CFR 164.522(b)); the one before ends the day before.

    DomainError without any address, telephone or e-mail; Conflict for a day before the present one began.
    """
    _locked(patient, actor=actor)
    today = practice_today(actor)
    day = starts_on or today
    values["phone"] = phone_of(values.get("phone") or "", field="phone")
    if not any(values.get(name) for name in ("address_line", "phone", "email")):
        raise DomainError("Enter where to reach the patient instead.", field="address_line")
    if values.get("address_line") and not (
        values.get("city") and values.get("state") and values.get("postal_code")
    ):
        raise DomainError("Enter city, state and ZIP code too: letters go there.", field="city")
    before = (
        ConfidentialContact.objects.select_for_update(no_key=True)
        .filter(patient=patient, ends_on=None)
        .first()
    )
    if before is not None:
        if before.starts_on >= day:
            raise Conflict(
                "The present one began on or after this day. Choose a later one.", field="starts_on"
            )
        before.ends_on = day - timedelta(days=1)
        before.save()
    return ConfidentialContact.objects.create(
        practice_id=actor.practice_id, patient=patient, starts_on=day, asked_on=asked_on or today, **values
    )


@transaction.atomic
def end_confidential(contact: ConfidentialContact, *, ends_on: date, actor: Actor) -> ConfidentialContact:
    """The last day of a confidential contact; afterwards the record's own address counts again."""
    _locked(contact.patient, actor=actor)
    if ends_on < contact.starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    contact.ends_on = ends_on
    contact.save()
    return contact
