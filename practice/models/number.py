"""How a practice writes its numbers: letters in front, the year, how many digits."""

from django.db import models

from practice.tenancy import TenantModel


class NumberSeries(TenantModel):
    """A practice's own format of a series that an app declares in ``<app>/numbers.py``. Numbers given stay as given."""

    code = models.CharField(max_length=60)
    prefix = models.CharField(
        max_length=6, blank=True, default="", help_text="Up to six letters that stand in front"
    )
    yearly = models.BooleanField(
        "begins again each year",
        default=False,
        help_text="The year stands in the number, and each year begins at 1",
    )
    width = models.PositiveSmallIntegerField(
        "digits", default=1, help_text="Shorter numbers are filled up with zeros"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="one_format_per_series"),
            models.UniqueConstraint(
                fields=["practice", "prefix"],
                condition=~models.Q(prefix=""),
                name="one_series_per_prefix",
                violation_error_message="Another series has these letters",
            ),
            models.CheckConstraint(
                condition=models.Q(prefix__regex=r"^[A-Z]{0,6}$"),
                name="prefix_is_letters",
                violation_error_message="Letters A to Z only",
            ),
            models.CheckConstraint(condition=models.Q(width__range=(1, 8)), name="width_1_to_8"),
        ]

    def __str__(self) -> str:
        return self.code
