from django.db import models
from django.db.models.functions import Lower

from kit.ids import uuid7
from kit.status import StatusChoices


class State(StatusChoices):
    NEW = "new", "New", "info"
    SOUND = "sound", "Sound", "ok"
    BROKEN = "broken", "Broken", "bad"


class Maker(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice = models.CharField(max_length=20)
    name = models.CharField(max_length=60)

    def __str__(self):
        return self.name


class Toy(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_lower = models.GeneratedField(
        expression=Lower("name"), output_field=models.CharField(max_length=60), db_persist=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    maker = models.ForeignKey(Maker, models.PROTECT, null=True, blank=True, related_name="toys")
    bought = models.DateField(null=True, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    safe = models.BooleanField(default=True)
    secret = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0) | models.Q(price=None),
                name="no_negative_price",
                violation_error_message="Enter a price of zero or more",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def can_break(self):
        return self.state != State.BROKEN

    @property
    def made_by(self):
        return self.maker.name if self.maker else None
