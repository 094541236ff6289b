"""How a patient may be reached: consents with their proof, a confidential address, who speaks for them."""

from datetime import date

from django.db import models

from kit import clock
from kit.status import Status
from patients.models.around import Relationship
from patients.models.patient import Patient
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Channel(models.TextChoices):
    """Ways that need the patient's word: 47 CFR 64.1200 for texts, 45 CFR 164.522(b) for e-mail."""

    TEXT = "text", "Text messages"
    EMAIL = "email", "E-mail"


class ConsentWording(AppendOnlyModel):
    """The words people agree to for one channel. A new version never changes an old one."""

    channel = models.CharField(max_length=5, choices=Channel)
    version = models.PositiveIntegerField()
    text = models.TextField(help_text="What is read out or signed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "channel", "version"], name="one_wording_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, version {self.version}"


class ContactConsent(AppendOnlyModel):
    """A word given or taken back, as a fact: who, when, how, for which number or address, to which wording.

    The newest one about a channel counts, and only for the number or address it was given for.
    """

    class How(models.TextChoices):
        SIGNED = "signed", "Signed form"
        IN_PERSON = "in_person", "In person"
        PHONE = "phone", "By telephone"
        WEB = "web", "On the web"
        REPLY = "reply", "Reply to a message"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="contact_consents")
    channel = models.CharField(max_length=5, choices=Channel)
    given = models.BooleanField(help_text="Taken back, when not given")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=120, help_text="The patient, or who speaks for them")
    how = models.CharField(max_length=9, choices=How)
    address = models.CharField(max_length=254, help_text="The number or e-mail address it holds for")
    wording = TenantForeignKey(ConsentWording, models.PROTECT, related_name="consents", null=True, blank=True)
    words = models.CharField(max_length=160, blank=True, default="", help_text="What was said or sent")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(given=False) | models.Q(wording__isnull=False),
                name="a_given_consent_has_its_wording",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "channel", "said_at"], name="consents_of_patient")
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.standing.word.lower()}"

    @property
    def standing(self) -> Status:
        """Given, or taken back."""
        return Status("Given", "ok") if self.given else Status("Taken back", "warn")


class ConfidentialContact(TenantModel):
    """Where a patient has asked to be reached instead of at home (45 CFR 164.522(b)). Letters and statements obey it.

    What is empty is not used at all: a patient who gave an address and no telephone is not called.
    """

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="confidential_contacts")
    address_line = models.CharField("street and number", max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField("ZIP code", max_length=10, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="", help_text="Such as: leave no message")
    asked_on = models.DateField("asked for")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(address_line="", phone="", email=""),
                name="a_confidential_contact_says_where",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="confidential_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["practice", "patient"],
                condition=models.Q(ends_on=None),
                name="one_confidential_contact_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["practice", "patient", "starts_on"], name="confidential_of_patient")]

    def __str__(self) -> str:
        return f"Confidential contact of {self.patient}"

    @classmethod
    def in_force(cls, *, day: date) -> models.Q:
        """Which rows are obeyed on a day."""
        return models.Q(starts_on__lte=day) & (models.Q(ends_on=None) | models.Q(ends_on__gte=day))

    @property
    def standing(self) -> Status:
        """Whether it is obeyed today."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("In force", "ok") if self.ends_on is None or self.ends_on >= today else Status("Ended")

    @property
    def is_open(self) -> bool:
        """Whether it can be ended."""
        return self.ends_on is None


class Representative(TenantModel):
    """Somebody who may act for a patient: on which ground, seen in which document, and for exactly what.

    What is not ticked is not allowed. Parents and guardians of a minor lose it with majority, whatever stands here.
    """

    class Kind(models.TextChoices):
        PARENT = "parent", "Parent of a minor"
        GUARDIAN = "guardian", "Guardian of a minor"
        CONSERVATOR = "conservator", "Guardian or conservator of an adult"
        PROXY = "proxy", "Health care agent (proxy, power of attorney)"
        ESTATE = "estate", "Executor or administrator of the estate"
        CHOSEN = "chosen", "Chosen by the patient"

    class Custody(models.TextChoices):
        SOLE = "sole", "Sole legal custody"
        JOINT = "joint", "Joint legal custody"
        PHYSICAL = "physical", "Physical custody only"
        NONE = "none", "No custody"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="representatives")
    person = TenantForeignKey(Patient, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=12, choices=Relationship, default=Relationship.PARENT)
    kind = models.CharField(max_length=11, choices=Kind)
    custody = models.CharField(max_length=8, choices=Custody, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    document = models.CharField(
        max_length=120,
        blank=True,
        default="",
        help_text="What was shown: court order, power of attorney, birth certificate",
    )
    document_seen_on = models.DateField(null=True, blank=True)
    may_see_record = models.BooleanField("may see the record", default=False)
    may_decide_care = models.BooleanField("may decide about care", default=False)
    may_sign = models.BooleanField("may sign consents", default=False)
    may_get_messages = models.BooleanField("may get letters and messages", default=False)
    may_see_bills = models.BooleanField("may see bills", default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="representation_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "starts_on"], name="representatives_of_patient")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def powers(self) -> str:
        """What they may, in words; "Nothing" when nothing is ticked."""
        words = {
            "may_see_record": "see the record",
            "may_decide_care": "decide about care",
            "may_sign": "sign consents",
            "may_get_messages": "get messages",
            "may_see_bills": "see bills",
        }
        said = [words[name] for name in words if getattr(self, name)]
        return ", ".join(said).capitalize() or "Nothing"

    @property
    def standing(self) -> Status:
        """Whether it holds today; majority is asked by the selector."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("In force", "ok") if self.ends_on is None or self.ends_on >= today else Status("Ended")

    @property
    def is_open(self) -> bool:
        """Whether it can be ended."""
        return self.ends_on is None


class OwnConsent(TenantModel):
    """Care for which a minor's own word is enough by law: nobody else sees or decides it, whatever else they may."""

    class Area(models.TextChoices):
        EMANCIPATED = "emancipated", "All care: emancipated or married"
        REPRODUCTIVE = "reproductive", "Reproductive health"
        STI = "sti", "Sexually transmitted infections"
        MENTAL = "mental", "Mental health"
        SUBSTANCE = "substance", "Substance use"
        OTHER = "other", "Other care"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="own_consents")
    area = models.CharField(max_length=12, choices=Area)
    basis = models.CharField(max_length=120, help_text="The law or order, such as a state code and section")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "area"],
                condition=models.Q(ends_on=None),
                name="one_own_consent_per_area",
                violation_error_message="This patient already decides about that care alone.",
            )
        ]
        indexes = [models.Index(fields=["practice", "patient"], name="own_consents_of_patient")]

    def __str__(self) -> str:
        return self.get_area_display()

    @property
    def is_open(self) -> bool:
        """Whether it can be ended."""
        return self.ends_on is None
