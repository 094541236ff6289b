"""Files: evidence, reports, uploaded papers. The bytes lie encrypted outside the web root."""

from django.db import models

from kit.status import StatusChoices
from practice.tenancy import TenantForeignKey, TenantModel


class Attachment(TenantModel):
    """A stored file of a record: what it was called, what it is, and the hash of its bytes."""

    class Scan(StatusChoices):
        NOT_SCANNED = "not_scanned", "Not scanned", "muted"
        CLEAN = "clean", "Nothing found", "ok"

    ref = TenantForeignKey("practice.RecordRef", models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes, before encryption")
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=64)
    scan = models.CharField(
        max_length=11, choices=Scan, default=Scan.NOT_SCANNED, help_text="What the virus scanner said, if any"
    )
    note = models.CharField(max_length=200, blank=True, default="")
    added_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        indexes = [models.Index(fields=["practice", "ref"], name="attachment_of_record")]

    def __str__(self) -> str:
        return self.name
