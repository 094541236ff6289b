"""The only doors to requests for records and to what was released; how long a record is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from patients.models import Patient, RecordsRelease, RecordsRequest, RecordsStep
from patients.permissions import PatientPermission
from patients.rules import records as rules
from patients.selectors import patients, restricted
from patients.selectors.contact import of_age_on
from patients.selectors.merges import same_person
from practice.actor import Actor
from practice.contributions import gather
from practice.selectors.days import practice_today
from practice.selectors.letter_compose import main_site
from practice.services.rules import rule

SOON_DAYS = 7
YEARS, MINOR_YEARS = "records.retention_years", "records.retention_minor_years"
ACCOUNTING = "records.accounting_years"


def visible_to(actor: Actor) -> QuerySet[RecordsRequest]:
    """Requests about the patients the actor may see; those of a representative whose own record is hidden are not."""
    if not actor.may(PatientPermission.VIEW_RECORDS_REQUEST):
        return RecordsRequest.objects.none()
    found = RecordsRequest.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    found = restricted.visible(found, actor=actor, patient="representative__person", optional=True)
    return restricted.visible(found, actor=actor).select_related("patient")


def steps(actor: Actor) -> QuerySet[RecordsStep]:
    """The steps of those requests."""
    return RecordsStep.objects.filter(records_request__in=visible_to(actor))


def releases(actor: Actor) -> QuerySet[RecordsRelease]:
    """What was released of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_RECORDS_REQUEST):
        return RecordsRelease.objects.none()
    found = RecordsRelease.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    asker = "records_request__representative__person"
    found = restricted.visible(found, actor=actor, patient=asker, optional=True)
    return restricted.visible(found, actor=actor).select_related("patient", "records_request")


def still_open(queryset: QuerySet[RecordsRequest], *, actor: Actor) -> QuerySet[RecordsRequest]:
    """Not answered yet."""
    return queryset.filter(due_on__isnull=False)


def late(queryset: QuerySet[RecordsRequest], *, actor: Actor) -> QuerySet[RecordsRequest]:
    """The day by which they had to be answered is over."""
    return queryset.filter(due_on__lt=practice_today(actor))


def due_soon(queryset: QuerySet[RecordsRequest], *, actor: Actor) -> QuerySet[RecordsRequest]:
    """To be answered within a week, and not late."""
    today = practice_today(actor)
    return queryset.filter(due_on__gte=today, due_on__lte=today + timedelta(days=SOON_DAYS))


def search(queryset: QuerySet[RecordsRequest], *, text: str, actor: Actor) -> QuerySet[RecordsRequest]:
    """Those about the patients that a typed text means; releases too."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def released_from(patient: Patient, *, actor: Actor) -> list[RecordsRelease]:
    """Everything released of one person within the years of the accounting (45 CFR 164.528), the newest first.

    For whoever holds the patient and may read the access report: no further permission is asked.
    """
    today = practice_today(actor)
    since = rules.later(today, years=-int(rule(ACCOUNTING, on=today)))
    found = RecordsRelease.objects.filter(patient__in=same_person(patient), released_on__gte=since)
    return list(found.select_related("records_request").order_by("-released_on", "-id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The last day a record is kept, and by which law; ``until`` is None when the last care could not be asked."""

    until: date | None
    words: str


def retention(patient: Patient, *, actor: Actor) -> Retention:
    """How long a patient's record is kept: from the last care on file, by the law of the practice's state and by age.

    The last care is what rooms say by contributions of the kind "last_care"; registration, when there was none.
    """
    answers = gather("last_care", patient, actor=actor)
    if any(answer.failed for answer in answers):
        return Retention(until=None, words="The last visit could not be checked")
    last = max((answer.value for answer in answers if answer.value), default=patient.created_at.date())
    site = main_site()
    state = site.state if site and site.state else None
    years, minor = (rule(code, on=last, jurisdiction=state) for code in (YEARS, MINOR_YEARS))
    kept = rules.keep_until(
        last=last, years=int(years), of_age=of_age_on(patient, day=last), minor_years=int(minor)
    )
    return Retention(until=kept.until, words=(minor if kept.minor else years).citation)
