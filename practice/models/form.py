"""Forms that people outside fill in: their definition in versions, the links that open them, what was sent."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from kit import clock
from kit.status import Status, StatusChoices
from practice.encrypted import EncryptedField
from practice.tenancy import APPEND_ONLY_AUDIT, AppendOnlyModel, TenantForeignKey, TenantModel

KEY = RegexValidator(r"^[a-z][a-z0-9_]*$", "Use small letters, digits and _, and begin with a letter.")


class PublicForm(TenantModel):
    """A form with one purpose. What it asks stands in its versions."""

    name = models.CharField(max_length=80, help_text="As your colleagues call it")
    purpose = models.CharField(max_length=60, help_text="What an accepted submission becomes")
    is_active = models.BooleanField(default=True, help_text="Whether its links open it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="one_form_per_name",
                violation_error_message="There is a form of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def to_review(self) -> int:
        """How many submissions nobody has looked at; from the selector's count where there is one."""
        counted = getattr(self, "waiting", None)
        waiting = FormSubmission.State.WAITING
        return int(counted) if counted is not None else self.submissions.filter(state=waiting).count()

    @property
    def purpose_label(self) -> str:
        """The purpose in words."""
        from practice.form_purposes import purposes

        found = purposes().get(self.purpose)
        return found.label if found else self.purpose


class FormVersion(TenantModel):
    """What a form asks. A draft can be edited; a published one never changes again, its answers refer to it."""

    form = TenantForeignKey(PublicForm, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, help_text="The heading people see")
    intro = models.TextField(blank=True, default="", help_text="Shown above the questions")
    thanks = models.TextField(blank=True, default="", help_text="Shown after it was sent")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "form", "number"], name="one_form_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["practice", "form"],
                condition=Q(published_at=None),
                name="one_draft_version_per_form",
                violation_error_message="There is a draft of this form already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return self.published_at is None

    @property
    def standing(self) -> Status:
        """Draft or published."""
        return Status("Draft", "warn") if self.is_draft else Status("Published", "ok")


class FormSection(TenantModel):
    """A heading with the questions below it."""

    version = TenantForeignKey(FormVersion, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title or "Questions"


class FormField(TenantModel):
    """One question. ``key`` stays the same from version to version, so that answers can be compared."""

    class Kind(models.TextChoices):
        TEXT = "text", "One line"
        LONG_TEXT = "long_text", "Several lines"
        CHOICE = "choice", "One of several"
        YES_NO = "yes_no", "Yes or no"
        DATE = "date", "Date"
        NUMBER = "number", "Number"
        PHONE = "phone", "Phone number"
        EMAIL = "email", "Email address"
        FILE = "file", "File"
        CONSENT = "consent", "Box to agree"
        SIGNATURE = "signature", "Signature by typed name"

    version = TenantForeignKey(FormVersion, models.CASCADE, related_name="fields")
    section = TenantForeignKey(FormSection, models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40, validators=[KEY], help_text="Its short name, like birth_date")
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=200)
    help_text = models.CharField(max_length=300, blank=True, default="")
    is_required = models.BooleanField(default=True)
    is_sensitive = models.BooleanField(default=False, help_text="Answers are kept encrypted")

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "version", "key"],
                name="one_question_per_key",
                violation_error_message="Another question has this short name.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class FormChoice(TenantModel):
    """One answer that can be chosen."""

    version = TenantForeignKey(FormVersion, models.CASCADE, related_name="+")
    field = TenantForeignKey(FormField, models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "field", "label"],
                name="one_choice_per_label",
                violation_error_message="Two answers are the same.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class PublicLink(TenantModel):
    """An address that opens one form for whoever holds it. Only the hash of its secret is kept."""

    secret_columns = ("secret_hash",)

    form = TenantForeignKey(PublicForm, models.PROTECT, related_name="links")
    ref = TenantForeignKey(
        "practice.RecordRef", models.PROTECT, null=True, blank=True, related_name="+", help_text="About what"
    )
    label = models.CharField(max_length=80, help_text="Where it goes, like: poster at the desk")
    secret_hash = models.CharField(max_length=64)
    made_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="public_links"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: until it expires")
    uses = models.PositiveIntegerField(default=0, help_text="How often the form was sent")
    last_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")), name="link_used_no_more_than_meant"
            )
        ]
        indexes = [models.Index(fields=["practice", "form", "-created_at"], name="links_of_a_form")]

    def __str__(self) -> str:
        return self.label

    @property
    def is_used_up(self) -> bool:
        """Whether the form was sent as often as it may."""
        return self.most_uses is not None and self.uses >= self.most_uses

    def is_live(self, *, now: datetime) -> bool:
        """Whether it opens its form."""
        return self.revoked_at is None and self.expires_at > now and not self.is_used_up

    @property
    def standing(self) -> Status:
        """Live, used up, expired or ended."""
        if self.revoked_at is not None:
            return Status("Ended")
        if self.is_used_up:
            return Status("Used", "ok")
        return Status("Live", "ok") if self.expires_at > clock.now() else Status("Expired", "warn")


class PublicLinkEvent(AppendOnlyModel):
    """A link was opened, or its form was sent."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        SENT = "sent", "Sent"

    link = TenantForeignKey(PublicLink, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=6, choices=Kind)

    def __str__(self) -> str:
        return f"{self.link}: {self.get_kind_display()}"


class FormSubmission(TenantModel):
    """What somebody sent. It becomes a record of the practice only when a member accepts it."""

    class State(StatusChoices):
        WAITING = "waiting", "To review", "info"
        ACCEPTED = "accepted", "Accepted", "ok"
        REJECTED = "rejected", "Rejected", "muted"

    number = models.PositiveIntegerField()
    form = TenantForeignKey(PublicForm, models.PROTECT, related_name="submissions")
    version = TenantForeignKey(FormVersion, models.PROTECT, related_name="submissions")
    link = TenantForeignKey(PublicLink, models.PROTECT, related_name="submissions")
    nonce = models.CharField(max_length=32, help_text="Of the page it was typed on: sent twice is once")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reviewed_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="", help_text="Why it was rejected")
    result = TenantForeignKey(
        "practice.RecordRef",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What it became",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_submission_per_number"),
            models.UniqueConstraint(fields=["practice", "link", "nonce"], name="one_submission_per_page"),
        ]
        indexes = [models.Index(fields=["practice", "state", "-sent_at"], name="submission_by_state")]

    def __str__(self) -> str:
        return f"Submission {self.number}"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state == self.State.WAITING


class FormAnswer(TenantModel):
    """The answer to one question, in the column of its kind; a sensitive one in ``sealed`` alone."""

    audit = APPEND_ONLY_AUDIT
    secret_columns = ("sealed",)

    submission = TenantForeignKey(FormSubmission, models.CASCADE, related_name="answers")
    field = TenantForeignKey(FormField, models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    day = models.DateField(null=True, blank=True)
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    yes = models.BooleanField(null=True, blank=True)
    choice = TenantForeignKey(FormChoice, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = EncryptedField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "submission", "field"], name="one_answer_per_question"
            )
        ]

    def __str__(self) -> str:
        return str(self.field)


class QuarantinedFile(TenantModel):
    """A file from outside that nobody has judged yet: its bytes stand encrypted in this row and nowhere else.

    It is never shown and never attached. Accepting it makes an Attachment through the judgement every upload gets;
    rejecting it destroys the bytes; the row says so either way.
    """

    class State(StatusChoices):
        WAITING = "waiting", "In quarantine", "warn"
        ACCEPTED = "accepted", "Accepted", "ok"
        REFUSED = "refused", "Not taken", "bad"
        DESTROYED = "destroyed", "Destroyed", "muted"

    secret_columns = ("sealed",)

    submission = TenantForeignKey(FormSubmission, models.PROTECT, related_name="files")
    field = TenantForeignKey(FormField, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="As its sender called it, cleaned; only ever shown")
    size = models.PositiveIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    sealed = EncryptedField(blank=True, default="", help_text="Base64 of the bytes; empty when it is settled")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attachment = TenantForeignKey(
        "practice.Attachment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="", help_text="Why it was not taken")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(sealed=""), name="settled_files_keep_no_bytes"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(attachment__isnull=False),
                name="accepted_files_are_attached",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PublicRate(models.Model):
    """How often somebody outside has asked within a window. Global: a wrong secret belongs to no practice.

    ``key`` is a keyed hash of what is counted and for whom; no address stands here.
    """

    key = models.CharField(max_length=64, primary_key=True)
    began_at = models.DateTimeField()
    asked = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["began_at"], name="public_rate_by_age")]

    def __str__(self) -> str:
        return self.key[:8]
