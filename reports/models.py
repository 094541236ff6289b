"""Rolled-up figures and the reports made of them."""

from django.db import models

from finance.models import Account
from kit.status import StatusChoices
from kit.words import counted
from practice.models import Location, Membership
from practice.tenancy import TenantForeignKey, TenantModel


class KpiDaily(TenantModel):
    """A KPI's numerator and denominator of one day and site. Ratios are made by summing, never averaging.

    Replaced as a whole day by the nightly rollup; ``definition`` is the version of the formula it was made with.
    """

    audit = ""  # generated: the rows it counts are audited

    kpi = models.CharField(max_length=30)
    day = models.DateField()
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    definition = models.PositiveSmallIntegerField(default=1)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kpi", "day", "location"], name="one_kpi_per_day_and_site"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day}"


class RollupRun(TenantModel):
    """A night's rollup: what it covered, and when. The pages' "as of"."""

    audit = ""

    day = models.DateField(help_text="The last local day it covers")
    first_day = models.DateField()
    finished_at = models.DateTimeField(null=True, blank=True)
    cells = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "day"], name="one_rollup_per_day")]

    def __str__(self) -> str:
        return f"Rollup {self.day}"


class VarianceReport(TenantModel):
    """The monthly P&L variance report: a frozen set of lines. Final only when every material line is explained."""

    takes_files = False  # what is kept with it comes through its own service

    class State(StatusChoices):
        DRAFT = "draft", "Draft", "muted"
        FINAL = "final", "Final", "ok"

    class Basis(models.TextChoices):
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"

    month = models.DateField(help_text="First day of the month reported")
    basis = models.CharField(max_length=8, choices=Basis)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    as_of = models.DateTimeField()
    budget_label = models.CharField(max_length=40, blank=True, default="")
    visits_planned = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    visits_actual = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    prepared_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    finalized_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    finalized_at = models.DateTimeField(null=True, blank=True)
    pdf_made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "month", "basis", "version"], name="one_report_per_month_and_version"
            )
        ]
        indexes = [models.Index(fields=["practice", "-month", "-version"], name="reports_newest")]

    def __str__(self) -> str:
        return f"P&L variance {self.month:%B %Y}"

    @property
    def of(self) -> str:
        """ "March 2026"."""
        return f"{self.month:%B %Y}"

    @property
    def explanations(self) -> str:
        """How many of the lines that want an explanation have one (from the selector's annotation)."""
        missing, material = getattr(self, "missing", 0), getattr(self, "material", 0)
        if missing:
            return f"{missing} of {material} missing"
        return f"{counted(material, one='line', many='lines')} explained" if material else "None due"


class VarianceLine(TenantModel):
    """One account of a report: month and year-to-date, actual, budget, prior year. Signed as the line normally runs."""

    audit = ""  # generated when the report is made; the report's journal lines are its source

    report = TenantForeignKey(VarianceReport, models.CASCADE, related_name="lines")
    account = TenantForeignKey(Account, models.PROTECT, related_name="+")
    actual = models.DecimalField(max_digits=14, decimal_places=2)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    prior_year = models.DecimalField(max_digits=14, decimal_places=2)
    ytd_actual = models.DecimalField(max_digits=14, decimal_places=2)
    ytd_budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    ytd_prior_year = models.DecimalField(max_digits=14, decimal_places=2)
    is_material = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "report", "account"], name="one_variance_line_per_account"
            )
        ]

    def __str__(self) -> str:
        return str(self.account)


class VarianceExplanation(TenantModel):
    """Why a material line is off: cause, words, whether it will last, what is done and by whom."""

    class Cause(models.TextChoices):
        VOLUME = "volume", "Volume"
        RATE = "rate", "Rate or price"
        TIMING = "timing", "Timing"
        ONE_OFF = "one_off", "One-off"
        ERROR = "error", "Error"
        ACCOUNTING = "accounting", "Accounting change"

    line = TenantForeignKey(VarianceLine, models.CASCADE, related_name="explanations")
    cause = models.CharField(max_length=10, choices=Cause)
    text = models.TextField()
    is_permanent = models.BooleanField(default=False)
    full_year_effect = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    action = models.CharField(max_length=200, blank=True, default="")
    action_owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    action_due_on = models.DateField(null=True, blank=True)
    written_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "line"], name="one_explanation_per_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.cause}"
