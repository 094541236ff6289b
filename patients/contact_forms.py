"""Forms of how a patient may be reached, and of who may act for them."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.around_forms import QUIET, TELEPHONE, by_number
from patients.forms import AboutPatient, Telephone
from patients.models import ContactConsent, OwnConsent, Patient, Representative
from patients.models.around import Relationship
from patients.models.contact import Channel

TODAY = "MM/DD/YYYY; today, when it is empty"


class WordingForm(Form):
    """The words people agree to."""

    channel = forms.ChoiceField(choices=[("", "Choose"), *Channel.choices], label="For")
    text = forms.CharField(
        label="Words",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What is read out or signed; a new version",
    )


class ConsentForm(AboutPatient):
    """A word given or taken back, with its proof."""

    channel = forms.ChoiceField(choices=[("", "Choose"), *Channel.choices], label="About")
    given = forms.TypedChoiceField(
        choices=[("", "Choose"), ("yes", "Yes, they agree"), ("no", "No, they take it back")],
        coerce=lambda text: text == "yes",
        label="What they said",
    )
    how = forms.ChoiceField(choices=[("", "Choose"), *ContactConsent.How.choices], label="How they said it")
    said_by = forms.CharField(
        max_length=120,
        required=False,
        label="Who said it",
        widget=forms.TextInput(attrs=QUIET),
        help_text="The patient, when it is empty",
    )
    said_at = forms.DateTimeField(required=False, label="When", help_text="Now, when it is empty")
    words = forms.CharField(
        max_length=160, required=False, label="In their words", widget=forms.TextInput(attrs=QUIET)
    )


class ConfidentialForm(AboutPatient):
    """Where a patient asked to be reached instead."""

    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, help_text="Two letters")
    postal_code = forms.CharField(max_length=10, required=False, label="ZIP code")
    phone = forms.CharField(max_length=30, required=False, widget=Telephone(attrs=TELEPHONE))
    email = forms.EmailField(required=False, label="Email")
    note = forms.CharField(max_length=200, required=False, help_text="Such as: leave no message")
    asked_on = forms.DateField(required=False, label="Asked for on", help_text=TODAY)
    starts_on = forms.DateField(required=False, label="From", help_text=TODAY)

    def clean_state(self) -> str:
        """Upper case, as addresses are written."""
        return str(self.cleaned_data["state"]).upper()


class LastDayForm(Form):
    """The last day of something."""

    ends_on = forms.DateField(label="Last day")


class RepresentativeForm(AboutPatient):
    """Who may act for the patient; what is not ticked is not allowed."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs=QUIET))
    person = forms.CharField(
        max_length=36, required=False, label="Their own MRN", help_text="When they are a patient here too"
    )
    relationship = forms.ChoiceField(choices=Relationship.choices, label="What they are to the patient")
    kind = forms.ChoiceField(choices=[("", "Choose"), *Representative.Kind.choices], label="On which ground")
    custody = forms.ChoiceField(
        choices=[("", "Not asked"), *Representative.Custody.choices],
        required=False,
        label="Custody of a minor",
    )
    phone = forms.CharField(max_length=30, required=False, widget=Telephone(attrs=TELEPHONE))
    document = forms.CharField(
        max_length=120,
        required=False,
        label="Document shown",
        help_text="Court order, power of attorney, birth certificate; attach it afterwards",
    )
    document_seen_on = forms.DateField(required=False, label="Seen on")
    may_see_record = forms.BooleanField(required=False, label="May see the record")
    may_decide_care = forms.BooleanField(required=False, label="May decide about care")
    may_sign = forms.BooleanField(required=False, label="May sign consents")
    may_get_messages = forms.BooleanField(required=False, label="May get letters and messages")
    may_see_bills = forms.BooleanField(required=False, label="May see bills")
    starts_on = forms.DateField(required=False, label="From", help_text=TODAY)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = self.initial.get("person")
        if given:  # people read and type the number
            self.initial["person"] = getattr(by_number(str(given), actor=self.actor), "mrn", "")

    def clean_person(self) -> Patient | None:
        """The representative's own record, by record number."""
        return by_number(str(self.cleaned_data["person"]), actor=self.actor)


class OwnConsentForm(AboutPatient):
    """What a minor decides alone."""

    area = forms.ChoiceField(choices=[("", "Choose"), *OwnConsent.Area.choices], label="Kind of care")
    basis = forms.CharField(
        max_length=120, label="Law or order", help_text="Such as a state code and section, or a court order"
    )
    starts_on = forms.DateField(required=False, label="From", help_text=TODAY)
