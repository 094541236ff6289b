"""Secrets that let somebody in: invitations, API tokens, and the one look-up that finds their practice."""

import uuid
from datetime import datetime

from django.db import models

from kit import clock
from kit.status import Status
from practice.models.people import Membership, Role
from practice.tenancy import TenantForeignKey, TenantModel


class ApiToken(TenantModel):
    """A REST client's key. Only its hash is kept; it acts with the permissions of its role."""

    secret_columns = ("token_hash",)
    takes_files = False

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64)
    role = TenantForeignKey(Role, models.PROTECT, related_name="+")
    membership = TenantForeignKey(Membership, models.PROTECT, related_name="tokens", null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    successor = TenantForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The token that replaced it; it lives on for some hours, so that its client can change over",
    )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_live(self) -> bool:
        """Whether it opens anything."""
        ended = self.membership is not None and self.membership.ended_at is not None
        return self.revoked_at is None and not ended and self.expires_at > clock.now()

    @property
    def begins(self) -> str:
        """The start of it, by which a client's owner knows it again."""
        return f"{self.prefix}…"

    @property
    def standing(self) -> Status:
        """Live, replaced and about to end, expired or revoked."""
        if self.revoked_at is not None:
            return Status("Revoked")
        if not self.is_live:
            return Status("Expired")
        return Status("Replaced", "warn") if self.successor_id else Status("Live", "ok")

    @property
    def last_in(self) -> datetime | None:
        """When it was last used, to the minute; from the selector's annotation."""
        return getattr(self, "used_at", None)


class Invitation(TenantModel):
    """An offer to one e-mail address to become a member, until it is accepted, withdrawn or too old."""

    secret_columns = ("secret_hash",)

    email = models.EmailField(help_text="In lower case")
    name = models.CharField(max_length=120, blank=True, default="")
    invited_by = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    secret_hash = models.CharField(max_length=64, blank=True, default="", help_text="Empty until mailed")
    sends = models.PositiveSmallIntegerField(default=0, help_text="How often it was asked to be mailed")
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    membership = TenantForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who came in by it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_email",
                violation_error_message="This address is invited already. Send that invitation again.",
            )
        ]
        indexes = [models.Index(fields=["practice", "-created_at"], name="invitation_newest")]

    def __str__(self) -> str:
        return self.email

    @property
    def roles(self) -> list[uuid.UUID]:
        """Ids of the roles that come with it."""
        return [link.role_id for link in self.role_links.all()]

    @property
    def locations(self) -> list[uuid.UUID]:
        """Ids of the sites that come with it; none means all."""
        return [link.location_id for link in self.location_links.all()]

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(sorted(link.role.name for link in self.role_links.all()))

    @property
    def site_names(self) -> str:
        """The sites in words."""
        return ", ".join(sorted(link.location.name for link in self.location_links.all())) or "All sites"

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be sent again or withdrawn."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def standing(self) -> Status:
        """Accepted, withdrawn, expired, mailed or about to be."""
        if self.accepted_at is not None:
            return Status("Accepted", "ok")
        if self.revoked_at is not None:
            return Status("Withdrawn")
        if self.expires_at <= clock.now():
            return Status("Expired", "warn")
        return Status("Mailed", "info") if self.sent_at else Status("Being mailed", "info")


class InvitationRole(TenantModel):
    """A role that comes with an invitation."""

    invitation = TenantForeignKey(Invitation, models.CASCADE, related_name="role_links")
    role = TenantForeignKey(Role, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "invitation", "role"], name="one_role_link_per_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation} as {self.role}"


class InvitationLocation(TenantModel):
    """A site that comes with an invitation. No rows: all sites."""

    invitation = TenantForeignKey(Invitation, models.CASCADE, related_name="location_links")
    location = TenantForeignKey("practice.Location", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "invitation", "location"], name="one_site_link_per_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation} at {self.location}"


class LastUse(TenantModel):
    """When a member, token or display last came in: to the minute, and no dispute, so without a trail."""

    audit = ""

    row_id = models.UUIDField(help_text="Of the membership, token or display")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "row_id"], name="one_last_use_per_row")]

    def __str__(self) -> str:
        return str(self.row_id)


class TokenLookup(models.Model):
    """A secret's SHA-256 to its practice and row: what must be known before a practice is.

    Global, and therefore without a key to the tenant row. A row here opens nothing by itself: the tenant row
    says whether it still lives.
    """

    class Kind(models.TextChoices):
        TOKEN = "token", "API token"
        INVITATION = "invitation", "Invitation"
        DISPLAY = "display", "Wall display"
        LINK = "link", "Public link"
        LETTER = "letter", "Letter online"
        VISIT = "visit", "Answer to a reminder"
        CALENDAR = "calendar", "Calendar feed"
        CONSENT = "consent", "Consent to sign"

    secret_hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TOKEN)
    practice = models.ForeignKey("practice.Practice", models.CASCADE, related_name="+", db_index=False)
    row_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["practice", "row_id"], name="secrets_of_a_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
