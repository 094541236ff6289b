"""Reminders of visits, the addresses they carry, and what patients answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from kit import clock
from kit.status import Status, StatusChoices
from kit.words import counted, us_date, us_phone
from patients.models import Patient
from patients.models.contact import Channel
from practice.models import Membership
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from scheduling.models.visit import Appointment
from scheduling.models.waiting import WaitlistOffer
from scheduling.rules import BEFORE_ARRIVAL

MOST_HOURS = 24 * 60


class ReminderStep(TenantModel):
    """One step of the plan: which visits are reminded, how long before, by which channel, in which language.

    Steps for a kind of visit stand in for the general ones.
    """

    takes_files = False

    class Language(models.TextChoices):
        EN = "en", "English"
        ES = "es", "Spanish"

    type = TenantForeignKey(
        AppointmentType,
        models.CASCADE,
        related_name="+",
        verbose_name="visit type",
        null=True,
        blank=True,
        help_text="Empty: every kind that has no steps of its own",
    )
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.TEXT)
    hours_before = models.PositiveSmallIntegerField(
        "hours before", default=48, help_text="Hours before the visit begins"
    )
    language = models.CharField(
        max_length=2, choices=Language, blank=True, default="", help_text="Empty: the patient’s own"
    )
    unconfirmed_only = models.BooleanField("only while not confirmed", default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "type", "channel", "hours_before"],
                name="one_step_per_type_channel_and_hour",
                nulls_distinct=False,
                violation_error_message="There is such a step already.",
            ),
            models.CheckConstraint(
                condition=models.Q(hours_before__range=(1, MOST_HOURS)),
                name="a_reminder_goes_out_before_the_visit",
                violation_error_message="Enter 1 to 1,440 hours: sixty days at most.",
            ),
        ]
        ordering = ["-hours_before", "id"]

    def __str__(self) -> str:
        before = counted(self.hours_before, one="hour", many="hours")
        return f"{self.get_channel_display()}, {before} before"

    @property
    def of(self) -> str:
        """Which visits."""
        return str(self.type) if self.type is not None else "Every other kind"

    @property
    def standing(self) -> Status:
        """Whether it still reminds anybody."""
        return Status("In use", "ok") if self.is_active else Status("Switched off")


class Reminder(TenantModel):
    """One message about one visit: planned, then sent, failed or not sent, and why in words.

    It reminds of a visit by a step of the plan, or offers a held one to somebody who waits. ``visit_at`` is the time it
    is about: a visit that moves is reminded anew, and nothing is ever planned twice.
    """

    patient_path = "appointment__patient_id"
    takes_files = takes_notes = False

    class State(StatusChoices):
        PLANNED = "planned", "Planned", "info"
        SENDING = "sending", "Being sent", "info"
        SENT = "sent", "Sent", "ok"
        DELIVERED = "delivered", "Delivered", "ok"
        FAILED = "failed", "Failed", "bad"
        SUPPRESSED = "suppressed", "Not sent", "muted"

    class Why(models.TextChoices):
        NO_CONSENT = "no_consent", "No consent to texts"
        OPTED_OUT = "opted_out", "The patient opted out"
        NO_ADDRESS = "no_address", "No number or address to use"
        CANCELLED = "cancelled", "The visit does not stand any more"
        MOVED = "moved", "The visit was moved"
        CONFIRMED = "confirmed", "Confirmed already"
        OVER = "over", "Quiet hours or a delay until the visit began"
        DIED = "died", "The patient has died"
        SWITCHED_OFF = "switched_off", "The step was switched off"
        STOPPED = "stopped", "Stopped by hand"
        ANSWERED = "answered", "The offer was answered, or is over"
        NO_GATEWAY = "no_gateway", "No text gateway is set up"
        REFUSED = "refused", "It was not taken"
        UNREACHABLE = "unreachable", "It could not be handed over"
        UNDELIVERED = "undelivered", "It did not arrive"
        UNSURE = "unsure", "Interrupted while it was sent: it may have gone out"

    appointment = TenantForeignKey(
        Appointment, models.CASCADE, related_name="reminders", verbose_name="visit"
    )
    step = TenantForeignKey(ReminderStep, models.PROTECT, related_name="+", null=True, blank=True)
    offer = TenantForeignKey(
        WaitlistOffer,
        models.CASCADE,
        related_name="messages",
        verbose_name="time offered",
        null=True,
        blank=True,
    )
    visit_at = models.DateTimeField("visit", help_text="The time it is about")
    channel = models.CharField(max_length=5, choices=Channel)
    due_at = models.DateTimeField("goes out", help_text="After the quiet hours, when it is due in them")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField("why", max_length=12, choices=Why, blank=True, default="")
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="What was answered, or who stopped it"
    )
    address = models.CharField("to", max_length=254, blank=True, default="")
    reference = models.CharField(
        max_length=80, blank=True, default="", help_text="The gateway’s name for the message"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField("handed over", null=True, blank=True)
    delivered_at = models.DateTimeField("delivered", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "appointment", "step", "visit_at"], name="one_reminder_per_visit_and_step"
            ),
            models.UniqueConstraint(
                fields=["practice", "offer", "channel"],
                name="one_message_per_offer_and_channel",
                violation_error_message="This offer goes out that way already.",
            ),
            models.CheckConstraint(
                condition=models.Q(step=None, offer__isnull=False) | models.Q(step__isnull=False, offer=None),
                name="a_message_reminds_or_offers",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("failed", "suppressed")) | ~models.Q(reason=""),
                name="what_did_not_go_out_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_at", "id"],
                condition=models.Q(state__in=("planned", "sending")),
                name="reminders_due",
            ),
            models.Index(fields=["practice", "due_at", "state"], name="reminders_by_day"),
            models.Index(fields=["practice", "address", "visit_at"], name="reminders_to_an_address"),
            models.Index(
                fields=["practice", "reference"],
                condition=~models.Q(reference=""),
                name="reminders_by_reference",
            ),
        ]

    def __str__(self) -> str:
        word = "Text" if self.channel == Channel.TEXT else "E-mail"
        said = "about the visit" if self.offer_id is None else "that offers a visit"
        return f"{word} {said} of {us_date(self.appointment.local_day)}"

    @property
    def patient(self) -> Patient:
        """Whom it reminds."""
        found: Patient = self.appointment.patient
        return found

    @property
    def patient_id(self) -> UUID:
        """Their key, for work about it."""
        found: UUID = self.appointment.patient_id
        return found

    @property
    def location_id(self) -> UUID:
        """The visit's site."""
        found: UUID = self.appointment.location_id
        return found

    @property
    def said(self) -> str:
        """Why it failed or was not sent, with what was answered; '' while nothing is wrong."""
        return ": ".join(filter(None, (self.get_reason_display() if self.reason else "", self.note)))

    @property
    def sent_to(self) -> str:
        """The number or address as people read it."""
        return us_phone(self.address)

    @property
    def can_stop(self) -> bool:
        """It has not gone out."""
        return self.state == self.State.PLANNED

    @property
    def can_repeat(self) -> bool:
        """It did not go out, and what it is about still stands and is to come."""
        if self.state not in (self.State.FAILED, self.State.SUPPRESSED):
            return False
        if self.offer is not None:
            return bool(self.offer.can_be_answered)
        visit = self.appointment
        stands = visit.status in BEFORE_ARRIVAL and visit.starts_at == self.visit_at
        return stands and self.visit_at > clock.now()

    @property
    def last_moment(self) -> datetime:
        """When it is too late to go out: the visit begins, or the offer ends."""
        return self.visit_at if self.offer is None else self.offer.expires_at


class VisitLink(TenantModel):
    """An address that answers about one visit, as a message carries it. It shows practice and time, and ends with it.

    With ``offer`` it takes or declines a time that is held for somebody who waits.
    """

    secret_columns = ("secret_hash",)
    patient_path = "appointment__patient_id"
    takes_files = takes_notes = False

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="links", verbose_name="visit")
    offer = TenantForeignKey(
        WaitlistOffer,
        models.CASCADE,
        related_name="links",
        verbose_name="time offered",
        null=True,
        blank=True,
    )
    secret_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "appointment"], name="links_of_visit")]

    def __str__(self) -> str:
        return f"Link of {us_date(self.appointment.local_day)}"


class VisitReply(TenantModel):
    """What a patient answered, by text or by the link. A wish for a change waits for the desk; nothing is cancelled."""

    takes_files = takes_notes = False

    class Way(models.TextChoices):
        TEXT = "text", "Text message"
        LINK = "link", "Link"

    class Meaning(models.TextChoices):
        CONFIRM = "confirm", "Confirms"
        CANCEL = "cancel", "Cannot come"
        RESCHEDULE = "reschedule", "Asks for another time"
        TAKE = "take", "Takes the time offered"
        DECLINE = "decline", "Does not want the time offered"
        STOP = "stop", "Wants no texts"
        START = "start", "Wants texts again"
        OTHER = "other", "Something else"

    class State(StatusChoices):
        OPEN = "open", "Waiting", "warn"
        DONE = "done", "Done by itself", "ok"
        SETTLED = "settled", "Settled", "muted"

    appointment = TenantForeignKey(
        Appointment, models.CASCADE, related_name="replies", verbose_name="visit", null=True, blank=True
    )
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="+", null=True, blank=True)
    way = models.CharField("by", max_length=4, choices=Way)
    meaning = models.CharField(max_length=10, choices=Meaning)
    words = models.CharField(max_length=320, blank=True, default="")
    phone = models.CharField("telephone", max_length=20, blank=True, default="")
    reference = models.CharField(
        max_length=80, blank=True, default="", help_text="The gateway’s name for the message"
    )
    received_at = models.DateTimeField("received")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=200, blank=True, default="")
    settled_at = models.DateTimeField("settled", null=True, blank=True)
    settled_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "reference"],
                condition=~models.Q(reference=""),
                name="one_reply_per_message",
            )
        ]
        indexes = [models.Index(fields=["practice", "state", "received_at"], name="replies_by_state")]

    def __str__(self) -> str:
        return f"{self.get_meaning_display()}, {us_date(self.received_at.date())}"

    @property
    def location_id(self) -> UUID | None:
        """The visit's site, if the visit is known."""
        visit: Any = self.appointment
        return visit.location_id if visit is not None else None

    @property
    def is_open(self) -> bool:
        """Somebody at the desk has to act."""
        return self.state == self.State.OPEN
