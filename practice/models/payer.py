"""Who pays, whom the practice pays, and under whose name it bills."""

from django.db import models

from practice.encrypted import EncryptedField
from practice.models.named import Named
from practice.tenancy import TenantModel


class Payer(Named):
    """A health plan. ``filing_code`` is SBR09 of the 837P; ``payer_id`` the clearinghouse's id for it."""

    class Kind(models.TextChoices):
        COMMERCIAL = "commercial", "Commercial"
        MEDICARE = "medicare", "Medicare"
        MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
        MEDICAID = "medicaid", "Medicaid"
        TRICARE = "tricare", "TRICARE"
        WORKERS_COMP = "workers_comp", "Workers' compensation"
        SELF_PAY = "self_pay", "Self-pay"
        OTHER = "other", "Other"

    payer_id = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.COMMERCIAL)
    filing_code = models.CharField(max_length=2, default="CI")
    address_line = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField(max_length=10, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    filing_days = models.PositiveSmallIntegerField(default=90, help_text="Days from service to first claim")
    appeal_days = models.PositiveSmallIntegerField(default=60, help_text="Days from denial to first appeal")
    is_sandbox = models.BooleanField(default=False, help_text="Answered by the built-in training payer")


class Vendor(Named):
    """A company or person the practice buys goods or services from."""

    class Kind(models.TextChoices):
        SUPPLIES = "supplies", "Supplies"
        EQUIPMENT = "equipment", "Equipment"
        LABORATORY = "laboratory", "Laboratory"
        SOFTWARE = "software", "Software and IT"
        SERVICES = "services", "Services"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SUPPLIES)
    account_number = models.CharField(max_length=40, blank=True, help_text="The practice's account with them")
    contact_name = models.CharField("contact", max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    notes = models.TextField(blank=True)


class BillingEntity(TenantModel):
    """The legal person that bills: name, group NPI, taxonomy, tax id (encrypted), pay-to address."""

    secret_columns = ("tax_id",)

    legal_name = models.CharField(max_length=120)
    npi = models.CharField(max_length=10)
    taxonomy = models.CharField(max_length=10, blank=True, default="")
    tax_id = EncryptedField(help_text="EIN, nine digits")
    tax_id_last4 = models.CharField(max_length=4, default="")
    address_line = models.CharField(max_length=120)
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10, help_text="ZIP+4, as the 837P wants it")
    contact_name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    submitter_id = models.CharField(max_length=15, help_text="Our id at the clearinghouse (ISA06)")
    receiver_id = models.CharField(max_length=15, help_text="The clearinghouse's id (ISA08)")
    receiver_name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "npi"], name="one_billing_entity_per_npi")]

    def __str__(self) -> str:
        return self.legal_name
