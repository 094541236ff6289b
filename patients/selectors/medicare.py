"""Reads about who pays before Medicare: the answers, how long they count, what they decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from kit.words import us_date
from patients.models import Case, Coverage, MedicareAnswers, Patient
from patients.permissions import PatientPermission
from patients.rules import medicare
from patients.selectors import patients, restricted
from patients.selectors.coverages import coverages_on
from practice.actor import Actor
from practice.models import Payer
from practice.selectors.days import practice_today
from practice.services.rules import rule

MEDICARE = (Payer.Kind.MEDICARE, Payer.Kind.MEDICARE_ADVANTAGE)


def visible_to(actor: Actor) -> QuerySet[MedicareAnswers]:
    """Answers of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return MedicareAnswers.objects.none()
    found = MedicareAnswers.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("patient")


def search(queryset: QuerySet[MedicareAnswers], *, text: str, actor: Actor) -> QuerySet[MedicareAnswers]:
    """Answers of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def outdated(queryset: QuerySet[MedicareAnswers], *, actor: Actor) -> QuerySet[MedicareAnswers]:
    """Those that no longer count."""
    today = practice_today(actor)
    return queryset.filter(answered_on__lt=today - timedelta(days=_days(today)))


def latest(patient: Patient, *, day: date) -> MedicareAnswers | None:
    """The newest answers up to a day, also those given under a record that was merged into this one."""
    mine = Q(patient=patient) | Q(patient__merged_into=patient)
    found = MedicareAnswers.objects.filter(mine, answered_on__lte=day)
    return found.order_by("-answered_on", "-created_at", "-id").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known about Medicare's place on a day. ``words`` say it; ``warn``: somebody should do something.

    ``first``: whether Medicare is billed first; None when it must be asked.
    """

    first: bool | None
    words: str
    warn: bool


def order_on(patient: Patient, *, day: date, case: Case | None = None) -> Order | None:
    """Where Medicare stands in a case on a day, held against the order on file. None for who has no Medicare then.

    It warns and never blocks: the order on file is what is billed until somebody changes it.
    """
    held = coverages_on(patient, day=day)
    card = next((each for each in held if each.payer.kind in MEDICARE), None)
    if card is None:
        return None
    kind = case.kind if case is not None else Case.Kind.MEDICAL
    if decided := medicare.in_case(kind):
        return Order(first=False, words=f"Medicare is billed second: {decided.reason}.", warn=False)
    answers = latest(patient, day=day)
    if answers is None:
        return Order(first=None, words="Ask the Medicare questionnaire: it was never answered.", warn=True)
    until = medicare.valid_until(answers.answered_on, days=_days(day))
    if until < day:
        words = f"Ask the Medicare questionnaire again: the answers counted until {us_date(until)}."
        return Order(first=None, words=words, warn=True)
    return _held_against(_decided(answers, day=day), held=held, card=card, until=until)


def _held_against(
    decided: medicare.Decision, *, held: Sequence[Coverage], card: Coverage, until: date
) -> Order:
    """What the answers say beside what is on file."""
    reason = f"{decided.reason} (answers count until {us_date(until)})"
    on_file_first = held[0] == card
    if decided.medicare_first == on_file_first:
        place = "first" if decided.medicare_first else "second"
        return Order(first=decided.medicare_first, words=f"Medicare is billed {place}: {reason}.", warn=False)
    if decided.medicare_first:
        words = f"Medicare should be billed first, and {held[0].payer} is on file before it: {reason}."
    else:
        words = f"Another plan should be billed before Medicare, which is first on file: {reason}."
    return Order(first=decided.medicare_first, words=words, warn=True)


def _decided(answers: MedicareAnswers, *, day: date) -> medicare.Decision:
    given = medicare.Answers(
        entitled_by=answers.entitled_by,
        work_injury=answers.work_injury,
        accident=answers.accident,
        other_program=answers.other_program,
        group_plan_by=answers.group_plan_by,
        employees=answers.employees or 0,
        kidney_since=answers.kidney_since,
    )
    limits = medicare.Limits(
        age_employees=int(rule("medicare.age_employees", on=day)),
        disability_employees=int(rule("medicare.disability_employees", on=day)),
        kidney_months=int(rule("medicare.kidney_months", on=day)),
    )
    return medicare.decide(given, day=day, limits=limits)


def _days(day: date) -> int:
    return int(rule("medicare.answers_days", on=day))
