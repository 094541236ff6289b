"""What plain records share."""

from django.db import models

from practice.tenancy import TenantModel


class Named(TenantModel):
    """A record that goes by its name, unique in the practice; it is switched off, not deleted, when it has served."""

    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="one_%(class)s_per_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
