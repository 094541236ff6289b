"""Announcements: what everybody, some roles or some sites are to read, and who has."""

import uuid

from django.db import models

from kit.status import Status
from practice.models.people import Membership, Role
from practice.models.place import Location
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Announcement(TenantModel):
    """Its current words and days. ``asked_version`` is the version people are asked to have read."""

    takes_notes = False

    title = models.CharField(max_length=120)
    text = models.TextField()
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    must_confirm = models.BooleanField("must be confirmed", default=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    asked_version = models.PositiveSmallIntegerField(default=1, editable=False)
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
    def standing(self) -> Status:
        """In words."""
        return Status("Announced", "info") if self.is_standing else Status("Withdrawn")

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

    announcement = TenantForeignKey(Announcement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    material = models.BooleanField()
    by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "announcement", "number"], name="one_announcement_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class AnnouncementRole(TenantModel):
    """A role that an announcement is for. No rows: all of them."""

    announcement = TenantForeignKey(Announcement, models.CASCADE, related_name="role_links")
    role = TenantForeignKey(Role, models.CASCADE, related_name="+")

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
    location = TenantForeignKey(Location, models.CASCADE, related_name="+")

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
