"""Forms of the records desk."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.contact_forms import TODAY
from patients.forms import QUIET, AboutPatient
from patients.models import PatientConsent, RecordsRequest, Representative
from patients.models.records import Basis, Medium
from patients.rules.records import BASES


def _note() -> forms.CharField:
    return forms.CharField(max_length=500, required=False, help_text="Kept in the history of this request")


class ReceiveForm(AboutPatient):
    """Who asks for whose records, in which form."""

    asker = forms.ChoiceField(choices=[("", "Choose"), *RecordsRequest.Asker.choices], label="Who asks")
    requester = forms.CharField(
        max_length=120,
        required=False,
        label="Name of who asks",
        widget=forms.TextInput(attrs=QUIET),
        help_text="The patient, when the patient asks and it is empty",
    )
    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, help_text="Two letters")
    postal_code = forms.CharField(max_length=10, required=False, label="ZIP code")
    what = forms.CharField(
        max_length=300,
        label="Records asked for",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: visit notes and laboratory results",
    )
    period_from = forms.DateField(required=False, label="Of care from")
    period_to = forms.DateField(required=False, label="Of care until")
    medium = forms.ChoiceField(
        choices=Medium.choices, initial=Medium.ELECTRONIC, required=False, label="Form of the copy"
    )
    way = forms.ChoiceField(
        choices=RecordsRequest.Way.choices,
        initial=RecordsRequest.Way.POST,
        required=False,
        label="How it goes out",
    )
    received_on = forms.DateField(required=False, label="Received on", help_text=TODAY)

    def clean_state(self) -> str:
        """Upper case, as addresses are written."""
        return str(self.cleaned_data["state"]).upper()

    def clean_medium(self) -> str:
        """An electronic copy, when nobody said."""
        return self.cleaned_data["medium"] or Medium.ELECTRONIC

    def clean_way(self) -> str:
        """By post, when nobody said."""
        return self.cleaned_data["way"] or RecordsRequest.Way.POST


class VerifyForm(Form):
    """How it was seen who asks, and on which authority."""

    shown = forms.ChoiceField(choices=[("", "Choose"), *RecordsRequest.Shown.choices], label="Identity by")
    basis = forms.ChoiceField(choices=[("", "Choose"), *Basis.choices], label="Authority")
    representative = forms.ModelChoiceField(
        queryset=Representative.objects.none(),
        required=False,
        empty_label="None",
        help_text="Who speaks for the patient, when that is the authority",
    )
    consent = forms.ModelChoiceField(
        queryset=PatientConsent.objects.none(),
        required=False,
        empty_label="None",
        label="Release of information",
        help_text="Signed by the patient, when that is the authority",
    )
    authority = forms.CharField(
        max_length=200, required=False, label="Statute, order or subpoena", help_text="With its number"
    )
    note = _note()

    def __init__(self, *, record: Any = None, **kwargs: Any) -> None:
        super().__init__(record=record, **kwargs)
        people: Any = self.fields["representative"]
        papers: Any = self.fields["consent"]
        if record is None:
            people.queryset, papers.queryset = people.queryset.none(), papers.queryset.none()
            return
        people.queryset = people.queryset.filter(patient=record.patient_id)
        signed = papers.queryset.filter(version__form__kind="release", answer="signed")
        papers.queryset = signed.filter(patient=record.patient_id) | signed.filter(
            patient__merged_into=record.patient_id
        )
        allowed = BASES[record.asker]
        self.fields["basis"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((value, label) for value, label in Basis.choices if value in allowed),
        ]


class NoteForm(Form):
    """A word about a step."""

    note = _note()


class PrepareForm(Form):
    """How much it is, and what is taken for it."""

    pages = forms.IntegerField(min_value=0, max_value=100_000, label="Pages")
    fee = forms.DecimalField(
        required=False,
        max_digits=8,
        decimal_places=2,
        min_value=0,
        help_text="By the rule when it is empty; less is possible",
    )
    note = _note()


class ReleaseForm(Form):
    """What went out, and when."""

    what = forms.CharField(
        max_length=300, required=False, label="What went out", help_text="As asked for, when it is empty"
    )
    purpose = forms.CharField(max_length=200, required=False, label="What for")
    released_on = forms.DateField(required=False, label="Released on", help_text=TODAY)
    note = _note()


class DenyForm(Form):
    """On which ground it is denied."""

    ground = forms.ChoiceField(choices=[("", "Choose"), *RecordsRequest.Ground.choices], label="Ground")
