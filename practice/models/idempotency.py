"""Answers already given, so that a repeated request is answered, not repeated."""

from django.db import models

from practice.tenancy import TenantModel


class IdempotencyKey(TenantModel):
    """One keyed write of one actor: the hash of what was asked and the answer that was given. Kept 24 h."""

    audit = ""

    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "actor", "key"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return self.key
