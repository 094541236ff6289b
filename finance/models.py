"""The practice's books: chart of accounts, double-entry journal, periods, budgets, drivers (DOMAIN.md 2)."""

from decimal import Decimal

from django.db import models

from kit.status import StatusChoices
from kit.words import us_date
from practice.models import Location, Membership
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel

ZERO = Decimal("0.00")
ORIGINS = {"billing.daily": "Patient ledger"}
MIRRORS = "billing."  # sources that mirror another ledger: corrected there, followed here


class Account(TenantModel):
    """An account of the chart. ``polarity`` +1: more is favorable (revenue, profit); -1: more is unfavorable."""

    class Section(models.TextChoices):
        ASSET = "asset", "Assets"
        LIABILITY = "liability", "Liabilities"
        EQUITY = "equity", "Equity"
        REVENUE = "revenue", "Revenue"
        STAFF = "staff", "Support staff"
        OPERATING = "operating", "General operating"
        CLINICAL = "clinical", "Clinical cost"
        PROVIDERS = "providers", "Providers"
        OTHER = "other", "Non-operating"

    class Behaviour(models.TextChoices):
        FIXED = "fixed", "Fixed"
        VARIABLE = "variable", "Variable with a driver"
        STEP = "step", "Step"

    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    section = models.CharField(max_length=10, choices=Section)
    is_contra = models.BooleanField(default=False)
    polarity = models.SmallIntegerField(default=1)
    behaviour = models.CharField(max_length=8, choices=Behaviour, default=Behaviour.FIXED)
    driver = models.CharField(max_length=20, blank=True, default="", help_text="visits, wrvu, fte …")
    benchmark_ref = models.CharField(max_length=20, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_account_per_number"),
            models.CheckConstraint(condition=models.Q(polarity__in=[1, -1]), name="polarity_is_a_sign"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AccountingPeriod(TenantModel):
    """A month of the books. Closed: no journal may be dated in it (a trigger refuses)."""

    class State(StatusChoices):
        OPEN = "open", "Open", "info"
        CLOSED = "closed", "Closed", "ok"

    month = models.DateField(help_text="First day of the month")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "month"], name="one_period_per_month")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def name(self) -> str:
        """ "March 2026"."""
        return str(self)


class Journal(AppendOnlyModel):
    """A balanced set of lines, with where it comes from. Never edited: corrected by a reversing journal."""

    dated_on = models.DateField()
    source = models.CharField(max_length=30, help_text="billing.daily, budget.actuals, manual …")
    source_key = models.CharField(
        max_length=120, help_text="What in the source: unique, so posting twice is once"
    )
    memo = models.CharField(max_length=200, blank=True, default="")
    reverses = TenantForeignKey("self", models.PROTECT, related_name="reversals", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source", "source_key"], name="one_journal_per_source"
            )
        ]
        indexes = [models.Index(fields=["practice", "dated_on"], name="journal_by_day")]

    @property
    def posted_by(self) -> str:
        """Who posted it, in words: a person, an API client, or Wellrun itself. One query: for single records."""
        from practice.selectors.history import actor_name

        return actor_name(self.created_by)

    @property
    def can_reverse(self) -> bool:
        """Whether a person may take it back: mirrors of another ledger follow that ledger only."""
        return self.reverses_id is None and not self.source.startswith(MIRRORS)

    def __str__(self) -> str:
        return self.memo or f"{self.origin}, {us_date(self.dated_on)}"

    @property
    def origin(self) -> str:
        """The source in words; a source that came with a sheet is called what its sheet calls it."""
        return ORIGINS.get(self.source) or self.source.replace(".", " ").capitalize()


class JournalLine(AppendOnlyModel):
    """A debit or a credit. ``basis``: counts in both books, or in the accrual or the cash one only."""

    class Basis(models.TextChoices):
        BOTH = "both", "Both"
        ACCRUAL = "accrual", "Accrual"
        CASH = "cash", "Cash"

    journal = TenantForeignKey(Journal, models.PROTECT, related_name="lines")
    account = TenantForeignKey(Account, models.PROTECT, related_name="lines")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    dated_on = models.DateField(help_text="The journal's day, kept here for the reports' index")
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.BOTH)
    debit = models.DecimalField(max_digits=12, decimal_places=2, default=ZERO)
    credit = models.DecimalField(max_digits=12, decimal_places=2, default=ZERO)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(debit__gte=0, credit__gte=0) & (models.Q(debit=0) | models.Q(credit=0)),
                name="debit_or_credit_and_not_negative",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "account", "dated_on"], name="line_by_account_and_day"),
            models.Index(fields=["practice", "dated_on", "id"], name="line_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit or -self.credit}"


class Budget(TenantModel):
    """A year's budget in a version: draft, submitted, approved (locked). Amendments make a new version."""

    class State(StatusChoices):
        DRAFT = "draft", "Draft", "muted"
        SUBMITTED = "submitted", "Submitted", "info"
        APPROVED = "approved", "Approved", "ok"

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    approved_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "year", "version"], name="one_budget_per_year_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"Budget {self.year} v{self.version}"

    @property
    def can_approve(self) -> bool:
        """It is not locked yet."""
        return self.state != self.State.APPROVED


class BudgetLine(TenantModel):
    """What is planned for an account and month. Positive as the account normally runs."""

    budget = TenantForeignKey(Budget, models.CASCADE, related_name="lines")
    account = TenantForeignKey(Account, models.PROTECT, related_name="+")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    month = models.DateField(help_text="First day of the month")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "budget", "account", "location", "month"],
                nulls_distinct=False,
                name="one_budget_line_per_account_and_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"


class DriverValue(TenantModel):
    """A plain volume of a month (visits, wRVUs), planned or counted, pushed down by the apps above."""

    driver = models.CharField(max_length=20)
    month = models.DateField()
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    planned = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "driver", "month", "location"],
                nulls_distinct=False,
                name="one_driver_value_per_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.driver} {self.month:%Y-%m}"
