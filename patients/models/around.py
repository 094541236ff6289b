"""Who stands around a patient: whom to call, who pays, who belongs to the family; flags; who was taken for whom."""

from django.db import models

from kit import clock
from kit.status import Status, StatusChoices
from patients.models.patient import Patient
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Relationship(models.TextChoices):
    """What somebody is to the patient."""

    PARENT = "parent", "Parent"
    SPOUSE = "spouse", "Spouse or partner"
    CHILD = "child", "Child"
    SIBLING = "sibling", "Brother or sister"
    GRANDPARENT = "grandparent", "Grandparent"
    GRANDCHILD = "grandchild", "Grandchild"
    GUARDIAN = "guardian", "Guardian"
    WARD = "ward", "Ward"
    FRIEND = "friend", "Friend"
    OTHER = "other", "Other"


class EmergencyContact(TenantModel):
    """Whom to call when something happens; 1 is called first."""

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="emergency_contacts")
    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=12, choices=Relationship, default=Relationship.OTHER)
    phone = models.CharField(max_length=20)
    second_phone = models.CharField(max_length=20, blank=True, default="")
    priority = models.PositiveSmallIntegerField("order", default=1, help_text="1 is called first")
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient", "priority"], name="emergency_of_patient")]

    def __str__(self) -> str:
        return self.name


class Guarantor(TenantModel):
    """Who pays what the patient owes: another patient (``person``), or somebody outside with a name and an address."""

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="guarantors")
    person = TenantForeignKey(Patient, models.PROTECT, related_name="pays_for", null=True, blank=True)
    first_name = models.CharField(max_length=60, blank=True, default="")
    last_name = models.CharField(max_length=60, blank=True, default="")
    relationship = models.CharField(max_length=12, choices=Relationship, default=Relationship.PARENT)
    phone = models.CharField(max_length=20, blank=True, default="")
    address_line = models.CharField("street and number", max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField("ZIP code", max_length=10, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(person=None) & ~models.Q(last_name=""))
                | (models.Q(person__isnull=False) & models.Q(last_name="")),
                name="a_guarantor_is_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="guarantor_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["practice", "patient"],
                condition=models.Q(ends_on=None),
                name="one_guarantor_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The guarantor's name; that of a patient only through the selector, which hides restricted ones."""
        return str(self.person) if self.person_id else f"{self.first_name} {self.last_name}".strip()

    @property
    def standing(self) -> Status:
        """Whether they pay today."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("Active", "ok") if self.is_open else Status("Ended")

    @property
    def is_open(self) -> bool:
        """Whether it can still be ended."""
        return self.ends_on is None


class FamilyLink(TenantModel):
    """Two patients of one family, as seen from one of them: there is a row for each side."""

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="family")
    relative = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    relationship = models.CharField(
        max_length=12, choices=Relationship, help_text="What the relative is to the patient"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(patient=models.F("relative")), name="nobody_is_their_own_relative"
            ),
            models.UniqueConstraint(
                fields=["practice", "patient", "relative"],
                condition=models.Q(ended_on=None),
                name="one_family_link_per_pair",
                violation_error_message="These two are linked already.",
            ),
        ]
        indexes = [models.Index(fields=["practice", "relative"], name="family_by_relative")]

    def __str__(self) -> str:
        return f"{self.get_relationship_display()} of {self.patient}"

    @property
    def is_open(self) -> bool:
        """Whether the link still holds."""
        return self.ended_on is None


class PatientFlag(TenantModel):
    """A few coloured words at the head of everything about a patient ("Needs wheelchair"), until a day or for good."""

    class Tone(StatusChoices):
        INFO = "info", "Note", "info"
        WARN = "warn", "Attention", "warn"
        BAD = "bad", "Warning", "bad"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="flags")
    words = models.CharField(max_length=40, help_text="At most 40 letters; everybody at the desk reads it")
    tone = models.CharField("colour", max_length=4, choices=Tone, default=Tone.INFO)
    until_on = models.DateField("until", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["practice", "patient"], condition=models.Q(ended_on=None), name="flags_of_patient"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_up(self) -> bool:
        """Whether it can be taken down."""
        return self.ended_on is None

    @property
    def shown(self) -> Status:
        """The words in their colour."""
        return Status(self.words, self.Tone(self.tone).tone)


class DuplicateRuling(AppendOnlyModel):
    """Somebody was registered although somebody alike was on file: whom they were held against, and why it is another.

    ``ground`` is one of patients.rules.duplicates.Ground.
    """

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="rulings")
    other = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    ground = models.CharField(
        max_length=11,
        choices=[
            ("ssn", "Same social security number"),
            ("name_birth", "Same name and birth date"),
            ("phone_birth", "Same telephone and birth date"),
            ("near_name", "Similar name, same birth date"),
            ("near_birth", "Same name, similar birth date"),
            ("name_phone", "Same name and telephone"),
        ],
    )
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient"], name="rulings_of_patient"),
            models.Index(fields=["practice", "other"], name="rulings_about_patient"),
        ]

    def __str__(self) -> str:
        return self.get_ground_display()
