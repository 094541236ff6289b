"""Where a practice works."""

from django.db import models

from practice.models.named import Named
from practice.tenancy import TenantForeignKey, TenantModel


class Location(Named):
    """A site: its address, its time zone, and the place-of-service code its claims carry."""

    timezone = models.CharField(max_length=64, default="America/New_York")
    address_line = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField(max_length=10, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    npi = models.CharField(max_length=10, blank=True, default="")
    place_of_service = models.CharField(max_length=2, default="11", help_text="CMS place-of-service code")


class Room(TenantModel):
    """A room that a visit can take."""

    location = TenantForeignKey(Location, models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "location", "name"], name="one_room_per_name")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
