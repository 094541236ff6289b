"""Screens on the wall of a waiting room: a credential of their own, for one location and nothing else."""

from datetime import datetime

from django.db import models

from kit import clock
from kit.status import Status
from practice.models.people import Membership
from practice.models.place import Location
from practice.tenancy import TenantForeignKey, TenantModel


class WallDisplay(TenantModel):
    """A screen that shows one location's flow without names. Its address is its secret; only the hash is kept."""

    secret_columns = ("secret_hash",)
    takes_files = False

    name = models.CharField(max_length=80, help_text="Where it hangs")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64)
    made_by = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="displays")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Its address shows something."""
        return self.revoked_at is None and self.expires_at > clock.now()

    @property
    def standing(self) -> Status:
        """On, ended or too old."""
        if self.revoked_at is not None:
            return Status("Ended")
        return Status("On", "ok") if self.is_on else Status("Too old")

    @property
    def last_seen(self) -> datetime | None:
        """When it last looked, to the minute; from the selector's annotation."""
        return getattr(self, "seen_at", None)
