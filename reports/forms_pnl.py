"""Which month to report, and why a line is off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kit.forms import Form
from practice.models import Membership
from reports.models import VarianceExplanation, VarianceReport


class MakeForm(Form):
    """A month that has ended, and a basis."""

    month = forms.CharField(label="Month", help_text="Like 2026-02", max_length=10)
    basis = forms.ChoiceField(label="Basis", choices=VarianceReport.Basis)

    def __init__(self, *, last: date, **kwargs: Any) -> None:
        super().__init__(**{"initial": {"month": f"{last:%Y-%m}"}, **kwargs})

    def clean_month(self) -> date:
        """The first day of the month."""
        try:
            return date.fromisoformat(f"{self.cleaned_data['month'].strip()[:7]}-01")
        except ValueError:
            raise forms.ValidationError("Enter the month like 2026-02") from None


class ExplainForm(Form):
    """Cause, words, whether it lasts, and what is done about it."""

    cause = forms.ChoiceField(label="Cause", choices=VarianceExplanation.Cause)
    text = forms.CharField(label="What happened", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    is_permanent = forms.BooleanField(label="It will last", required=False)
    full_year_effect = forms.DecimalField(
        label="Effect on the full year", max_digits=12, decimal_places=2, required=False
    )
    action = forms.CharField(label="What is done about it", max_length=200, required=False)
    action_owner = forms.ModelChoiceField(label="By whom", queryset=Membership.objects.none(), required=False)
    action_due_on = forms.DateField(label="By when", required=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        owners: Any = self.fields["action_owner"]
        owners.queryset = Membership.objects.filter(ended_at=None).select_related("user")
