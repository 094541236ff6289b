"""The practice itself: a global row that is known before anyone signs in, and its tenant settings."""

from django.core.validators import RegexValidator
from django.db import models

from kit.ids import uuid7
from practice.tenancy import UUID7, TenantModel


class Practice(models.Model):
    """A tenant. Only what must be known before a practice is chosen: address and name."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    slug = models.CharField(
        max_length=40, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    )
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class PracticeProfile(TenantModel):
    """How a practice works: its zone, the hour of its night, its books' basis."""

    class Basis(models.TextChoices):
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"

    timezone = models.CharField(max_length=64, default="America/New_York")
    night_hour = models.PositiveSmallIntegerField(
        default=2, help_text="Local hour at which rollups run, 0-23"
    )
    books_basis = models.CharField(max_length=8, choices=Basis, default=Basis.ACCRUAL)
    idle_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="Sign-out after this many idle minutes"
    )
    setup_dismissed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When somebody put the guided set-up away"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_profile_per_practice"),
            models.CheckConstraint(condition=models.Q(night_hour__lte=23), name="night_hour_is_an_hour"),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__range=(5, 60)), name="idle_minutes_5_to_60"
            ),
        ]

    def __str__(self) -> str:
        return f"Settings ({self.timezone})"


class SequenceCounter(TenantModel):
    """The last number given out under a name: claim ids, interchange control numbers, record numbers.

    Taken under a row lock, so numbers are unique and rising and a rolled back one is given out again.
    """

    audit = ""  # transport: the numbers stand on the rows that use them

    name = models.CharField(max_length=80)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="one_counter_per_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
