"""What somebody typed and has not saved yet, kept so that an idle sign-out loses nothing."""

from django.db import models
from django.utils import timezone

from practice.encrypted import EncryptedField
from practice.tenancy import TenantForeignKey, TenantModel


class Draft(TenantModel):
    """The unsaved entries of one member in one form. Ciphertext; only that member gets it back."""

    audit = ""  # nobody disputes what was never saved, and the trail would keep every keystroke

    membership = TenantForeignKey("practice.Membership", models.CASCADE, related_name="+")
    form = models.CharField(max_length=300)
    entries = EncryptedField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "membership", "form"], name="one_draft_per_form")
        ]

    def __str__(self) -> str:
        return self.form
