"""Announcements: what everybody, some roles or some sites are to read, and who has."""

import uuid
from datetime import date

from django.db import models
from django.db.models.functions import Lower

from kit import clock
from kit.status import Status
from practice.models.people import Membership, Role
from practice.models.place import Location
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Announcement(TenantModel):
    """Its current words and days. ``asked_version`` is the version people are asked to have read."""

    takes_notes = False

    title = models.CharField(max_length=120)
    title_lower = models.GeneratedField(
        expression=Lower("title"),
        output_field=models.CharField(max_length=120, db_collation="C"),
        db_persist=True,
    )
    text = models.TextField()
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    must_confirm = models.BooleanField("must be confirmed", default=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    asked_version = models.PositiveSmallIntegerField("version that must be read", default=1, editable=False)
    author = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="an_announcement_ends_after_it_begins",
                violation_error_message="Enter a last day that is not before the first",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_version__lte=models.F("version")), name="asked_for_what_there_is"
            ),
        ]
        indexes = [models.Index(fields=["practice", "from_on", "id"], name="announcements_by_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_standing(self) -> bool:
        """It was not withdrawn."""
        return self.withdrawn_at is None

    @property
    def day(self) -> date:
        """The practice's day on which the selector has read it."""
        seen: date | None = getattr(self, "seen_on", None)
        return seen or clock.now().date()

    @property
    def is_shown(self) -> bool:
        """It has begun, has not ended and was not withdrawn: people see it."""
        ended = self.until_on is not None and self.until_on < self.day
        return self.is_standing and self.from_on <= self.day and not ended

    @property
    def standing(self) -> Status:
        """Where it is between its first day and its last."""
        if not self.is_standing:
            return Status("Withdrawn")
        if self.is_shown:
            return Status("Announced", "ok")
        return Status("Planned", "info") if self.from_on > self.day else Status("Ended")

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()

    @property
    def asks(self) -> str:
        """What it wants of its readers."""
        return "Confirm" if self.must_confirm else "Read"

    @property
    def receivers(self) -> str:
        """Whom it is for, in words."""
        roles = [link.role.name for link in self.role_links.all()]
        sites = [link.location.name for link in self.location_links.all()]
        named = (roles, sites)
        return " · ".join(", ".join(sorted(names)) for names in named if names) or "Everybody"

    @property
    def roles(self) -> list[uuid.UUID]:
        """Ids of the roles it is for; none means all."""
        return [link.role_id for link in self.role_links.all()]

    @property
    def locations(self) -> list[uuid.UUID]:
        """Ids of the sites it is for; none means all."""
        return [link.location_id for link in self.location_links.all()]


class AnnouncementVersion(AppendOnlyModel):
    """The words of one version, as people read them. ``material``: everybody was asked to read again."""

    takes_files = takes_notes = False

    announcement = TenantForeignKey(Announcement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    material = models.BooleanField("asks again")
    by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "announcement", "number"], name="one_announcement_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()


class AnnouncementRole(TenantModel):
    """A role that an announcement is for. No rows: all of them."""

    announcement = TenantForeignKey(Announcement, models.CASCADE, related_name="role_links")
    role = TenantForeignKey(Role, models.PROTECT, related_name="+")  # gone, it would be for everybody

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "announcement", "role"], name="one_role_link_per_announcement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement} for {self.role}"


class AnnouncementLocation(TenantModel):
    """A site that an announcement is for. No rows: all of them."""

    announcement = TenantForeignKey(Announcement, models.CASCADE, related_name="location_links")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "announcement", "location"], name="one_site_link_per_announcement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement} at {self.location}"


class AnnouncementReceipt(AppendOnlyModel):
    """A member has read a version; ``confirmed`` when it asked for that."""

    takes_files = takes_notes = False

    announcement = TenantForeignKey(Announcement, models.PROTECT, related_name="receipts")
    member = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    confirmed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "announcement", "member", "version"], name="one_receipt_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} read {self.announcement}"
