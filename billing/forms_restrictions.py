"""The form that keeps a visit from a plan."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from practice.models import Payer


class RestrictForm(Form):
    """Who asks, and which plan is not told."""

    payer = forms.ModelChoiceField(
        queryset=Payer.objects.none(), required=False, empty_label="Any plan", label="Not disclosed to"
    )
    asked_by = forms.CharField(
        max_length=120, label="Who asked", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    asked_on = forms.DateField(
        required=False, label="Asked on", help_text="MM/DD/YYYY; today, when it is empty"
    )
    note = forms.CharField(
        max_length=200, required=False, label="How it is paid", help_text="Such as: by card at the desk today"
    )

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        plans = Payer.objects.filter(practice_id=actor.practice_id, is_active=True)
        self.fields["payer"].queryset = plans.exclude(kind=Payer.Kind.SELF_PAY).order_by("name")  # type: ignore[attr-defined]
