"""What patients are found by while somebody types."""

from django.db import models

from patients.models.patient import Patient
from practice.tenancy import TenantForeignKey, TenantModel


class PatientWord(TenantModel):
    """A word that finds a patient: part of a name, a telephone, record or member number, in byte order.

    Triggers keep it (patients/search_sql.py); a prefix of it is a range that the index answers under row-level
    security.
    """

    audit = ""  # generated: the patient and the card it comes from are audited
    takes_files = takes_notes = False

    class Kind(models.TextChoices):
        NAME = "name", "Name"
        PHONE = "phone", "Telephone"
        NUMBER = "number", "Record number"
        MEMBER = "member", "Member ID"
        BORN = "born", "Birth date"

    patient = TenantForeignKey(Patient, models.CASCADE, related_name="words")
    kind = models.CharField(max_length=6, choices=Kind)
    word = models.CharField(max_length=60, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "kind", "word"], name="one_word_of_a_kind_per_patient"
            )
        ]
        indexes = [models.Index(fields=["practice", "kind", "word", "patient"], name="patients_by_word")]

    def __str__(self) -> str:
        return self.word
