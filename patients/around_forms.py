"""Forms of what stands around a patient: whom to call, who pays, who belongs together, flags."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient, Telephone
from patients.models import Patient, PatientFlag
from patients.models.around import Relationship
from patients.selectors import patients

QUIET = {"autocomplete": "off"}
TELEPHONE = {"inputmode": "tel", "data-width": "16", **QUIET}


class ContactForm(AboutPatient):
    """Whom to call in an emergency."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs=QUIET))
    relationship = forms.ChoiceField(
        choices=Relationship.choices, initial=Relationship.OTHER, label="What they are to the patient"
    )
    phone = forms.CharField(max_length=30, widget=Telephone(attrs=TELEPHONE))
    second_phone = forms.CharField(max_length=30, required=False, widget=Telephone(attrs=TELEPHONE))
    priority = forms.IntegerField(
        min_value=1, max_value=9, initial=1, label="Order", help_text="1 is called first"
    )
    is_active = forms.BooleanField(required=False, initial=True, label="On the list")


class GuarantorForm(AboutPatient):
    """Who pays: another patient, or somebody outside."""

    person = forms.CharField(
        max_length=36,
        required=False,
        label="Guarantor’s MRN",
        help_text="When another patient pays; otherwise a name and an address below",
    )
    first_name = forms.CharField(max_length=60, required=False, widget=forms.TextInput(attrs=QUIET))
    last_name = forms.CharField(max_length=60, required=False, widget=forms.TextInput(attrs=QUIET))
    relationship = forms.ChoiceField(
        choices=Relationship.choices, initial=Relationship.PARENT, label="What they are to the patient"
    )
    phone = forms.CharField(max_length=30, required=False, widget=Telephone(attrs=TELEPHONE))
    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, help_text="Two letters")
    postal_code = forms.CharField(max_length=10, required=False, label="ZIP code")
    starts_on = forms.DateField(required=False, label="From", help_text="MM/DD/YYYY; today, when it is empty")

    def clean_person(self) -> Patient | None:
        """The patient who pays, by record number."""
        return by_number(str(self.cleaned_data["person"]), actor=self.actor)

    def clean_state(self) -> str:
        """Upper case, as addresses are written."""
        return str(self.cleaned_data["state"]).upper()


class FamilyForm(AboutPatient):
    """Two patients who belong together."""

    relative = forms.CharField(max_length=36, label="Relative’s MRN")
    relationship = forms.ChoiceField(
        choices=[("", "Choose"), *Relationship.choices], label="What the relative is to the patient"
    )

    def clean_relative(self) -> Patient | None:
        """The other patient, by record number."""
        return by_number(str(self.cleaned_data["relative"]), actor=self.actor)


class FlagForm(AboutPatient):
    """A few words at the head of the record."""

    words = forms.CharField(
        max_length=40, label="Words", help_text="At most 40 letters; everybody at the desk reads it"
    )
    tone = forms.ChoiceField(choices=PatientFlag.Tone.choices, initial=PatientFlag.Tone.INFO, label="Colour")
    until_on = forms.DateField(
        required=False, label="Until", help_text="MM/DD/YYYY; for good, when it is empty"
    )


class EndGuarantorForm(Form):
    """The last day on which somebody pays."""

    ends_on = forms.DateField(label="Last day")


def by_number(text: str, *, actor: Any) -> Patient | None:
    """A patient the actor may see by record number (or key), None for nothing typed; ValidationError for nobody."""
    if not (number := text.strip().upper()):
        return None
    found = patients.by_number(number, actor=actor)
    if found is None:
        raise forms.ValidationError("No patient has this MRN.")
    return found
