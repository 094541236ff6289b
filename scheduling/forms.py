"""Forms of a visit."""

from __future__ import annotations

from django import forms

from kit.forms import Form
from patients.forms import RegistrationForm
from scheduling.models import Appointment


class CancelForm(Form):
    """Who cancels and why."""

    by = forms.ChoiceField(
        label="Cancelled by",
        choices=[("", "Choose"), *Appointment.CancelledBy.choices],
    )
    reason = forms.CharField(
        max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept in the visit's history."
    )


class NewPatientForm(RegistrationForm):
    """The four answers a booking needs of somebody new."""
