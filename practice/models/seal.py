"""The seal: one chain of digests per practice over every append-only row. Written by definer functions alone.

The chain of what belongs to no practice (people, their log-ins) has the practice ``GLOBAL_CHAIN``, which no
membership can ever name.
"""

import uuid

from django.db import models
from django.db.models.functions import Now

from kit.ids import uuid7
from practice.tenancy import (
    UUID7,
    AppendOnlyModel,
    CurrentTransaction,
    PracticeField,
    TenantForeignKey,
    TransactionIdField,
)

GLOBAL_CHAIN = uuid.UUID(int=0)
NOBODY_WRITES = "insert, update, delete"


class _SealModel(models.Model):
    audit = ""  # the chain guards itself
    revoked = NOBODY_WRITES

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    practice = PracticeField(db_constraint=False)

    class Meta:
        abstract = True


class AuditShape(_SealModel):
    """Which columns of a table a batch covers: a column that is added later does not break older digests."""

    table_name = models.CharField(max_length=63)
    columns = models.TextField(help_text="Quoted names, in the order in which they are digested")
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "table_name", "digest"], name="one_shape_per_columns")
        ]

    def __str__(self) -> str:
        return f"{self.table_name} ({self.columns})"


class AuditSeal(_SealModel):
    """One sealed batch: all rows of transactions from ``since`` up to, without, ``upto``."""

    number = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    since = TransactionIdField()
    upto = TransactionIdField()
    rows = models.BigIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_seal_per_number")]

    def __str__(self) -> str:
        return f"Batch {self.number}"


class AuditSealPart(_SealModel):
    """The rows of one table in a batch."""

    seal = TenantForeignKey(AuditSeal, models.PROTECT, related_name="parts")
    table_name = models.CharField(max_length=63)
    shape = TenantForeignKey(AuditShape, models.PROTECT, related_name="+")
    rows = models.BigIntegerField()
    digest = models.BinaryField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "seal", "table_name"], name="one_part_per_table")
        ]

    def __str__(self) -> str:
        return f"{self.table_name}: {self.rows}"


class AuditRetirement(_SealModel):
    """Rows of a batch that were removed because their time to be kept had passed. Sealed like any other row."""

    part = TenantForeignKey(AuditSealPart, models.PROTECT, related_name="retirements")
    years_kept = models.PositiveSmallIntegerField()
    rows = models.BigIntegerField()
    digest = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    tx = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "part"], name="one_retirement_per_part")]

    def __str__(self) -> str:
        return f"{self.rows} rows retired"


class AuditEpoch(models.Model):
    """A restore (or another break in the count of transactions). Rows written before it are of the one before."""

    number = models.PositiveIntegerField(primary_key=True)
    started_at = models.DateTimeField(
        help_text="No row of this epoch is older, none of the one before younger"
    )
    transaction = TransactionIdField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"Epoch {self.number}: {self.reason}"


class AuditVerification(AppendOnlyModel):
    """What a check of the practice's chain found."""

    batches = models.BigIntegerField()
    rows = models.BigIntegerField()
    seconds = models.DecimalField(max_digits=8, decimal_places=1)
    findings = models.PositiveIntegerField()
    first_finding = models.CharField(max_length=400, blank=True, default="")
    head = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "-created_at"], name="verifications_newest")]

    def __str__(self) -> str:
        return f"{self.batches} batches, {self.findings} findings"
