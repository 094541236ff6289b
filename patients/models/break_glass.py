"""Restricted records opened in need: by whom, why, until when, and what a review found."""

from datetime import datetime

from django.db import models

from kit.status import Status, StatusChoices
from patients import rules
from patients.models.patient import Patient
from practice.models import Membership
from practice.tenancy import AppendOnlyModel, TenantForeignKey


class BreakGlass(AppendOnlyModel):
    """A restricted record opened in need by one member, for a while. What was seen stands in the read log."""

    class Reason(models.TextChoices):
        CARE = "care", "The patient needs care now"
        DESK = "desk", "The patient is here or on the telephone"
        BILLING = "billing", "A claim or payment must be worked"
        REQUEST = "request", "The patient or their representative asked for something"
        LAW = "law", "A law or a court asks for it"

    membership = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="openings")
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="opening_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["practice", "membership", "ends_at"], name="openings_of_a_member")]

    def __str__(self) -> str:
        return f"Restricted record opened by {self.membership}"

    @property
    def patient_shown(self) -> str:
        """The patient's name as whoever asks may read it (from the selector's annotation)."""
        return getattr(self, "shown_name", rules.HIDDEN_NAME)

    @property
    def look_count(self) -> int:
        """How often something was looked at under it (from the selector's annotation)."""
        return getattr(self, "looks", 0)

    @property
    def ended_at(self) -> datetime:
        """When it was closed, else when its time is over."""
        closing = next(iter(self.closings.all()), None)
        return closing.created_at if closing else self.ends_at

    @property
    def is_waiting(self) -> bool:
        """Nobody has reviewed it."""
        return not list(self.reviews.all())

    @property
    def review(self) -> Status:
        """What the review found."""
        done = next(iter(self.reviews.all()), None)
        return Status(done.found.label, done.found.tone) if done else Status("To review", "warn")

    @property
    def review_note(self) -> str:
        """What the reviewer wrote, and who that was."""
        done = next(iter(self.reviews.all()), None)
        return f"{done.reviewer}: {done.note or 'no note'}" if done else ""


class BreakGlassClosing(AppendOnlyModel):
    """An opened record closed by its opener before its time."""

    grant = TenantForeignKey(BreakGlass, models.PROTECT, related_name="closings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "grant"], name="one_closing_per_opening")]

    def __str__(self) -> str:
        return f"{self.grant}, closed"


class BreakGlassReview(AppendOnlyModel):
    """What the privacy officer found about an opened record."""

    class Outcome(StatusChoices):
        JUSTIFIED = "justified", "Justified", "ok"
        EXPLAINED = "explained", "Justified after asking", "info"
        UNJUSTIFIED = "unjustified", "Not justified", "bad"

    grant = TenantForeignKey(BreakGlass, models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=11, choices=Outcome)
    note = models.CharField(max_length=300, blank=True, default="")
    reviewer = TenantForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "grant"], name="one_review_per_opening")]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def found(self) -> Outcome:
        """The outcome with its tone."""
        return self.Outcome(self.outcome)
