"""What people do with lists: views of their own, and one act on many records."""

from django.db import models

from kit.status import StatusChoices
from practice.encrypted import EncryptedField
from practice.models.people import Membership
from practice.tenancy import TenantForeignKey, TenantModel


class SavedListView(TenantModel):
    """A question to a list (filters, order, columns) under a name of one member's; shared: a tab for everyone."""

    member = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60, help_text="The Resource whose list it is")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, help_text="The address after its ?, without words of a search")
    shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False, help_text="Its owner's list opens with it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "member", "kind", "name"],
                name="one_saved_view_per_name",
                violation_error_message="You have a view of that name. Choose another name",
            ),
            models.UniqueConstraint(
                fields=["practice", "member", "kind"],
                condition=models.Q(is_default=True),
                name="one_default_view_per_list",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "kind"], condition=models.Q(shared=True), name="shared_views_of_a_list"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(TenantModel):
    """One act on many records: who asked for which action, with which answers, and when it was through."""

    secret_columns = ("answers",)
    page_name, page_argument = "practice:bulk", "bulk_id"

    kind = models.CharField(max_length=60, help_text="The Resource of the records")
    action = models.CharField(max_length=40)
    answers = EncryptedField(blank=True, default="", help_text="The form's answers; a reason may be personal")
    asked_by = models.CharField(max_length=60, help_text="The actor: user or token, and its id")
    member = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    total = models.PositiveIntegerField()
    job_id = models.UUIDField(null=True, blank=True, help_text="The background work that does it")
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.action}: {self.total} × {self.kind}"


class BulkItem(TenantModel):
    """What became of one record of a run: written in the transaction of the act itself, so nothing is done twice."""

    audit = ""  # the act is audited on the record it was done to

    class State(StatusChoices):
        WAITING = "waiting", "Waiting", "muted"
        DONE = "done", "Done", "ok"
        REFUSED = "refused", "Refused", "warn"

    run = TenantForeignKey(BulkRun, models.CASCADE, related_name="items")
    record_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "run", "record_id"], name="one_item_per_record_and_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.state}"
