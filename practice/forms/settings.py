"""Forms of the tenant's own pages."""

from typing import Any

from django import forms

from kit.forms import Form, ModelForm
from practice.identifiers import digits, ein_is_valid, npi_is_valid
from practice.models import BillingEntity, Location, Payer, Role
from practice.selectors import places
from practice.services.displays import LONGEST_DAYS


class PayerSheetForm(ModelForm):
    """A health plan as other systems list them: a name is enough."""

    optional = ("kind", "filing_days", "appeal_days")

    class Meta:
        model = Payer
        fields = (
            "name", "payer_id", "kind", "address_line", "city", "state", "postal_code", "phone", "filing_days",
            "appeal_days",
        )  # fmt: skip

    def clean_state(self) -> str:
        """Two letters, upper case."""
        return str(self.cleaned_data["state"]).upper()


class BillingEntityForm(ModelForm):
    """Who bills: what every claim says about its sender."""

    tax_id = forms.CharField(
        max_length=12,
        label="Tax id (EIN)",
        help_text="Nine digits, kept encrypted",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-secret": True}),
    )

    class Meta:
        model = BillingEntity
        fields = (
            "legal_name", "npi", "tax_id", "taxonomy", "address_line", "city", "state", "postal_code",
            "contact_name", "phone", "submitter_id", "receiver_id", "receiver_name",
        )  # fmt: skip
        labels = {"npi": "Group NPI", "legal_name": "Legal name"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.record is not None:  # what is on file is never shown again
            self.initial["tax_id"] = ""
            self.fields["tax_id"].required = False
            self.fields[
                "tax_id"
            ].help_text = f"On file, ends in {self.record.tax_id_last4}. Leave empty to keep it"  # type: ignore[attr-defined]

    def clean_npi(self) -> str:
        npi = digits(self.cleaned_data["npi"])
        if not npi_is_valid(npi):
            raise forms.ValidationError("Check the NPI: ten digits whose last one is a check digit")
        return npi

    def clean_tax_id(self) -> str:
        tax_id = digits(self.cleaned_data["tax_id"])
        if (tax_id or self.record is None) and not ein_is_valid(tax_id):
            raise forms.ValidationError("Enter the nine digits of the EIN")
        return tax_id

    def clean_phone(self) -> str:
        return digits(self.cleaned_data["phone"])


class TokenForm(Form):
    """What an API client is called, what it may do, how long."""

    name = forms.CharField(max_length=80, label="Name of the client", help_text="Which system uses it")
    role = forms.ModelChoiceField(
        queryset=Role.objects.none(),
        label="Acts with the permissions of",
        empty_label="Choose",
        error_messages={"required": "Choose the role it acts with"},
    )
    days = forms.IntegerField(min_value=1, max_value=365, initial=90, label="Valid for days")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["role"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]


class NameForm(Form):
    """What a person is called."""

    name = forms.CharField(max_length=120, label="Your name", help_text="As your colleagues see it")


class DisplayForm(Form):
    """Where a screen hangs, what it shows, how long."""

    name = forms.CharField(
        max_length=80, label="Where it hangs", help_text="Like: waiting room, left of the desk"
    )
    location = forms.ModelChoiceField(queryset=Location.objects.none(), empty_label="Choose")
    days = forms.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, initial=365, label="Valid for days", help_text="1 to 730"
    )

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        active = places.locations(actor).filter(is_active=True).order_by("name")
        self.fields["location"].queryset = active  # type: ignore[attr-defined]
