"""Letters: templates with their published versions, each letter as it was written, and everything done with it."""

from __future__ import annotations

from django.db import models

from kit import clock
from kit.status import Status, StatusChoices
from practice.encrypted import EncryptedField
from practice.models.attachment import Attachment
from practice.models.people import Membership
from practice.models.work import RecordRef
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Language(models.TextChoices):
    """What a letter is written in."""

    EN = "en", "English"
    ES = "es", "Spanish"


def shown_lines(text: str) -> list[str]:
    """A text line by line; an empty one keeps its height."""
    return [line or "\u00a0" for line in text.split("\n")]


class Letterhead(TenantModel):
    """What stands above and below every letter beside the practice's name and the site's address."""

    logo = TenantForeignKey(Attachment, models.PROTECT, related_name="+", null=True, blank=True)
    foot = models.CharField(max_length=200, blank=True, default="", help_text="A line at the foot")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="one_letterhead_per_practice")]

    def __str__(self) -> str:
        return "Letterhead"


class LetterTemplate(TenantModel):
    """A letter to be written again and again, about one kind of record. ``subject`` and ``body`` are its draft:
    what letters use are its published versions. Variants of a language share the ``code``.
    """

    code = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=60, help_text="The kind of record it is about")
    language = models.CharField(max_length=2, choices=Language, default=Language.EN)
    without_phi = models.BooleanField(
        "nothing personal",
        default=False,
        help_text="Says nothing about anybody's health, care or bills: may be e-mailed in full",
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    version = models.PositiveSmallIntegerField(default=0, help_text="The newest published one, 0 for none")
    is_changed = models.BooleanField(
        "unpublished draft", default=True, help_text="The draft says something else than that version"
    )
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code", "language"],
                name="one_template_per_code_and_language",
                violation_error_message="There is a template of this code in this language.",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name if self.language == Language.EN else f"{self.name} ({self.get_language_display()})"

    @property
    def lines(self) -> list[str]:
        """The draft line by line."""
        return shown_lines(self.body)

    @property
    def about(self) -> str:
        """The noun of the kind of record, as people say it."""
        from practice.letter_subjects import subjects

        known = subjects().get(self.kind)
        return known.label.capitalize() if known else self.kind

    @property
    def standing(self) -> Status:
        """Draft, published, published with a changed draft, or retired."""
        if self.retired_on is not None:
            return Status("Retired")
        if not self.version:
            return Status("Draft", "info")
        return Status("Draft changed", "warn") if self.is_changed else Status("Published", "ok")

    @property
    def can_publish(self) -> bool:
        """There is something new to publish."""
        return self.retired_on is None and self.is_changed

    @property
    def can_retire(self) -> bool:
        """It can still be used."""
        return self.retired_on is None

    @property
    def can_reuse(self) -> bool:
        """It was retired."""
        return self.retired_on is not None


class LetterVersion(AppendOnlyModel):
    """What a template said when it was published: never changed, by nobody. The newest in force on a day is used."""

    takes_files = False

    template = TenantForeignKey(LetterTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    without_phi = models.BooleanField()
    effective_from = models.DateField()
    published_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "template", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"

    @property
    def lines(self) -> list[str]:
        """The body line by line."""
        return shown_lines(self.body)


class LetterBatch(TenantModel):
    """Letters that were printed together: one PDF, marked as posted with its day."""

    patient_path = "letters__patient_id"
    page_name, page_argument = "practice:print_run", "batch_id"

    class State(StatusChoices):
        MAKING = "making", "Being made", "info"
        READY = "ready", "Ready to print", "warn"
        POSTED = "posted", "Posted", "ok"

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.MAKING)
    made_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    pdf = TenantForeignKey(Attachment, models.PROTECT, related_name="+", null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_letter_batch_per_number")
        ]

    def __str__(self) -> str:
        return f"Print run {self.number}"


class Letter(TenantModel):
    """A letter as it was written. ``content`` is the merged text with its letterhead and address, encrypted: it is
    prose about a patient, nothing searches it, and its PDF is sealed too.
    """

    secret_columns = ("content",)
    takes_files = False  # its one file is its PDF, handed out by printing it again

    class State(StatusChoices):
        READY = "ready", "Ready to send", "info"
        QUEUED = "queued", "To print", "info"
        PRINTED = "printed", "Printed", "warn"
        MAILING = "mailing", "Being e-mailed", "info"
        SENT = "sent", "Sent", "ok"
        FAILED = "failed", "Not delivered", "bad"
        RETURNED = "returned", "Came back", "bad"
        CANCELLED = "cancelled", "Cancelled", "muted"

    number = models.PositiveIntegerField()
    version = TenantForeignKey(LetterVersion, models.PROTECT, related_name="letters")
    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="letters")
    patient_id = models.UUIDField(null=True, blank=True, help_text="Whom it is about, for the log of reads")
    recipient = models.CharField(max_length=120)
    letter_on = models.DateField()
    content = EncryptedField()
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    pdf = TenantForeignKey(Attachment, models.PROTECT, related_name="+", null=True, blank=True)
    batch = TenantForeignKey(LetterBatch, models.PROTECT, related_name="letters", null=True, blank=True)
    written_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_letter_per_number")]
        indexes = [
            models.Index(fields=["practice", "patient_id", "id"], name="letters_about_patient"),
            models.Index(fields=["practice", "state", "id"], name="letters_by_state"),
        ]

    def __str__(self) -> str:
        return f"Letter {self.number}"

    @property
    def can_send(self) -> bool:
        """It waits for somebody to say how."""
        return self.state in (self.State.READY, self.State.FAILED, self.State.RETURNED)

    @property
    def can_return(self) -> bool:
        """It went out, so it may come back."""
        return self.state == self.State.SENT

    @property
    def is_online(self) -> bool:
        """An address opens it now."""
        return self.links.filter(revoked_at=None, expires_at__gt=clock.now()).exists()

    @property
    def can_cancel(self) -> bool:
        """It has not gone out for good, and no print run holds it."""
        return self.can_send or self.state == self.State.QUEUED

    @property
    def has_pdf(self) -> bool:
        """The file is made."""
        return self.pdf_id is not None


class LetterLink(TenantModel):
    """A letter that waits online for whom it was written to: opened by the address that was e-mailed and by their date
    of birth, which is kept here as it was known then. Only the hash of the address' secret is kept.
    """

    patient_path = "letter__patient_id"
    secret_columns = ("secret_hash", "born")
    takes_files = False

    letter = TenantForeignKey(Letter, models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64)
    born = EncryptedField(help_text="Date of birth, YYYY-MM-DD")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField("first opened at", null=True, blank=True)
    wrong = models.PositiveSmallIntegerField("wrong dates of birth", default=0)

    class Meta:
        indexes = [models.Index(fields=["practice", "letter", "id"], name="links_of_a_letter")]

    def __str__(self) -> str:
        return f"{self.letter} online"


class LetterStep(AppendOnlyModel):
    """One thing done with a letter: each try to send it with what came of it, each reprint."""

    patient_path = "letter__patient_id"
    takes_files = False

    class Channel(models.TextChoices):
        NONE = "", "—"
        POST = "post", "Post"
        EMAIL = "email", "E-mail"
        WEB = "web", "Online"

    class Outcome(StatusChoices):
        WRITTEN = "written", "Written", "muted"
        QUEUED = "queued", "Put in the print queue", "info"
        PRINTED = "printed", "Taken to print", "info"
        POSTED = "posted", "Posted", "ok"
        TRIED = "tried", "Being e-mailed", "info"
        MAILED = "mailed", "E-mailed", "ok"
        PLACED = "placed", "Placed online", "ok"
        OPENED = "opened", "Opened online", "ok"
        SHUT = "shut", "No longer online", "warn"
        FAILED = "failed", "Not delivered", "bad"
        RETURNED = "returned", "Came back", "bad"
        REPRINTED = "reprinted", "Reprinted", "muted"
        CANCELLED = "cancelled", "Cancelled", "muted"

    letter = TenantForeignKey(Letter, models.PROTECT, related_name="steps")
    outcome = models.CharField(max_length=9, choices=Outcome)
    channel = models.CharField(max_length=5, choices=Channel, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.letter}: {self.get_outcome_display()}"
