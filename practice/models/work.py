"""What somebody must do by some date: one list across all apps, and what happened to each entry."""

from django.db import models
from django.db.models.functions import Lower

from kit.status import StatusChoices
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class RecordRef(TenantModel):
    """The only polymorphic link: a registered kind and the row's id, made by ``practice.services.refs``."""

    audit = ""

    kind = models.CharField(max_length=60)
    record_id = models.UUIDField()
    merged_from = models.UUIDField(
        null=True, blank=True, help_text="The record it was about before that one was merged into this one"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "record_id"],
                condition=models.Q(merged_from=None),
                name="one_ref_per_record",
            )
        ]
        indexes = [models.Index(fields=["practice", "kind", "record_id"], name="refs_of_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class WorkItem(TenantModel):
    """Something to do, with its money and its deadline.

    A person has it (``owner``), or a role's members may take it (``role``), or everybody with ``permission`` may.
    ``source_key`` says what it is about, so that a rule that runs again finds its own item: one is open at a time.
    A snoozed item is open and out of sight until its day.
    """

    page_name, page_argument = "practice:work_item", "item_id"

    class State(StatusChoices):
        OPEN = "open", "Open", "info"
        DONE = "done", "Done", "ok"
        DROPPED = "dropped", "Dropped", "muted"

    kind = models.CharField(max_length=60)
    source_key = models.CharField(max_length=160, default="", db_default="")
    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="work_items", null=True, blank=True)
    subject = TenantForeignKey(
        RecordRef,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="The patient it concerns",
    )
    title = models.CharField(max_length=200)
    title_lower = models.GeneratedField(
        expression=Lower("title"),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
    reason = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="Why it is here"
    )
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    due_on = models.DateField("due", null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    chance = models.PositiveSmallIntegerField(
        default=100, db_default=100, help_text="How likely the money is had by doing it, in percent"
    )
    permission = models.CharField(max_length=80, help_text="Who may see it: holders of this permission")
    owner = TenantForeignKey("practice.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    source_owner = TenantForeignKey(
        "practice.Membership", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Whom its source named last: a hand-over by hand stands until the source names somebody else",
    )  # fmt: skip
    role = TenantForeignKey("practice.Role", models.SET_NULL, null=True, blank=True, related_name="+")
    location = TenantForeignKey("practice.Location", models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = TenantForeignKey(
        "practice.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    snooze_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    escalated_to = TenantForeignKey("practice.Role", models.SET_NULL, null=True, blank=True, related_name="+")
    escalated_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantForeignKey(
        "practice.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_by_hand = models.BooleanField(
        default=False, db_default=False, help_text="A person closed it, not its source"
    )
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source_key"],
                condition=models.Q(state="open"),
                name="one_open_item_per_source",
                violation_error_message="This is on the list already",
            ),
            models.CheckConstraint(condition=models.Q(chance__lte=100), name="chance_is_a_percentage"),
            models.CheckConstraint(condition=~models.Q(source_key=""), name="work_has_a_source"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on", "id"],
                condition=models.Q(state="open"),
                name="open_work_by_deadline",
            ),
            models.Index(
                fields=["practice", "owner", "due_on"],
                condition=models.Q(state="open"),
                name="open_work_of_owner",
            ),
            models.Index(fields=["practice", "ref", "kind"], name="work_about_a_record"),
            models.Index(fields=["practice", "source_key", "-closed_at"], name="work_of_a_source"),
            models.Index(
                fields=["practice", "closed_by", "-closed_at"],
                condition=~models.Q(state="open"),
                name="work_done_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WorkEvent(AppendOnlyModel):
    """What somebody did with an item. The last word stands on the item; this is how it came about."""

    class Act(models.TextChoices):
        ASSIGNED = "assigned", "Assigned"
        SNOOZED = "snoozed", "Snoozed"
        WOKE = "woke", "Brought back"
        ESCALATED = "escalated", "Escalated"
        COMMENTED = "commented", "Commented"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"
        REOPENED = "reopened", "Reopened"

    item = TenantForeignKey(WorkItem, models.PROTECT, related_name="events")
    act = models.CharField(max_length=9, choices=Act)
    note = models.CharField(max_length=300, blank=True, default="")
    member = TenantForeignKey("practice.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=80, blank=True, default="", help_text="Its name that day")
    until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "item", "created_at"], name="events_of_a_work_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.act}"
