"""Forms of a visit."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms

from kit.forms import Form
from patients.forms import RegistrationForm, telephone
from scheduling.models.kinds import Modality
from staff.models import Provider


class CancelForm(Form):
    """Who cancels and why."""

    by = forms.ChoiceField(
        label="Cancelled by",
        choices=[
            ("", "Choose"),
            ("patient", "Patient"),
            ("patient_timely", "Patient, counted as in time"),
            ("patient_late", "Patient, counted as late"),
            ("practice", "Practice"),
        ],
        help_text="A rule says whether a patient is late. Choose otherwise when you know better, and say why.",
    )
    reason = forms.CharField(
        max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept in the visit's history."
    )


class NewPatientForm(RegistrationForm):
    """The four answers a booking needs of somebody new."""


class FeedForm(Form):
    """Whose busy times, and where they are read."""

    name = forms.CharField(max_length=80, label="Where it is read", help_text="Like: phone of Dr. Lee")
    provider = forms.ModelChoiceField(queryset=Provider.objects.none(), empty_label="Choose")

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        mine = Provider.objects.filter(practice_id=actor.practice_id, is_active=True)
        self.fields["provider"].queryset = mine.order_by("display_name")  # type: ignore[attr-defined]


class TelehealthForm(Form):
    """How a visit takes place, through which link, and where the patient is."""

    modality = forms.ChoiceField(label="Takes place", choices=Modality.choices)
    join_link = forms.CharField(
        max_length=300,
        required=False,
        label="Join link",
        help_text="https:// only; it stands in the reminder",
    )
    state = forms.CharField(
        max_length=2,
        required=False,
        label="Patient’s state",
        help_text="Two letters: where they are at the visit",
    )
    timezone = forms.ChoiceField(required=False, label="Patient’s time zone")
    phone = forms.CharField(
        max_length=20, required=False, label="Call-back number", help_text="When the line breaks"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        zones = sorted(
            each for each in available_timezones() if each.startswith(("America/", "Pacific/", "US/"))
        )
        self.fields["timezone"].choices = [("", "The patient’s own"), *((each, each) for each in zones)]  # type: ignore[attr-defined]


class CheckInForm(Form):
    """What the patient confirms at the desk, with telephone and address to correct on the spot."""

    identity = forms.BooleanField(required=False, label="The patient said their name and date of birth")
    phone = telephone()
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
