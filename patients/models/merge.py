"""Two records of one person made into one: what moved, which values were taken, and whether it was undone."""

from django.db import models

from kit.status import Status, StatusChoices
from patients.models.patient import Patient
from practice.encrypted import EncryptedField
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class PatientMerge(TenantModel):
    """A record (``gone``) made part of another (``kept``). Nothing is deleted: it can be undone as it was done."""

    kept = TenantForeignKey(Patient, models.PROTECT, related_name="merges")
    gone = TenantForeignKey(Patient, models.PROTECT, related_name="merged_away")
    reason = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="a_merge_is_of_two"),
            models.UniqueConstraint(
                fields=["practice", "gone"], condition=models.Q(undone_at=None), name="one_merge_per_record"
            ),
        ]
        indexes = [models.Index(fields=["practice", "kept"], name="merges_into_patient")]

    def __str__(self) -> str:
        return f"Record {self.gone.mrn} into {self.kept.mrn}"

    @property
    def standing(self) -> Status:
        """Whether it holds."""
        return Status("Merged", "ok") if self.undone_at is None else Status("Undone")

    @property
    def can_undo(self) -> bool:
        """Whether it holds still."""
        return self.undone_at is None


class MergeMove(AppendOnlyModel):
    """One row that pointed at the record that went: whether it moved, or was left where it was."""

    takes_files = takes_notes = False
    patient_path = "merge__kept_id"

    class Outcome(StatusChoices):
        MOVED = "moved", "Moved", "ok"
        LEFT = "left", "Left", "warn"

    merge = TenantForeignKey(PatientMerge, models.PROTECT, related_name="moves")
    model = models.CharField(max_length=60, help_text="Such as billing.claim")
    field = models.CharField(max_length=40)
    row_id = models.UUIDField()
    outcome = models.CharField(max_length=5, choices=Outcome)

    class Meta:
        indexes = [models.Index(fields=["practice", "merge", "model"], name="moves_of_merge")]

    def __str__(self) -> str:
        return f"{self.model}.{self.field}"


class MergeValue(TenantModel):
    """A value of the kept record that the merge changed: what stood there before, and what after, both encrypted."""

    takes_files = takes_notes = False
    secret_columns = ("before", "after")
    patient_path = "merge__kept_id"

    merge = TenantForeignKey(PatientMerge, models.PROTECT, related_name="values")
    field = models.CharField(max_length=40)
    before = EncryptedField(blank=True, default="")
    after = EncryptedField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "merge", "field"], name="one_value_per_merged_field")
        ]

    def __str__(self) -> str:
        return self.field
