"""Keep what patients answered about who pays before Medicare."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from kit.errors import DomainError
from patients.models import MedicareAnswers, Patient
from patients.permissions import PatientPermission
from practice.actor import Actor
from practice.selectors.days import practice_today

Entitled, Job = MedicareAnswers.Entitled, MedicareAnswers.Job


@transaction.atomic
def answer(
    *,
    patient: Patient,
    actor: Actor,
    answered_by: str = "",
    answered_on: date | None = None,
    entitled_by: str = Entitled.AGE,
    work_injury: bool = False,
    accident: bool = False,
    other_program: bool = False,
    group_plan_by: str = Job.NONE,
    employees: int | None = None,
    kidney_since: date | None = None,
) -> MedicareAnswers:
    """One time the questionnaire was gone through, today or on an earlier day; answers are never changed.

    Raises DomainError at the field for a day to come, a plan without the size of its employer, kidney entitlement
    without its day.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    today = practice_today(actor)
    day = answered_on or today
    if day > today:
        raise DomainError("Enter a day on or before today.", field="answered_on")
    if group_plan_by != Job.NONE and not employees:
        raise DomainError(
            "Enter how many people that employer has: it decides who pays first.", field="employees"
        )
    if entitled_by == Entitled.KIDNEY and kidney_since is None:
        raise DomainError("Enter since when Medicare is paid for kidney disease.", field="kidney_since")
    if kidney_since is not None and kidney_since > day:
        raise DomainError("Enter a day on or before the day of the answers.", field="kidney_since")
    return MedicareAnswers.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        answered_on=day,
        answered_by=" ".join(answered_by.split()) or str(patient),
        entitled_by=entitled_by,
        work_injury=work_injury,
        accident=accident,
        other_program=other_program,
        group_plan_by=group_plan_by,
        employees=employees if group_plan_by != Job.NONE else None,
        kidney_since=kidney_since if entitled_by == Entitled.KIDNEY else None,
    )
