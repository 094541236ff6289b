"""Rules that change: a practice's own values with dates, and who compared which value with its source."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from practice.models.people import Membership
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class RuleValue(TenantModel):
    """A practice's own value of a rule, from one day to another (both count), for one state or everywhere.

    Shipped rules, their values and sources stand in ``practice/data``. The database lets no two periods overlap.
    """

    code = models.CharField(max_length=80)
    value = models.CharField(max_length=80, help_text="As practice.rules.units writes it")
    jurisdiction = models.CharField(
        max_length=2, blank=True, default="", help_text="A state's two letters; empty: everywhere"
    )
    effective_from = models.DateField("from")
    effective_to = models.DateField("until", null=True, blank=True)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True, default="", help_text="Law, contract or policy")
    set_by = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_rule_value_a_day",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "effective_from",
                            "effective_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="There is a value of yours for some of these days already",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to=None)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="rule_value_ends_after_it_begins",
                violation_error_message="The last day comes before the first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class RuleCheck(AppendOnlyModel):
    """Somebody compared a value of a rule with its source. It counts as long as the value stays what it was."""

    code = models.CharField(max_length=80)
    value = models.CharField(max_length=80)
    jurisdiction = models.CharField(max_length=2, blank=True, default="")
    effective_from = models.DateField()
    is_own = models.BooleanField(default=False)
    checked_on = models.DateField()
    checked_by = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    found_in = models.CharField(max_length=200, help_text="Where they looked")

    class Meta:
        indexes = [models.Index(fields=["practice", "code", "checked_on"], name="rule_checks_by_code")]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}, checked {self.checked_on}"
