"""What was changed and what was read. Written by the database, never edited."""

from django.db import models
from django.db.models.functions import Now

from kit.ids import uuid7
from practice.tenancy import (
    UUID7,
    AppendOnlyModel,
    CurrentTransaction,
    PracticeField,
    Setting,
    TenantForeignKey,
    TransactionIdField,
)


class AuditChange(models.Model):
    """One changed row: only the columns that changed, old and new. Inserted by the ``audit_row`` trigger alone."""

    audit = ""
    revoked = "insert, update, delete"

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    practice = PracticeField(db_constraint=False)
    table_name = models.CharField(max_length=63)
    row_id = models.UUIDField()
    action = models.CharField(max_length=1)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    actor = models.TextField(db_default=Setting("app.actor"))
    request_id = models.TextField(db_default=Setting("app.request_id"))
    at = models.DateTimeField(db_default=Now())
    tx = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "table_name", "row_id", "at"], name="changes_of_a_record"),
            # A bulk load writes as a job: only what people and clients did is looked for by who did it.
            models.Index(
                fields=["practice", "actor", "id"],
                condition=models.Q(actor__gte="token:", actor__lt="user;"),
                name="changes_by_somebody",
            ),
            models.Index(fields=["practice", "table_name", "id"], name="changes_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_id}"


class AuditGlobal(models.Model):
    """What belongs to no practice: changed people, and how they came in and went (``event``).

    The app role can neither read nor write it but through definer functions; it holds no typed text.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    table_name = models.CharField(max_length=63)
    row_id = models.UUIDField(null=True, help_text="The person; none where nobody of that name is known")
    action = models.CharField(max_length=1, db_default="")
    columns = models.JSONField(help_text="Names of the changed columns, no values")
    actor = models.TextField(db_default=Setting("app.actor"))
    at = models.DateTimeField(db_default=Now())
    event = models.CharField(max_length=40, db_default="")
    detail = models.CharField(max_length=80, db_default="", help_text="Kind of factor, or a keyed hash")
    address = models.GenericIPAddressField(null=True)
    request_id = models.TextField(db_default=Setting("app.request_id"))
    tx = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["row_id", "-id"], name="global_of_a_person"),
            models.Index(fields=["tx"], name="practice_auditglobal_tx"),
        ]

    def __str__(self) -> str:
        return f"{self.event or self.action} {self.table_name} {self.row_id}"


class AuditAccess(AppendOnlyModel):
    """One page view, search, export, print or refusal."""

    class Action(models.TextChoices):
        VIEW = "view", "viewed"
        SEARCH = "search", "searched"
        EXPORT = "export", "exported"
        PRINT = "print", "printed"
        REFUSED = "refused", "was refused"

    action = models.CharField(max_length=8, choices=Action)
    what = models.CharField(max_length=120)
    path = models.CharField(max_length=300)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "-created_at"], name="access_newest"),
            models.Index(fields=["practice", "created_by", "-created_at"], name="access_by_somebody"),
            models.Index(fields=["practice", "action", "-created_at"], name="access_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.what}"


class AuditAccessPatient(AppendOnlyModel):
    """Whose data a page showed. The patient's id without a key: the log outlives the record."""

    access = TenantForeignKey(AuditAccess, models.PROTECT, related_name="patients")
    patient_id = models.UUIDField()
    grant_id = models.UUIDField(null=True, help_text="The break-glass grant that opened the record")

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id", "-created_at"], name="access_of_a_patient"),
            models.Index(fields=["practice", "access"], name="patients_of_an_access"),
            models.Index(
                fields=["practice", "grant_id", "created_at"],
                condition=models.Q(grant_id__isnull=False),
                name="access_under_a_grant",
            ),
        ]

    def __str__(self) -> str:
        return str(self.patient_id)
