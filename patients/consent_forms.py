"""Forms of consents: what a version says, a signature or its refusal, a revocation."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.contact_forms import TODAY
from patients.forms import QUIET, AboutPatient
from patients.models import ConsentForm, ConsentLink, ConsentVersion, PatientConsent, Representative
from patients.selectors import patients
from practice.models import Language

# From outside is never said at the desk: that is the link's to say.
AT_DESK = [each for each in PatientConsent.How.choices if each[0] != PatientConsent.How.REMOTE]


class VersionForm(Form):
    """What a form says from a day on."""

    form = forms.ModelChoiceField(
        queryset=ConsentForm.objects.none(), empty_label="Choose", label="Consent form"
    )
    language = forms.ChoiceField(choices=Language.choices, initial=Language.EN)
    title = forms.CharField(max_length=200, label="Heading")
    body = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="In the markup of letters: empty lines part paragraphs, # begins a heading, - a point; "
        "{{ patient.name }} and the other fields of letters to patients fill themselves in",
    )
    effective_from = forms.DateField(required=False, label="In force from", help_text=TODAY)
    valid_months = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=600,
        label="Months a signature holds",
        help_text="12 asks every year; empty: until it is taken back",
    )
    asks_again = forms.BooleanField(required=False, label="Whoever signed an earlier version signs again")


class SignForm(AboutPatient):
    """A signature on a version, or that it was not signed."""

    version = forms.ModelChoiceField(
        queryset=ConsentVersion.objects.none(), empty_label="Choose", label="Consent form and version"
    )
    answer = forms.ChoiceField(
        choices=PatientConsent.Answer.choices, initial=PatientConsent.Answer.SIGNED, label="What happened"
    )
    representative = forms.ModelChoiceField(
        queryset=Representative.objects.none(),
        required=False,
        empty_label="The patient",
        label="Who signs",
    )
    how = forms.ChoiceField(choices=AT_DESK, initial=PatientConsent.How.TYPED, required=False, label="How")
    signed_by = forms.CharField(
        max_length=120,
        required=False,
        label="Full name of who signs",
        widget=forms.TextInput(attrs=QUIET),
        help_text="Typed by themselves: it stands for the signature",
    )
    recipient = forms.CharField(
        max_length=200, required=False, label="May go to", help_text="Only a release of information needs it"
    )
    covers = forms.CharField(
        max_length=300, required=False, label="What may go", help_text="Such as: visit notes of 2026"
    )
    expires_on = forms.DateField(
        required=False, label="Holds until", help_text="MM/DD/YYYY; as the form says, when it is empty"
    )
    drawing = forms.CharField(required=False, widget=forms.HiddenInput(), label="Drawn signature")
    witness = forms.CharField(
        max_length=120,
        required=False,
        help_text="Who saw it, when somebody did",
        widget=forms.TextInput(attrs=QUIET),
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        label="Why it was not signed",
        help_text="And what was tried; only when it was not signed",
    )
    signed_at = forms.DateTimeField(required=False, label="When", help_text="Now, when it is empty")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        versions: Any = self.fields["version"]
        versions.queryset = versions.queryset.filter(form__is_active=True).order_by("form__name", "-number")
        person: Any = self.fields["representative"]
        key = self.data.get("patient") or self.initial.get("patient")
        about = patients.by_number(str(key), actor=self.actor) if key else None
        person.queryset = person.queryset.filter(patient=about) if about else person.queryset.none()

    def clean_how(self) -> str:
        """On screen, when nobody said."""
        return self.cleaned_data["how"] or PatientConsent.How.TYPED


RELEASE_ONLY = ("recipient", "covers")


class DeskSignForm(SignForm):
    """The same at the desk or on a tablet, for one patient and one version, with the scanned paper."""

    file = forms.FileField(required=False, label="Scan of the paper", help_text="PDF or picture, up to 10 MB")
    field_order = (
        "answer", "representative", "recipient", "covers", "expires_on", "how", "signed_by", "witness", "reason",
        "file",
    )  # fmt: skip

    def __init__(self, *, version: ConsentVersion | None = None, signers: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.fields["signed_at"]
        for name in ("patient", "version"):
            self.fields[name].widget = forms.HiddenInput()
        for name in ("answer", "how"):
            self.fields[name].widget = forms.RadioSelect(choices=self.fields[name].choices)  # type: ignore[attr-defined]
        if version is not None and version.form.kind != ConsentForm.Kind.RELEASE:
            for name in RELEASE_ONLY:
                del self.fields[name]
        people: Any = self.fields["representative"]
        people.queryset = people.queryset.filter(pk__in=[each.pk for each in signers])
        if not signers:
            del self.fields["representative"]


class SendForm(Form):
    """Who is to sign one version from outside, and how the link reaches them."""

    representative = forms.ModelChoiceField(
        queryset=Representative.objects.none(), required=False, empty_label="The patient", label="Who signs"
    )
    recipient = forms.CharField(max_length=200, required=False, label="May go to")
    covers = forms.CharField(
        max_length=300, required=False, label="What may go", help_text="Such as: visit notes of 2026"
    )
    expires_on = forms.DateField(
        required=False, label="Holds until", help_text="MM/DD/YYYY; as the form says, when it is empty"
    )
    way = forms.ChoiceField(choices=ConsentLink.Way.choices, label="How the link gets there")

    def __init__(self, *, version: ConsentVersion, signers: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["way"].widget = forms.RadioSelect(choices=ConsentLink.Way.choices)
        if version.form.kind != ConsentForm.Kind.RELEASE:
            for name in RELEASE_ONLY:
                del self.fields[name]
        people: Any = self.fields["representative"]
        people.queryset = people.queryset.filter(pk__in=[each.pk for each in signers])
        if not signers:
            del self.fields["representative"]


class RevokeForm(Form):
    """Who takes a signature back, and from which day on."""

    revoked_by = forms.CharField(
        max_length=120, required=False, label="Who takes it back", help_text="Who signed it, when it is empty"
    )
    revoked_on = forms.DateField(required=False, label="From", help_text=TODAY)
