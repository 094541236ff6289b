"""The Monday brief: what was said on each Monday, what people put aside, and who gets it by mail."""

from django.db import models

from kit.status import StatusChoices
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Brief(AppendOnlyModel):
    """One week's brief as it was made on its Monday; never made again."""

    week = models.DateField(help_text="Its Monday")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "week"], name="one_brief_per_week")]

    def __str__(self) -> str:
        return f"Brief of {self.week:%m/%d/%Y}"


class BriefEntry(AppendOnlyModel):
    """One line of a kept brief; ``failed`` ones say which area could not be checked."""

    class Severity(StatusChoices):
        BAD = "bad", "Urgent", "bad"
        WARN = "warn", "Soon", "warn"
        INFO = "info", "To know", "info"

    brief = TenantForeignKey(Brief, models.PROTECT, related_name="entries")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    area = models.CharField(max_length=60)
    sentence = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, blank=True, default="")
    severity = models.CharField(max_length=4, choices=Severity)
    permission = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True, default="")
    path = models.CharField(max_length=300, blank=True, default="", help_text="Below the practice's address")
    button = models.CharField(max_length=40, blank=True, default="")
    failed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "brief", "position"], name="one_brief_entry_per_place"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.sentence


class BriefMark(AppendOnlyModel):
    """A line that somebody put aside until a day, or took up again; the newest mark of a line holds."""

    class Act(models.TextChoices):
        SNOOZED = "snoozed", "Snoozed"
        DONE = "done", "Done"
        BACK = "back", "Back again"

    key = models.CharField(max_length=80)
    act = models.CharField(max_length=7, choices=Act)
    sentence = models.CharField(max_length=200, help_text="What the line said")
    until = models.DateField(null=True, blank=True, help_text="The day it comes back")
    reason = models.CharField(max_length=200, blank=True, default="")
    member = TenantForeignKey("practice.Membership", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["practice", "key", "-created_at"], name="marks_of_a_brief_line")]

    def __str__(self) -> str:
        return f"{self.key} {self.act}"


class BriefReader(TenantModel):
    """A member's choice to get the brief by mail on Mondays."""

    member = TenantForeignKey("practice.Membership", models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "member"], name="one_brief_choice_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {'by mail' if self.by_mail else 'on screen'}"


class BriefMail(AppendOnlyModel):
    """That a brief went out to a member, so that no retry sends it again."""

    brief = TenantForeignKey(Brief, models.PROTECT, related_name="mails")
    member = TenantForeignKey("practice.Membership", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "brief", "member"], name="one_brief_mail_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.brief} to {self.member}"
