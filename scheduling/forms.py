"""Forms of a visit."""

from __future__ import annotations

from typing import Any

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


class CheckInForm(Form):
    """What the patient confirms at the desk, with telephone and address to correct on the spot."""

    identity = forms.BooleanField(required=False, label="The patient said their name and date of birth")
    phone = forms.CharField(
        max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "data-width": "16"})
    )
    email = forms.EmailField(required=False, label="Email")
    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, widget=forms.TextInput(attrs={"data-width": "6"}))
    postal_code = forms.CharField(
        max_length=10, required=False, label="ZIP code", widget=forms.TextInput(attrs={"data-width": "10"})
    )
    contact = forms.BooleanField(required=False, label="Telephone and address are right")
    reason = forms.CharField(
        required=False,
        max_length=200,
        label="Why the visit goes on although something is missing",
        help_text="Needed only when something is. It is kept with the check-in.",
    )

    def __init__(self, *, corrects: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not corrects:
            for name in ("phone", "email", "address_line", "city", "state", "postal_code"):
                del self.fields[name]

    def clean_state(self) -> str:
        """Two letters, or nothing."""
        given = str(self.cleaned_data["state"]).strip().upper()
        if given and not (len(given) == 2 and given.isalpha()):
            raise forms.ValidationError("Enter the two letters of the state.")
        return given
