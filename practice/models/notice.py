"""Notifications: what somebody is told in the app and by mail, and how each person wants to be told."""

from django.db import models

from practice.tenancy import TenantForeignKey, TenantModel


class Notice(TenantModel):
    """One thing told to one member. Its words may name a patient: they are shown in the app and never mailed."""

    audit = ""  # transport: what it tells of is audited where it happened

    member = TenantForeignKey("practice.Membership", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    ref = TenantForeignKey("practice.RecordRef", models.CASCADE, null=True, blank=True, related_name="+")
    link = models.CharField(
        max_length=300, blank=True, default="", help_text="A page of the practice, without its address"
    )
    key = models.CharField(max_length=120, help_text="What is told once: the same key tells nobody twice")
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "member", "key"], name="one_notice_per_member_and_key"
            )
        ]
        indexes = [
            models.Index(fields=["practice", "member", "-id"], name="notices_of_a_member"),
            models.Index(
                fields=["practice", "member"],
                condition=models.Q(read_at=None, in_app=True),
                name="unread_notices",
            ),
            models.Index(
                fields=["practice", "member"],
                condition=models.Q(mailed_at=None, by_mail=True),
                name="notices_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeChoice(TenantModel):
    """How one member wants to be told of one kind; without a row the kind's own default holds."""

    member = TenantForeignKey("practice.Membership", models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "member", "kind"], name="one_choice_per_member_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind}"
