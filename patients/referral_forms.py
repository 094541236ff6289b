"""Forms of referrals."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient
from patients.models import Referral, ReferringProvider
from staff.models import Provider

TODAY = "MM/DD/YYYY; today, when it is empty"


class ReferralForm(AboutPatient):
    """Who is sent to whom, and for what."""

    direction = forms.ChoiceField(choices=[("", "Choose"), *Referral.Direction.choices], label="Which way")
    elsewhere = forms.ModelChoiceField(
        queryset=ReferringProvider.objects.none(), empty_label="Choose", label="Provider elsewhere"
    )
    provider = forms.ModelChoiceField(
        queryset=Provider.objects.none(), required=False, empty_label="Not said", label="Provider here"
    )
    reason = forms.CharField(
        max_length=300,
        label="What is asked",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Of the other provider, in a sentence",
    )
    urgency = forms.ChoiceField(
        choices=Referral.Urgency.choices, initial=Referral.Urgency.ROUTINE, required=False
    )
    asked_on = forms.DateField(required=False, label="Asked on", help_text=TODAY)

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        for name, model in (("elsewhere", ReferringProvider), ("provider", Provider)):
            found = model.objects.filter(practice_id=actor.practice_id, is_active=True)  # type: ignore[attr-defined]
            self.fields[name].queryset = found  # type: ignore[attr-defined]

    def clean_urgency(self) -> str:
        """Routine, when nobody said."""
        return self.cleaned_data["urgency"] or Referral.Urgency.ROUTINE


class StepForm(Form):
    """The day of a step."""

    on = forms.DateField(required=False, label="On", help_text=TODAY)
    note = forms.CharField(max_length=300, required=False, help_text="How, and with whom")


class ScheduleForm(StepForm):
    """The day of the visit."""

    scheduled_for = forms.DateField(label="Day of the visit")
    field_order = ("scheduled_for", "on", "note")
