"""Where patients come from: sources the practice counts, and the providers elsewhere who refer them."""

from django.db import models
from django.db.models.functions import Lower

from practice.models.named import Named
from practice.tenancy import TenantModel


class ReferralSource(Named):
    """How a patient found the practice ("Website", "A friend"): what marketing counts."""


class ReferringProvider(TenantModel):
    """A provider of another practice, who sends patients here or whom patients are sent to."""

    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    credential = models.CharField(max_length=20, blank=True, help_text="Letters after the name, such as MD")
    npi = models.CharField("NPI", max_length=10, blank=True, help_text="Ten digits; a claim needs it")
    specialty = models.CharField(max_length=80, blank=True)
    organization = models.CharField("practice", max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address_line = models.CharField("street and number", max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField("ZIP code", max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    last_name_key = models.GeneratedField(
        expression=Lower("last_name"),
        output_field=models.CharField(max_length=60, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "npi"],
                condition=~models.Q(npi=""),
                name="one_referring_provider_per_npi",
                violation_error_message="A referring provider with this NPI is on file already.",
            )
        ]
        indexes = [models.Index(fields=["practice", "last_name_key", "id"], name="referring_by_name")]

    def __str__(self) -> str:
        return f"{self.last_name}, {self.first_name}{f', {self.credential}' if self.credential else ''}"
