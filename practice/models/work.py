"""What waits for somebody: one list across all apps."""

from django.db import models

from kit.status import StatusChoices
from practice.tenancy import TenantForeignKey, TenantModel


class RecordRef(TenantModel):
    """The only polymorphic link: a registered kind and the row's id, made by ``practice.services.refs``."""

    audit = ""

    kind = models.CharField(max_length=60)
    record_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "record_id"], name="one_ref_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class WorkItem(TenantModel):
    """Something to do, with its money and its deadline. Unique by kind and record while it is open."""

    class State(StatusChoices):
        OPEN = "open", "Open", "info"
        DONE = "done", "Done", "ok"
        DROPPED = "dropped", "Dropped", "muted"

    kind = models.CharField(max_length=60)
    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="work_items")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    permission = models.CharField(max_length=80, help_text="Who may see it: holders of this permission")
    owner = TenantForeignKey("practice.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "ref"],
                condition=models.Q(state="open"),
                name="one_open_item_per_record",
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on", "id"],
                condition=models.Q(state="open"),
                name="open_work_by_deadline",
            )
        ]

    def __str__(self) -> str:
        return self.title
