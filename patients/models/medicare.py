"""Who pays before Medicare: what patients answered to the questions that 42 CFR 489.20(g) asks for."""

from django.db import models

from patients.models.patient import Patient
from practice.tenancy import AppendOnlyModel, TenantForeignKey


class MedicareAnswers(AppendOnlyModel):
    """One time the questionnaire was gone through, as a fact: the newest counts, for as long as a dated rule says.

    What follows from the answers is computed (``patients.rules.medicare``) by the rules of the day it is asked for.
    """

    class Entitled(models.TextChoices):
        AGE = "age", "Age 65 or over"
        DISABILITY = "disability", "Disability"
        KIDNEY = "kidney", "End-stage renal disease"

    class Job(models.TextChoices):
        NONE = "none", "None"
        OWN = "own", "The patient's own present job"
        SPOUSE = "spouse", "The spouse's present job"
        FAMILY = "family", "A family member's present job"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="medicare_answers")
    answered_on = models.DateField()
    answered_by = models.CharField(max_length=120, help_text="The patient, or who speaks for them")
    entitled_by = models.CharField("has Medicare by", max_length=10, choices=Entitled, default=Entitled.AGE)
    work_injury = models.BooleanField("because of an injury at work", default=False)
    accident = models.BooleanField("because of an accident somebody else pays for", default=False)
    other_program = models.BooleanField("paid by the VA or Black Lung program", default=False)
    group_plan_by = models.CharField("group health plan through", max_length=6, choices=Job, default=Job.NONE)
    employees = models.PositiveIntegerField("employees of that employer", null=True, blank=True)
    kidney_since = models.DateField("kidney entitlement since", null=True, blank=True)

    class Meta:
        verbose_name = "Medicare questionnaire"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(group_plan_by="none") | models.Q(employees__isnull=False),
                name="a_group_plan_has_its_employer",
            ),
            models.CheckConstraint(
                condition=~models.Q(entitled_by="kidney") | models.Q(kidney_since__isnull=False),
                name="kidney_entitlement_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "-answered_on"], name="medicare_answers_of_patient"),
            models.Index(fields=["practice", "-answered_on", "-id"], name="medicare_answers_newest"),
        ]

    def __str__(self) -> str:
        return f"Answers of {self.answered_by}"
