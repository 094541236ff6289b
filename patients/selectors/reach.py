"""Where and how a patient may be reached: the one place that decides, for letters, statements, reminders and calls.

A confidential address or telephone (45 CFR 164.522(b)) stands in for everything on the record while it is in force;
consents count for the number or address they were given for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit import clock
from patients.models import ConfidentialContact, ContactConsent, Patient
from patients.models.contact import Channel
from patients.rules import contact
from practice.letter_subjects import address_lines
from practice.models import PracticeProfile
from practice.services.rules import rule

QUIET_FROM, QUIET_UNTIL = "contact.quiet_from", "contact.quiet_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where letters go, which number is called, which address is written to; ``ways`` are the channels allowed now.

    ``post``, ``email``, ``text``, ``phone``; ``refused`` are those the patient took back. ``note`` is what
    whoever writes or calls must know.
    """

    lines: tuple[str, ...]
    phone: str
    email: str
    ways: frozenset[str]
    refused: frozenset[str] = frozenset()
    confidential: bool = False
    note: str = ""


def reach_of(patient: Patient, *, day: date | None = None) -> Reach:
    """How to reach a patient on a day (today). Whoever asks holds the patient already: no permission is asked here."""
    return reaches([patient], day=day)[patient.pk]


def reaches(found: Collection[Patient], *, day: date | None = None) -> dict[UUID, Reach]:
    """The same of many patients, by their key, in three queries."""
    in_force = ConfidentialContact.in_force(day=day or clock.now().date())
    kept = ConfidentialContact.objects.filter(in_force, patient__in=found).order_by("starts_on")
    confidential, words = {each.patient_id: each for each in kept}, _words(found)
    return {each.pk: _reach(each, kept=confidential.get(each.pk), words=words[each.pk]) for each in found}


def _reach(
    patient: Patient, *, kept: ConfidentialContact | None, words: dict[tuple[str, str], bool]
) -> Reach:
    source = kept or patient
    said = {
        Channel.EMAIL: words.get((Channel.EMAIL, source.email.lower())),
        Channel.TEXT: words.get((Channel.TEXT, source.phone)),
    }
    ways = {
        "post": bool(source.address_line),
        "phone": bool(source.phone),
        # An e-mail needs no consent, but a word against it counts; a text needs one for this very number.
        "email": bool(source.email) and said[Channel.EMAIL] is not False,
        "text": bool(source.phone) and said[Channel.TEXT] is True,
    }
    return Reach(
        lines=address_lines(source),
        phone=source.phone,
        email=source.email if ways["email"] else "",
        ways=frozenset(name for name, open_ in ways.items() if open_),
        refused=frozenset(str(channel) for channel, given in said.items() if given is False),
        confidential=kept is not None,
        note=" ".join(filter(None, ("Confidential contact: use no other address or telephone.", kept.note)))
        if kept
        else "",
    )


def _words(found: Collection[Patient]) -> dict[UUID, dict[tuple[str, str], bool]]:
    """The newest word about each channel and address, of each of these people: their merged records' words count."""
    merged = Patient.objects.filter(merged_into__in=found).values_list("pk", "merged_into_id")
    whose = {each.pk: each.pk for each in found} | dict(merged)
    said: dict[UUID, dict[tuple[str, str], bool]] = {each.pk: {} for each in found}
    for each in ContactConsent.objects.filter(patient_id__in=list(whose)).order_by("said_at", "id"):
        said[whose[each.patient_id]][each.channel, each.address.lower()] = each.given
    return said


def zone_of(patient: Patient) -> str:
    """The patient's own time zone, else the practice's."""
    if patient.timezone:
        try:
            return ZoneInfo(patient.timezone).key
        except (ZoneInfoNotFoundError, ValueError):
            pass
    found = PracticeProfile.objects.filter(practice_id=patient.practice_id).values_list("timezone", flat=True)
    return found.first() or "America/New_York"


def may_send_at(patient: Patient, *, moment: datetime) -> datetime:
    """When a text or an automated call may go out: at once, or after the quiet hours where the patient lives.

    Rules ``contact.quiet_from`` and ``contact.quiet_until``; those of the patient's state first.
    """
    zone = zone_of(patient)
    day = moment.astimezone(ZoneInfo(zone)).date()
    begins, ends = (
        rule(code, on=day, jurisdiction=patient.state or None).value for code in (QUIET_FROM, QUIET_UNTIL)
    )
    return contact.next_moment(moment, begins=begins, ends=ends, zone=zone)  # type: ignore[arg-type]
