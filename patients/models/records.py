"""The records desk: who asks for whose records, until they are released, denied or withdrawn; and what went out."""

from __future__ import annotations

from django.db import models

from kit.status import StatusChoices
from patients.models.consent import PatientConsent
from patients.models.contact import Representative
from patients.models.patient import Patient
from patients.rules import records as rules
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class RecordsStage(StatusChoices):
    """Where a request for records stands."""

    RECEIVED = "received", "Received", "warn"
    VERIFIED = "verified", "Verified", "info"
    WORKING = "working", "In work", "info"
    READY = "ready", "Ready", "info"
    RELEASED = "released", "Released", "ok"
    DENIED = "denied", "Denied", "bad"
    WITHDRAWN = "withdrawn", "Withdrawn", "muted"


class Basis(models.TextChoices):
    """On which authority records go out."""

    OWN = "own", "The patient’s own right of access (45 CFR 164.524)"
    REPRESENTATIVE = "representative", "A personal representative’s right (45 CFR 164.502(g))"
    AUTHORIZATION = "authorization", "Signed release of information (45 CFR 164.508)"
    TREATMENT = "treatment", "Treatment by another provider (45 CFR 164.506)"
    PAYMENT = "payment", "Payment (45 CFR 164.506)"
    LAW = "law", "Required or allowed by law, order or subpoena (45 CFR 164.512)"


class Medium(models.TextChoices):
    """The form records go out in."""

    ELECTRONIC = "electronic", "Electronic copy"
    PAPER = "paper", "Paper copy"
    INSPECT = "inspect", "To look at here"
    SUMMARY = "summary", "A summary"


class RecordsRequest(TenantModel):
    """A request for a patient's records. ``due_on`` is the day by which it is answered (45 CFR 164.524(b)(2)), empty
    when it was; ``fee`` is dollars for the whole of it.
    """

    Status = RecordsStage

    class Asker(models.TextChoices):
        PATIENT = "patient", "The patient"
        REPRESENTATIVE = "representative", "Personal representative"
        PROVIDER = "provider", "Health care provider"
        PAYER = "payer", "Health plan"
        ATTORNEY = "attorney", "Attorney"
        AGENCY = "agency", "Agency or court"
        EMPLOYER = "employer", "Employer"
        OTHER = "other", "Somebody else"

    class Way(models.TextChoices):
        POST = "post", "By post"
        PICK_UP = "pick_up", "Picked up here"
        EMAIL = "email", "By e-mail"
        FAX = "fax", "By fax"
        PORTAL = "portal", "Electronic exchange"

    class Shown(models.TextChoices):
        PHOTO = "photo", "Photo identification"
        KNOWN = "known", "Known to us in person"
        SIGNATURE = "signature", "Signature compared"
        CALLED = "called", "Called back at a number on file"
        LETTERHEAD = "letterhead", "Official letterhead or badge"
        DOCUMENT = "document", "Court order or subpoena"

    class Ground(models.TextChoices):
        NOT_HELD = "not_held", "We do not hold these records"
        UNPROVED = "unproved", "Identity or authority was not shown"
        PSYCHOTHERAPY = "psychotherapy", "Psychotherapy notes (45 CFR 164.524(a)(1)(i))"
        PROCEEDING = "proceeding", "Made for a legal proceeding (45 CFR 164.524(a)(1)(ii))"
        RESEARCH = "research", "Research that is not over (45 CFR 164.524(a)(2)(iii))"
        PROMISE = "promise", "Told by somebody under a promise (45 CFR 164.524(a)(2)(v))"
        DANGER = "danger", "Would endanger life or safety (45 CFR 164.524(a)(3)(i))"
        ANOTHER = "another", "Would harm another person it names (45 CFR 164.524(a)(3)(ii))"
        HARM = "harm", "The representative’s access would do harm (45 CFR 164.524(a)(3)(iii))"

    number = models.PositiveIntegerField()
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="records_requests")
    asker = models.CharField("who asks", max_length=14, choices=Asker)
    requester = models.CharField("name of who asks", max_length=120)
    address_line = models.CharField("street and number", max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField("ZIP code", max_length=10, blank=True, default="")
    what = models.CharField("records asked for", max_length=300)
    period_from = models.DateField("of care from", null=True, blank=True)
    period_to = models.DateField("of care until", null=True, blank=True)
    medium = models.CharField("form", max_length=10, choices=Medium, default=Medium.ELECTRONIC)
    way = models.CharField("how it goes out", max_length=7, choices=Way, default=Way.POST)
    received_on = models.DateField()
    status = models.CharField(max_length=9, choices=RecordsStage, default=RecordsStage.RECEIVED)
    due_on = models.DateField("answer by", null=True, blank=True)
    extended_on = models.DateField("extended on", null=True, blank=True)
    extension_reason = models.CharField("why it takes longer", max_length=300, blank=True, default="")
    basis = models.CharField("authority", max_length=14, choices=Basis, blank=True, default="")
    shown = models.CharField("identity by", max_length=10, choices=Shown, blank=True, default="")
    authority = models.CharField(
        "document or statute", max_length=200, blank=True, default="", help_text="Such as a docket number"
    )
    representative = TenantForeignKey(Representative, models.PROTECT, related_name="+", null=True, blank=True)
    consent = TenantForeignKey(
        PatientConsent, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="release signed"
    )
    pages = models.PositiveIntegerField(null=True, blank=True)
    fee = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    fee_rule = models.CharField("fee by", max_length=200, blank=True, default="")
    ground = models.CharField("denied because", max_length=13, choices=Ground, blank=True, default="")
    denial_reason = models.CharField("denied in words", max_length=500, blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_records_request_per_number"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["released", "denied", "withdrawn"], due_on=None, closed_on__isnull=False
                )
                | models.Q(
                    status__in=["received", "verified", "working", "ready"],
                    due_on__isnull=False,
                    closed_on=None,
                ),
                name="a_records_request_is_closed_or_due",
            ),
            models.CheckConstraint(
                condition=models.Q(period_from=None)
                | models.Q(period_to=None)
                | models.Q(period_to__gte=models.F("period_from")),
                name="records_are_of_a_period",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on", "id"],
                condition=models.Q(due_on__isnull=False),
                name="open_records_by_due",
            ),
            models.Index(fields=["practice", "patient"], name="records_requests_of_patient"),
            models.Index(fields=["practice", "received_on", "id"], name="records_requests_by_day"),
        ]

    def __str__(self) -> str:
        return f"Records request {self.number}"

    @property
    def is_open(self) -> bool:
        """It waits for an answer."""
        return self.due_on is not None

    @property
    def can_verify(self) -> bool:
        """Nobody has looked who asks, or what was seen can still be corrected."""
        return self.status in (RecordsStage.RECEIVED, RecordsStage.VERIFIED)

    @property
    def can_start(self) -> bool:
        """It was verified."""
        return self.status == RecordsStage.VERIFIED

    @property
    def can_prepare(self) -> bool:
        """It was verified and is not out; a count can be corrected."""
        return self.status in (RecordsStage.VERIFIED, RecordsStage.WORKING, RecordsStage.READY)

    @property
    def can_release(self) -> bool:
        """It lies ready."""
        return self.status == RecordsStage.READY

    @property
    def can_extend(self) -> bool:
        """It waits, and was not extended: there is one extension."""
        return self.is_open and self.extended_on is None

    @property
    def can_reopen(self) -> bool:
        """It was denied on a ground that a reviewer may judge otherwise, or by mistake."""
        return self.status == RecordsStage.DENIED

    @property
    def review_right(self) -> str:
        """Whether a denial can be reviewed by another professional (45 CFR 164.524(a)(4)), in words."""
        if not self.ground:
            return ""
        return "Can be reviewed" if self.ground in rules.REVIEWABLE else "Cannot be reviewed"


class RecordsStep(AppendOnlyModel):
    """A step of a request for records: which, on which day, and what was said."""

    patient_path = "records_request__patient_id"
    takes_files = takes_notes = False

    records_request = TenantForeignKey(RecordsRequest, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=9, choices=RecordsStage)
    on = models.DateField()
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["practice", "records_request", "created_at"], name="steps_of_records_request"
            )
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class RecordsRelease(AppendOnlyModel):
    """What went out of a patient's record: when, to whom, what, on which authority. The release log.

    ``is_accounted``: it stands in the accounting of disclosures a patient may ask for (45 CFR 164.528).
    """

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="records_releases")
    records_request = TenantForeignKey(RecordsRequest, models.PROTECT, related_name="releases")
    released_on = models.DateField()
    recipient = models.CharField("to whom", max_length=120)
    recipient_address = models.CharField("where to", max_length=240, blank=True, default="")
    what = models.CharField("what went out", max_length=300)
    purpose = models.CharField("what for", max_length=200, blank=True, default="")
    medium = models.CharField("form", max_length=10, choices=Medium)
    basis = models.CharField("authority", max_length=14, choices=Basis)
    authority = models.CharField("document or statute", max_length=200, blank=True, default="")
    pages = models.PositiveIntegerField(null=True, blank=True)
    is_accounted = models.BooleanField("in the accounting of disclosures")

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient", "released_on"], name="releases_of_patient"),
            models.Index(fields=["practice", "released_on", "id"], name="releases_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.what} to {self.recipient}"
