"""People treated here: who they are."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from kit import clock
from kit.status import Status, StatusChoices
from kit.words import us_date, us_phone
from patients import rules
from patients.languages import LANGUAGES
from patients.models.referring import ReferralSource, ReferringProvider
from practice.encrypted import EncryptedField
from practice.tenancy import TenantForeignKey, TenantModel
from staff.models import Provider

NOT_USED = "Do not use: confidential contact asked for"


def _text(length: int, /, label: str | None = None, **more: Any) -> "models.CharField[str, str]":
    """A text that may be empty, for releases before it too."""
    return models.CharField(label, max_length=length, blank=True, default="", db_default="", **more)


def _on_one_line(held: Any) -> str:
    town = f"{held.city}, {held.state} {held.postal_code}"
    return f"{held.address_line}, {town}" if held.address_line else ""


def _key(source: str, *, length: int) -> "models.GeneratedField":
    """A lower-case twin in byte order: the only kind of text an index serves under row-level security."""
    return models.GeneratedField(
        expression=Lower(source),
        output_field=models.CharField(max_length=length, db_collation="C"),
        db_persist=True,
    )


class Patient(TenantModel):
    """A person treated here. ``mrn`` is the account number, the practice's own; SSN is encrypted and optional.

    Administrative sex is what payers are told; gender identity and pronouns are the patient's own words, apart from it.
    ``other_names`` and ``other_numbers`` only find: former and merged records' names and numbers.
    """

    secret_columns = ("ssn", "ssn_index")

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        UNKNOWN = "U", "Not known"

    class Gender(models.TextChoices):
        WOMAN = "woman", "Woman"
        MAN = "man", "Man"
        TRANS_WOMAN = "trans_woman", "Transgender woman"
        TRANS_MAN = "trans_man", "Transgender man"
        NONBINARY = "nonbinary", "Non-binary"
        OTHER = "other", "Another identity"
        DECLINED = "declined", "Chose not to say"

    class NoPhone(models.TextChoices):
        NONE = "none", "Has no telephone"
        DECLINED = "declined", "Does not want to give it"
        LATER = "later", "Will bring it later"
        UNKNOWN = "unknown", "Not able to say"

    class Way(models.TextChoices):
        PHONE = "phone", "Telephone call"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        POST = "post", "Letter"

    class RecordStatus(StatusChoices):
        ACTIVE = "active", "Active", "ok"
        INACTIVE = "inactive", "Inactive", "muted"
        MOVED = "moved", "Moved away", "muted"
        DISCHARGED = "discharged", "Discharged", "warn"

    mrn = models.CharField(max_length=20)
    first_name = models.CharField(max_length=60)
    middle_name = _text(60)
    last_name = models.CharField(max_length=60)
    suffix = _text(10)
    preferred_name = _text(60, help_text="What we call them at the desk")
    other_names = _text(120, help_text="Former names; they are found by them")
    other_numbers = _text(200, help_text="Record numbers that lead here since a merge")
    birth_date = models.DateField()
    sex = models.CharField("administrative sex", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    gender_identity = _text(11, choices=Gender)
    pronouns = _text(30)
    language = models.CharField(max_length=8, choices=LANGUAGES, default="en", db_default="en")
    needs_interpreter = models.BooleanField("interpreter needed", default=False, db_default=False)
    ssn = EncryptedField(blank=True, default="")
    ssn_last4 = models.CharField(max_length=4, blank=True, default="")
    ssn_index = _text(64, editable=False)
    phone = models.CharField(max_length=20, blank=True, default="", help_text="Digits only")
    no_phone_reason = _text(8, "why there is no telephone", choices=NoPhone)
    second_phone = _text(20, help_text="Digits only")
    email = models.EmailField(blank=True, default="")
    preferred_way = _text(5, "likes to be reached by", choices=Way)
    timezone = _text(40, "time zone", help_text="Where they live; the practice's, when it is empty")
    address_line = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField(max_length=10, blank=True, default="")
    usual_provider = TenantForeignKey(Provider, models.SET_NULL, related_name="+", null=True, blank=True)
    referral_source = TenantForeignKey(
        ReferralSource, models.SET_NULL, related_name="+", null=True, blank=True
    )
    referring_provider = TenantForeignKey(
        ReferringProvider, models.SET_NULL, related_name="+", null=True, blank=True
    )
    employer = _text(120)
    record_status = models.CharField(
        max_length=10, choices=RecordStatus, default=RecordStatus.ACTIVE, db_default="active"
    )
    record_status_on = models.DateField("status since", null=True, blank=True)
    record_status_reason = _text(200, "reason of the status")
    deceased_on = models.DateField(null=True, blank=True)
    is_restricted = models.BooleanField(
        "restricted", default=False, help_text="Hidden but for roles that may see restricted"
    )
    restriction_reason = models.CharField(
        max_length=200, blank=True, default="", help_text="Why it was restricted, or the restriction lifted"
    )
    entered_in_error = models.BooleanField(default=False)
    merged_into = TenantForeignKey(
        "self", models.PROTECT, related_name="merged_records", null=True, blank=True
    )
    last_name_key = _key("last_name", length=60)
    first_name_key = _key("first_name", length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "mrn"],
                name="one_patient_per_mrn",
                violation_error_message="This MRN is taken.",
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "last_name_key", "first_name_key", "id"], name="patient_by_name"
            ),
            models.Index(fields=["practice", "birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["practice", "phone"], name="patient_by_phone"),
            models.Index(
                fields=["practice", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="patients_merged_into",
            ),
            models.Index(
                fields=["practice", "ssn_index"],
                condition=~models.Q(ssn_index=""),
                name="patient_by_ssn_index",
            ),
            models.Index(
                fields=["practice", "last_name_key", "first_name_key"],
                condition=models.Q(is_restricted=True),
                name="restricted_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        """Last name first, as lists sort."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def age(self) -> int:
        """Full years, today or on the day of death."""
        return rules.age_on(self.deceased_on or clock.now().date(), born=self.birth_date)

    @property
    def can_be_restricted(self) -> bool:
        """Whether everybody finds it now."""
        return not self.is_restricted

    @property
    def years(self) -> str:
        """Birth date and age, as the head of a page says it."""
        return f"{us_date(self.birth_date)}, {self.age} years"

    @property
    def record(self) -> str:
        """The record number with its noun."""
        return f"Record {self.mrn}"

    @property
    def address(self) -> str:
        """Street, city, state and ZIP code on one line, '' when no street is known."""
        return _on_one_line(self)

    @property
    def standing(self) -> Status:
        """What matters first about the record: death, restriction, whether they still come here, coverage today."""
        if self.deceased_on is not None:
            return Status("Deceased")
        if self.is_restricted:
            return Status("Restricted", "warn")
        if self.record_status != self.RecordStatus.ACTIVE:
            return Status(self.get_record_status_display(), self.RecordStatus(self.record_status).tone)
        return Status("Covered", "ok") if self._covered else Status("No coverage", "warn")

    @property
    def called(self) -> str:
        """The name they go by and their pronouns, '' when neither is known."""
        return ", ".join(filter(None, (self.preferred_name and f"“{self.preferred_name}”", self.pronouns)))

    @property
    def spoken(self) -> str:
        """Their language, and whether an interpreter is needed."""
        return f"{self.get_language_display()}{', interpreter needed' if self.needs_interpreter else ''}"

    @property
    def ssn_shown(self) -> str:
        """The last four digits, '' when no number is on file."""
        return f"•••-••-{self.ssn_last4}" if self.ssn_last4 else ""

    @property
    def call_at(self) -> str:
        """The telephone to call, in words: a confidential one stands in for the record's own and says so."""
        kept = self._confidential_phone
        return us_phone(self.phone) if kept is None else f"{us_phone(kept)} (confidential)".strip()

    @property
    def second_call_at(self) -> str:
        """The second telephone; '' while a confidential contact is in force, which allows no other."""
        return us_phone(self.second_phone) if self._confidential_phone is None else ""

    @property
    def _confidential_phone(self) -> str | None:
        """None without a confidential contact: from ``selectors.reach.called``, else one query for this record."""
        if not hasattr(self, "confidential_phone"):
            self.confidential_phone: str | None = getattr(self._asked_for, "phone", None)
        return self.confidential_phone

    @property
    def email_at(self) -> str:
        """The e-mail address to write to, in words: a confidential one stands in for the record's own."""
        if not hasattr(self, "confidential_email"):
            self.confidential_email: str | None = getattr(self._asked_for, "email", None)
        return self._instead(self.email, asked=self.confidential_email)

    @property
    def write_at(self) -> str:
        """Where letters go, on one line: a confidential address stands in for the record's own."""
        kept = self._asked_for
        return self._instead(self.address, asked=_on_one_line(kept) if kept else None)

    @staticmethod
    def _instead(own: str, *, asked: str | None) -> str:
        # What a confidential contact leaves empty is not used at all, and whoever reads the page is told so.
        if asked is None:
            return own
        return f"{asked} (confidential)" if asked else NOT_USED if own else ""

    @cached_property
    def _asked_for(self) -> Any:
        """The confidential contact in force today, None without one: no query where a list has found none."""
        if getattr(self, "confidential_phone", "") is None:
            return None
        own = self.confidential_contacts
        return own.filter(own.model.in_force(day=clock.now().date())).order_by("-starts_on").first()

    @property
    def reach(self) -> str:
        """Why there is no telephone, '' when there is one."""
        return self.get_no_phone_reason_display() if not self.phone and self.no_phone_reason else ""

    @property
    def is_living(self) -> bool:
        """Whether a status can be given: nothing follows death."""
        return self.deceased_on is None

    @property
    def _covered(self) -> bool:
        """Whether something insures them today: from the list's annotation, else one query for this record."""
        known: bool | None = getattr(self, "is_covered", None)
        if known is not None:
            return known
        today = clock.now().date()
        open_or_later = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
        return self.coverages.filter(open_or_later, starts_on__lte=today).exists()
