"""The forms of registration and coverage; their clean values are the services' keyword arguments."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from kit.forms import Form
from patients.models import Coverage, Patient
from patients.selectors import patients
from practice.models import Payer
from staff.models import Provider


class PatientForm(Form):
    """Everything about a patient that the front desk keeps; name and birth date are enough."""

    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = forms.DateField()
    sex = forms.ChoiceField(choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN, required=False)
    phone = forms.CharField(
        max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "data-width": "16"})
    )
    email = forms.EmailField(required=False, label="Email")
    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, help_text="Two letters")
    postal_code = forms.CharField(max_length=10, required=False, label="ZIP code")
    usual_provider = forms.ModelChoiceField(
        queryset=Provider.objects.none(), required=False, empty_label="None"
    )
    deceased_on = forms.DateField(required=False, label="Date of death")

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        providers = Provider.objects.filter(practice_id=actor.practice_id, is_active=True)
        self.fields["usual_provider"].queryset = providers  # type: ignore[attr-defined]

    def clean_sex(self) -> str:
        """Not known, when nobody said."""
        return self.cleaned_data["sex"] or Patient.Sex.UNKNOWN

    def clean_state(self) -> str:
        """Upper case, as addresses are written."""
        return str(self.cleaned_data["state"]).upper()


class PatientSheetForm(PatientForm):
    """A patient as a row of another system's sheet has it: the name in two columns or in one."""

    mrn = forms.CharField(max_length=60, required=False, label="Number there")
    full_name = forms.CharField(max_length=120, required=False, label="Whole name")

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        for name in ("first_name", "last_name", "sex"):
            self.fields[name].required = False
        for name in ("usual_provider", "deceased_on"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Both parts of a name: "Smith, Ann" and "Ann Smith" are the same."""
        given = super().clean() or {}
        whole = " ".join(str(given.get("full_name", "")).split())
        if whole and not (given.get("first_name") and given.get("last_name")):
            last, comma, first = whole.partition(",")
            if not comma:
                first, _, last = whole.rpartition(" ")
            given["first_name"], given["last_name"] = first.strip()[:60], last.strip()[:60]
        for name, words in (("last_name", "Enter the last name"), ("first_name", "Enter the first name")):
            if not given.get(name) and name not in self.errors:
                self.add_error("full_name" if whole else name, words)
        return given


class AboutPatient(Form):
    """A form about a patient who is named by the record number; an address or a client may carry the key."""

    patient = forms.CharField(max_length=36, label="Patient's MRN")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = self.initial.get("patient")
        if given:  # people read and type the number
            found = _by_key(str(given), actor=self.actor)
            self.initial["patient"] = found.mrn if found else ""

    def clean_patient(self) -> Patient | None:
        """The patient with this number, among those the actor may see."""
        mrn = str(self.cleaned_data["patient"]).strip().upper()
        if not mrn:
            return None
        found = patients.visible_to(self.actor).filter(mrn=mrn).first() or _by_key(mrn, actor=self.actor)
        if found is None:
            raise forms.ValidationError("No patient has this MRN.")
        return found


def _by_key(text: str, *, actor: Any) -> Patient | None:
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    return patients.visible_to(actor).filter(pk=key).first()


class CoverageForm(AboutPatient):
    """A coverage as it stands on the card."""

    payer = forms.ModelChoiceField(queryset=Payer.objects.none(), empty_label="Choose")
    member_id = forms.CharField(max_length=80, label="Member ID", help_text="Spaces and dashes do not matter")
    group_number = forms.CharField(max_length=50, required=False)
    priority = forms.IntegerField(
        min_value=1,
        max_value=9,
        initial=1,
        required=False,
        label="Order",
        help_text="1 is billed first, and meant when it is empty",
    )
    starts_on = forms.DateField(label="First day")
    ends_on = forms.DateField(required=False, label="Last day")
    copay = forms.DecimalField(max_digits=12, decimal_places=2, required=False)
    relationship = forms.ChoiceField(
        choices=Coverage.Relationship.choices,
        label="Patient is the subscriber's",
        initial=Coverage.Relationship.SELF,
        required=False,
    )
    subscriber_first_name = forms.CharField(max_length=60, required=False)
    subscriber_last_name = forms.CharField(max_length=60, required=False)
    subscriber_birth_date = forms.DateField(required=False)

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        payers = Payer.objects.filter(practice_id=actor.practice_id, is_active=True).exclude(
            kind=Payer.Kind.SELF_PAY
        )
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    def clean_priority(self) -> int:
        """Billed first, when nobody said."""
        return self.cleaned_data["priority"] or 1

    def clean_relationship(self) -> str:
        """The patient's own, when nobody said."""
        return self.cleaned_data["relationship"] or Coverage.Relationship.SELF


class EndForm(Form):
    """When a coverage ends."""

    ends_on = forms.DateField(label="Last day of the coverage")
