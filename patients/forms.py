"""The forms of registration and coverage; their clean values are the services' keyword arguments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from kit.forms import BirthDateField, Form
from kit.words import us_phone
from patients.languages import LANGUAGES
from patients.models import Patient, ReferralSource, ReferringProvider
from patients.selectors import patients
from patients.services.standing import DECEASED
from practice.forms.signup import TIME_ZONES
from staff.models import Provider

QUIET = {"autocomplete": "off"}


def word(length: int, label: str = "", **more: Any) -> forms.CharField:
    """A text that may stay empty."""
    return forms.CharField(
        max_length=length, required=False, label=label or None, widget=forms.TextInput(attrs=QUIET), **more
    )


def _choice(choices: Any, label: str, *, nothing: str = "Not known") -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", nothing), *choices], label=label, required=False)


class Telephone(forms.TextInput):
    """A number shown as people read it, "(914) 555-0126", however it is kept or was typed."""

    def format_value(self, value: Any) -> str | None:
        """The number in groups; what is no US number stays as it is."""
        shown = super().format_value(value)
        return us_phone(shown) if shown else shown


def telephone(label: str = "Phone", **more: Any) -> forms.CharField:
    attrs = {"inputmode": "tel", "data-width": "16", **QUIET}
    return forms.CharField(max_length=30, required=False, label=label, widget=Telephone(attrs=attrs), **more)


class RegistrationForm(Form):
    """The four answers that register somebody; what else is known can follow at any time."""

    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=QUIET))
    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=QUIET))
    birth_date = BirthDateField()
    phone = telephone(help_text="Or choose below why there is none")
    no_phone_reason = _choice(Patient.NoPhone.choices, "Why there is no phone", nothing="There is one")
    duplicate_reason = word(
        200, "Why this is another person", help_text="Only when somebody alike is on file; it is kept"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["phone"].required = not self.data.get("no_phone_reason")
        said = "Enter a telephone number, or choose why there is none"
        self.fields["phone"].error_messages["required"] = said


class PatientBasics(Form):
    """What another system's sheet says of a patient, and the desk too."""

    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=QUIET))
    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs=QUIET))
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        choices=Patient.Sex.choices,
        initial=Patient.Sex.UNKNOWN,
        required=False,
        label="Administrative sex",
        help_text="What the health plan has on file",
    )
    phone = telephone()
    email = forms.EmailField(required=False, label="Email")
    address_line = forms.CharField(max_length=120, required=False, label="Street and number")
    city = forms.CharField(max_length=60, required=False)
    state = forms.CharField(max_length=2, required=False, help_text="Two letters")
    postal_code = forms.CharField(max_length=10, required=False, label="ZIP code")

    def clean_sex(self) -> str:
        """Not known, when nobody said."""
        return self.cleaned_data["sex"] or Patient.Sex.UNKNOWN

    def clean_state(self) -> str:
        """Upper case, as addresses are written."""
        return str(self.cleaned_data["state"]).upper()


class PatientForm(PatientBasics):
    """Everything about a patient that the front desk keeps. REST registers with it too."""

    middle_name = word(60)
    suffix = word(10, help_text="Jr., Sr., III")
    preferred_name = word(60, help_text="What we call them at the desk")
    other_names = word(120, "Former names", help_text="They are found by them")
    gender_identity = _choice(Patient.Gender.choices, "Gender identity")
    pronouns = word(30, help_text="As the patient says them")
    no_phone_reason = _choice(Patient.NoPhone.choices, "Why there is no phone", nothing="There is one")
    second_phone = telephone("Second phone")
    preferred_way = _choice(Patient.Way.choices, "Likes to be reached by", nothing="Not asked")
    timezone = _choice(TIME_ZONES, "Time zone", nothing="That of the practice")
    language = forms.ChoiceField(choices=LANGUAGES, initial="en", required=False)
    needs_interpreter = forms.BooleanField(required=False, label="Interpreter needed")
    usual_provider = forms.ModelChoiceField(
        queryset=Provider.objects.none(), required=False, empty_label="None"
    )
    referral_source = forms.ModelChoiceField(
        queryset=ReferralSource.objects.none(),
        required=False,
        empty_label="Not known",
        label="Came here through",
    )
    referring_provider = forms.ModelChoiceField(
        queryset=ReferringProvider.objects.none(), required=False, empty_label="None"
    )
    employer = word(120)
    duplicate_reason = RegistrationForm.base_fields["duplicate_reason"]
    only_new: tuple[str, ...] = ("duplicate_reason",)

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        offered = {
            "usual_provider": Provider,
            "referral_source": ReferralSource,
            "referring_provider": ReferringProvider,
        }
        for name, model in offered.items():
            chosen = getattr(self.record, f"{name}_id", None)
            some = Q(is_active=True) | Q(pk=chosen)
            found = model.objects.filter(some, practice_id=actor.practice_id)  # type: ignore[attr-defined]
            self.fields[name].queryset = found  # type: ignore[attr-defined]

    def clean_language(self) -> str:
        """English, when nobody said."""
        return self.cleaned_data["language"] or "en"


class PatientSheetForm(PatientBasics):
    """A patient as a row of another system's sheet has it: the name in two columns or in one."""

    optional = ("first_name", "last_name", "sex")
    mrn = forms.CharField(max_length=60, required=False, label="Number there")
    full_name = forms.CharField(max_length=120, required=False, label="Whole name")

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


class StatusForm(Form):
    """Whether somebody still comes here, from which day on."""

    status = forms.ChoiceField(
        choices=[("", "Choose"), *Patient.RecordStatus.choices, (DECEASED, "Deceased")], label="Status"
    )
    on = forms.DateField(required=False, label="Since", help_text="MM/DD/YYYY; today, when it is empty")
    reason = word(200, help_text="A discharge needs one; it is said to whoever books")


class SsnForm(Form):
    """The number from the card."""

    ssn = forms.CharField(
        max_length=11,
        required=False,
        label="Social security number",
        widget=forms.TextInput(attrs={**QUIET, "data-secret": "", "inputmode": "numeric"}),
        help_text="Nine digits. Empty takes it off the record",
    )


class AboutPatient(Form):
    """A form about a patient who is named by the record number, or as a person is by name and birth date; an address
    or a client may carry the key.
    """

    patient = forms.CharField(
        max_length=36, label="Patient's MRN", help_text="Or name and birth date, as smith j 3/4/1957"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = self.initial.get("patient")
        if given:  # people read and type the number
            found = patients.by_number(str(given), actor=self.actor)
            self.initial["patient"] = found.mrn if found else ""

    def clean_patient(self) -> Patient | None:
        """The patient with this number, among those the actor may see."""
        number = str(self.cleaned_data["patient"]).strip()
        if not number:
            return None
        found = patients.by_number(number, actor=self.actor)
        if found is None and self.actor.kind == "user":
            found = patients.by_name_and_birth(number, actor=self.actor)
        if found is None:
            raise forms.ValidationError("No patient has this MRN, or no single one this name and birth date.")
        return found
